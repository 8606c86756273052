//! A hostile server: it hands requests on to the sandbox, keeps every credential that passes, and reflects them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use testkit::sandbox::Sandbox;
use testkit::servers::{address_of, listen};
use tokio::net::TcpStream;

use super::credentials::{Credential, latest, of_answer, of_request};
use super::encoding::{Encoding, json_units};
use super::place::Place;
use super::wire::{Message, Stream};
use crate::request::Request;

/// One for Okta's side and one for Druva's, which know what both got.
pub struct Mirror {
    pub okta_url: String,
    pub druva_url: String,
    shared: Arc<Shared>,
}

/// What is reflected where, in the next run.
#[derive(Clone)]
pub struct Order {
    /// None for each answer.
    pub request: Option<Request>,
    pub place: Place,
    pub encoding: &'static Encoding,
    /// Which credentials, of all that were ever seen: the last one of each kind.
    pub of: Range<usize>,
    /// Which of them comes first.
    pub first: usize,
}

/// What was reflected.
#[derive(Clone, Debug)]
pub struct Reflection {
    /// Where, in the table.
    pub row: String,
    pub credential: Credential,
    /// As it was written.
    pub text: String,
}

struct Shared {
    okta: SocketAddr,
    druva: SocketAddr,
    /// Hosts of the org: ours, and the sandbox's.
    hosts: [String; 2],
    /// A header that the provider sends, and what the sandbox takes for it: its own credentials are all too simple.
    exchanged: (String, String),
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    credentials: Vec<Credential>,
    order: Option<Order>,
    /// How many requests there were of each kind since the order was given.
    counts: BTreeMap<Request, u64>,
    reflections: Vec<Reflection>,
    /// Each request since then, with what was answered before it was changed.
    answers: Vec<(Request, Message)>,
}

impl Mirror {
    /// Takes `secret` for Druva's, in the place of the one that the sandbox knows.
    pub fn start(sandbox: &Sandbox, secret: &str) -> Self {
        let basic =
            |secret: &str| format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{secret}", sandbox.druva_client_id)));
        // Both addresses must be known before anything is served.
        let cell: Arc<OnceLock<Arc<Shared>>> = Arc::default();
        let serve = |side: &'static str| {
            let cell = cell.clone();
            listen(move |stream| {
                let shared = cell.get().expect("nothing comes before the start is over").clone();
                async move { shared.serve(side, stream).await }
            })
        };
        let (okta, druva) = (serve("okta"), serve("druva"));
        let shared = Arc::new(Shared {
            okta: address_of(&sandbox.okta_url),
            druva: address_of(&sandbox.druva_url),
            hosts: [okta.to_string(), sandbox.okta_host()],
            exchanged: (basic(secret), basic(&sandbox.druva_client_secret)),
            state: Mutex::default(),
        });
        let _ = cell.set(shared.clone());
        Self { okta_url: format!("http://{okta}"), druva_url: format!("http://{druva}"), shared }
    }

    /// How many credentials were seen so far.
    pub fn seen(&self) -> usize {
        self.shared.state().credentials.len()
    }

    /// What is to be done from now on.
    pub fn order(&self, order: Option<Order>) {
        let mut state = self.shared.state();
        let credentials = std::mem::take(&mut state.credentials);
        *state = State { credentials, order, ..State::default() };
    }

    /// What was done since then.
    pub fn reflections(&self) -> Vec<Reflection> {
        self.shared.state().reflections.clone()
    }

    /// The requests since then, each with the sandbox's answer.
    pub fn answers(&self) -> Vec<(Request, Message)> {
        self.shared.state().answers.clone()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(self: Arc<Self>, side: &'static str, stream: TcpStream) {
        let mut stream = Stream::new(stream);
        while let Ok(Some(request)) = Message::read(&mut stream).await {
            let Ok(answer) = self.answer(side, request).await else { return };
            if answer.write(&mut stream).await.is_err() {
                return;
            }
        }
    }

    async fn answer(&self, side: &str, mut request: Message) -> std::io::Result<Message> {
        let (method, target) = request.words();
        let first = Request::first(side, method, target.split('?').next().unwrap_or_default());
        let (this, order) = {
            let mut state = self.state();
            let found = of_request(side, &request);
            state.credentials.extend(found);
            let count = state.counts.entry(first.clone()).or_default();
            *count += 1;
            (Request { nth: *count, ..first }, state.order.clone())
        };
        if request.header("authorization") == Some(self.exchanged.0.as_str()) {
            request.set_header("Authorization", self.exchanged.1.as_str());
        }
        let [ours, theirs] = &self.hosts;
        if side == "druva" {
            request.line = in_place_of(&request.line, ours, theirs);
            request.body = in_place_of(&String::from_utf8_lossy(&request.body), ours, theirs).into_bytes();
        }
        request.set_header("Connection", "close");
        let mut answer = request.send(if side == "okta" { self.okta } else { self.druva }).await?;
        answer.set_header("Connection", "keep-alive");
        if side == "druva" {
            answer.body = in_place_of(&String::from_utf8_lossy(&answer.body), theirs, ours).into_bytes();
        }
        let mut state = self.state();
        state.credentials.extend(of_answer(side, &answer));
        state.answers.push((this.clone(), answer.clone()));
        let Some(order) = order else { return Ok(answer) };
        if order.request.as_ref().is_none_or(|wanted| *wanted == this) {
            // Those that only the answer has are not the server's to reflect yet, but it may.
            let end = order.of.end.min(state.credentials.len());
            let credentials = latest(&state.credentials[order.of.start.min(end)..end]);
            reflect(&order, &credentials, &mut answer, &mut state.reflections);
        }
        Ok(answer)
    }
}

fn reflect(order: &Order, credentials: &[Credential], answer: &mut Message, reflections: &mut Vec<Reflection>) {
    if credentials.is_empty() {
        return;
    }
    let mut next = order.first + reflections.len();
    let mut made = Vec::new();
    order.place.put(answer, &mut |row| {
        let credential = credentials[next % credentials.len()].clone();
        next += 1;
        let text = order.encoding.encode(&credential.text);
        made.push(Reflection { row: row.to_owned(), credential, text: text.clone() });
        text
    });
    if order.encoding.escapes_json {
        let mut body = String::from_utf8_lossy(&answer.body).into_owned();
        for Reflection { text, .. } in &mut made {
            let escaped = json_units(text);
            body = body.replace(&*text, &escaped);
            *text = escaped;
        }
        answer.body = body.into_bytes();
    }
    reflections.append(&mut made);
}

/// A text with one host in the place of another, also where it is a part of a query.
fn in_place_of(text: &str, host: &str, other: &str) -> String {
    text.replace(host, other).replace(&host.replace(':', "%3A"), &other.replace(':', "%3A"))
}
