//! OAuth service apps, which authenticate with a signed assertion. An org has none until a test registers one.

use super::RoleType;
use jsonwebtoken::{DecodingKey, jwk::Jwk};
use serde::Deserialize;
use std::collections::HashMap;

/// As `POST /_sandbox/service_apps` takes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    pub client_id: String,
    public_key_pem: Option<String>,
    jwk: Option<Jwk>,
    kid: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    role: Option<RoleType>,
    /// Okta's name of the app's setting.
    #[serde(default)]
    dpop_bound_access_tokens: bool,
}

#[derive(Clone)]
pub struct ServiceApp {
    pub client_id: String,
    pub key: DecodingKey,
    pub kid: Option<String>,
    pub scopes: Vec<String>,
    pub role: Option<RoleType>,
    pub demands_dpop: bool,
    /// Assertions that were used, each with its expiry in seconds since 1970: after that it is refused anyway.
    pub used: HashMap<String, u64>,
}

impl TryFrom<Registration> for ServiceApp {
    type Error = String;

    fn try_from(new: Registration) -> Result<Self, String> {
        let (key, named) = match (&new.public_key_pem, &new.jwk) {
            (Some(pem), None) => {
                let pem = pem.as_bytes();
                let key = DecodingKey::from_rsa_pem(pem).or_else(|_| DecodingKey::from_ec_pem(pem));
                (key.map_err(|error| format!("public_key_pem: {error}"))?, None)
            }
            (None, Some(jwk)) => {
                let key = DecodingKey::from_jwk(jwk).map_err(|error| format!("jwk: {error}"))?;
                (key, jwk.common.key_id.clone())
            }
            _ => return Err("either public_key_pem or jwk".to_owned()),
        };
        let Registration { client_id, kid, scopes, role, dpop_bound_access_tokens: demands_dpop, .. } = new;
        Ok(Self { client_id, key, kid: kid.or(named), scopes, role, demands_dpop, used: HashMap::new() })
    }
}
