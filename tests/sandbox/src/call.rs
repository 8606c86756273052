//! The parts of a request that the handlers of both systems need.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, Method, Uri, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use std::convert::Infallible;

/// A request that was read to its end.
pub struct Call {
    pub method: Method,
    pub headers: HeaderMap,
    pub uri: Uri,
    pub body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let method = request.method().clone();
        let headers = request.headers().clone();
        let uri = request.uri().clone();
        // The exchange has read the body into memory already, so that this cannot fail.
        let body = Bytes::from_request(request, state).await.unwrap_or_default();
        Ok(Self { method, headers, uri, body })
    }
}

impl Call {
    /// The URL under which the caller knows us: Okta's links are absolute.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.header(header::HOST.as_str()).unwrap_or("localhost"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn query(&self, name: &str) -> Option<String> {
        pairs(self.uri.query().unwrap_or_default().as_bytes()).into_iter().find(|(key, _)| key == name).map(|(_, v)| v)
    }

    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }

    pub fn content_type(&self) -> &str {
        let value = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim()
    }

    /// What follows the scheme in the Authorization header. Schemes are case-insensitive.
    pub fn authorization(&self, scheme: &str) -> Option<&str> {
        let (found, rest) = self.header(header::AUTHORIZATION.as_str())?.split_once(' ')?;
        found.eq_ignore_ascii_case(scheme).then(|| rest.trim())
    }

    /// User name and password of Basic authentication.
    pub fn basic(&self) -> Option<(String, String)> {
        let decoded = BASE64_STANDARD.decode(self.authorization("Basic")?).ok()?;
        let text = String::from_utf8(decoded).ok()?;
        let (user, password) = text.split_once(':')?;
        Some((user.to_owned(), password.to_owned()))
    }
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}
