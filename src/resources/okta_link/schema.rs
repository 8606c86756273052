//! The schema of a link, and what can be checked before Druva is asked.

use tf_provider::schema::{AttributeType, Schema};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::{Model, problems};
use crate::diagnostics;
use crate::framework::Report;
use crate::framework::attribute::{computed, defaulted, optional, required, schema as build, sensitive};
use crate::framework::timeouts::{self, timeouts};
use crate::resources::client_secrets::STATUS_DESCRIPTION;
use crate::resources::problems::nothing_to_rotate;
use crate::secret::ClientSecret;

const DESCRIPTION: &str = "Links an Okta org in Druva, so that Druva backs it up, and keeps the link connected. Druva \
    publishes no API for this: the provider assumes one, see the provider's `okta_api_path`.";

pub(super) fn schema() -> Schema {
    let string = || AttributeType::String;
    let required_or_optional = [
        (
            "okta_domain",
            required(
                string(),
                "Address of the Okta org, as a URL or a host, as in `https://example.okta.com`. Another org replaces \
                 the link; another spelling of the same one is no change.",
            ),
        ),
        (
            "client_id",
            required(string(), "The OAuth client that Druva uses in the org. Another one re-authorizes in place."),
        ),
        (
            "client_secret",
            sensitive(optional(
                string(),
                "The client's secret. Needed to link and to re-authorize; may be null for a link that was imported, \
                 which is then left as it is. Another one re-authorizes in place.",
            )),
        ),
        (
            "client_secret_wo",
            sensitive(optional(
                string(),
                "The client's secret, from a vault or an ephemeral value: it is sent to Druva and stored nowhere. Needs \
                 `client_secret_wo_version`, and Terraform 1.11 or OpenTofu 1.11. Instead of `client_secret`.",
            )),
        ),
        (
            "client_secret_wo_version",
            optional(
                AttributeType::Number,
                "A number that says which secret `client_secret_wo` is. Another one re-authorizes in place, because \
                 Terraform cannot see that the secret itself changed.",
            ),
        ),
        (
            "mint_client_secret",
            defaulted(
                AttributeType::Bool,
                "Whether the provider mints the secret in Okta itself, hands it to Druva and forgets it, so that it is \
                 written down nowhere. Needs credentials for the org. Instead of `client_secret`. Default: `false`.",
            ),
        ),
        (
            "rotate_when_changed",
            optional(
                AttributeType::Map(Box::new(string())),
                "Any values; when one of them changes, another secret is minted, with `mint_client_secret` only. Works \
                 with `time_rotating`.",
            ),
        ),
        (
            "retire_superseded_secrets",
            defaulted(
                AttributeType::Bool,
                "Whether the client's secrets that are older than the one in use are deactivated and deleted, once Druva \
                 is connected with the one in use. Needs credentials for the org. Default: `true`.",
            ),
        ),
        (
            "backup_enabled",
            defaulted(AttributeType::Bool, "Whether Druva's scheduled backups of the org are on. Default: `true`."),
        ),
        (
            "cloud_key_management_enabled",
            defaulted(
                AttributeType::Bool,
                "Whether Druva's Cloud Key Management System is on for the org. Without it, scheduled backups do not \
                 start. Default: `true`.",
            ),
        ),
        (
            "verify_client_secret",
            defaulted(
                AttributeType::Bool,
                "Whether the secret is proved at Okta's token endpoint before Druva is given it. The token that this \
                 yields is thrown away. Default: `true`.",
            ),
        ),
    ];
    let computed = [
        ("id", computed(string(), "Druva's id of the link.")),
        (
            "status",
            computed(
                string(),
                "Whether Druva gets into the org: `CONNECTED`, `CONNECTING`, `NOT_CONNECTED`, or another word of Druva's, which \
                 counts as not connected.",
            ),
        ),
        ("status_reason", computed(string(), "Why Druva does not get into the org, in its own words.")),
        ("client_secret_id", computed(string(), "Okta's id of the secret; null without credentials for the org.")),
        ("client_secret_hash", computed(string(), "The hash by which Okta's lists name the secret.")),
        ("client_secret_status", computed(string(), STATUS_DESCRIPTION)),
        (
            "superseded_secret_ids",
            computed(
                AttributeType::Set(Box::new(string())),
                "Okta's ids of the client's secrets that are older than the one in use. Not empty where they could not \
                 be retired, or are not to be.",
            ),
        ),
        ("storage_region", computed(string(), "Where Druva keeps the backups.")),
        ("backup_frequency", computed(string(), "How often Druva backs up, in its own words.")),
        ("backup_retention", computed(string(), "How long Druva keeps backups, in its own words.")),
        ("added_on", computed(string(), "When the org was linked (ISO 8601, UTC).")),
    ];
    build(0, DESCRIPTION, required_or_optional.into_iter().chain(computed), [("timeouts", timeouts())])
}

pub(super) fn validate(config: &Model, diags: &mut Diagnostics) {
    if let Value::Value(domain) = &config.okta_domain {
        let _ = diagnostics::parse_domain(diags, domain);
    }
    validate_client_id(&config.client_id, diags);
    for (name, secret) in [("client_secret", &config.client_secret), ("client_secret_wo", &config.client_secret_wo)] {
        validate_client_secret(name, secret, diags);
    }
    validate_ways(config, diags);
    timeouts::validate(&config.timeouts, diags);
}

/// Checks a client id, where it is known.
pub(crate) fn validate_client_id(client_id: &Value<String>, diags: &mut Diagnostics) {
    if let Value::Value(client_id) = client_id
        && (client_id.is_empty() || client_id.contains(|character: char| !character.is_ascii_graphic()))
    {
        diags.fail(
            problems::invalid_client_id(),
            "client_id is empty, or holds blanks or characters outside ASCII: it is the OAuth client id, as in \"0oa72lrepvp4WqEET1d9\".",
            AttributePath::new("client_id"),
        );
    }
}

/// Checks a client secret, where it is known. `name` is the attribute that gives it.
///
/// What it looks like is Okta's business. OAuth says of what it can consist: printable ASCII (RFC 6749, A.2).
pub(crate) fn validate_client_secret(name: &'static str, secret: &Value<ClientSecret>, diags: &mut Diagnostics) {
    let Value::Value(secret) = secret else { return };
    let secret = secret.expose();
    if secret.is_empty() || secret.trim() != secret || secret.contains(|character| !matches!(character, ' '..='~')) {
        diags.fail(
            problems::invalid_client_secret(),
            format!(
                "{name} is empty, begins or ends with a blank, or holds line breaks, control characters or characters outside \
                 ASCII: it may have been copied only in part, or with more than itself."
            ),
            AttributePath::new(name),
        );
    }
}

/// One source of the secret at most. What is unknown neither counts nor clears; none at all is right after an import.
fn validate_ways(config: &Model, diags: &mut Diagnostics) {
    let ways = [
        ("client_secret", config.client_secret.is_value()),
        ("client_secret_wo", config.client_secret_wo.is_value()),
        ("mint_client_secret", config.mint_client_secret == Value::Value(true)),
    ];
    let found: Vec<&'static str> = ways.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect();
    if let [_, second, ..] = found[..] {
        diags.fail(
            problems::several_ways_to_the_secret(),
            format!("Found {}: leave exactly one.", found.join(" and ")),
            AttributePath::new(second),
        );
    }
    if config.client_secret_wo.is_value() && config.client_secret_wo_version.is_null() {
        diags.fail(
            problems::no_secret_version(),
            "client_secret_wo needs client_secret_wo_version, as in client_secret_wo_version = 1: Terraform does not \
             remember the secret, and another version says that it changed.",
            AttributePath::new("client_secret_wo_version"),
        );
    }
    if config.rotate_when_changed.is_value() && matches!(config.mint_client_secret, Value::Null | Value::Value(false)) {
        diags.fail(
            nothing_to_rotate(),
            "rotate_when_changed on a link mints another secret, which needs mint_client_secret = true. Where the \
             secret comes from a druva_okta_integration, set rotate_when_changed there.",
            AttributePath::new("rotate_when_changed"),
        );
    }
}
