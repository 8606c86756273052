//! Terraform's side of the channel: a P-521 certificate, and gRPC over a unix socket.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};

use crate::plugin::Plugin;

/// The clients that belong to the servers in the program.
macro_rules! generated {
    ($($name:ident = $file:literal),*) => { $(
        #[allow(dead_code, missing_docs, clippy::all, reason = "generated")]
        pub mod $name {
            include!(concat!(env!("OUT_DIR"), "/client/", $file, ".rs"));
        }
    )* };
}
generated!(tfplugin6 = "tfplugin6", plugin = "plugin", health = "grpc.health.v1");

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What Terraform makes for every plugin that it starts: a self-signed authority that is its own leaf.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub pem: String,
    pub key: Vec<u8>,
}

impl Identity {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).expect("a key");
        let certificate = params.self_signed(&key).expect("signs");
        Self { pem: certificate.pem(), certificate: certificate.der().clone(), key: key.serialize_der() }
    }
}

/// A connection to the program.
pub struct Client {
    pub provider: tfplugin6::provider_client::ProviderClient<Channel>,
    channel: Channel,
}

impl Client {
    /// One small request.
    pub async fn metadata(&mut self) -> Result<(), Failure> {
        self.provider.get_metadata(tfplugin6::get_metadata::Request {}).await?;
        Ok(())
    }

    /// The status of the service `plugin`.
    pub async fn health(&self) -> Result<i32, String> {
        let mut client = health::health_client::HealthClient::new(self.channel.clone());
        let answer = client.check(health::HealthCheckRequest { service: "plugin".into() }).await;
        answer.map(|answer| answer.into_inner().status).map_err(|status| status.to_string())
    }

    pub async fn shutdown(&self) -> Result<(), Failure> {
        plugin::grpc_controller_client::GrpcControllerClient::new(self.channel.clone())
            .shutdown(plugin::Empty {})
            .await?;
        Ok(())
    }
}

/// Over TLS, with an identity or without one.
pub async fn connect(plugin: &Plugin, identity: Option<&Identity>) -> Result<Client, Failure> {
    let crypto = Arc::new(aws_lc_rs::default_provider());
    let pinned = CertificateDer::from(STANDARD_NO_PAD.decode(plugin.certificate())?);
    let builder = ClientConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned(pinned)));
    let mut config = match identity {
        Some(identity) => {
            let key = PrivatePkcs8KeyDer::from(identity.key.clone()).into();
            // By way of a resolver, which does not check that key and certificate belong together.
            let key = CertifiedKey::new(vec![identity.certificate.clone()], aws_lc_rs::sign::any_supported_type(&key)?);
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(key)))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = UnixStream::connect(plugin.address()).await?;
    let stream = TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost")?, stream).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    speak(stream).await
}

/// In clear text.
pub async fn connect_plain(address: &str) -> Result<Client, Failure> {
    speak(UnixStream::connect(address).await?).await
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Result<Client, Failure> {
    let mut stream = Some(TokioIo::new(stream));
    let connector = tower::service_fn(move |_| {
        let stream = stream.take().ok_or_else(|| std::io::Error::other("there is one connection only"));
        std::future::ready(stream)
    });
    let channel = Endpoint::from_static("http://localhost").connect_with_connector(connector).await?;
    Ok(Client { provider: tfplugin6::provider_client::ProviderClient::new(channel.clone()), channel })
}

/// The server's one certificate. Go accepts an authority as a server, which webpki does not.
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
