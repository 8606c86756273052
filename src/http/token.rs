//! OAuth access tokens: kept until shortly before they expire, fetched by one caller at a time.

use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::Error;

/// A token is renewed this long before it expires, or at half of its lifetime if that is shorter.
const RENEW_EARLY: Duration = Duration::from_secs(60);

/// The answer of a token endpoint, as far as it matters here.
#[derive(Deserialize)]
pub struct TokenAnswer {
    access_token: SecretString,
    /// In seconds.
    expires_in: u64,
}

/// The token of one credential.
#[derive(Default)]
pub struct TokenCache(Mutex<Option<Token>>);

struct Token {
    authorization: HeaderValue,
    renew_at: Instant,
}

impl TokenCache {
    /// The `Authorization` header, and whether its token was fetched just now. Callers wait for the one who fetches.
    ///
    /// # Errors
    /// Those of `fetch`, and a token that no header can hold.
    pub async fn authorization<E: From<Error>>(
        &self,
        fetch: impl Future<Output = Result<TokenAnswer, E>>,
    ) -> Result<(HeaderValue, bool), E> {
        let mut token = self.0.lock().await;
        if let Some(token) = token.as_ref().filter(|token| Instant::now() < token.renew_at) {
            return Ok((token.authorization.clone(), false));
        }
        let answer = fetch.await?;
        let authorization = authorization("Bearer", &answer.access_token)?;
        let lifetime = Duration::from_secs(answer.expires_in);
        let renew_at = Instant::now() + lifetime.saturating_sub(RENEW_EARLY.min(lifetime / 2));
        *token = Some(Token { authorization: authorization.clone(), renew_at });
        Ok((authorization, true))
    }

    /// Drops the token that was just refused, unless another caller has replaced it already.
    pub async fn forget(&self, refused: &HeaderValue) {
        let mut token = self.0.lock().await;
        if token.as_ref().is_some_and(|token| token.authorization == *refused) {
            *token = None;
        }
    }
}

/// The value of an `Authorization` header, marked so that no log of a library shows it.
///
/// # Errors
/// When the credential holds characters that a header cannot.
pub fn authorization(scheme: &str, credential: &SecretString) -> Result<HeaderValue, Error> {
    let text = Zeroizing::new(format!("{scheme} {}", credential.expose_secret()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Error::InvalidCredential)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fetch(token: &str, expires_in: u64) -> Result<TokenAnswer, Error> {
        Ok(TokenAnswer { access_token: token.into(), expires_in })
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_kept_until_a_minute_before_it_expires() {
        let cache = TokenCache::default();
        let (first, is_fresh) = cache.authorization(fetch("one", 1800)).await.unwrap();
        assert!(is_fresh && first.is_sensitive());
        tokio::time::advance(Duration::from_secs(1739)).await;
        assert_eq!(cache.authorization(fetch("two", 1800)).await.unwrap(), (first, false));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(cache.authorization(fetch("two", 1800)).await.unwrap().0, "Bearer two");
    }

    #[tokio::test]
    async fn only_the_refused_token_is_forgotten() {
        let cache = TokenCache::default();
        let (first, _) = cache.authorization(fetch("one", 1800)).await.unwrap();
        cache.forget(&first).await;
        let (second, _) = cache.authorization(fetch("two", 1800)).await.unwrap();
        cache.forget(&first).await;
        assert_eq!(cache.authorization(fetch("three", 1800)).await.unwrap(), (second, false));
    }
}
