//! Druva's access tokens: client credentials in, a token for half an hour out. `[docs]`

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Error;
use crate::http::{self, Http, Repeat, TokenAnswer, TokenCache};

/// The API credentials of the Druva Cloud Platform Console.
pub struct Credentials {
    /// The client id.
    pub client_id: String,
    /// The secret key.
    pub client_secret: SecretString,
}

/// A credential and its token.
pub(super) struct Auth {
    credentials: Credentials,
    token: TokenCache,
}

impl Auth {
    pub fn new(credentials: Credentials) -> Self {
        Self { credentials, token: TokenCache::default() }
    }

    /// The `Authorization` header, and whether its token was fetched just now.
    pub async fn authorization(&self, http: &Http, url: Url) -> Result<(HeaderValue, bool), Error> {
        self.token.authorization(self.fetch(http, url)).await
    }

    /// Drops the token that was just refused.
    pub async fn forget(&self, refused: &HeaderValue) {
        self.token.forget(refused).await;
    }

    /// A token of its own, which nobody else is given.
    pub async fn fetch(&self, http: &Http, url: Url) -> Result<TokenAnswer, Error> {
        let Credentials { client_id, client_secret } = &self.credentials;
        let answer = http
            .send(Repeat::Always, |client| {
                http::finish(
                    client
                        .post(url.clone())
                        .basic_auth(client_id, Some(client_secret.expose_secret()))
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
