//! Whether a client secret works: Okta is asked for a token with it, and the token is thrown away.

use reqwest::StatusCode;

use super::error::Error;
use super::token_endpoint;
use crate::domain::OktaDomain;
use crate::http::{self, Http, Repeat};
use crate::secret::ClientSecret;

/// Asks Okta's token endpoint whether `secret` is an active secret of `client_id`.
///
/// `granted_scope` is a scope that the client was granted, if one is known. Without one any scope is asked for, and
/// the refusal of the scope shows enough: Okta authenticates the client first.
///
/// # Errors
/// The endpoint's refusal ([`Error::Token`]: `invalid_client` for a secret that is wrong or inactive and for a client
/// that does not exist, `invalid_scope` for a scope that is no longer granted), or no answer.
pub async fn verify_secret(
    http: &Http,
    domain: &OktaDomain,
    client_id: &str,
    secret: &ClientSecret,
    granted_scope: Option<&str>,
) -> Result<(), Error> {
    let url = token_endpoint::of(domain);
    let scope = granted_scope.unwrap_or(crate::scopes::DOCUMENTED[0].name);
    let answer = http
        .send(Repeat::Always, |client| {
            http::finish(
                client
                    .post(url.clone())
                    .basic_auth(client_id, Some(secret.expose()))
                    .header("accept", "application/json")
                    .form(&[("grant_type", "client_credentials"), ("scope", scope)]),
            )
        })
        .await?;
    if answer.status.is_success() {
        return Ok(());
    }
    match Error::from_answer(&answer) {
        Error::Token { status: StatusCode::BAD_REQUEST, error, .. }
            if error == "invalid_scope" && granted_scope.is_none() =>
        {
            Ok(())
        }
        error => Err(error),
    }
}
