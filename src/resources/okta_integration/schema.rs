//! The schema of an integration, and what can be checked before Okta is asked.

use terraform_plugin::Report;
use terraform_plugin::schema::{Schema, Type, boolean, map, set, string};
use terraform_plugin::timeouts::{self, timeouts};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::diagnostics;
use crate::linking::client_secrets::STATUS_DESCRIPTION;
use crate::okta::api_services::DRUVA_TYPE;
use crate::resources::problems::nothing_to_rotate;

const DESCRIPTION: &str = "Installs Druva's API service integration in an Okta org, grants it its scopes, and keeps the \
    client secret that Okta shows once.";

pub(super) fn schema() -> Schema {
    Schema::new(DESCRIPTION)
        .attribute(string("type").optional().computed().describe(format!(
            "The key of the integration in Okta's catalog: any text without blanks. Druva's key is published nowhere, and \
             the name does not tell it. So the default, `{DRUVA_TYPE}`, is a guess, and Okta may refuse it. \
             `druva_okta_integrations` shows the key of one that was installed by hand. Without `type`, the provider \
             recognizes an integration of the org by its name, and keeps the type of what was installed, imported or \
             adopted. Another type replaces the integration."
        )))
        .attribute(set("granted_scopes", Type::String).optional().computed().describe(
            "The Okta scopes that the integration is granted: what Druva can read and change in the org. Default: for a new \
             integration the scopes that Druva documents, whose public list may be incomplete; otherwise what it has. Other \
             scopes replace the integration, because Okta cannot change an installed one.",
        ))
        .attribute(map("properties", Type::String).optional().computed().describe(
            "App properties of the integration, for types that have any. Default: for an imported or adopted integration \
             what it has. Other properties replace the integration.",
        ))
        .attribute(boolean("adopt_existing").optional().default(false).describe(
            "Whether to take over the integration of this type that the org has, with a new secret. The org must have \
             exactly one. Its scopes and properties must be the configured ones, if they are configured. Without `type`, \
             Druva's integration is found by its name. Switched on after an import, it mints a secret. Do not combine it \
             with `create_before_destroy`: the replacement would take over the integration that it replaces, and the \
             provider refuses to remove that.",
        ))
        .attribute(boolean("allow_second_installation").optional().default(false).describe(
            "Whether the org may have one other integration of this type when this one is installed. Use it with `lifecycle \
             { create_before_destroy = true }`: a replacement then installs the new integration beside the old one, the link \
             moves to it, and the old one is removed. Druva keeps its access. An org may refuse a second one; then nothing \
             is changed. Conflicts with `adopt_existing`.",
        ))
        .attribute(boolean("store_client_secret").optional().default(true).describe(
            "Whether the client secret is stored in the state. With `false` the provider does not store the secret that \
             Okta shows at the installation. Use it with links that have or mint their own (`client_secret_wo`, \
             `mint_client_secret`).",
        ))
        .attribute(map("rotate_when_changed", Type::String).optional().describe(
            "Any values. When one of them changes, the provider mints a second secret in place. The old one stays active \
             until the link has moved to the new one, and is then retired. Works with `time_rotating`. After an import, set \
             it to get a secret.",
        ))
        .attribute(boolean("replace_oldest_secret").optional().default(false).describe(
            "Whether the older of two active secrets is deleted when another one must be minted. Use it only for an \
             integration that is linked elsewhere, because the older one may be in use. Without this, the apply is \
             refused.",
        ))
        .attribute(string("id").computed().describe("Okta's id of the integration."))
        .attribute(string("client_id").computed().describe("The OAuth client id that Druva uses."))
        .attribute(string("client_secret").computed().sensitive().describe(
            "The OAuth client secret that Druva uses. Okta shows it once, so the state stores it. Null after an import.",
        ))
        .attribute(string("client_secret_id").computed().describe("Okta's id of that secret."))
        .attribute(
            string("client_secret_hash")
                .computed()
                .describe("The hash by which Okta's lists name that secret. The secret cannot be computed from it."),
        )
        .attribute(string("client_secret_status").computed().describe(STATUS_DESCRIPTION))
        .attribute(string("name").computed().describe("The integration's name in Okta's catalog."))
        .attribute(string("org_url").computed().describe("Address of the org in which the integration is installed."))
        .attribute(string("created_at").computed().describe("When the integration was installed (ISO 8601, UTC)."))
        .attribute(string("created_by").computed().describe("Okta's id of the user or app that installed it."))
        .attribute(
            string("config_guide_url").computed().describe("Where the integration's vendor explains its set-up."),
        )
        .block(timeouts())
}

/// What can be checked before Okta is asked. An error for each argument that is wrong.
pub(super) fn validate(config: &Model, diags: &mut Diagnostics) {
    diagnostics::validate_type(diags, &config.kind);
    if let Value::Value(scopes) = &config.granted_scopes {
        if scopes.is_empty() {
            diags.fail_as_listed(problems::no_scopes(), AttributePath::new("granted_scopes"));
        }
        for scope in scopes.iter().filter(|scope| !scope.is_unknown()) {
            let scope = scope.as_deref_option().unwrap_or("null");
            if !is_scope(scope) {
                diags.fail(
                    problems::not_a_scope(),
                    format!(
                        "granted_scopes holds \"{scope}\". Write a scope as in \"okta.users.manage\" or \
                         \"okta.users.read\"."
                    ),
                    AttributePath::new("granted_scopes"),
                );
            }
        }
    }
    if let Value::Value(properties) = &config.properties {
        for name in properties.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name) {
            diags.fail(
                problems::no_property_value(),
                format!("The property \"{name}\" is null: give it a value or leave it out."),
                AttributePath::new("properties").key(name.clone()),
            );
        }
    }
    if config.store_client_secret == Value::Value(false) && config.rotate_when_changed.is_value() {
        diags.fail(
            nothing_to_rotate(),
            "store_client_secret is false, so this resource has no secret to rotate. Set rotate_when_changed on the \
             druva_okta_link, beside mint_client_secret = true.",
            AttributePath::new("rotate_when_changed"),
        );
    }
    if config.adopt_existing == Value::Value(true) && config.allow_second_installation == Value::Value(true) {
        diags.fail_as_listed(problems::adopts_and_installs(), AttributePath::new("allow_second_installation"));
    }
    timeouts::validate(&config.timeouts, diags);
}

/// `okta.<resource>.manage` or `.read`, with more segments for some, and `ssf.manage`. `[spec]`
fn is_scope(text: &str) -> bool {
    let mut segments = text.split('.');
    let first = segments.next().unwrap_or_default();
    let last = segments.next_back().unwrap_or_default();
    matches!(first, "okta" | "ssf")
        && matches!(last, "manage" | "read")
        && segments.all(|segment| !segment.is_empty() && segment.chars().all(|c| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{map, set, text};
    use super::*;

    #[test]
    fn a_scope_has_two_segments_at_least_and_ends_with_what_it_allows() {
        for (text, is) in [
            ("okta.users.manage", true),
            ("okta.users.read", true),
            ("okta.appGrants.manage", true),
            ("okta.devices.integrations2.read", true),
            ("ssf.manage", true),
            ("okta.manage", true),
            ("", false),
            ("okta", false),
            ("manage", false),
            ("openid", false),
            ("okta.users", false),
            ("okta.users.write", false),
            ("okta.users.manage.", false),
            (".users.manage", false),
            ("okta..manage", false),
            ("okta.users-x.manage", false),
            ("okta.us ers.manage", false),
            ("okta.users.manage okta.users.read", false),
            ("Okta.users.manage", false),
            ("okta.users.Manage", false),
        ] {
            assert_eq!(is_scope(text), is, "{text:?}");
        }
    }

    #[test]
    fn what_the_configuration_alone_makes_wrong_is_said_on_its_argument() {
        const NO: Value<bool> = Value::Value(false);
        const YES: Value<bool> = Value::Value(true);
        let nothing = Model::default;
        let scopes = |scopes| Model { granted_scopes: scopes, ..nothing() };
        let one = |value| Value::Value([value].into());
        let rotating = || Model { rotate_when_changed: map(&[("a", "1")]), ..nothing() };
        let null = Value::Value([("a".to_owned(), Value::Null)].into());
        let later = Value::Value([("a".to_owned(), Value::Unknown)].into());
        let table: [(&str, Model, &[&str]); 16] = [
            ("nothing", nothing(), &[]),
            ("all unknown", Model { kind: Value::Unknown, properties: Value::Unknown, ..scopes(Value::Unknown) }, &[]),
            ("a type with a blank", Model { kind: text("a b"), ..nothing() }, &["type"]),
            ("scopes", scopes(set(&["okta.users.read"])), &[]),
            ("no scopes", scopes(set(&[])), &["granted_scopes"]),
            ("two that are none", scopes(set(&["a", "b", "okta.users.read"])), &["granted_scopes", "granted_scopes"]),
            ("a scope that is null", scopes(one(Value::Null)), &["granted_scopes"]),
            ("a scope that is unknown", scopes(one(Value::Unknown)), &[]),
            ("a property", Model { properties: map(&[("a", "")]), ..nothing() }, &[]),
            ("a property without a value", Model { properties: null, ..nothing() }, &["properties[\"a\"]"]),
            ("a property that is unknown", Model { properties: later, ..nothing() }, &[]),
            ("a rotation", rotating(), &[]),
            ("a rotation of nothing", Model { store_client_secret: NO, ..rotating() }, &["rotate_when_changed"]),
            ("nothing stored", Model { store_client_secret: NO, ..nothing() }, &[]),
            (
                "adopting and installing",
                Model { adopt_existing: YES, allow_second_installation: YES, ..nothing() },
                &["allow_second_installation"],
            ),
            ("adopting", Model { adopt_existing: YES, allow_second_installation: NO, ..nothing() }, &[]),
        ];
        for (name, config, expected) in table {
            let mut diags = Diagnostics::default();
            validate(&config, &mut diags);
            let said: Vec<_> = diags.errors.iter().map(|error| error.attribute.to_string()).collect();
            assert_eq!(said, expected, "{name}");
        }
    }
}
