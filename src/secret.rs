//! A client secret, and the hash by which Okta names it.
//!
//! A secret is born in an HTTP answer and ends in Terraform's state. Between the two it is a [`ClientSecret`], which
//! prints as `[REDACTED]` and cannot be serialized by accident: a field says `serialize_with = "secret::expose"`, and
//! there are three such places, the state and Druva's two request bodies.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tf_provider::value::Value;

use crate::redaction;
use crate::secret_hash::okta_hash;

/// The client secret of an OAuth client in Okta.
#[derive(Clone, Debug)]
pub struct ClientSecret(SecretString);

impl ClientSecret {
    /// See [`okta_hash`].
    pub fn okta_hash(&self) -> String {
        okta_hash(self.expose().as_bytes())
    }

    /// The secret itself, for the one request that needs it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for ClientSecret {
    fn from(secret: String) -> Self {
        redaction::hold(&secret);
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
        let secret = SecretString::deserialize(deserializer)?;
        redaction::hold(secret.expose_secret());
        Ok(Self(secret))
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

    #[test]
    fn debug_output_is_redacted() {
        let secret = ClientSecret::from("s3cr3t".to_owned());
        assert!(!format!("{secret:?} {:?}", Value::Value(secret.clone())).contains("s3cr3t"));
    }
}
