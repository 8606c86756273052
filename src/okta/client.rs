//! The client of one org: sends, decodes and follows pages. Endpoints stand beside what they are about.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use super::auth::Auth;
use super::dpop::MAX_PROOFS;
use super::error::Error;
use super::new_secrets::SecretOrigin;
use super::seen::Seen;
use super::{answer, pages};
use crate::domain::OktaDomain;
use crate::http::{self, Freshness, Http, ListPage, Listing, Repeat, Response, Skew, Writes};
use crate::secret::ClientSecret;

/// More pages than this are a list that goes in circles.
const MAX_PAGES: usize = 1000;

/// A client of one org with one credential. Clones share its connections, its access token and what they have seen.
#[derive(Clone)]
pub struct Client {
    pub(super) http: Http,
    pub(super) domain: OktaDomain,
    pub(super) auth: Arc<Auth>,
    pub(super) seen: Arc<Seen>,
}

impl Client {
    /// A client of the org at `domain`; nothing is sent yet.
    pub fn new(http: Http, domain: OktaDomain, auth: Auth) -> Self {
        Self { http, domain, auth: Arc::new(auth), seen: Arc::new(Seen::nothing()) }
    }

    /// The same client, whose waiting ends at `deadline`.
    pub fn until(&self, deadline: Instant) -> Self {
        Self { http: self.http.until(deadline), ..self.clone() }
    }

    /// The same client, for who wants to know whether it works. See [`Http::for_probe`].
    pub fn for_probe(&self) -> Self {
        Self { http: self.http.for_probe(), ..self.clone() }
    }

    /// The same client, for what puts right something that was begun. See [`Http::for_cleanup`].
    pub fn for_cleanup(&self) -> Self {
        Self { http: self.http.for_cleanup(), ..self.clone() }
    }

    /// The way to the org, for who waits.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// What time it was in the org at an instant here.
    pub fn server_time(&self, here: Instant) -> SystemTime {
        self.http.server_time(&self.domain.join("/"), here)
    }

    /// The org that this client talks to.
    pub fn domain(&self) -> &OktaDomain {
        &self.domain
    }

    /// What is known of a secret that Okta gave out to this client or a clone of it. None for any other.
    pub fn origin_of(&self, secret: &ClientSecret) -> Option<SecretOrigin> {
        self.seen.new_secrets.origin(secret)
    }

    /// Notes that Okta gave this secret out a moment ago, to another run.
    pub fn note_new_secret(&self, secret: &ClientSecret) {
        self.seen.new_secrets.note(secret, &[]);
    }

    /// Counts what this client and its clones write.
    pub fn writes(&self) -> Writes {
        self.seen.writes.clone()
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let answer = self.send(Method::GET, self.domain.join(path), None::<&()>, Repeat::Always).await?;
        answer::decode(&answer)
    }

    /// All items of a list, page after page, as the `Link` headers lead.
    pub(super) async fn get_all<T: DeserializeOwned + Clone>(&self, path: &str) -> Result<Vec<T>, Error> {
        Listing::new([]).all(&self.http, Freshness::Cached, |next, number| self.page(path, next, number)).await
    }

    /// A page of the list at `path`: the first one, or the `next`.
    pub(super) async fn page<T: DeserializeOwned>(
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
        let next = pages::next_page(&answer.headers, &url)?;
        Ok(ListPage { items: answer::decode(&answer)?, bytes: answer.body.len(), next })
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Option<&impl Serialize>,
        repeat: Repeat,
    ) -> Result<T, Error> {
        answer::decode(&self.send(Method::POST, self.domain.join(path), body, repeat).await?)
    }

    pub(super) async fn delete(&self, path: &str) -> Result<(), Error> {
        match self.send(Method::DELETE, self.domain.join(path), None::<&()>, Repeat::Always).await {
            Err(error) if error.is_not_found() => Ok(()),
            outcome => http::expect_nothing(&outcome?).map_err(Error::Decode),
        }
    }

    /// Sends a request with this client's credential, and once more with a new token if the first had expired. Where
    /// the token is bound to a key, each try gets a proof of its own, and another with a nonce when Okta asks for one.
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

#[cfg(test)]
mod tests {
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
}
