//! What Okta says about a client secret that the state holds, and minting another one.

use tf_provider::{AttributePath, Diagnostics};

use crate::framework::Report;
use crate::okta::api_services::{MAX_SECRETS, NewSecret, Secret, SecretStatus};
use crate::secret::ClientSecret;
use crate::{diagnostics, okta};

/// Values of `client_secret_status`.
pub const ACTIVE: &str = "ACTIVE";
/// Somebody deactivated it in Okta.
pub const INACTIVE: &str = "INACTIVE";
/// Somebody deleted it in Okta.
pub const MISSING: &str = "MISSING";
/// The state holds no secret, as after an import.
pub const NOT_HELD: &str = "NOT_HELD";

/// Described once, for both resources.
pub const STATUS_DESCRIPTION: &str = "What Okta says about the secret: `ACTIVE`, `INACTIVE` (somebody deactivated it), \
    `MISSING` (somebody deleted it), or `NOT_HELD` where the state holds no secret, as after an import.";

/// What Okta says about one secret.
#[derive(Debug, PartialEq, Eq)]
pub struct Observed {
    /// Okta's id of the secret, if it is there.
    pub id: Option<String>,
    /// One of the values above.
    pub status: &'static str,
    /// Okta's hash is not the one that we compute. The algorithm is not documented: worth a warning, no more.
    pub hash_differs: bool,
}

/// Looks for `held` among the secrets of its client: by id, and by hash where the id is not known or not there.
#[must_use]
pub fn observe(secrets: &[Secret], held: &ClientSecret, id: Option<&str>) -> Observed {
    let hash = held.okta_hash();
    let found = secrets
        .iter()
        .find(|secret| Some(secret.id.as_str()) == id)
        .or_else(|| secrets.iter().find(|secret| secret.secret_hash == hash));
    match found {
        Some(secret) => Observed {
            id: Some(secret.id.clone()),
            status: match secret.status {
                SecretStatus::Active => ACTIVE,
                SecretStatus::Inactive => INACTIVE,
            },
            hash_differs: secret.secret_hash != hash,
        },
        None => Observed { id: id.map(str::to_owned), status: MISSING, hash_differs: false },
    }
}

/// Warns that Okta's hash of a secret is not ours, where the secret is found by its id.
pub fn warn_about_hash(diags: &mut Diagnostics, observed: &Observed) {
    if let (true, Some(id)) = (observed.hash_differs, &observed.id) {
        diags.warn(
            "Okta shows another hash for this client secret",
            format!(
                "The secret {id} in Okta has a hash that does not belong to the secret in the state. Okta does not \
                 document how it computes the hash, so nothing is changed. If the link works, ignore this; if not, \
                 somebody may have edited the state."
            ),
            AttributePath::new("client_secret_hash"),
        );
    }
}

/// Mints a secret, after making room by deleting an inactive one if Okta's limit is reached.
pub async fn mint(okta: &okta::Client, instance_id: &str, diags: &mut Diagnostics) -> Option<NewSecret> {
    let secrets = match okta.list_secrets(instance_id).await {
        Ok(secrets) => secrets,
        Err(error) => {
            diagnostics::okta(diags, "list the integration's secrets", &error, AttributePath::root());
            return None;
        }
    };
    if secrets.len() >= MAX_SECRETS {
        let Some(inactive) = secrets.iter().find(|secret| secret.status == SecretStatus::Inactive) else {
            no_room(diags, instance_id, &secrets);
            return None;
        };
        tracing::info!("deleting the inactive secret {} of {instance_id} to make room for a new one", inactive.id);
        if let Err(error) = okta.delete_secret(instance_id, &inactive.id).await {
            diagnostics::okta(diags, "delete the inactive secret", &error, AttributePath::root());
            return None;
        }
    }
    match okta.create_secret(instance_id).await {
        Ok(minted) => Some(minted),
        Err(error) => {
            diagnostics::okta(diags, "mint a client secret", &error, AttributePath::new("client_secret"));
            if error.may_have_acted() {
                report_unknown_secrets(okta, instance_id, &secrets, diags).await;
            }
            None
        }
    }
}

fn no_room(diags: &mut Diagnostics, instance_id: &str, secrets: &[Secret]) {
    let listed: Vec<String> =
        secrets.iter().map(|secret| format!("  - {} created {}", secret.id, secret.created)).collect();
    diags.fail(
        "Both secrets of the integration are in use",
        format!(
            "Okta allows {MAX_SECRETS} secrets for an integration, and {instance_id} has as many, all active:\n{}\n\n\
             Either may be the one that Druva uses, so none is touched. In the Okta Admin Console (Applications > API \
             Service Integrations > the integration > Client secrets) deactivate the one that is not in use, and apply \
             again: an inactive secret is deleted to make room.",
            listed.join("\n")
        ),
        AttributePath::new("client_secret"),
    );
}

/// After a lost answer: says which secret came into being that nobody knows.
async fn report_unknown_secrets(okta: &okta::Client, instance_id: &str, before: &[Secret], diags: &mut Diagnostics) {
    let Ok(after) = okta.list_secrets(instance_id).await else {
        return;
    };
    for secret in after.iter().filter(|secret| !before.iter().any(|known| known.id == secret.id)) {
        diags.warn(
            "Okta minted a secret that nobody knows",
            format!(
                "Okta created the secret {} although its answer got lost, so its value is not known to anybody. Apply \
                 again; if Okta then has no room for another one, deactivate this one first (Okta Admin Console > \
                 Applications > API Service Integrations > the integration > Client secrets).",
                secret.id
            ),
            AttributePath::new("client_secret"),
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
        let held = ClientSecret::from("held".to_owned());
        let hash = held.okta_hash();
        let secrets = [secret("other", SecretStatus::Active, "x"), secret("ours", SecretStatus::Inactive, &hash)];
        let by_id = observe(&secrets, &held, Some("ours"));
        assert_eq!((by_id.status, by_id.hash_differs), (INACTIVE, false));
        let by_hash = observe(&secrets, &held, None);
        assert_eq!((by_hash.id.as_deref(), by_hash.status), (Some("ours"), INACTIVE));
        let gone = observe(&secrets[..1], &held, Some("ours"));
        assert_eq!((gone.id.as_deref(), gone.status), (Some("ours"), MISSING));
        let odd = observe(&secrets, &held, Some("other"));
        assert_eq!((odd.status, odd.hash_differs), (ACTIVE, true));
    }
}
