//! TLS in which each side knows the other's one certificate beforehand.
//!
//! Terraform gives us its certificate in the environment and reads ours from the handshake line. Its certificate is a
//! self-signed authority that is used as a leaf, with a P-521 key: a chain verifier would refuse it, so it is compared
//! byte for byte, and the handshake's signature proves that the other side holds its key.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::NoServerSessionStorage;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use tokio_rustls::TlsAcceptor;

use super::serve_error::ServeError;

/// Makes a certificate for this process, and an acceptor that lets in nobody but the holder of `client`.
///
/// # Errors
/// When the certificate or the configuration cannot be made.
pub fn acceptor(client: CertificateDer<'static>) -> Result<(TlsAcceptor, CertificateDer<'static>), ServeError> {
    let (certificate, key) = server_certificate().map_err(|error| ServeError::Tls(error.to_string()))?;
    let crypto = Arc::new(aws_lc_rs::default_provider());
    let verifier = Arc::new(OnlyTerraform { certificate: client, crypto: crypto.clone() });
    // The provider is named because tf-provider compiles another one in: without a name, rustls would have to guess.
    let mut config = ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            let builder = builder.with_client_cert_verifier(verifier);
            builder.with_single_cert(vec![certificate.clone()], key.into())
        })
        .map_err(|error| ServeError::Tls(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    // A resumed session would skip the verifier.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok((TlsAcceptor::from(Arc::new(config)), certificate))
}

/// Terraform checks the name `localhost`, and takes the certificate for its only authority.
fn server_certificate() -> Result<(CertificateDer<'static>, PrivatePkcs8KeyDer<'static>), rcgen::Error> {
    let mut params = CertificateParams::new(["localhost".to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let certificate = params.self_signed(&key)?;
    Ok((certificate.der().clone(), key.serialize_der().into()))
}

/// Accepts exactly one certificate.
#[derive(Debug)]
struct OnlyTerraform {
    certificate: CertificateDer<'static>,
    crypto: Arc<CryptoProvider>,
}

impl ClientCertVerifier for OnlyTerraform {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.crypto.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.crypto.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::ServerName;
    use testkit::tls::{Identity, connector};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Whether the one byte that a client sends after the handshake is echoed.
    async fn gets_in(
        expected: &Identity,
        presented: Option<&Identity>,
        version: &'static rustls::SupportedProtocolVersion,
    ) -> bool {
        let (acceptor, server) = acceptor(expected.certificate.clone()).expect("a configuration");
        let connector = connector(server, presented, &[version]);
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let client = async move {
            let name = ServerName::try_from("localhost").expect("a name");
            let mut stream = connector.connect(name, theirs).await?;
            stream.write_all(b"x").await?;
            stream.read_u8().await
        };
        let server = async move {
            let mut stream = acceptor.accept(ours).await?;
            let byte = stream.read_u8().await?;
            stream.write_u8(byte).await?;
            stream.flush().await
        };
        let (client, server) = tokio::join!(client, server);
        assert_eq!(client.is_ok(), server.is_ok(), "{client:?} {server:?}");
        matches!(client, Ok(b'x'))
    }

    #[tokio::test]
    async fn exactly_terraform_gets_in() {
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let terraform = Identity::new();
            assert!(gets_in(&terraform, Some(&terraform), version).await);
            assert!(!gets_in(&terraform, None, version).await);
            assert!(!gets_in(&terraform, Some(&Identity::new()), version).await);
            // The certificate is no secret; without its key it opens nothing.
            let thief = Identity { certificate: terraform.certificate.clone(), ..Identity::new() };
            assert!(!gets_in(&terraform, Some(&thief), version).await);
        }
    }
}
