//! How requests get to a cloud and back: with this client's token, below its base URL.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde::Serialize;
use tokio::time::Instant;
use url::Url;

use super::auth::Auth;
use super::error::Error;
use super::okta_links::Link;
use crate::http::{self, Http, Listing, Repeat, Response, Writes, Writing};

/// A client of one cloud with one credential. Clones share its connections, its access token and what they have seen.
#[derive(Clone)]
pub struct Client {
    pub(super) http: Http,
    api_url: Url,
    /// The prefix of the assumed endpoints, such as [`super::okta_links::DEFAULT_PREFIX`].
    okta_api_path: Arc<str>,
    auth: Arc<Auth>,
    writes: Writes,
    /// The links that were read in this run.
    pub(super) links: Arc<Listing<Link>>,
}

impl Client {
    /// A client of the cloud at `api_url`; nothing is sent yet.
    pub fn new(http: Http, api_url: Url, okta_api_path: &str, auth: Auth) -> Self {
        let auth = Arc::new(auth);
        let writes = Writes::default();
        let links = Arc::new(Listing::new([writes.clone()]));
        Self { http, api_url, okta_api_path: okta_api_path.trim_end_matches('/').into(), auth, writes, links }
    }

    /// The same client, which knows that what `others` write shows in its links too: Druva tries their secrets.
    pub fn affected_by(&self, others: Writes) -> Self {
        Self { links: Arc::new(Listing::new([self.writes.clone(), others])), ..self.clone() }
    }

    /// Held while Druva is waited for: what it does by itself changes its links as a write of ours does.
    pub fn awaited(&self) -> Writing {
        self.writes.begin()
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

    /// What time it was in the cloud at an instant here.
    pub fn server_time(&self, here: Instant) -> SystemTime {
        self.http.server_time(&self.api_url, here)
    }

    /// The base URL that this client talks to.
    pub fn api_url(&self) -> &Url {
        &self.api_url
    }

    /// The way to the servers, for requests that are not Druva's.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// Whether this client's access token was obtained by somebody else, so that there is no other one.
    pub fn holds_token_only(&self) -> bool {
        matches!(*self.auth, Auth::AccessToken(_))
    }

    /// An access token of its own, for somebody else, and how long it lives. Druva offers no way to end it earlier.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn access_token(&self) -> Result<(SecretString, Duration), Error> {
        Ok(self.auth.fetch(&self.http, self.url("/token")).await?.into_parts())
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.api_url.clone();
        url.set_path(&format!("{}{path}", self.api_url.path().trim_end_matches('/')));
        url
    }

    /// Where something of [`okta_links`] is.
    pub(super) fn okta_url(&self, path: &str) -> Url {
        self.url(&format!("{}{path}", self.okta_api_path))
    }

    /// Sends a request with this client's token, and once more with a new one if the first was refused.
    ///
    /// An expired token answers 401 by Druva's reference and 403 by its FAQ, and a 403 may also mean a missing role.
    pub(super) async fn send(
        &self,
        method: Method,
        url: Url,
        body: Option<&impl Serialize>,
        repeat: Repeat,
    ) -> Result<Response, Error> {
        let _writing = (method != Method::GET).then(|| self.writes.begin());
        let mut may_renew = true;
        loop {
            let (authorization, is_last) = self.auth.authorization(&self.http, self.url("/token")).await?;
            let answer = self
                .http
                .send(repeat, |client| {
                    http::json_request(client, method.clone(), url.clone(), authorization.clone(), body)
                })
                .await?;
            let refused = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
            if refused && may_renew && !is_last {
                self.auth.forget(&authorization).await;
                may_renew = false;
                continue;
            }
            if answer.status.is_success() {
                return Ok(answer);
            }
            return Err(self.auth.refusal(Error::of_api(&url, &answer)));
        }
    }
}
