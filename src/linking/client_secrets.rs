//! What Okta says about the client secret that is in use.

use serde::{Deserialize, Deserializer};
use terraform_plugin::Report;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::problems::of_secrets as problems;
use crate::okta::api_services::{Secret, SecretStatus};
use crate::redaction;

/// Values of `client_secret_status`.
pub const ACTIVE: &str = SecretStatus::Active.as_str();
/// Somebody deactivated it in Okta.
pub const INACTIVE: &str = SecretStatus::Inactive.as_str();
/// Somebody deleted it in Okta.
pub const MISSING: &str = "MISSING";
/// Nothing is known of a secret, as after an import.
pub const NOT_HELD: &str = "NOT_HELD";

/// Described once, for both resources.
pub const STATUS_DESCRIPTION: &str = "What Okta says about the secret: `ACTIVE`, `INACTIVE` (somebody deactivated it), \
    `MISSING` (somebody deleted it), or `NOT_HELD` where nothing is known of it, as after an import.";

/// What Okta says about one secret.
#[derive(Debug)]
pub struct Observed<'a> {
    /// The secret, if it was recognized.
    pub found: Option<&'a Secret>,
    /// One of the values above. None where nothing is certain: a hash that is not found proves nothing by itself.
    pub status: Option<&'static str>,
    /// Okta's hash is not the one that we computed. The algorithm is not documented: worth a warning, no more.
    pub hash_differs: bool,
}

/// Looks for a secret among those of its client: by id, and by hash where the id is not known or not there.
pub fn observe<'a>(secrets: &'a [Secret], id: Option<&str>, hash: Option<&str>) -> Observed<'a> {
    let by_id = secrets.iter().find(|secret| Some(secret.id.as_str()) == id);
    let found = by_id.or_else(|| secrets.iter().find(|secret| Some(secret.secret_hash.as_str()) == hash));
    match found {
        Some(secret) => Observed {
            found,
            status: Some(secret.status.as_str()),
            hash_differs: hash.is_some_and(|hash| hash != secret.secret_hash),
        },
        None if id.is_some() || secrets.is_empty() => Observed { found, status: Some(MISSING), hash_differs: false },
        None => Observed { found, status: None, hash_differs: hash.is_some() },
    }
}

/// Warns that Okta's hash of a secret is not ours.
pub fn warn_about_hash(diags: &mut Diagnostics, observed: &Observed<'_>) {
    if !observed.hash_differs {
        return;
    }
    let which = match observed.found {
        Some(secret) => format!("Okta shows another hash for the secret {} than the provider computed.", secret.id),
        None => "Okta lists no secret with the hash that was computed, and the secret's id is not known.".to_owned(),
    };
    diags.warn(
        problems::other_hash(),
        format!(
            "{which} Okta does not document how it computes the hash, so nothing is changed. If the link works, ignore this \
             warning. If it does not, somebody may have edited the state."
        ),
        AttributePath::new("client_secret_hash"),
    );
}

/// The hash in a state, of a secret that this process may not hold: no text shows a secret that has it.
///
/// # Errors
/// Those of the deserializer.
pub fn held_hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value<String>, D::Error> {
    let hash = Value::<String>::deserialize(deserializer)?;
    if let Value::Value(hash) = &hash {
        redaction::hold_hash(hash);
    }
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(id: &str, status: SecretStatus, hash: &str) -> Secret {
        Secret { id: id.into(), status, secret_hash: hash.into(), created: "2023-02-21T20:08:24.000Z".into() }
    }

    #[test]
    fn a_secret_is_found_by_id_then_by_hash() {
        use SecretStatus::{Active, Inactive};
        let both = [secret("other", Active, "x"), secret("ours", Inactive, "y")];
        let other = &both[..1];
        let (ours, y) = (Some("ours"), Some("y"));
        let rows = [
            ("by its id", &both[..], ours, y, (ours, Some(INACTIVE), false)),
            ("by its id alone", &both, ours, None, (ours, Some(INACTIVE), false)),
            ("by its hash", &both, None, y, (ours, Some(INACTIVE), false)),
            ("by its hash, where its id is not there", &both, Some("gone"), y, (ours, Some(INACTIVE), false)),
            ("by its id, with another hash", other, Some("other"), y, (Some("other"), Some(ACTIVE), true)),
            ("its id is not there", other, ours, y, (None, Some(MISSING), false)),
            ("there is none at all", &[], None, y, (None, Some(MISSING), false)),
            ("its hash is not there, which proves nothing", other, None, y, (None, None, true)),
            ("nothing is known of it", other, None, None, (None, None, false)),
        ];
        for (name, secrets, id, hash, expected) in rows {
            let observed = observe(secrets, id, hash);
            let found = observed.found.map(|secret| secret.id.as_str());
            assert_eq!((found, observed.status, observed.hash_differs), expected, "{name}");
            let mut diags = Diagnostics::default();
            warn_about_hash(&mut diags, &observed);
            assert_eq!((diags.warnings.len(), diags.errors.len()), (usize::from(expected.2), 0), "{name}");
        }
    }
}
