//! Client of one Okta org's management API.
//!
//! Endpoints stand beside their wire types ([`api_services`]); this file sends, decodes and follows pages.

pub mod api_services;
pub mod auth;
pub mod caller;
mod challenge;
mod dpop;
mod error;
mod new_secrets;
pub mod organization;
pub mod secret_proof;
pub mod sought;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

pub use auth::Auth;
use dpop::MAX_PROOFS;
pub use error::{ApiError, Error};
pub use new_secrets::{NEW_FOR, SecretOrigin};
use reqwest::header::{HeaderMap, LINK};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use self::api_services::{Instance, Secret};
use self::new_secrets::NewSecrets;
use crate::domain::OktaDomain;
use crate::http::{self, Bounds, Freshness, Http, ListPage, Listing, Repeat, Response, Skew, Writes};
use crate::secret::ClientSecret;

/// An integration has two secrets at most, and there is a list of them for each one. `[spec]`
const SECRETS: Bounds = Bounds { entries: 100, bytes: 64 * 1024 };
/// More pages than this are a list that goes in circles.
const MAX_PAGES: usize = 1000;

/// A client of one org with one credential. Clones share its connections, its access token and what they have seen.
#[derive(Clone)]
pub struct Client {
    http: Http,
    domain: OktaDomain,
    auth: Arc<Auth>,
    seen: Arc<Seen>,
}

/// What was read of the org in this run. Our writes drop it.
struct Seen {
    writes: Writes,
    instances: Listing<Instance>,
    /// By the id of the instance that they belong to.
    secrets: Mutex<HashMap<String, Arc<Listing<Secret>>>>,
    new_secrets: NewSecrets,
    /// Whether a host is another address of this org, as far as that was found out.
    addresses: Mutex<HashMap<String, bool>>,
}

impl Seen {
    fn nothing() -> Self {
        let writes = Writes::default();
        Self {
            instances: Listing::new([writes.clone()]),
            writes,
            secrets: Mutex::default(),
            new_secrets: NewSecrets::default(),
            addresses: Mutex::default(),
        }
    }

    fn secrets(&self, instance_id: &str) -> Arc<Listing<Secret>> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let listing = || Arc::new(Listing::bounded(SECRETS, [self.writes.clone()]));
        secrets.entry(instance_id.to_owned()).or_insert_with(listing).clone()
    }
}

impl Client {
    /// A client of the org at `domain`; nothing is sent yet.
    #[must_use]
    pub fn new(http: Http, domain: OktaDomain, auth: Auth) -> Self {
        Self { http, domain, auth: Arc::new(auth), seen: Arc::new(Seen::nothing()) }
    }

    /// The same client, whose waiting ends at `deadline`.
    #[must_use]
    pub fn until(&self, deadline: Instant) -> Self {
        Self { http: self.http.until(deadline), ..self.clone() }
    }

    /// The same client, for who wants to know whether it works. See [`Http::for_probe`].
    #[must_use]
    pub fn for_probe(&self) -> Self {
        Self { http: self.http.for_probe(), ..self.clone() }
    }

    /// The same client, for what puts right something that was begun. See [`Http::for_cleanup`].
    #[must_use]
    pub fn for_cleanup(&self) -> Self {
        Self { http: self.http.for_cleanup(), ..self.clone() }
    }

    /// The way to the org, for who waits.
    #[must_use]
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// What time it was in the org at an instant here.
    #[must_use]
    pub fn server_time(&self, here: Instant) -> SystemTime {
        self.http.server_time(&self.domain.join("/"), here)
    }

    /// The org that this client talks to.
    #[must_use]
    pub fn domain(&self) -> &OktaDomain {
        &self.domain
    }

    /// What is known of a secret that Okta gave out to this client or a clone of it. None for any other.
    #[must_use]
    pub fn origin_of(&self, secret: &ClientSecret) -> Option<SecretOrigin> {
        self.seen.new_secrets.origin(secret)
    }

    /// Counts what this client and its clones write.
    #[must_use]
    pub fn writes(&self) -> Writes {
        self.seen.writes.clone()
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let answer = self.send(Method::GET, self.domain.join(path), None::<&()>, Repeat::Always).await?;
        decode(&answer)
    }

    /// All items of a list, page after page, as the `Link` headers lead.
    async fn get_all<T: DeserializeOwned + Clone>(&self, path: &str) -> Result<Vec<T>, Error> {
        Listing::new([]).all(&self.http, Freshness::Cached, |next, number| self.page(path, next, number)).await
    }

    /// A page of the list at `path`: the first one, or the `next`.
    async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
        next: Option<Url>,
        number: usize,
    ) -> Result<ListPage<T>, Error> {
        if number == MAX_PAGES {
            return Err(Error::StrangePage);
        }
        let url = next.unwrap_or_else(|| self.domain.join(path));
        let answer = self.send(Method::GET, url.clone(), None::<&()>, Repeat::Always).await?;
        let next = next_page(&answer.headers, &url)?;
        Ok(ListPage { items: decode(&answer)?, bytes: answer.body.len(), next })
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Option<&impl Serialize>,
        repeat: Repeat,
    ) -> Result<T, Error> {
        decode(&self.send(Method::POST, self.domain.join(path), body, repeat).await?)
    }

    async fn delete(&self, path: &str) -> Result<(), Error> {
        match self.send(Method::DELETE, self.domain.join(path), None::<&()>, Repeat::Always).await {
            Err(error) if error.is_not_found() => Ok(()),
            outcome => http::expect_nothing(&outcome?).map_err(Error::Decode),
        }
    }

    /// Sends a request with this client's credential, and once more with a new token if the first had expired. Where
    /// the token is bound to a key, each try is proved anew, and again with a nonce when Okta asks for one.
    async fn send(
        &self,
        method: Method,
        url: Url,
        body: Option<&impl Serialize>,
        repeat: Repeat,
    ) -> Result<Response, Error> {
        let _writing = (method != Method::GET).then(|| self.seen.writes.begin());
        let mut may_renew = true;
        let mut may_correct_clock = true;
        let mut proofs_left = MAX_PROOFS;
        loop {
            let authorization = self.auth.authorization(&self.http, &self.domain).await?;
            let mut signed_with = Skew::default();
            let answer = self
                .http
                .send(repeat, |client| {
                    let mut request =
                        http::json_request(client, method.clone(), url.clone(), authorization.clone(), body)?;
                    signed_with = self.http.skew(&url);
                    self.auth.sign_proof(self.server_time(Instant::now()), &mut request)?;
                    Ok(request)
                })
                .await?;
            if self.auth.wants_nonce(&answer) {
                proofs_left = proofs_left.checked_sub(1).ok_or(Error::Nonces)?;
                continue;
            }
            if answer.status == StatusCode::UNAUTHORIZED && may_renew && self.auth.renew(&authorization).await {
                may_renew = false;
                continue;
            }
            if answer.status.is_success() {
                return Ok(answer);
            }
            let error = self.auth.refusal(&answer);
            let skew = self.http.skew(&url);
            if may_correct_clock && error.may_be_about_time() && skew.has_changed_since(signed_with) {
                may_correct_clock = false;
                continue;
            }
            return Err(error.with_skew(skew));
        }
    }
}

fn decode<T: DeserializeOwned>(answer: &Response) -> Result<T, Error> {
    http::decode(answer).map_err(Error::Decode)
}

/// The URL behind `rel="next"`, which must lead to the server that was asked: the credential goes with it.
///
/// # Errors
/// [`Error::StrangePage`].
pub fn next_page(headers: &HeaderMap, asked: &Url) -> Result<Option<Url>, Error> {
    for value in headers.get_all(LINK) {
        let Ok(value) = value.to_str() else { continue };
        for link in split(value, ',') {
            let mut parts = split(link, ';').map(str::trim);
            let target = parts.next().and_then(|target| target.strip_prefix('<')?.strip_suffix('>'));
            let Some(target) = target.filter(|_| parts.any(is_rel_next)) else { continue };
            return match asked.join(target) {
                // A user name in it would be sent as a credential of its own.
                Ok(next)
                    if next.origin() == asked.origin()
                        && next != *asked
                        && next.username().is_empty()
                        && next.password().is_none() =>
                {
                    Ok(Some(next))
                }
                _ => Err(Error::StrangePage),
            };
        }
    }
    Ok(None)
}

/// The parts of a header between separators, which do not count within `<>` and quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut in_brackets, mut in_quotes) = (false, false);
    text.split(move |character| {
        match character {
            '<' | '>' if !in_quotes => in_brackets = character == '<',
            '"' if !in_brackets => in_quotes = !in_quotes,
            _ => {}
        }
        character == separator && !in_brackets && !in_quotes
    })
}

/// Whether a parameter of a link is `rel` and says `next`, among others perhaps.
fn is_rel_next(parameter: &str) -> bool {
    let Some((name, relations)) = parameter.split_once('=') else { return false };
    let mut relations = relations.trim().trim_matches('"').split_ascii_whitespace();
    name.trim_end().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test]
    async fn a_circle_of_pages_ends() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let domain = OktaDomain::parse(&listener.local_addr().unwrap().to_string()).unwrap();
        // Each page leads to the other one.
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            for page in 0.. {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    stream.read_buf(&mut request).await.unwrap();
                }
                let headers = format!("Content-Length: 2\r\nLink: </list?after={}>; rel=next", page % 2);
                stream.write_all(format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n[]").as_bytes()).await.unwrap();
            }
        });
        let http = Http::new(http::Settings::default(), CancellationToken::new());
        let client = Client::new(http, domain, Auth::ApiToken("t".into()));
        assert!(matches!(client.get_all::<()>("/list").await, Err(Error::StrangePage)));
    }

    fn next(links: &[&'static str]) -> Result<Option<Url>, Error> {
        let mut headers = HeaderMap::new();
        for link in links {
            headers.append(LINK, HeaderValue::from_static(link));
        }
        next_page(&headers, &Url::parse("https://example.okta.com/list").unwrap())
    }

    #[test]
    fn the_next_page_is_found_among_repeated_link_headers() {
        let url = next(&[
            r#"<https://example.okta.com/list>; rel="self""#,
            r#"<https://example.okta.com/list?after=x,%20y>; rel="next""#,
        ]);
        assert_eq!(url.unwrap().unwrap().as_str(), "https://example.okta.com/list?after=x,%20y");
        let joined = next(&[r#"<https://example.okta.com/list>; rel="self", </list?after=2>; rel="next""#]);
        assert_eq!(joined.unwrap().unwrap().as_str(), "https://example.okta.com/list?after=2");
        let tight = next(&[r#"</list>;title="a; rel=next, <b>";rel="self",</list?after=1,2>;rel="next last""#]);
        assert_eq!(tight.unwrap().unwrap().as_str(), "https://example.okta.com/list?after=1,2");
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert!(next(&[r#"<https://example.okta.com/list>; rel="self""#]).unwrap().is_none());
        assert!(next(&["nonsense"]).unwrap().is_none());
    }

    #[test]
    fn a_page_elsewhere_or_in_a_circle_is_refused() {
        assert!(next(&[r#"<https://example.com/list?after=2>; rel="next""#]).is_err());
        assert!(next(&[r#"<http://example.okta.com/list?after=2>; rel="next""#]).is_err());
        assert!(next(&[r#"<https://example.okta.com/list>; rel="next""#]).is_err());
        assert!(next(&[r#"<https://user:x@example.okta.com/list?after=2>; rel="next""#]).is_err());
    }
}
