//! Private keys of service apps, made for one test.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;

/// A key and what Okta is given of it.
pub struct Key {
    pub private_pem: String,
    pub public_pem: String,
}

impl Key {
    pub fn rsa() -> Self {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
        let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        let encode = |tag: &str, der: &[u8]| pem::encode(&pem::Pem::new(tag, der));
        Self { private_pem: encode("PRIVATE KEY", private.as_ref()), public_pem: encode("PUBLIC KEY", public.as_ref()) }
    }

    pub fn ec() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        Self { private_pem: key.serialize_pem(), public_pem: key.public_key_pem() }
    }

    /// The lines that nobody may see.
    pub fn secret_lines(&self) -> impl Iterator<Item = &str> {
        self.private_pem.lines().map(str::trim).filter(|line| line.len() > 20 && !line.starts_with("-----"))
    }
}
