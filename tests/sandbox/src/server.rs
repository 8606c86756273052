//! Connections. hyper is run by hand because a fault may have to drop a connection without an HTTP answer.

use crate::{
    exchange::{HungUp, exchange},
    side::Side,
    world::Shared,
};
use axum::Router;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{error::Error as _, pin::Pin, time::Duration};
use tokio::net::{TcpListener, TcpStream};

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
    let service = service_fn(move |request| {
        // In a task of its own: a client that stops waiting does not undo what it asked for.
        let answer = tokio::spawn(exchange(sandbox.clone(), side, router.clone(), request));
        async move { answer.await.unwrap_or(Err(HungUp)) }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = Pin::new(&mut connection).await else {
        return;
    };
    if error.source().is_some_and(|source| source.is::<HungUp>()) {
        // A reset instead of an orderly end, so that nobody takes the silence for an empty answer.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}
