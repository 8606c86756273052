//! The org itself: `/.well-known/okta-organization`, which anybody may read. `[spec]`

use std::sync::PoisonError;

use reqwest::Method;
use reqwest::header::ACCEPT;
use serde::Deserialize;

use super::answer::decode;
use super::client::Client;
use super::error::Error;
use crate::domain::OktaDomain;
use crate::http::{self, Http, Repeat};
use crate::redaction::checked;

/// What an org says of itself.
#[derive(Debug, Deserialize)]
pub struct Organization {
    /// Okta's id of the org.
    #[serde(deserialize_with = "checked::id")]
    pub id: String,
}

impl Client {
    /// Whether `domain` is an address of this client's org: an org may have a custom domain beside its okta.com address.
    /// `[docs]` It is if the org has the client with this id, or if both addresses tell the same id of the organization.
    pub async fn is_at(&self, domain: &OktaDomain, client_id: &str) -> bool {
        if self.domain == *domain {
            return true;
        }
        let known = || self.seen.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(domain.host()) {
            return *known;
        }
        let is_same = match self.find_instance(client_id).await {
            Ok(_) => true,
            Err(_) => {
                let (ours, theirs) =
                    tokio::join!(organization(&self.http, &self.domain), organization(&self.http, domain));
                let (Ok(ours), Ok(theirs)) = (ours, theirs) else { return false };
                ours.id == theirs.id
            }
        };
        known().insert(domain.host().to_owned(), is_same);
        is_same
    }
}

/// Asks an org who it is, without a credential.
///
/// # Errors
/// See [`Error`].
pub async fn organization(http: &Http, domain: &OktaDomain) -> Result<Organization, Error> {
    let url = domain.join("/.well-known/okta-organization");
    let request = |client: &reqwest::Client| {
        http::finish(client.request(Method::GET, url.clone()).header(ACCEPT, "application/json"))
    };
    let answer = http.send(Repeat::Always, request).await?;
    if answer.status.is_success() { decode(&answer) } else { Err(Error::from_answer(&answer)) }
}
