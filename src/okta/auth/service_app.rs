//! An OAuth service app: it signs for its own access tokens (`private_key_jwt`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{ACCEPT, HeaderValue};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{PrivateKey, TOKEN_PATH};
use crate::domain::OktaDomain;
use crate::http::{self, Http, Repeat, TokenAnswer, TokenCache};
use crate::okta::{Error, decode};

/// Okta accepts assertions that expire within an hour; a minute bears a slow network. `[docs]`
const ASSERTION_LIFETIME: Duration = Duration::from_secs(60);

/// An OAuth service app with `private_key_jwt`.
pub struct ServiceApp {
    /// The client id of the app.
    pub client_id: String,
    /// The private key of the app.
    pub key: PrivateKey,
    /// The id under which Okta knows the public key.
    pub key_id: Option<String>,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    token: TokenCache,
}

impl ServiceApp {
    /// An app that has no access token yet. The key may name its id itself.
    #[must_use]
    pub fn new(client_id: String, key: PrivateKey, key_id: Option<String>, scopes: Vec<String>) -> Self {
        let key_id = key_id.or_else(|| key.id().map(str::to_owned));
        Self { client_id, key, key_id, scopes, token: TokenCache::default() }
    }

    pub(super) async fn authorization(&self, http: &Http, domain: &OktaDomain) -> Result<HeaderValue, Error> {
        Ok(self.token.authorization(self.fetch(http, domain)).await?.0)
    }

    pub(super) async fn forget(&self, refused: &HeaderValue) {
        self.token.forget(refused).await;
    }

    async fn fetch(&self, http: &Http, domain: &OktaDomain) -> Result<TokenAnswer, Error> {
        let url = domain.join(TOKEN_PATH);
        let scope = self.scopes.join(" ");
        let answer = http
            .send(Repeat::Always, |client| {
                // Each try needs an assertion of its own: Okta refuses a jti that it has seen.
                let assertion =
                    self.assertion(url.as_str()).map_err(|error| http::Error::Signing(error.to_string()))?;
                http::finish(client.post(url.clone()).header(ACCEPT, "application/json").form(&[
                    ("grant_type", "client_credentials"),
                    ("scope", &scope),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ("client_assertion", &assertion),
                ]))
            })
            .await?;
        if !answer.status.is_success() {
            return Err(Error::from_answer(&answer));
        }
        decode(&answer)
    }

    fn assertion(&self, audience: &str) -> Result<Zeroizing<String>, jsonwebtoken::errors::Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut header = self.key.header();
        header.kid.clone_from(&self.key_id);
        self.key.sign(
            header,
            &Claims {
                iss: &self.client_id,
                sub: &self.client_id,
                aud: audience,
                iat: now.as_secs(),
                exp: (now + ASSERTION_LIFETIME).as_secs(),
                jti: uuid::Uuid::new_v4().to_string(),
            },
        )
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    jti: String,
}
