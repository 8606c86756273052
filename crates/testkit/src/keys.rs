//! Private keys of service apps, made for one test.

use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _, EcPrivateKeyBin, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The members of a JWK that nobody may see.
const SECRET_MEMBERS: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];

/// A key and what Okta is given of it.
pub struct Key {
    pub private_pem: String,
    pub public_pem: String,
    /// The private key again.
    pub jwk: Value,
}

impl Key {
    pub fn rsa() -> Self {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
        let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        let private_pem = pem("PRIVATE KEY", private.as_ref());
        let pkcs1 = jsonwebtoken::EncodingKey::from_rsa_pem(private_pem.as_bytes()).unwrap();
        let numbers: Vec<String> = rsa_numbers(pkcs1.as_bytes()).into_iter().map(base64).collect();
        let [_, n, e, d, p, q, dp, dq, qi] = &numbers[..] else { panic!("{} numbers", numbers.len()) };
        let jwk = json!({"kty": "RSA", "n": n, "e": e, "d": d, "p": p, "q": q, "dp": dp, "dq": dq, "qi": qi});
        Self { private_pem, public_pem: pem("PUBLIC KEY", public.as_ref()), jwk }
    }

    pub fn ec() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.serialize_der()).unwrap();
        let private: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().unwrap();
        // The uncompressed point.
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y), "d": base64(private.as_ref())});
        Self { private_pem: key.serialize_pem(), public_pem: key.public_key_pem(), jwk }
    }

    /// The JWK with the id of its key.
    pub fn jwk_with_id(&self, id: &str) -> Value {
        let mut jwk = self.jwk.clone();
        jwk["kid"] = json!(id);
        jwk
    }

    /// What nobody may see: the lines of the PEM, and the secret members of the JWK.
    pub fn secret_texts(&self) -> impl Iterator<Item = &str> {
        let lines = self.private_pem.lines().map(str::trim);
        let members = SECRET_MEMBERS.iter().filter_map(|member| self.jwk[member].as_str());
        lines.filter(|line| line.len() > 20 && !line.starts_with("-----")).chain(members)
    }
}

/// The numbers of an RSA key in PKCS #1, which is a sequence of integers: after the version n, e, d, p, q, dp, dq, qi.
fn rsa_numbers(der: &[u8]) -> Vec<&[u8]> {
    let (sequence, _) = content(der);
    let mut rest = sequence;
    let mut numbers = Vec::new();
    while !rest.is_empty() {
        let (number, after) = content(rest);
        numbers.push(number.strip_prefix(&[0]).filter(|number| !number.is_empty()).unwrap_or(number));
        rest = after;
    }
    numbers
}

/// The content of the first element of some DER, and what follows it.
fn content(der: &[u8]) -> (&[u8], &[u8]) {
    let (start, length) = match usize::from(der[1]) {
        short @ ..0x80 => (2, short),
        long => {
            let start = 2 + (long - 0x80);
            (start, der[2..start].iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
        }
    };
    der[start..].split_at(length)
}

fn pem(tag: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(tag, der))
}

fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
