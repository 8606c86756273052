//! DPoP (RFC 9449): an access token that is bound to a key pair of this process, and the proofs that go with it.
//!
//! Whoever steals such a token can do nothing with it. Okta demands it of service apps unless it is switched off. `[docs]`

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::error::Error;
use crate::http::{self, Response};

/// How often one request gets another proof because of a nonce. One is the rule; more allow for a change in between.
pub(super) const MAX_PROOFS: usize = 4;
const PROOF: HeaderName = HeaderName::from_static("dpop");
const NONCE: &str = "dpop-nonce";

/// Who checks a proof. Each gives out nonces of its own.
#[derive(Clone, Copy)]
pub(super) enum Server {
    Token,
    Api,
}

/// A key pair that lives as long as the process, and the nonces that its proofs need.
pub(super) struct Dpop {
    key: EncodingKey,
    public: Jwk,
    nonces: Mutex<Nonces>,
}

#[derive(Default)]
struct Nonces {
    token: Option<String>,
    api: Option<String>,
}

#[derive(Serialize)]
struct Claims<'a> {
    htm: &'a str,
    htu: &'a str,
    iat: u64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
}

impl Dpop {
    /// Makes a key pair.
    pub fn new() -> Result<Self, http::Error> {
        let failed = |error: &dyn std::error::Error| http::Error::Signing(error.to_string());
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|error| failed(&error))?;
        let key = EncodingKey::from_ec_der(pair.to_pkcs8v1().map_err(|error| failed(&error))?.as_ref());
        let public = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(|error| failed(&error))?;
        Ok(Self { key, public, nonces: Mutex::default() })
    }

    /// Adds a fresh proof to a request: for this method and URL, and for the access token, if there is one. `now` is the
    /// server's time.
    pub fn sign_proof(&self, server: Server, now: SystemTime, request: &mut Request) -> Result<(), http::Error> {
        let mut htu = request.url().clone();
        htu.set_query(None);
        htu.set_fragment(None);
        let claims = Claims {
            htm: request.method().as_str(),
            htu: htu.as_str(),
            iat: now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            jti: uuid::Uuid::new_v4().to_string(),
            ath: http::bound_token(request).map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token))),
            nonce: self.nonce(server, |nonce| nonce.clone()),
        };
        let header = Header {
            typ: Some("dpop+jwt".to_owned()),
            jwk: Some(self.public.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let proof = jsonwebtoken::encode(&header, &claims, &self.key)
            .map_err(|error| http::Error::Signing(error.to_string()))?;
        let mut proof = HeaderValue::from_str(&proof).map_err(|_| http::Error::InvalidCredential)?;
        proof.set_sensitive(true);
        request.headers_mut().insert(PROOF, proof);
        Ok(())
    }

    /// Keeps the nonce that an answer brings. Returns whether the request was refused for nothing but that.
    pub fn wants_nonce(&self, server: Server, answer: &Response) -> bool {
        let Some(fresh) = answer.header(NONCE) else { return false };
        self.nonce(server, |nonce| *nonce = Some(fresh.to_owned()));
        !answer.status.is_success() && Error::from_answer(answer).oauth_code() == Some("use_dpop_nonce")
    }

    fn nonce<T>(&self, server: Server, with: impl FnOnce(&mut Option<String>) -> T) -> T {
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        with(match server {
            Server::Token => &mut nonces.token,
            Server::Api => &mut nonces.api,
        })
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation};
    use reqwest::header::{AUTHORIZATION, HeaderMap};
    use reqwest::{Method, StatusCode};
    use serde_json::Value;
    use url::Url;

    use super::*;

    const NOW: std::time::Duration = std::time::Duration::from_secs(1_000_000);

    fn request(authorization: Option<&'static str>) -> Request {
        let url = Url::parse("https://example.okta.com/api/v1/users?after=1#two").unwrap();
        let mut request = Request::new(Method::DELETE, url);
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static(authorization));
        }
        request
    }

    /// The claims of the proof, after its signature was verified with the key in its own header.
    fn proof(dpop: &Dpop, server: Server, mut request: Request) -> (Header, Value) {
        dpop.sign_proof(server, SystemTime::UNIX_EPOCH + NOW, &mut request).unwrap();
        let proof = &request.headers()[PROOF];
        assert!(proof.is_sensitive());
        let proof = proof.to_str().unwrap();
        let header = jsonwebtoken::decode_header(proof).unwrap();
        let key = DecodingKey::from_jwk(header.jwk.as_ref().unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.required_spec_claims.clear();
        (header, jsonwebtoken::decode(proof, &key, &validation).unwrap().claims)
    }

    fn answer(status: u16, nonce: Option<&'static str>, body: &str) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(nonce) = nonce {
            headers.insert(NONCE, HeaderValue::from_static(nonce));
        }
        Response { status: StatusCode::from_u16(status).unwrap(), headers, body: zeroize::Zeroizing::new(body.into()) }
    }

    const USE_NONCE: &str = r#"{"error": "use_dpop_nonce", "error_description": "nonce"}"#;

    #[test]
    fn a_proof_is_for_one_request() {
        let dpop = Dpop::new().unwrap();
        let (header, first) = proof(&dpop, Server::Token, request(None));
        assert_eq!(header.typ.as_deref(), Some("dpop+jwt"));
        assert_eq!((&first["htm"], &first["htu"]), (&"DELETE".into(), &"https://example.okta.com/api/v1/users".into()));
        assert_eq!((first.get("ath"), first.get("nonce")), (None, None));
        assert_eq!(first["iat"], NOW.as_secs(), "the server's time, not that of this machine");
        let (again, second) = proof(&dpop, Server::Token, request(None));
        assert_ne!(first["jti"], second["jti"]);
        assert_eq!(header.jwk, again.jwk);
        assert!(!serde_json::to_string(&header).unwrap().contains("\"d\""));
    }

    /// The token and its hash as RFC 9449 shows them in section 7.1.
    #[test]
    fn a_proof_names_the_token_by_its_hash() {
        let authorization = "DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        let (_, claims) = proof(&Dpop::new().unwrap(), Server::Api, request(Some(authorization)));
        assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    }

    #[test]
    fn each_server_has_its_own_nonce_and_the_last_one_counts() {
        let dpop = Dpop::new().unwrap();
        assert!(dpop.wants_nonce(Server::Token, &answer(400, Some("one"), USE_NONCE)));
        assert_eq!(proof(&dpop, Server::Token, request(None)).1["nonce"], "one");
        assert_eq!(proof(&dpop, Server::Api, request(None)).1.get("nonce"), None);
        assert!(!dpop.wants_nonce(Server::Token, &answer(200, Some("two"), "{}")));
        assert_eq!(proof(&dpop, Server::Token, request(None)).1["nonce"], "two");
        // Without a nonce there is nothing to try again with.
        assert!(!dpop.wants_nonce(Server::Token, &answer(400, None, USE_NONCE)));
    }
}
