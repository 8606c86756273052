//! What Okta says about the client secret that is in use.

use tf_provider::{AttributePath, Diagnostics};

use crate::framework::Report;
use crate::okta::api_services::{Secret, SecretStatus};

/// Values of `client_secret_status`.
pub const ACTIVE: &str = "ACTIVE";
/// Somebody deactivated it in Okta.
pub const INACTIVE: &str = "INACTIVE";
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
    /// The secret, if Okta has it.
    pub found: Option<&'a Secret>,
    /// Okta's hash is not the one that we computed. The algorithm is not documented: worth a warning, no more.
    pub hash_differs: bool,
}

impl Observed<'_> {
    /// One of the values above.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self.found.map(|secret| secret.status) {
            Some(SecretStatus::Active) => ACTIVE,
            Some(SecretStatus::Inactive) => INACTIVE,
            None => MISSING,
        }
    }
}

/// Looks for a secret among those of its client: by id, and by hash where the id is not known or not there.
#[must_use]
pub fn observe<'a>(secrets: &'a [Secret], id: Option<&str>, hash: Option<&str>) -> Observed<'a> {
    let by_id = secrets.iter().find(|secret| Some(secret.id.as_str()) == id);
    let found = by_id.or_else(|| secrets.iter().find(|secret| Some(secret.secret_hash.as_str()) == hash));
    let hash_differs = found.is_some_and(|found| hash.is_some_and(|hash| hash != found.secret_hash));
    Observed { found, hash_differs }
}

/// Warns that Okta's hash of a secret is not ours, where the secret is found by its id.
pub fn warn_about_hash(diags: &mut Diagnostics, observed: &Observed<'_>) {
    if let (true, Some(secret)) = (observed.hash_differs, observed.found) {
        diags.warn(
            "Okta shows another hash for this client secret",
            format!(
                "The secret {} in Okta has another hash than the one that was computed. Okta does not document how it \
                 computes the hash, so nothing is changed. If the link works, ignore this; if not, somebody may have \
                 edited the state.",
                secret.id
            ),
            AttributePath::new("client_secret_hash"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(id: &str, status: SecretStatus, hash: &str) -> Secret {
        Secret { id: id.into(), status, secret_hash: hash.into(), created: "2023-02-21T20:08:24.000Z".into() }
    }

    #[test]
    fn a_secret_is_found_by_id_then_by_hash() {
        let secrets = [secret("other", SecretStatus::Active, "x"), secret("ours", SecretStatus::Inactive, "y")];
        let by_id = observe(&secrets, Some("ours"), Some("y"));
        assert_eq!((by_id.status(), by_id.hash_differs), (INACTIVE, false));
        let by_hash = observe(&secrets, None, Some("y"));
        assert_eq!((by_hash.found.unwrap().id.as_str(), by_hash.status()), ("ours", INACTIVE));
        assert_eq!(observe(&secrets[..1], Some("ours"), Some("y")).status(), MISSING);
        let odd = observe(&secrets, Some("other"), Some("y"));
        assert_eq!((odd.status(), odd.hash_differs), (ACTIVE, true));
        assert_eq!(observe(&secrets, None, None).status(), MISSING);
    }
}
