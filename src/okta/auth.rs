//! The provider's own credential for Okta's management API: an API token, an access token, or a service app's key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{Error, decode};
use crate::domain::OktaDomain;
use crate::http::{self, Http, Repeat, TokenAnswer, TokenCache};

/// Okta's token endpoint of the org authorization server. `[spec]`
pub(super) const TOKEN_PATH: &str = "/oauth2/v1/token";
/// Okta accepts assertions that expire within an hour; a minute bears a slow network. `[docs]`
const ASSERTION_LIFETIME: Duration = Duration::from_secs(60);

/// How requests are authorized.
pub enum Auth {
    /// An API token of an administrator, sent as `SSWS`.
    ApiToken(SecretString),
    /// An OAuth access token that somebody else obtained.
    AccessToken(SecretString),
    /// A service app that signs for its own access tokens.
    ServiceApp(ServiceApp),
}

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

/// A private key that parsed, with the algorithm that it signs with.
#[derive(Clone)]
pub struct PrivateKey {
    key: EncodingKey,
    algorithm: Algorithm,
}

/// Why a text is not a private key that can sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// No PEM block.
    #[error("holds no PEM block (-----BEGIN … PRIVATE KEY-----)")]
    NotPem,
    /// PEM with a passphrase.
    #[error("is encrypted: give the key without a passphrase")]
    Encrypted,
    /// PEM, but not of a private key.
    #[error("holds a PEM block that is not a private key")]
    NotPrivate,
    /// A private key of another kind, or a damaged one.
    #[error("is damaged, or neither an RSA key nor an EC key on P-256 or P-384")]
    Unusable,
}

impl PrivateKey {
    /// Parses a key in PEM: PKCS#8, PKCS#1 (RSA) or SEC1 (EC).
    ///
    /// # Errors
    /// Says what is wrong with the text; the message continues a sentence that starts with the argument's name.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let block = pem::parse(text.trim()).map_err(|_| InvalidKey::NotPem)?;
        let der = Zeroizing::new(block.contents().to_vec());
        match block.tag() {
            "ENCRYPTED PRIVATE KEY" => Err(InvalidKey::Encrypted),
            _ if text.contains("Proc-Type: 4,ENCRYPTED") => Err(InvalidKey::Encrypted),
            "RSA PRIVATE KEY" => Self::rsa(text),
            "EC PRIVATE KEY" => Self::elliptic(&der).ok_or(InvalidKey::Unusable),
            "PRIVATE KEY" => Self::elliptic(&der).map_or_else(|| Self::rsa(text), Ok),
            _ => Err(InvalidKey::NotPrivate),
        }
    }

    fn rsa(pem: &str) -> Result<Self, InvalidKey> {
        let key = EncodingKey::from_rsa_pem(pem.trim().as_bytes()).map_err(|_| InvalidKey::Unusable)?;
        let key = Self { key, algorithm: Algorithm::RS256 };
        // The key is only looked into when it signs.
        key.sign(&Header::new(key.algorithm), &()).map_err(|_| InvalidKey::Unusable)?;
        Ok(key)
    }

    /// PKCS#8 or SEC1.
    fn elliptic(der: &[u8]) -> Option<Self> {
        for (curve, algorithm) in
            [(&ECDSA_P256_SHA256_FIXED_SIGNING, Algorithm::ES256), (&ECDSA_P384_SHA384_FIXED_SIGNING, Algorithm::ES384)]
        {
            if let Ok(pair) =
                EcdsaKeyPair::from_pkcs8(curve, der).or_else(|_| EcdsaKeyPair::from_private_key_der(curve, der))
            {
                let pkcs8 = pair.to_pkcs8v1().ok()?;
                return Some(Self { key: EncodingKey::from_ec_der(pkcs8.as_ref()), algorithm });
            }
        }
        None
    }

    fn sign(&self, header: &Header, claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(header, claims, &self.key)
    }
}

impl ServiceApp {
    /// An app that has no access token yet.
    #[must_use]
    pub fn new(client_id: String, key: PrivateKey, key_id: Option<String>, scopes: Vec<String>) -> Self {
        Self { client_id, key, key_id, scopes, token: TokenCache::default() }
    }

    async fn fetch(&self, http: &Http, domain: &OktaDomain) -> Result<TokenAnswer, Error> {
        let url = domain.join(TOKEN_PATH);
        let scope = self.scopes.join(" ");
        let mut signing_failure = None;
        let outcome = http
            .send(Repeat::Always, |client| {
                // Each try needs an assertion of its own: Okta refuses a jti that it has seen.
                let assertion = self.assertion(url.as_str()).map(Zeroizing::new).map_err(|error| {
                    signing_failure = Some(error);
                    http::Error::Setup(String::new())
                })?;
                http::finish(client.post(url.clone()).header("accept", "application/json").form(&[
                    ("grant_type", "client_credentials"),
                    ("scope", &scope),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ("client_assertion", &assertion),
                ]))
            })
            .await;
        if let Some(error) = signing_failure {
            return Err(Error::Signing(error));
        }
        let answer = outcome?;
        if !answer.status.is_success() {
            return Err(Error::from_answer(&answer));
        }
        decode(&answer)
    }

    fn assertion(&self, audience: &str) -> Result<String, jsonwebtoken::errors::Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut header = Header::new(self.key.algorithm);
        header.kid.clone_from(&self.key_id);
        self.key.sign(
            &header,
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

impl Auth {
    /// The value of the `Authorization` header.
    pub(super) async fn authorization(&self, http: &Http, domain: &OktaDomain) -> Result<HeaderValue, Error> {
        match self {
            Self::ApiToken(token) => Ok(http::authorization("SSWS", token)?),
            Self::AccessToken(token) => Ok(http::authorization("Bearer", token)?),
            Self::ServiceApp(app) => Ok(app.token.authorization(app.fetch(http, domain)).await?.0),
        }
    }

    /// Drops the token that was just refused. Returns whether there can be a new one.
    pub(super) async fn renew(&self, refused: &HeaderValue) -> bool {
        let Self::ServiceApp(app) = self else { return false };
        app.token.forget(refused).await;
        true
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
