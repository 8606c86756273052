//! The schema of a link, and what can be checked before Druva is asked.

use terraform_plugin::Report;
use terraform_plugin::schema::{Schema, Type, boolean, map, number, set, string};
use terraform_plugin::timeouts::{self, timeouts};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::diagnostics;
use crate::linking::arguments::{validate_client_id, validate_client_secret};
use crate::linking::client_secrets::STATUS_DESCRIPTION;
use crate::resources::problems::nothing_to_rotate;

const DESCRIPTION: &str = "Links an Okta org in Druva, so that Druva backs it up, and keeps the link connected. Druva \
    publishes no API for this: the provider assumes one, see the provider's `okta_api_path`.";

pub(super) fn schema() -> Schema {
    Schema::new(DESCRIPTION)
        .attribute(string("okta_domain").required().requires_replace().describe(
            "Address of the Okta org, as a URL or a host, as in `https://example.okta.com`. Another org replaces the link. \
             Another spelling of the same org changes nothing.",
        ))
        .attribute(
            string("client_id")
                .required()
                .describe("The OAuth client that Druva uses in the org. Another one re-authorizes in place."),
        )
        .attribute(string("client_secret").optional().sensitive().describe(
            "The client's secret. It is needed to link and to re-authorize. It may be null for an imported link, which then \
             stays as it is. Another secret re-authorizes in place.",
        ))
        .attribute(string("client_secret_wo").optional().write_only().describe(
            "The client's secret, from a vault or an ephemeral value. It is sent to Druva, and stored nowhere. Needs \
             `client_secret_wo_version`, and Terraform 1.11 or OpenTofu 1.11. Conflicts with `client_secret`.",
        ))
        .attribute(number("client_secret_wo_version").optional().describe(
            "A number for the secret in `client_secret_wo`. Change it when the secret changes, because Terraform cannot see \
             that. Another number re-authorizes in place.",
        ))
        .attribute(boolean("mint_client_secret").optional().default(false).describe(
            "Whether the provider mints the secret in Okta, gives it to Druva, and stores it nowhere. Needs credentials for \
             the org. Conflicts with `client_secret`.",
        ))
        .attribute(map("rotate_when_changed", Type::String).optional().describe(
            "Any values. When one of them changes, the provider mints another secret. Needs `mint_client_secret`. Works \
             with `time_rotating`.",
        ))
        .attribute(boolean("retire_superseded_secrets").optional().default(true).describe(
            "Whether the client's older secrets are deactivated and deleted, once Druva is connected with the new one. \
             Needs credentials for the org.",
        ))
        .attribute(
            boolean("backup_enabled")
                .optional()
                .default(true)
                .describe("Whether Druva's scheduled backups of the org are on."),
        )
        .attribute(boolean("cloud_key_management_enabled").optional().computed().describe(
            "Whether Druva's Cloud Key Management System is on. It is one switch for the whole Druva account, and cannot be \
             switched off again. Without it, scheduled backups do not start, unless the account has keys of its own. \
             Default: what the account has.",
        ))
        .attribute(boolean("verify_client_secret").optional().default(true).describe(
            "Whether the secret is verified at Okta's token endpoint before Druva gets it. The provider throws the token \
             away.",
        ))
        .attribute(string("id").computed().describe("Druva's id of the link."))
        .attribute(string("status").computed().describe(
            "Whether Druva is connected to the org: `CONNECTED`, `CONNECTING`, `NOT_CONNECTED`, or another word of Druva's, \
             which counts as not connected.",
        ))
        .attribute(
            string("status_reason").computed().describe("Why Druva cannot connect to the org, in its own words."),
        )
        .attribute(
            string("client_secret_id")
                .computed()
                .describe("Okta's id of the secret. Null without credentials for the org."),
        )
        .attribute(string("client_secret_hash").computed().describe("The hash by which Okta's lists name the secret."))
        .attribute(string("client_secret_status").computed().describe(STATUS_DESCRIPTION))
        .attribute(set("superseded_secret_ids", Type::String).computed().describe(
            "Okta's ids of the client's secrets that are older than the one in use. They are listed until they are retired.",
        ))
        .attribute(string("storage_region").computed().describe("Where Druva keeps the backups."))
        .attribute(string("backup_frequency").computed().describe("How often Druva backs up, in its own words."))
        .attribute(string("backup_retention").computed().describe("How long Druva keeps backups, in its own words."))
        .attribute(string("added_on").computed().describe("When the org was linked (ISO 8601, UTC)."))
        .block(timeouts())
}

pub(super) fn validate(config: &Model, diags: &mut Diagnostics) {
    if let Value::Value(domain) = &config.okta_domain {
        let _ = diagnostics::parse_domain(diags, domain);
    }
    validate_client_id(&config.client_id, diags);
    for (name, secret) in [("client_secret", &config.client_secret), ("client_secret_wo", &config.client_secret_wo)] {
        validate_client_secret(name, secret, diags);
    }
    validate_sources(config, diags);
    timeouts::validate(&config.timeouts, diags);
}

/// One source of the secret at most. What is unknown neither counts nor clears; none at all is right after an import.
fn validate_sources(config: &Model, diags: &mut Diagnostics) {
    let sources = [
        ("client_secret", config.client_secret.is_value()),
        ("client_secret_wo", config.client_secret_wo.is_value()),
        ("mint_client_secret", config.mint_client_secret == Value::Value(true)),
    ];
    let found: Vec<&'static str> =
        sources.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect();
    if let [_, second, ..] = found[..] {
        diags.fail(
            problems::conflicting_secret_sources(),
            format!("Found {}: leave exactly one.", found.join(" and ")),
            AttributePath::new(second),
        );
    }
    if config.client_secret_wo.is_value() && config.client_secret_wo_version.is_null() {
        diags.fail_as_listed(problems::no_secret_version(), AttributePath::new("client_secret_wo_version"));
    }
    if config.rotate_when_changed.is_value() && matches!(config.mint_client_secret, Value::Null | Value::Value(false)) {
        diags.fail(
            nothing_to_rotate(),
            "rotate_when_changed on a link mints another secret, which needs mint_client_secret = true. If the secret comes \
             from a druva_okta_integration, set rotate_when_changed there.",
            AttributePath::new("rotate_when_changed"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::ClientSecret;

    /// Titles, and the attributes that they are shown on.
    type Errors = &'static [(&'static str, &'static str)];

    #[test]
    fn a_secret_has_one_source_and_what_belongs_to_it() {
        let nothing = Model::default;
        let secret = || Value::Value(ClientSecret::from("kW3-of-a-table-1".to_owned()));
        let minted = || Model { mint_client_secret: Value::Value(true), ..nothing() };
        let write_only =
            || Model { client_secret_wo: secret(), client_secret_wo_version: Value::Value(1), ..nothing() };
        const CONFLICT: &str = "Conflicting sources of the client secret";
        let rows: [(&str, Model, Errors); 11] = [
            ("none, as after an import", nothing(), &[]),
            ("given", Model { client_secret: secret(), ..nothing() }, &[]),
            ("write-only", write_only(), &[]),
            ("minted", minted(), &[]),
            ("given and minted", Model { client_secret: secret(), ..minted() }, &[(CONFLICT, "mint_client_secret")]),
            ("given twice", Model { client_secret: secret(), ..write_only() }, &[(CONFLICT, "client_secret_wo")]),
            ("perhaps given, and minted", Model { client_secret: Value::Unknown, ..minted() }, &[]),
            (
                "write-only without a version",
                Model { client_secret_wo_version: Value::Null, ..write_only() },
                &[("The version of the write-only secret is missing", "client_secret_wo_version")],
            ),
            ("a version that is not known", Model { client_secret_wo_version: Value::Unknown, ..write_only() }, &[]),
            (
                "a rotation of what is not minted",
                Model { rotate_when_changed: Value::Value([].into()), ..nothing() },
                &[("Nothing to rotate", "rotate_when_changed")],
            ),
            ("a rotation", Model { rotate_when_changed: Value::Value([].into()), ..minted() }, &[]),
        ];
        for (name, config, expected) in rows {
            let mut diags = Diagnostics::default();
            validate_sources(&config, &mut diags);
            let found: Vec<_> =
                diags.errors.iter().map(|error| (error.summary.to_string(), error.attribute.to_string())).collect();
            let expected: Vec<_> =
                expected.iter().map(|(title, attribute)| ((*title).to_owned(), (*attribute).to_owned())).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}
