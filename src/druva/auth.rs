//! The provider's own credential for Druva's APIs: API credentials, or an access token that somebody else obtained.

use reqwest::StatusCode;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Error;
use crate::http::{self, Http, Repeat, TokenCache, TokenResponse};

/// How requests are authorized.
pub enum Auth {
    /// An access token that somebody else obtained, such as a managed service provider for one of its customers. `[docs]`
    AccessToken(SecretString),
    /// API credentials, which are good for a token of half an hour each time. `[docs]`
    Credentials(Credentials),
}

/// The API credentials of the Druva Cloud Platform Console.
pub struct Credentials {
    /// The client id.
    pub client_id: String,
    client_secret: SecretString,
    token: TokenCache,
}

impl Credentials {
    /// Credentials that have no access token yet. `client_secret` is what the console calls the secret key.
    pub fn new(client_id: String, client_secret: SecretString) -> Self {
        Self { client_id, client_secret, token: TokenCache::default() }
    }

    async fn fetch(&self, http: &Http, url: Url) -> Result<TokenResponse, Error> {
        let answer = http
            .send(Repeat::Always, |client| {
                http::finish(
                    client
                        .post(url.clone())
                        .basic_auth(&self.client_id, Some(self.client_secret.expose_secret()))
                        .header("accept", "application/json")
                        .form(&[("grant_type", "client_credentials"), ("scope", "read")]),
                )
            })
            .await?;
        if !answer.status.is_success() {
            return Err(Error::Token(Box::new(Error::from_answer(&answer))));
        }
        http::decode(&answer).map_err(Error::Decode)
    }
}

impl Auth {
    /// The `Authorization` header, and whether another token cannot be had: it was fetched just now, or by somebody else.
    pub(super) async fn authorization(&self, http: &Http, url: Url) -> Result<(HeaderValue, bool), Error> {
        match self {
            Self::AccessToken(token) => Ok((http::authorization("Bearer", token)?, true)),
            Self::Credentials(credentials) => credentials.token.authorization(credentials.fetch(http, url)).await,
        }
    }

    /// Drops the token that was just refused.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        if let Self::Credentials(credentials) = self {
            credentials.token.forget(refused).await;
        }
    }

    /// A token of its own, which nobody else is given.
    pub(super) async fn fetch(&self, http: &Http, url: Url) -> Result<TokenResponse, Error> {
        match self {
            Self::AccessToken(_) => Err(Error::NoCredentials),
            Self::Credentials(credentials) => credentials.fetch(http, url).await,
        }
    }

    /// What a refusal means for this credential. Druva answers 401 or 403 to a token that expired; a 403 may mean something
    /// else, which is told apart by trying again with a fresh token. Here there is none.
    pub(super) fn refusal(&self, error: Error) -> Error {
        match (self, error.status()) {
            (Self::AccessToken(_), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
                Error::HeldToken(Box::new(error))
            }
            _ => error,
        }
    }
}
