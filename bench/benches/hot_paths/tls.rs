//! The TLS handshake between Terraform, which shows a P-521 certificate, and the provider.

use std::sync::Arc;

use criterion::Criterion;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use terraform_plugin::server::tls::acceptor;
use terraform_provider_druva_bench::client_certificate;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Both sides of it, because they are computed in turn.
pub fn handshake(criterion: &mut Criterion) {
    let (terraform, key) = client_certificate();
    let certificate = terraform.der().clone();
    criterion.bench_function("the provider's certificate made, at the start", |bencher| {
        bencher.iter(|| acceptor(certificate.clone()).expect("a configuration"));
    });
    let (acceptor, server) = acceptor(certificate.clone()).expect("a configuration");
    let connector = connector(certificate, key.serialize_der(), server);
    criterion.bench_function("the TLS handshake, both sides", |bencher| {
        bencher.to_async(super::runtime()).iter(|| shake_hands(&acceptor, &connector));
    });
}

/// Until a byte has arrived: in TLS 1.3, a server may refuse the client's certificate later than the client notices.
async fn shake_hands(acceptor: &TlsAcceptor, connector: &TlsConnector) {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let client = async {
        let name = ServerName::try_from("localhost").expect("a name");
        let mut stream = connector.connect(name, theirs).await.expect("the server is known");
        stream.write_u8(1).await.expect("writes");
        stream.flush().await.expect("writes");
        stream
    };
    let server = async {
        let mut stream = acceptor.accept(ours).await.expect("the client is known");
        assert_eq!(stream.read_u8().await.expect("reads"), 1);
        stream
    };
    tokio::join!(client, server);
}

fn connector(certificate: CertificateDer<'static>, key: Vec<u8>, server: CertificateDer<'static>) -> TlsConnector {
    let key = aws_lc_rs::sign::any_supported_type(&PrivatePkcs8KeyDer::from(key).into()).expect("a key");
    let identity = SingleCertAndKey::from(CertifiedKey::new(vec![certificate], key));
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned(server)))
        .with_client_cert_resolver(Arc::new(identity));
    config.alpn_protocols = vec![b"h2".to_vec()];
    // As with Terraform, each handshake is a full one: the provider gives out no tickets.
    TlsConnector::from(Arc::new(config))
}

/// The server's one certificate: webpki accepts no authority as a server, and Go does.
#[derive(Debug)]
struct Pinned(CertificateDer<'static>);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        assert_eq!(*end_entity, self.0, "not the certificate of the handshake");
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &aws_lc_rs::default_provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &aws_lc_rs::default_provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
