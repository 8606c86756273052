//! A server that keeps Terraform's state, as its backend `http` expects one. As with every remote backend, Terraform writes the
//! state at the end of a run, or every twenty seconds: whoever kills it before that loses what the provider returned.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value;

/// Serves one state until the tests are over.
pub struct StateServer {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
}

/// What there is of a state. Empty texts where there is nothing.
#[derive(Default)]
struct Kept {
    state: Vec<u8>,
    /// Who holds the lock, in Terraform's words.
    lock: Vec<u8>,
}

struct Request {
    method: String,
    target: String,
    body: Vec<u8>,
}

impl StateServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let served = kept.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // One that goes away in the middle, such as a Terraform that is killed, is no concern of the others.
                let _ = serve(client, &served);
            }
        });
        Self { address, kept }
    }

    /// What makes a configuration keep its state here.
    pub fn backend(&self) -> String {
        let url = format!("http://{}/state", self.address);
        format!(
            "terraform {{\n  backend \"http\" {{\n    address        = \"{url}\"\n    lock_address   = \"{url}\"\n    \
             unlock_address = \"{url}\"\n  }}\n}}\n"
        )
    }

    /// The state, as it was written last.
    pub fn state(&self) -> Value {
        serde_json::from_slice(&self.kept().state).unwrap_or_else(|_| Value::Object(serde_json::Map::new()))
    }

    /// The id of the lock that somebody holds, for `terraform force-unlock`.
    pub fn lock(&self) -> Option<String> {
        id_of(&self.kept().lock)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }
}

fn id_of(lock: &[u8]) -> Option<String> {
    Some(serde_json::from_slice::<Value>(lock).ok()?["ID"].as_str()?.to_owned())
}

fn serve(client: TcpStream, kept: &Mutex<Kept>) -> std::io::Result<()> {
    let request = receive(&client)?;
    let (status, body) = kept.lock().unwrap().answer(request);
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    (&client).write_all(&[head.as_bytes(), &body].concat())
}

fn receive(client: &TcpStream) -> std::io::Result<Request> {
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Request { method, target, body })
}

impl Kept {
    fn answer(&mut self, Request { method, target, body }: Request) -> (&'static str, Vec<u8>) {
        let is_locked = !self.lock.is_empty();
        match method.as_str() {
            "GET" if self.state.is_empty() => ("204 No Content", Vec::new()),
            "GET" => ("200 OK", self.state.clone()),
            "LOCK" if is_locked => ("423 Locked", self.lock.clone()),
            "LOCK" => {
                self.lock = body;
                ("200 OK", Vec::new())
            }
            // `force-unlock` sends nothing.
            "UNLOCK" if body.is_empty() || id_of(&body) == id_of(&self.lock) => {
                self.lock.clear();
                ("200 OK", Vec::new())
            }
            "POST" if !is_locked || id_of(&self.lock).is_some_and(|id| target.ends_with(&format!("?ID={id}"))) => {
                self.state = body;
                ("200 OK", Vec::new())
            }
            "DELETE" => {
                self.state.clear();
                ("200 OK", Vec::new())
            }
            _ => ("409 Conflict", Vec::new()),
        }
    }
}
