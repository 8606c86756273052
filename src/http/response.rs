//! A complete response, as it is handed to the clients.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use crate::redaction::fit_id;

/// A complete answer. The body is erased from memory when it is dropped: it may hold a secret.
pub struct Response {
    /// The status, of any class.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, possibly empty.
    pub body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// A header as text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The id by which the vendor's support finds a request in its own logs. None where it does not look like one.
pub fn request_id(answer: &Response) -> Option<String> {
    let id = answer.header("x-okta-request-id").or_else(|| answer.header("x-request-id"))?;
    fit_id(id).is_ok().then(|| id.to_owned())
}
