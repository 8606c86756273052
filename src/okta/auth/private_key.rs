//! The private key of a service app, in PEM or as a JWK.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use zeroize::Zeroizing;

use super::jwk;
use crate::redaction;

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

/// Why a text is not a private key that can sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// Neither PEM nor JSON.
    #[error(
        "holds neither a key in PEM (-----BEGIN … PRIVATE KEY-----, with real line breaks) nor a JWK ({{\"kty\": …}})"
    )]
    NoKey,
    /// PEM with a passphrase.
    #[error("is encrypted: give the key without a passphrase")]
    Encrypted,
    /// PEM, but not of a private key.
    #[error("holds a PEM block that is not a private key")]
    NotPrivate,
    /// A private key of another kind, or a damaged one.
    #[error("is damaged, or neither an RSA key of 2048 bits or more nor an EC key on P-256 or P-384")]
    Unusable,
    /// Begins like JSON and is no JWK.
    #[error("is not the JSON of a JWK")]
    NotAJwk,
    /// Several JWKs.
    #[error("is a set of JWKs: give the one private key that is meant")]
    JwkSet,
    /// A JWK without its private part.
    #[error("is a public JWK: give the private one, which has the member \"d\"")]
    PublicJwk,
    /// A JWK of a shared secret.
    #[error("is a symmetric JWK (\"kty\" is \"oct\"): give the private key of an RSA or EC key pair")]
    SymmetricJwk,
    /// A JWK of another kind.
    #[error("is a JWK of another kind than RSA and EC (\"kty\")")]
    OtherJwk,
    /// A JWK on a curve that Okta does not take.
    #[error("is a JWK on another curve than P-256 and P-384 (\"crv\")")]
    OtherCurve,
    /// A JWK with a member that is not there or not base64url.
    #[error("is a JWK whose member \"{0}\" is missing or damaged")]
    JwkMember(&'static str),
    /// A JWK that does not hold together.
    #[error("is a damaged JWK: its members do not belong together, or it is an RSA key of less than 2048 bits")]
    DamagedJwk,
}

impl PrivateKey {
    /// Whether a text is meant to be a key, and not the path of a file that holds one.
    #[must_use]
    pub fn is_meant_by(text: &str) -> bool {
        text.contains("-----BEGIN") || text.trim_start().starts_with('{')
    }

    /// Parses a key in PEM (PKCS#8, PKCS#1 for RSA, SEC1 for EC), or a private JWK. No text shows it from now on.
    ///
    /// # Errors
    /// Says what is wrong with the text; the message continues a sentence that starts with the argument's name.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let text = text.trim();
        redaction::hold(text);
        if text.starts_with('{') { jwk::parse(text) } else { Self::from_pem(text) }
    }

    fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let block = pem::parse(text).map_err(|_| InvalidKey::NoKey)?;
        let der = Zeroizing::new(block.contents().to_vec());
        match block.tag() {
            "ENCRYPTED PRIVATE KEY" => Err(InvalidKey::Encrypted),
            _ if text.contains("Proc-Type: 4,ENCRYPTED") => Err(InvalidKey::Encrypted),
            "RSA PRIVATE KEY" => Self::rsa_from(KeyPair::from_der(&der)).ok_or(InvalidKey::Unusable),
            "EC PRIVATE KEY" => Self::elliptic_from_der(&der).ok_or(InvalidKey::Unusable),
            "PRIVATE KEY" => Self::elliptic_from_der(&der)
                .or_else(|| Self::rsa_from(KeyPair::from_pkcs8(&der)))
                .ok_or(InvalidKey::Unusable),
            _ => Err(InvalidKey::NotPrivate),
        }
    }

    /// PKCS#8 or SEC1.
    fn elliptic_from_der(der: &[u8]) -> Option<Self> {
        CURVES.into_iter().find_map(|(_, curve, algorithm)| {
            let pair = EcdsaKeyPair::from_pkcs8(curve, der).or_else(|_| EcdsaKeyPair::from_private_key_der(curve, der));
            Self::elliptic(&pair.ok()?, algorithm)
        })
    }

    pub(super) fn elliptic(pair: &EcdsaKeyPair, algorithm: Algorithm) -> Option<Self> {
        let pkcs8 = pair.to_pkcs8v1().ok()?;
        Some(Self { key: EncodingKey::from_ec_der(pkcs8.as_ref()), algorithm, id: None })
    }

    fn rsa_from(pair: Result<KeyPair, KeyRejected>) -> Option<Self> {
        Self::rsa(&pair.ok()?, Algorithm::RS256)
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
    #[must_use]
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

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::EcPrivateKeyRfc5915Der;
    use aws_lc_rs::signature::ECDSA_P521_SHA512_FIXED_SIGNING;

    use super::*;

    fn pem(tag: &str, der: &[u8]) -> String {
        pem::encode(&pem::Pem::new(tag, der))
    }

    fn problem(text: &str) -> Option<InvalidKey> {
        PrivateKey::parse(text).err()
    }

    #[test]
    fn elliptic_keys_are_read_from_pkcs8_and_sec1() {
        for (_, curve, algorithm) in CURVES {
            let pair = EcdsaKeyPair::generate(curve).unwrap();
            let sec1: EcPrivateKeyRfc5915Der<'_> = pair.private_key().as_der().unwrap();
            let texts = [
                pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref()),
                pem("EC PRIVATE KEY", sec1.as_ref()),
                format!("\n  {}\n", pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref())),
            ];
            for text in texts {
                assert_eq!(PrivateKey::parse(&text).unwrap().algorithm, algorithm);
            }
        }
        let other = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap();
        assert_eq!(problem(&pem("PRIVATE KEY", other.to_pkcs8v1().unwrap().as_ref())), Some(InvalidKey::Unusable));
    }

    #[test]
    fn what_is_no_private_key_in_pem_is_named() {
        assert_eq!(problem("key.pem"), Some(InvalidKey::NoKey));
        assert_eq!(problem(&pem("ENCRYPTED PRIVATE KEY", b"x")), Some(InvalidKey::Encrypted));
        assert_eq!(problem(&pem("CERTIFICATE", b"x")), Some(InvalidKey::NotPrivate));
        assert_eq!(problem(&pem("PRIVATE KEY", b"x")), Some(InvalidKey::Unusable));
        assert_eq!(problem(&pem("RSA PRIVATE KEY", b"x")), Some(InvalidKey::Unusable));
    }

    #[test]
    fn a_key_that_is_nested_without_end_is_refused_where_the_stack_is_small() {
        let mut deep = Vec::new();
        for _ in 0..100_000 {
            // From the inside out, and therefore backwards: a length of four bytes, and the tag of a sequence.
            let length = u32::try_from(deep.len()).unwrap().to_le_bytes();
            deep.extend([&length[..], &[0x84, 0x30]].concat());
        }
        deep.reverse();
        let texts = ["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"].map(|tag| pem(tag, &deep));
        let read = move || texts.map(|text| assert_eq!(problem(&text), Some(InvalidKey::Unusable)));
        std::thread::Builder::new().stack_size(1024 * 1024).spawn(read).unwrap().join().unwrap();
    }

    #[test]
    fn a_key_is_told_from_a_path() {
        assert!(PrivateKey::is_meant_by("-----BEGIN PRIVATE KEY-----") && PrivateKey::is_meant_by("\n {\"kty\""));
        assert!(!PrivateKey::is_meant_by("keys/{app}.pem"));
    }
}
