//! Small servers on loopback that stand between the provider and the sandbox, or in the place of one.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::{ProtocolVersion, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// Listens until the tests are over.
pub fn listen<S: Future<Output = ()> + Send + 'static>(serve: impl Fn(TcpStream) -> S + Send + 'static) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream));
            }
        });
    });
    address
}

/// The address in `http://127.0.0.1:1234`.
pub fn address_of(url: &str) -> SocketAddr {
    url.trim_start_matches("http://").parse().unwrap()
}

/// A proxy that makes tunnels to a few names, and what it was asked for.
pub struct Proxy {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// `names` are authorities as clients ask for them. `credentials` (`user:password`) are demanded, if given.
    pub fn start(names: &[(&str, SocketAddr)], credentials: Option<&str>) -> Self {
        let names: Arc<HashMap<String, SocketAddr>> =
            Arc::new(names.iter().map(|(name, address)| ((*name).to_owned(), *address)).collect());
        let password = credentials.map(|text| format!("proxy-authorization: Basic {}", BASE64_STANDARD.encode(text)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        let address = listen(move |stream| forward(stream, names.clone(), password.clone(), log.clone()));
        Self { address, asked }
    }

    /// The request lines of its clients.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn forward(
    mut client: TcpStream,
    names: Arc<HashMap<String, SocketAddr>>,
    password: Option<String>,
    asked: Arc<Mutex<Vec<String>>>,
) {
    let text = String::from_utf8_lossy(&head(&mut client).await).into_owned();
    let line = text.lines().next().unwrap_or_default();
    asked.lock().unwrap().push(line.to_owned());
    let answer = async |client: &mut TcpStream, status: &str| {
        let _ = client.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await;
    };
    if password.is_some_and(|password| !text.lines().any(|line| line.eq_ignore_ascii_case(&password))) {
        return answer(&mut client, "407 Proxy Authentication Required").await;
    }
    let name = line.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let Some(address) = names.get(name) else { return answer(&mut client, "502 Bad Gateway").await };
    let mut server = TcpStream::connect(address).await.unwrap();
    let _ = client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await;
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

/// What a client sends until the end of its head, and what came with it.
async fn head(client: &mut TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    let mut chunk = [0; 4096];
    while !received.windows(4).any(|window| window == b"\r\n\r\n") {
        match client.read(&mut chunk).await {
            Ok(length) if length > 0 => received.extend_from_slice(&chunk[..length]),
            _ => break,
        }
    }
    received
}

/// TLS in front of a server, with a certificate of a CA of its own.
pub struct TlsFront {
    pub address: SocketAddr,
    /// The CA's certificate in PEM.
    pub ca: String,
    spoken: Arc<Mutex<Vec<ProtocolVersion>>>,
}

/// What [`TlsFront::offering`] offers for HTTP/2.
pub const HTTP_2: &[u8] = b"h2";

impl TlsFront {
    pub fn start(name: &str, server: SocketAddr, version: &'static SupportedProtocolVersion) -> Self {
        Self::offering(&[], name, server, version)
    }

    /// One that offers protocols to speak behind TLS (ALPN), which the server must know how to speak.
    pub fn offering(
        protocols: &[&[u8]],
        name: &str,
        server: SocketAddr,
        version: &'static SupportedProtocolVersion,
    ) -> Self {
        let ca_key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::new([]).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = ca.self_signed(&ca_key).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &ca, &ca_key).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.serialize_der().try_into().unwrap())
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let spoken = Arc::new(Mutex::new(Vec::new()));
        let log = spoken.clone();
        let address = listen(move |client| {
            let (acceptor, log) = (acceptor.clone(), log.clone());
            async move {
                let Ok(mut client) = acceptor.accept(client).await else { return };
                log.lock().unwrap().extend(client.get_ref().1.protocol_version());
                let mut server = TcpStream::connect(server).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
        });
        Self { address, ca: ca.pem(), spoken }
    }

    /// The versions of TLS that clients ended up with.
    pub fn spoken(&self) -> Vec<ProtocolVersion> {
        self.spoken.lock().unwrap().clone()
    }
}

/// A server that keeps what it is sent.
pub struct Recorder {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// One that refuses everything.
    pub fn start() -> Self {
        Self::answering(|_| ("404 Not Found".to_owned(), String::new()))
    }

    /// One that has a status, with headers below it, and a body for each path.
    pub fn answering(answer: impl Fn(&str) -> (String, String) + Send + Sync + 'static) -> Self {
        let answer = Arc::new(answer);
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = received.clone();
        let address = listen(move |mut client| {
            let (log, answer) = (log.clone(), answer.clone());
            async move {
                let head = String::from_utf8_lossy(&head(&mut client).await).into_owned();
                let (status, body) = answer(head.split(' ').nth(1).unwrap_or_default());
                log.lock().unwrap().push(head);
                let length = body.len();
                let text = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
                let _ = client.write_all(text.as_bytes()).await;
            }
        });
        Self { address, received }
    }

    pub fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}

/// A web server with a few files, by path.
pub fn files(files: Vec<(String, Vec<u8>)>) -> SocketAddr {
    let files = Arc::new(HashMap::<_, _>::from_iter(files));
    listen(move |mut client| {
        let files = files.clone();
        async move {
            let head = head(&mut client).await;
            let head = String::from_utf8_lossy(&head);
            let path = head.split(' ').nth(1).unwrap_or_default();
            let (status, kind, body) = match files.get(path) {
                Some(body) if path.ends_with(".json") => ("200 OK", "application/json", body.as_slice()),
                Some(body) => ("200 OK", "application/octet-stream", body.as_slice()),
                None => ("404 Not Found", "text/plain", &b""[..]),
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = client.write_all(answer.as_bytes()).await;
            let _ = client.write_all(body).await;
        }
    })
}

/// A server that accepts connections and says nothing.
pub fn silent() -> SocketAddr {
    listen(|client| async move {
        let _open = client;
        std::future::pending().await
    })
}
