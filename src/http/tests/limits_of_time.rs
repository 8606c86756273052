//! Limits of time, with a clock that jumps ahead as soon as everybody waits.

use tokio::net::TcpListener;
#[cfg(target_os = "linux")]
use tokio::net::{TcpSocket, TcpStream};

use reqwest::Client;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::http::*;

/// How a request to `port` on loopback ends, and when, with the given time for the whole of it.
async fn outcome(port: u16, seconds: u64) -> (Error, Duration) {
    let settings = Settings { max_retries: 0, request_timeout: Duration::from_secs(seconds), ..Settings::default() };
    let http = Http::new(settings, CancellationToken::new());
    let start = Instant::now();
    let get = |client: &Client| finish(client.get(format!("http://127.0.0.1:{port}/")));
    let Err(error) = http.send(Repeat::Always, get).await else { panic!("an answer") };
    (error, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_server_that_accepts_and_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    for (whole_request, given_up_after) in [(60, 30), (10, 10), (300, 150)] {
        let (error, elapsed) = outcome(port, whole_request).await;
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        assert_eq!(elapsed.as_secs(), given_up_after);
    }
}

/// Its queue of connections is full, so that the next one does not come up.
#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_connection_that_does_not_come_up_is_given_up() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let _waiting = (TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap());
    let (error, elapsed) = outcome(address.port(), 60).await;
    assert!(matches!(error, Error::Connect { permanent: false, .. }), "{error}");
    assert_eq!(elapsed.as_secs(), 15);
}
