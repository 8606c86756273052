//! Connections in, gRPC out, and an orderly end.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::server::{Connected, Router};

use super::control::{Controller, Health};
use super::listener::{Listener, Stream};
use super::proto::health::health_server::HealthServer;
use super::proto::plugin::grpc_controller_server::GrpcControllerServer;
use super::proto::tfplugin6::provider_server::ProviderServer;
use super::serve_error::ServeError;
use super::service::Service;
use super::shutdown::Shutdown;

/// What HashiCorp's own framework allows in both directions; tonic's default of 4 MiB is about 2 MB of configuration.
const LARGEST_MESSAGE: usize = 256 * 1024 * 1024;
/// A client that has not shown its certificate by then is none.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the connections may take to end once there is nothing left to answer.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);

/// Serves everything that comes in through `listener` until it is time to shut down. With `tls` a client has to show its
/// certificate first. The listener is gone afterwards, and its socket with it.
pub(super) async fn run(
    listener: Listener,
    tls: Option<TlsAcceptor>,
    service: Service,
    stop: CancellationToken,
    mut shutdown: Shutdown,
) -> Result<(), ServeError> {
    let changes = service.changes();
    changes.close();
    let provider = ProviderServer::new(service)
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE);
    let router = tonic::transport::Server::builder()
        .add_service(provider)
        .add_service(GrpcControllerServer::new(Controller(shutdown.shutdown.clone())))
        .add_service(HealthServer::new(Health));
    // Completes when whatever is still open is given up.
    let closing = CancellationToken::new();
    let limit = async {
        let grace_period = shutdown.wait(&stop).await;
        closing.cancel();
        if tokio::time::timeout(grace_period, changes.wait()).await.is_err() {
            tracing::warn!("shutting down in the middle of a change");
        }
        tokio::time::sleep(DRAIN_TIMEOUT).await;
    };
    match tls {
        Some(tls) => serve(router, listener, move |stream| tls.accept(stream), &closing, limit).await,
        None => serve(router, listener, |stream| std::future::ready(Ok(stream)), &closing, limit).await,
    }
}

async fn serve<C, F>(
    router: Router,
    listener: Listener,
    handshake: impl Fn(Stream) -> F + Send + 'static,
    closing: &CancellationToken,
    limit: impl Future<Output = ()>,
) -> Result<(), ServeError>
where
    C: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
    F: Future<Output = io::Result<C>> + Send + 'static,
{
    let (sender, connections) = mpsc::channel(8);
    let accept_loop = tokio::spawn(accept(listener, handshake, sender));
    let serving = router.serve_with_incoming_shutdown(ReceiverStream::new(connections), closing.cancelled());
    let result = tokio::select! {
        result = serving => result,
        () = limit => Ok(()),
    };
    // The task owns the listener: once it has ended, the socket and its folder are removed.
    accept_loop.abort();
    let _ = accept_loop.await;
    result.map_err(ServeError::Serve)
}

/// Shakes hands with each client in a task of its own, so that one that hesitates holds up nobody.
async fn accept<C, F>(
    listener: Listener,
    handshake: impl Fn(Stream) -> F + Send + 'static,
    connections: mpsc::Sender<io::Result<C>>,
) where
    C: Send + 'static,
    F: Future<Output = io::Result<C>> + Send + 'static,
{
    loop {
        let stream = match listener.accept().await {
            Ok(stream) => stream,
            Err(error) => {
                // No file handles left, most likely; trying again at once would only burn the processor.
                tracing::error!(%error, "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (handshake, connections) = (handshake(stream), connections.clone());
        tokio::spawn(async move {
            match tokio::time::timeout(HANDSHAKE, handshake).await {
                // An error means that the server has ended.
                Ok(Ok(connection)) => drop(connections.send(Ok(connection)).await),
                Ok(Err(error)) => tracing::warn!(%error, "refused a connection"),
                Err(_) => tracing::warn!("a connection did not shake hands in time"),
            }
        });
    }
}
