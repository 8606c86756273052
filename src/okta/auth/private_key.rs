//! The private key of a service app: what it signs with, however it was written.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use zeroize::Zeroizing;

/// The curves on which Okta accepts keys and this provider signs.
pub(super) const CURVES: [(&str, &EcdsaSigningAlgorithm, Algorithm); 2] = [
    ("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING, Algorithm::ES256),
    ("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING, Algorithm::ES384),
];

/// A private key that parsed, with the algorithm that it signs with. Erased from memory when it is dropped.
#[derive(Clone)]
pub struct PrivateKey {
    key: EncodingKey,
    algorithm: Algorithm,
    id: Option<String>,
}

/// Whether an RSA key was refused for its length alone.
pub(super) fn is_small(refused: KeyRejected) -> bool {
    refused.description_() == "TooSmall"
}

impl PrivateKey {
    pub(super) fn elliptic(pair: &EcdsaKeyPair, algorithm: Algorithm) -> Option<Self> {
        let pkcs8 = pair.to_pkcs8v1().ok()?;
        Some(Self { key: EncodingKey::from_ec_der(pkcs8.as_ref()), algorithm, id: None })
    }

    /// The key is written anew: the library that signs with it reads any nesting until the stack is exhausted.
    pub(super) fn rsa(pair: &KeyPair, algorithm: Algorithm) -> Option<Self> {
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().ok()?;
        let pem = Zeroizing::new(pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8.as_ref())));
        let key = Self { key: EncodingKey::from_rsa_pem(pem.as_bytes()).ok()?, algorithm, id: None };
        // The key is only looked into when it signs.
        key.sign(key.header(), &()).ok().map(|_| key)
    }

    pub(super) fn with_id(self, id: Option<String>) -> Self {
        Self { id, ..self }
    }

    /// The id that the key itself names, as a JWK may (`kid`).
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// A header for what this key signs.
    pub(super) fn header(&self) -> Header {
        Header::new(self.algorithm)
    }

    pub(super) fn sign(
        &self,
        header: Header,
        claims: &impl Serialize,
    ) -> Result<Zeroizing<String>, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(&header, claims, &self.key).map(Zeroizing::new)
    }
}
