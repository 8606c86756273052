//! A private key as a text: PEM, or a JWK.

use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::EcdsaKeyPair;
use jsonwebtoken::Algorithm;
use zeroize::Zeroizing;

use super::jwk;
use super::private_key::{CURVES, InvalidKey, PrivateKey};
use crate::redaction;

impl PrivateKey {
    /// Whether a text is meant to be a key, and not the path of a file that holds one.
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
        if text.starts_with('{') { jwk::parse(text) } else { from_pem(text) }
    }
}

fn from_pem(text: &str) -> Result<PrivateKey, InvalidKey> {
    let block = pem::parse(text).map_err(|_| InvalidKey::NoKey)?;
    let der = Zeroizing::new(block.contents().to_vec());
    match block.tag() {
        "ENCRYPTED PRIVATE KEY" => Err(InvalidKey::Encrypted),
        _ if text.contains("Proc-Type: 4,ENCRYPTED") => Err(InvalidKey::Encrypted),
        "RSA PRIVATE KEY" => rsa_from(KeyPair::from_der(&der)).ok_or(InvalidKey::Unusable),
        "EC PRIVATE KEY" => elliptic_from_der(&der).ok_or(InvalidKey::Unusable),
        "PRIVATE KEY" => {
            elliptic_from_der(&der).or_else(|| rsa_from(KeyPair::from_pkcs8(&der))).ok_or(InvalidKey::Unusable)
        }
        _ => Err(InvalidKey::NotPrivate),
    }
}

/// PKCS#8 or SEC1.
fn elliptic_from_der(der: &[u8]) -> Option<PrivateKey> {
    CURVES.into_iter().find_map(|(_, curve, algorithm)| {
        let pair = EcdsaKeyPair::from_pkcs8(curve, der).or_else(|_| EcdsaKeyPair::from_private_key_der(curve, der));
        PrivateKey::elliptic(&pair.ok()?, algorithm)
    })
}

fn rsa_from(pair: Result<KeyPair, KeyRejected>) -> Option<PrivateKey> {
    PrivateKey::rsa(&pair.ok()?, Algorithm::RS256)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsDer as _, EcPrivateKeyRfc5915Der};
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
                assert_eq!(PrivateKey::parse(&text).unwrap().header().alg, algorithm);
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
