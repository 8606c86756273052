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
        let parts = pkcs1::RsaPrivateKey::try_from(pkcs1.as_bytes()).unwrap();
        let jwk = json!({
            "kty": "RSA",
            "n": base64(parts.modulus.as_bytes()), "e": base64(parts.public_exponent.as_bytes()),
            "d": base64(parts.private_exponent.as_bytes()),
            "p": base64(parts.prime1.as_bytes()), "q": base64(parts.prime2.as_bytes()),
            "dp": base64(parts.exponent1.as_bytes()), "dq": base64(parts.exponent2.as_bytes()),
            "qi": base64(parts.coefficient.as_bytes()),
        });
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

fn pem(tag: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(tag, der))
}

fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
