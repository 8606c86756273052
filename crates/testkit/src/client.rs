//! Terraform's side of the channel: gRPC over a unix socket, or over TCP on Windows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rustls::ALL_VERSIONS;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
#[cfg(windows)]
use tokio::net::TcpStream as Stream;
#[cfg(unix)]
use tokio::net::UnixStream as Stream;
use tonic::transport::{Channel, Endpoint};

use crate::plugin::Plugin;
pub use crate::tls::Identity;
use crate::tls::connector;

/// What `proto/` has for this side.
macro_rules! generated {
    ($($name:ident = $package:literal),*) => { $(
        #[allow(dead_code, clippy::all, reason = "generated")]
        pub mod $name {
            tonic::include_proto!($package);
        }
    )* };
}
generated!(tfplugin6 = "tfplugin6", plugin = "plugin", health = "grpc.health.v1");

type Failure = Box<dyn std::error::Error + Send + Sync>;

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
    let pinned = CertificateDer::from(STANDARD_NO_PAD.decode(plugin.certificate())?);
    let stream = Stream::connect(plugin.address()).await?;
    let stream = connector(pinned, identity, ALL_VERSIONS).connect(ServerName::try_from("localhost")?, stream).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    speak(stream).await
}

/// In clear text.
pub async fn connect_plain(address: &str) -> Result<Client, Failure> {
    speak(Stream::connect(address).await?).await
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
