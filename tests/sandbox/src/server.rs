//! Connections. hyper is run by hand because a fault may have to drop a connection without an HTTP answer.

use crate::{
    exchange::{HungUp, exchange},
    side::Side,
    traffic::{Connection, Counted},
    world::Shared,
};
use axum::{Router, body::Body, http::Response};
use hyper::{
    Request,
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::{
    error::Error as _,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::net::{TcpListener, TcpStream};

/// With this a client begins that speaks HTTP/2: behind TLS, it was agreed on there.
const HTTP_2_PREFACE: &[u8] = b"PRI * HTTP/2.0";

/// Accepts connections for as long as the program runs.
pub async fn serve(listener: TcpListener, side: Side, router: Router, sandbox: Shared) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, side, router.clone(), sandbox.clone()));
            }
            // Out of file descriptors, most likely: some may be free in a moment.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(stream: TcpStream, side: Side, router: Router, sandbox: Shared) {
    static CONNECTIONS: AtomicU64 = AtomicU64::new(0);
    let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed) + 1;
    let from = Connection { number, traffic: Arc::default() };
    let traffic = from.traffic.clone();
    let answer = move |request: Request<Incoming>| -> Answering {
        // In a task of its own: a client that stops waiting does not undo what it asked for.
        let answer = tokio::spawn(exchange(sandbox.clone(), side, router.clone(), from.clone(), request));
        Box::pin(async move { answer.await.unwrap_or(Err(HungUp)) })
    };
    let is_http_2 = speaks_http_2(&stream).await;
    let stream = TokioIo::new(Counted { stream, traffic });
    if is_http_2 {
        let builder = http2::Builder::new(TokioExecutor::new());
        // A fault that drops the connection resets the request's stream here.
        let _ = builder.serve_connection(stream, service_fn(answer)).await;
        return;
    }
    let mut connection = http1::Builder::new().serve_connection(stream, service_fn(answer));
    let Err(error) = Pin::new(&mut connection).await else {
        return;
    };
    if error.source().is_some_and(|source| source.is::<HungUp>()) {
        // A reset instead of an orderly end, so that nobody takes the silence for an empty answer.
        let _ = connection.into_parts().io.into_inner().stream.set_zero_linger();
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, HungUp>> + Send>>;

/// Whether the first bytes are those of HTTP/2. They stay to be read.
async fn speaks_http_2(stream: &TcpStream) -> bool {
    let mut first = [0; HTTP_2_PREFACE.len()];
    loop {
        match stream.peek(&mut first).await {
            Ok(length) if length == first.len() || first[..length] != HTTP_2_PREFACE[..length] || length == 0 => {
                return first == HTTP_2_PREFACE;
            }
            // Only the beginning of it has arrived.
            Ok(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(_) => return false,
        }
    }
}
