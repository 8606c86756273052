//! Druva's access tokens: client credentials in, a token for half an hour out. `[docs]`

use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::Error;
use crate::http::{self, Http, Repeat};

/// A token is renewed this long before it expires.
const RENEW_EARLY: Duration = Duration::from_secs(60);

/// The API credentials of the Druva Cloud Platform Console.
pub struct Credentials {
    /// The client id.
    pub client_id: String,
    /// The secret key.
    pub client_secret: SecretString,
}

/// The token of one credential, fetched by one caller at a time.
pub(super) struct TokenCache {
    credentials: Credentials,
    token: Mutex<Option<Token>>,
}

struct Token {
    authorization: HeaderValue,
    renew_at: Instant,
}

impl TokenCache {
    pub fn new(credentials: Credentials) -> Self {
        Self { credentials, token: Mutex::new(None) }
    }

    /// The `Authorization` header, and whether its token was fetched just now.
    pub async fn authorization(&self, http: &Http, url: Url) -> Result<(HeaderValue, bool), Error> {
        let mut token = self.token.lock().await;
        if let Some(token) = token.as_ref().filter(|token| Instant::now() < token.renew_at) {
            return Ok((token.authorization.clone(), false));
        }
        let fresh = self.fetch(http, url).await?;
        let authorization = fresh.authorization.clone();
        *token = Some(fresh);
        Ok((authorization, true))
    }

    /// Drops the token that was just refused, unless another caller has replaced it already.
    pub async fn forget(&self, refused: &HeaderValue) {
        let mut token = self.token.lock().await;
        if token.as_ref().is_some_and(|token| token.authorization == *refused) {
            *token = None;
        }
    }

    async fn fetch(&self, http: &Http, url: Url) -> Result<Token, Error> {
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
        let token: TokenAnswer = http::decode(&answer).map_err(Error::Decode)?;
        let text = Zeroizing::new(format!("Bearer {}", token.access_token.expose_secret()));
        let mut authorization = HeaderValue::from_str(&text)
            .map_err(|_| http::Error::Setup("Druva's access token holds characters that HTTP does not allow".into()))?;
        authorization.set_sensitive(true);
        let lifetime = Duration::from_secs(token.expires_in);
        Ok(Token { authorization, renew_at: Instant::now() + lifetime.saturating_sub(RENEW_EARLY.min(lifetime / 2)) })
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: SecretString,
    expires_in: u64,
}
