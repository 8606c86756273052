//! DPoP (RFC 9449): the checks that a proof of possession has to pass, and the nonces that it has to have.

use crate::{call::Call, clock, random};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode,
    jwk::{Jwk, ThumbprintHash},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// How far the clock of a client may be off.
const CLOCK_SKEW_SECONDS: u64 = 300;
/// Those that Okta lists in its challenges and jsonwebtoken knows.
const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::ES256, Algorithm::ES384];
/// The members of a JWK that only its owner may know.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// What the org remembers between two proofs.
#[derive(Default, Clone)]
pub struct Dpop {
    /// The nonce that is given out, and how long it is good.
    nonce: Option<(String, Instant)>,
    /// Proofs that were used, each with the second since 1970 after which it is refused anyway.
    used: HashMap<String, u64>,
}

/// The proof of one request, its signature verified.
pub struct Proof {
    claims: Value,
    thumbprint: String,
}

impl Dpop {
    /// The nonce of the moment: a new one as soon as the last one has expired.
    pub fn nonce(&mut self, lifetime_seconds: u64) -> String {
        let now = Instant::now();
        if let Some((nonce, _)) = self.nonce.as_ref().filter(|(_, expires)| now < *expires) {
            return nonce.clone();
        }
        let nonce = random::url_safe(32);
        self.nonce = Some((nonce.clone(), now + Duration::from_secs(lifetime_seconds)));
        nonce
    }

    /// Whether it is the one of the moment.
    pub fn knows(&self, nonce: Option<&str>) -> bool {
        self.nonce.as_ref().is_some_and(|(known, expires)| nonce == Some(known.as_str()) && Instant::now() < *expires)
    }
}

impl Proof {
    /// The proof in the header of a request, or what is wrong with it.
    pub fn of(call: &Call) -> Result<Self, String> {
        let mut proofs = call.headers.get_all("dpop").iter();
        let proof = match (proofs.next(), proofs.next()) {
            (None, _) => return Err("The DPoP proof JWT header is missing.".to_owned()),
            (Some(proof), None) => proof.to_str().unwrap_or_default(),
            (Some(_), Some(_)) => return Err("The request has more than one DPoP proof JWT header.".to_owned()),
        };
        Self::verified(proof)
    }

    fn verified(proof: &str) -> Result<Self, String> {
        let header = proof.split('.').next().unwrap_or_default();
        let header: Option<Value> =
            BASE64_URL_SAFE_NO_PAD.decode(header).ok().and_then(|json| serde_json::from_slice(&json).ok());
        let header = header.ok_or("The DPoP proof JWT is not a valid JWT.")?;
        if header["typ"] != "dpop+jwt" {
            return Err(invalid("typ"));
        }
        let named: Option<Algorithm> = serde_json::from_value(header["alg"].clone()).ok();
        let algorithm = named.filter(|named| ALGORITHMS.contains(named)).ok_or_else(|| invalid("alg"))?;
        if PRIVATE_MEMBERS.iter().any(|member| header["jwk"].get(member).is_some()) {
            return Err("The 'jwk' of the DPoP proof JWT must not have private members.".to_owned());
        }
        let jwk: Jwk = serde_json::from_value(header["jwk"].clone()).map_err(|_| invalid("jwk"))?;
        let key = DecodingKey::from_jwk(&jwk).map_err(|_| invalid("jwk"))?;

        let mut validation = Validation::new(algorithm);
        validation.required_spec_claims.clear();
        validation.validate_aud = false;
        validation.validate_exp = false;
        let claims = decode(proof, &key, &validation).map_err(|_| "The DPoP proof JWT signature is invalid.")?.claims;
        let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| invalid("jwk"))?;
        Ok(Self { claims, thumbprint })
    }

    /// Accepts the proof once, for a method, one of the spellings of a URL, and a token. Gives its key's thumbprint.
    pub fn accept(
        &self,
        dpop: &mut Dpop,
        method: &str,
        urls: &[String],
        token: Option<&str>,
    ) -> Result<String, String> {
        if self.claims["htm"] != method {
            return Err(invalid("htm"));
        }
        if !urls.iter().any(|url| self.claims["htu"] == **url) {
            return Err(invalid("htu"));
        }
        let now = clock::epoch_seconds();
        let issued = self.claims["iat"].as_u64().ok_or_else(|| invalid("iat"))?;
        if issued.abs_diff(now) > CLOCK_SKEW_SECONDS {
            return Err(invalid("iat"));
        }
        if token.is_some_and(|token| self.claims["ath"] != BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token))) {
            return Err(invalid("ath"));
        }
        let jti = self.claims["jti"].as_str().ok_or_else(|| invalid("jti"))?;
        dpop.used.retain(|_, expires| *expires > now);
        if dpop.used.insert(jti.to_owned(), issued + CLOCK_SKEW_SECONDS + 1).is_some() {
            return Err("The DPoP proof JWT has already been used.".to_owned());
        }
        Ok(self.thumbprint.clone())
    }

    pub fn nonce(&self) -> Option<&str> {
        self.claims["nonce"].as_str()
    }
}

fn invalid(what: &str) -> String {
    format!("'{what}' claim in the DPoP proof JWT is invalid.")
}
