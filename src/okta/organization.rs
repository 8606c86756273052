//! The org itself: `/.well-known/okta-organization`, which anybody may read. `[spec]`

use reqwest::Method;
use reqwest::header::ACCEPT;
use serde::Deserialize;

use super::{Error, decode};
use crate::domain::OktaDomain;
use crate::http::{self, Http, Repeat};

/// What an org says of itself.
#[derive(Debug, Deserialize)]
pub struct Organization {
    /// Okta's id of the org.
    pub id: String,
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
