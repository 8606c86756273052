//! OAuth access tokens: kept until shortly before they expire, fetched by one caller at a time.

use std::time::Duration;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use tokio::sync::Mutex;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::error::Error;
use crate::redaction;

/// The scheme of a token that is bound to a key.
const DPOP: &str = "DPoP";
/// A token is renewed this long before it expires, or at half of its lifetime if that is shorter.
const RENEW_EARLY: Duration = Duration::from_secs(60);
/// A longer lifetime is not believed: Okta's tokens live for a day at most, and no clock holds what a number can say.
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a token is taken to live whose answer does not say it, which OAuth only recommends (RFC 6749, 5.1). It is a
/// third of the shortest life that either vendor documents: one that ends earlier than expected costs a refused request,
/// one that is renewed too early only a request for a token.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The answer of a token endpoint, as far as it matters here.
#[derive(Deserialize)]
pub struct TokenResponse {
    #[serde(deserialize_with = "access_token")]
    access_token: SecretString,
    #[serde(default, deserialize_with = "token_type")]
    token_type: TokenType,
    #[serde(default, deserialize_with = "lifetime")]
    expires_in: Option<Duration>,
}

impl TokenResponse {
    /// The token, and how long it lives from now on. For who hands it to somebody else.
    pub fn into_parts(self) -> (SecretString, Duration) {
        let lifetime = self.lifetime();
        (self.access_token, lifetime)
    }

    fn lifetime(&self) -> Duration {
        self.expires_in.unwrap_or(ASSUMED_LIFETIME).min(LONGEST_LIFETIME)
    }
}

/// The token, which is held from now on.
fn access_token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    let token = SecretString::deserialize(deserializer)?;
    redaction::hold(token.expose_secret());
    Ok(token)
}

/// Seconds, as a number or as the text of one. None where the answer does not say.
fn lifetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Whole(u64),
        Fraction(f64),
        Text(String),
    }
    let lifetime = match Option::<Seconds>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Seconds::Whole(seconds)) => Ok(Duration::from_secs(seconds)),
        Some(Seconds::Fraction(seconds)) => Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom),
        Some(Seconds::Text(text)) => text.trim().parse().map(Duration::from_secs).map_err(serde::de::Error::custom),
    };
    lifetime.map(Some)
}

/// How a token is presented.
#[derive(Clone, Copy, Default)]
enum TokenType {
    /// By itself.
    #[default]
    Bearer,
    /// Together with a proof that it is ours (RFC 9449).
    Dpop,
}

impl TokenType {
    fn scheme(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => DPOP,
        }
    }
}

/// OAuth's names of token types are case-insensitive.
fn token_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TokenType, D::Error> {
    let name = String::deserialize(deserializer)?;
    [TokenType::Bearer, TokenType::Dpop]
        .into_iter()
        .find(|kind| name.eq_ignore_ascii_case(kind.scheme()))
        .ok_or_else(|| serde::de::Error::custom("another token type than Bearer and DPoP"))
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
        fetch: impl Future<Output = Result<TokenResponse, E>>,
    ) -> Result<(HeaderValue, bool), E> {
        let mut token = self.0.lock().await;
        if let Some(token) = token.as_ref().filter(|token| Instant::now() < token.renew_at) {
            return Ok((token.authorization.clone(), false));
        }
        let answer = fetch.await?;
        let authorization = authorization(answer.token_type.scheme(), &answer.access_token)?;
        let lifetime = answer.lifetime();
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

/// The token of a request's `Authorization` header, if it is bound to a key.
pub fn bound_token(request: &Request) -> Option<&[u8]> {
    let authorization = request.headers().get(AUTHORIZATION)?.as_bytes();
    authorization.strip_prefix(DPOP.as_bytes())?.strip_prefix(b" ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn fetch(token: &str, expires_in: u64) -> Result<TokenResponse, Error> {
        Ok(TokenResponse {
            access_token: token.into(),
            token_type: TokenType::Bearer,
            expires_in: Some(Duration::from_secs(expires_in)),
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_hundred_callers_at_once_cause_one_request_for_a_token() {
        let (cache, requests) = (Arc::new(TokenCache::default()), Arc::new(AtomicU32::new(0)));
        let callers: Vec<_> = (0..100)
            .map(|_| {
                let (cache, requests) = (cache.clone(), requests.clone());
                tokio::spawn(async move {
                    let slow = async {
                        requests.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_secs(1)).await;
                        fetch("one", 1800).await
                    };
                    cache.authorization(slow).await.unwrap().0
                })
            })
            .collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap(), "Bearer one");
        }
        assert_eq!(requests.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_claims_to_live_for_ever_is_renewed_after_a_day() {
        let cache = TokenCache::default();
        let (first, _) = cache.authorization(fetch("one", u64::MAX)).await.unwrap();
        tokio::time::advance(LONGEST_LIFETIME - RENEW_EARLY - Duration::from_secs(1)).await;
        assert_eq!(cache.authorization(fetch("two", 1800)).await.unwrap(), (first, false));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(cache.authorization(fetch("two", 1800)).await.unwrap().0, "Bearer two");
    }

    #[tokio::test]
    async fn the_type_of_a_token_decides_its_scheme() {
        let scheme = async |token_type: &str| {
            let answer = format!(r#"{{"access_token": "t", {token_type} "expires_in": 60}}"#);
            let answer: TokenResponse = serde_json::from_str(&answer).ok()?;
            let authorized = TokenCache::default().authorization(async { Ok::<_, Error>(answer) }).await;
            Some(authorized.unwrap().0.to_str().unwrap().to_owned())
        };
        assert_eq!(scheme(r#""token_type": "DPoP","#).await.unwrap(), "DPoP t");
        assert_eq!(scheme(r#""token_type": "bearer","#).await.unwrap(), "Bearer t");
        assert_eq!(scheme("").await.unwrap(), "Bearer t");
        assert_eq!(scheme(r#""token_type": "mac","#).await, None);
    }

    #[test]
    fn the_lifetime_is_a_number_or_its_text_or_is_left_out() {
        let lifetime = |member: &str| {
            let answer = format!(r#"{{"access_token": "t"{member}}}"#);
            let parts = serde_json::from_str::<TokenResponse>(&answer).ok()?.into_parts();
            Some(parts.1.as_secs())
        };
        for (member, seconds) in [
            (r#", "expires_in": 1799"#, 1799),
            (r#", "expires_in": 1799.0"#, 1799),
            (r#", "expires_in": "1799""#, 1799),
            (r#", "expires_in": " 900 ""#, 900),
            (r#", "expires_in": 0"#, 0),
            (r#", "expires_in": null"#, ASSUMED_LIFETIME.as_secs()),
            ("", ASSUMED_LIFETIME.as_secs()),
            (r#", "expires_in": "18446744073709551615""#, LONGEST_LIFETIME.as_secs()),
        ] {
            assert_eq!(lifetime(member), Some(seconds), "{member}");
        }
        for member in [r#""soon""#, r#""""#, r#""-1""#, "-1.5", "true", "[1799]", r#"{"seconds": 1}"#] {
            assert_eq!(lifetime(&format!(r#", "expires_in": {member}"#)), None, "{member}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_does_not_say_how_long_it_lives_is_renewed_within_minutes() {
        let cache = TokenCache::default();
        let unsaid = async |token: &str| {
            let answer = format!(r#"{{"access_token": "{token}"}}"#);
            Ok::<TokenResponse, Error>(serde_json::from_str(&answer).unwrap())
        };
        let (first, _) = cache.authorization(unsaid("one")).await.unwrap();
        tokio::time::advance(ASSUMED_LIFETIME - RENEW_EARLY - Duration::from_secs(1)).await;
        assert_eq!(cache.authorization(unsaid("two")).await.unwrap(), (first, false));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(cache.authorization(unsaid("two")).await.unwrap().0, "Bearer two");
    }

    #[test]
    fn only_a_bound_token_needs_a_proof() {
        let token = |authorization: &'static str| {
            let mut request = Request::new(reqwest::Method::GET, "https://example.okta.com".parse().unwrap());
            request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static(authorization));
            bound_token(&request).map(<[u8]>::to_vec)
        };
        assert_eq!(token("DPoP t"), Some(b"t".to_vec()));
        assert_eq!((token("Bearer t"), token("DPoPt")), (None, None));
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
