//! The TLS handshake between Terraform, which shows a P-521 certificate, and the provider.

use criterion::Criterion;
use rustls::ALL_VERSIONS;
use rustls::pki_types::ServerName;
use terraform_plugin::server::tls::acceptor;
use testkit::tls::{Identity, connector};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Both sides of it, because they are computed in turn.
pub fn handshake(criterion: &mut Criterion) {
    let terraform = Identity::new();
    let certificate = terraform.certificate.clone();
    criterion.bench_function("the provider's certificate made, at the start", |bencher| {
        bencher.iter(|| acceptor(certificate.clone()).expect("a configuration"));
    });
    let (acceptor, server) = acceptor(certificate).expect("a configuration");
    // As with Terraform, each handshake is a full one: the provider gives out no tickets.
    let connector = connector(server, Some(&terraform), ALL_VERSIONS);
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
