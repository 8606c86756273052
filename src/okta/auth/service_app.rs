//! An OAuth service app: it signs for its own access tokens (`private_key_jwt`), and proves that they are its own where
//! Okta demands that (DPoP).

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Request;
use reqwest::header::{ACCEPT, HeaderValue};
use serde::Serialize;
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::private_key::PrivateKey;
use crate::domain::OktaDomain;
use crate::http::{self, Http, Repeat, Response, Skew, TokenCache, TokenResponse};
use crate::okta::dpop::{Dpop, MAX_PROOFS, Server};
use crate::okta::error::Error;
use crate::okta::{answer, token_endpoint};
use crate::redaction;

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
    /// There from the moment on when Okta demands it, until the process ends.
    dpop: OnceLock<Dpop>,
}

impl ServiceApp {
    /// An app that has no access token yet. The key may name its id itself.
    pub fn new(client_id: String, key: PrivateKey, key_id: Option<String>, scopes: Vec<String>) -> Self {
        let key_id = key_id.or_else(|| key.id().map(str::to_owned));
        Self { client_id, key, key_id, scopes, token: TokenCache::default(), dpop: OnceLock::new() }
    }

    pub(super) async fn authorization(&self, http: &Http, domain: &OktaDomain) -> Result<HeaderValue, Error> {
        Ok(self.token.authorization(self.fetch(http, domain)).await?.0)
    }

    pub(super) async fn forget(&self, refused: &HeaderValue) {
        self.token.forget(refused).await;
    }

    pub(super) fn dpop(&self) -> Option<&Dpop> {
        self.dpop.get()
    }

    /// Adds a proof where the access token is bound to the key: its type in the `Authorization` header says so.
    pub(super) fn sign_proof(&self, now: SystemTime, request: &mut Request) -> Result<(), http::Error> {
        match self.dpop() {
            Some(dpop) if http::bound_token(request).is_some() => dpop.sign_proof(Server::Api, now, request),
            _ => Ok(()),
        }
    }

    async fn fetch(&self, http: &Http, domain: &OktaDomain) -> Result<TokenResponse, Error> {
        let url = token_endpoint::of(domain);
        let mut may_correct_clock = true;
        for _ in 0..=MAX_PROOFS {
            let (answer, signed_with) = self.ask(http, &url).await?;
            let wants_nonce = self.dpop().is_some_and(|dpop| dpop.wants_nonce(Server::Token, &answer));
            if answer.status.is_success() {
                return answer::decode(&answer);
            }
            let error = Error::from_answer(&answer);
            if self.dpop().is_none() && error.asks_for_proof() {
                tracing::info!("Okta demands DPoP of the service app {}", self.client_id);
                // Only one caller at a time fetches a token, so that there is none yet.
                let _ = self.dpop.set(Dpop::new()?);
            } else if !wants_nonce {
                let skew = http.skew(&url);
                if !(may_correct_clock && error.may_be_about_time() && skew.has_changed_since(signed_with)) {
                    return Err(error.with_skew(skew));
                }
                // The refusal itself told Okta's time.
                tracing::info!("the clock of this machine is {skew} Okta's; signing again with Okta's time");
                may_correct_clock = false;
            }
        }
        Err(Error::Nonces)
    }

    /// Asks for a token. Returns also how the clocks were thought to differ when that was signed.
    async fn ask(&self, http: &Http, url: &Url) -> Result<(Response, Skew), Error> {
        let scope = self.scopes.join(" ");
        let mut signed_with = Skew::default();
        let answer = http
            .send(Repeat::Always, |client| {
                signed_with = http.skew(url);
                let now = http.server_time(url, Instant::now());
                // Each try needs an assertion and a proof of its own: Okta refuses a jti that it has seen.
                let assertion =
                    self.assertion(url.as_str(), now).map_err(|error| http::Error::Signing(error.to_string()))?;
                redaction::hold(&assertion);
                let mut request = http::finish(client.post(url.clone()).header(ACCEPT, "application/json").form(&[
                    ("grant_type", "client_credentials"),
                    ("scope", &scope),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ("client_assertion", &assertion),
                ]))?;
                if let Some(dpop) = self.dpop() {
                    dpop.sign_proof(Server::Token, now, &mut request)?;
                }
                Ok(request)
            })
            .await?;
        Ok((answer, signed_with))
    }

    /// `now` is Okta's time.
    fn assertion(&self, audience: &str, now: SystemTime) -> Result<Zeroizing<String>, jsonwebtoken::errors::Error> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
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
