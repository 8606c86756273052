//! A server that ends a connection of HTTP/2 with words of its own (GOAWAY), which quote the API token.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::version::TLS13;
use serde_json::json;
use testkit::servers::{HTTP_2, TlsFront, listen};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::credentials::Credential;
use super::encoding::{ALL, Encoding};
use super::mirror::Reflection;
use super::oracle::leaked;
use crate::bench::Bench;
use crate::provider::{Kind, Question};

const PREFACE: usize = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
/// Of an error: nothing tells the client that it may repeat the request.
const ENHANCE_YOUR_CALM: u32 = 11;
/// The type of a credential that is as long as Okta's and has a slash, as Druva's have.
const TOKEN: &str = "00xK3b0v/nobodyHoldsThis9kQ2wLr7ZpT4sYc1mNd";

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a small frame").to_be_bytes();
    [&length[1..], &[kind, 0, 0, 0, 0, 0], payload].concat()
}

/// Answers the first request with GOAWAY.
async fn send_away(mut client: TcpStream, words: String) -> std::io::Result<()> {
    client.read_exact(&mut [0; PREFACE]).await?;
    client.write_all(&frame(SETTINGS, &[])).await?;
    loop {
        let mut head = [0; 9];
        client.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        client.read_exact(&mut vec![0; length as usize]).await?;
        if head[3] == HEADERS {
            // No stream was looked at.
            let payload = [&0u32.to_be_bytes()[..], &ENHANCE_YOUR_CALM.to_be_bytes(), words.as_bytes()].concat();
            client.write_all(&frame(GOAWAY, &payload)).await?;
            // It is the client that closes, having read the words.
            return client.read_to_end(&mut Vec::new()).await.map(drop);
        }
    }
}

#[test]
fn what_a_server_says_when_it_closes_http_2_shows_no_token() {
    let promised: Vec<&Encoding> = ALL.iter().filter(|encoding| encoding.is_promised).collect();
    let texts: Vec<String> = promised.iter().map(|encoding| encoding.encode(TOKEN)).collect();
    let (count, said) = (Arc::new(AtomicUsize::new(0)), texts.clone());
    let connections = count.clone();
    let server = listen(move |client| {
        let words = format!("Go away, {}.", said[connections.fetch_add(1, Ordering::SeqCst) % said.len()]);
        async move {
            let _ = send_away(client, words).await;
        }
    });
    let front = TlsFront::offering(&[HTTP_2], "127.0.0.1", server, &TLS13);
    let mut authority = tempfile::NamedTempFile::new().expect("a file");
    authority.write_all(front.ca.as_bytes()).expect("a certificate");
    let mut bench = Bench::new();
    bench.block["ca_certificate_file"] = authority.path().to_str().into();
    bench.block["max_retries"] = 0.into();
    bench.block["okta"] = json!({"org_url": format!("https://{}", front.address), "api_token": TOKEN});
    let mut leaks = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let question = Question { kind: Kind::List, type_name: "druva_okta_integration", config: json!({}) };
        bench.ask(async |provider, schemas, block| {
            let _ = provider.configure(block).await;
            provider.ask(&question, schemas).await;
        });
        assert_eq!(count.load(Ordering::SeqCst), number + 1, "one connection for each encoding");
        let shown = bench.shown();
        // So that it is known that the words arrived.
        let words = String::from_utf8_lossy(&shown);
        assert!(words.contains("Go away, "), "{}: {words}", promised[number].name);
        let credential = Credential { kind: "API token", text: TOKEN.to_owned() };
        let reflection = Reflection { row: String::new(), credential, text: text.clone() };
        if !leaked(&shown, &[reflection]).is_empty() {
            leaks.push(promised[number].name);
        }
    }
    crate::say(&format!("GOAWAY: {} reflections, {} shown\n", texts.len(), leaks.len()));
    assert!(leaks.is_empty(), "{leaks:?}");
}
