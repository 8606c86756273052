//! The provider's own credential for Okta's management API: an API token, an access token, or a service app's key.

mod jwk;
mod private_key;
mod service_app;

pub use private_key::{InvalidKey, PrivateKey};
use reqwest::header::HeaderValue;
use secrecy::SecretString;
pub use service_app::ServiceApp;

use super::Error;
use crate::domain::OktaDomain;
use crate::http::{self, Http};

/// Okta's token endpoint of the org authorization server. `[spec]`
pub(super) const TOKEN_PATH: &str = "/oauth2/v1/token";

/// How requests are authorized.
pub enum Auth {
    /// An API token of an administrator, sent as `SSWS`.
    ApiToken(SecretString),
    /// An OAuth access token that somebody else obtained.
    AccessToken(SecretString),
    /// A service app that signs for its own access tokens.
    ServiceApp(Box<ServiceApp>),
}

impl Auth {
    /// The value of the `Authorization` header.
    pub(super) async fn authorization(&self, http: &Http, domain: &OktaDomain) -> Result<HeaderValue, Error> {
        match self {
            Self::ApiToken(token) => Ok(http::authorization("SSWS", token)?),
            Self::AccessToken(token) => Ok(http::authorization("Bearer", token)?),
            Self::ServiceApp(app) => app.authorization(http, domain).await,
        }
    }

    /// Drops the token that was just refused. Returns whether there can be a new one.
    pub(super) async fn renew(&self, refused: &HeaderValue) -> bool {
        let Self::ServiceApp(app) = self else { return false };
        app.forget(refused).await;
        true
    }
}
