//! The provider's own credential for Okta's management API: an API token, an access token, or a service app's key.

mod invalid_key;
mod jwk;
mod key_text;
mod private_key;
mod service_app;

use std::time::SystemTime;

pub use invalid_key::InvalidKey;
pub use private_key::PrivateKey;
use reqwest::Request;
use reqwest::header::HeaderValue;
use secrecy::SecretString;
pub use service_app::ServiceApp;

use super::dpop::Server;
use super::error::Error;
use crate::domain::OktaDomain;
use crate::http::{self, Http, Response};

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

    /// Adds to a request what proves that its access token is ours, if the token is bound to a key. `now` is Okta's time.
    pub(super) fn sign_proof(&self, now: SystemTime, request: &mut Request) -> Result<(), http::Error> {
        match self {
            Self::ServiceApp(app) => app.sign_proof(now, request),
            Self::ApiToken(_) | Self::AccessToken(_) => Ok(()),
        }
    }

    /// Whether a request was refused for nothing but a nonce, which the next proof will have.
    pub(super) fn wants_nonce(&self, answer: &Response) -> bool {
        match self {
            Self::ServiceApp(app) => app.dpop().is_some_and(|dpop| dpop.wants_nonce(Server::Api, answer)),
            Self::ApiToken(_) | Self::AccessToken(_) => false,
        }
    }

    /// Drops the token that was just refused. Returns whether there can be a new one.
    pub(super) async fn renew(&self, refused: &HeaderValue) -> bool {
        let Self::ServiceApp(app) = self else { return false };
        app.forget(refused).await;
        true
    }

    /// What a refusal means for this credential.
    pub(super) fn refusal(&self, answer: &Response) -> Error {
        match (self, Error::from_answer(answer)) {
            (Self::AccessToken(_), error) if error.asks_for_proof() => Error::BoundToken(Box::new(error)),
            (_, error) => error,
        }
    }
}
