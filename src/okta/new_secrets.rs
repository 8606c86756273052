//! The client secrets that Okta gave out to this process: such a secret is not known everywhere at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::api_services::objects::Secret;
use crate::secret::ClientSecret;

/// For how long a refusal of a new secret proves nothing. Okta's own tests wait two seconds after a create `[recorded]`.
pub const NEW_FOR: Duration = Duration::from_secs(10);

/// What is known of a secret that Okta gave out to this process.
#[derive(Clone, Debug)]
pub struct SecretOrigin {
    at: Instant,
    before: Vec<String>,
}

impl SecretOrigin {
    /// Until then, a refusal of the secret proves nothing.
    pub fn new_until(&self) -> Instant {
        self.at + NEW_FOR
    }

    /// Okta's ids of the secrets that the client had before.
    pub fn before(&self) -> &[String] {
        &self.before
    }
}

/// The secrets, by their hashes.
#[derive(Default)]
pub(super) struct NewSecrets(Mutex<HashMap<String, SecretOrigin>>);

impl NewSecrets {
    /// Notes a secret that was given out just now, when the client had those `before`.
    pub fn note(&self, secret: &ClientSecret, before: &[Secret]) {
        let before = before.iter().map(|secret| secret.id.clone()).collect();
        let origin = SecretOrigin { at: Instant::now(), before };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.okta_hash(), origin);
    }

    /// What is known of a secret. None if it comes from elsewhere.
    pub fn origin(&self, secret: &ClientSecret) -> Option<SecretOrigin> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&secret.okta_hash()).cloned()
    }
}
