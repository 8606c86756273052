//! A client secret of an integration, and how Okta shows it.

use super::integration::Reader;
use crate::{clock, propagation, random, world::World};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::time::Instant;

#[derive(Clone)]
pub struct Secret {
    pub id: String,
    pub value: String,
    pub status: SecretStatus,
    pub created: String,
    pub last_updated: String,
    known_to_okta_from: Instant,
    known_to_druva_from: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SecretStatus {
    Active,
    Inactive,
}

/// Okta publishes this hash without saying how it is made; its published example pair does (see the test).
pub fn secret_hash(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(secret)[..16])
}

impl Secret {
    /// A new active secret, which takes its time to be known everywhere.
    pub fn issue(world: &mut World) -> Self {
        let now = clock::timestamp();
        Self {
            known_to_okta_from: propagation::visible_from(&world.settings),
            known_to_druva_from: propagation::visible_from(&world.settings),
            id: random::okta_id("ocs"),
            value: world.issue(random::url_safe(64)),
            status: SecretStatus::Active,
            created: now.clone(),
            last_updated: now,
        }
    }

    /// As if it had been there for long.
    pub fn is_old(&mut self) {
        (self.known_to_okta_from, self.known_to_druva_from) = (Instant::now(), Instant::now());
    }

    pub fn is_known_to(&self, reader: Reader) -> bool {
        let from = match reader {
            Reader::TokenEndpoint => self.known_to_okta_from,
            Reader::Druva => self.known_to_druva_from,
            Reader::Anybody => return true,
        };
        Instant::now() >= from
    }

    pub fn set_status(&mut self, status: SecretStatus) {
        if self.status != status {
            self.status = status;
            self.last_updated = clock::timestamp();
        }
    }

    /// `APIServiceIntegrationInstanceSecret` under the given URL; only a creation discloses the secret.
    pub fn shown(&self, url: &str, disclosed: bool) -> Value {
        let tail = &self.value[self.value.len() - 4..];
        let links = match self.status {
            SecretStatus::Active => json!({
                "deactivate": {"href": format!("{url}/lifecycle/deactivate"), "hints": {"allow": ["POST"]}},
            }),
            SecretStatus::Inactive => json!({
                "activate": {"href": format!("{url}/lifecycle/activate"), "hints": {"allow": ["POST"]}},
                "delete": {"href": url, "hints": {"allow": ["DELETE"]}},
            }),
        };
        json!({
            "id": self.id,
            "status": self.status,
            "client_secret": if disclosed { self.value.clone() } else { format!("***{tail}") },
            "secret_hash": secret_hash(&self.value),
            "created": self.created,
            "lastUpdated": self.last_updated,
            "_links": links,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::secret_hash;

    #[test]
    fn the_published_secret_has_the_published_hash() {
        assert_eq!(secret_hash("DRUFXGF9XbLnS9k-Sla3x3POBiIxDreBCdZuFs5B"), "FpCwXwSjTRQNtEI11I00-g");
    }
}
