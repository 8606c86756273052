//! Messages of HTTP/1.1, as far as a server on loopback needs them.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// One end of a connection.
pub type Stream = BufReader<TcpStream>;

/// A request or an answer, complete.
#[derive(Clone, Debug)]
pub struct Message {
    /// The first line.
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    /// An answer with a body.
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Self { line: format!("HTTP/1.1 {status} Said"), headers, body: body.into() }
    }

    /// The next message of a connection; None at its end.
    pub async fn read(stream: &mut Stream) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) if head.is_empty() => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let line = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
        let mut message = Self { line, headers, body: Vec::new() };
        let length = message.header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
        message.body = vec![0; length];
        stream.read_exact(&mut message.body).await?;
        Ok(Some(message))
    }

    pub async fn write(&self, stream: &mut Stream) -> io::Result<()> {
        let mut message = format!("{}\r\n", self.line);
        for (name, value) in self.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-length")) {
            message += &format!("{name}: {value}\r\n");
        }
        message += &format!("Content-Length: {}\r\n\r\n", self.body.len());
        stream.write_all(&[message.as_bytes(), &self.body].concat()).await
    }

    /// What a server answers to this request.
    pub async fn send(&self, server: SocketAddr) -> io::Result<Self> {
        let mut stream = Stream::new(TcpStream::connect(server).await?);
        self.write(&mut stream).await?;
        Self::read(&mut stream).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn set_header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
    }

    /// The words of the first line: method and address of a request, version and status of an answer.
    pub fn words(&self) -> (&str, &str) {
        let mut words = self.line.split(' ');
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }
}
