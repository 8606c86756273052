//! What the bench and its programs share: a certificate as Terraform makes one for every provider that it starts.

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, KeyPair};

/// A self-signed authority that is its own leaf, with a P-521 key.
pub fn client_certificate() -> (Certificate, KeyPair) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).expect("a key");
    (params.self_signed(&key).expect("signs"), key)
}
