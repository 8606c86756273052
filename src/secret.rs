//! A client secret, and the hash by which Okta names it.
//!
//! A secret is born in an HTTP answer and ends in Terraform's state. Between the two it is a [`ClientSecret`], which
//! prints as `[REDACTED]` and cannot be serialized by accident: a field says `serialize_with = "secret::expose"`, and
//! there are three such places, the state and Druva's two request bodies.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use tf_provider::value::Value;

/// The client secret of an OAuth client in Okta.
#[derive(Clone, Debug)]
pub struct ClientSecret(SecretString);

impl ClientSecret {
    /// The hash by which Okta names this secret in its lists (`secret_hash`).
    ///
    /// Base64url without padding of the first 16 bytes of SHA-256. Observed from the published example pair, not
    /// documented as an algorithm: where it disagrees with Okta, warn and trust Okta.
    #[must_use]
    pub fn okta_hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(&Sha256::digest(self.expose())[..16])
    }

    /// The secret itself, for the one request that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for ClientSecret {
    fn from(secret: String) -> Self {
        Self(secret.into())
    }
}

impl PartialEq for ClientSecret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl<'de> Deserialize<'de> for ClientSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SecretString::deserialize(deserializer).map(Self)
    }
}

/// Writes a secret in the clear: into the state, or into the body of the request that hands it over.
///
/// # Errors
/// Those of the serializer.
pub fn expose<S: Serializer>(secret: &ClientSecret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// [`expose`] for an attribute of the state, which may also be null or unknown.
///
/// # Errors
/// Those of the serializer.
pub fn expose_value<S: Serializer>(secret: &Value<ClientSecret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(ClientSecret::expose).serialize(serializer)
}

/// Writes null in place of a write-only attribute, which Terraform must not get back.
///
/// # Errors
/// Those of the serializer.
pub fn withhold<S: Serializer>(_: &Value<ClientSecret>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair that Okta's published OpenAPI shows for a new secret.
    #[test]
    fn hash_matches_oktas_published_example() {
        let secret = ClientSecret::from("DRUFXGF9XbLnS9k-Sla3x3POBiIxDreBCdZuFs5B".to_owned());
        assert_eq!(secret.okta_hash(), "FpCwXwSjTRQNtEI11I00-g");
    }

    #[test]
    fn debug_output_is_redacted() {
        let secret = ClientSecret::from("s3cr3t".to_owned());
        assert!(!format!("{secret:?} {:?}", Value::Value(secret.clone())).contains("s3cr3t"));
    }
}
