//! A secret that Okta gave out a moment ago is not known everywhere at once: for ten seconds a refusal proves nothing.

use std::time::Duration;

use tokio::time::Instant;

use crate::clients::SharedClients;
use crate::okta::NEW_FOR;
use crate::secret::ClientSecret;
use crate::{druva, http};

/// How often a refusal of a new secret is tried again, at first and at most.
const FIRST_RETRY: Duration = Duration::from_millis(250);
const SLOWEST_RETRY: Duration = Duration::from_secs(2);

/// What `attempt` ends with. As long as the secret may be refused only because it is new, the same is tried again.
///
/// # Errors
/// Those of `attempt`, and [`http::Error::Stopped`].
pub async fn until_known<T, E: From<http::Error>, Attempt: Future<Output = Result<T, E>>>(
    clients: &SharedClients,
    druva: &druva::Client,
    secret: &ClientSecret,
    refuses: impl Fn(&E) -> bool,
    attempt: impl Fn() -> Attempt,
) -> Result<T, E> {
    let new_until = new_until(clients, secret);
    let mut pause = FIRST_RETRY;
    loop {
        let outcome = attempt().await;
        let is_new = new_until.is_some_and(|until| Instant::now() < until);
        if !outcome.as_ref().is_err_and(&refuses) || !is_new {
            return outcome;
        }
        match druva.http().pause(pause).await {
            Ok(()) => {}
            Err(http::Error::DeadlinePassed) => return outcome,
            Err(error) => return Err(error.into()),
        }
        tracing::info!("a secret that is new is not known everywhere yet: trying again");
        pause = (pause * 2).min(SLOWEST_RETRY);
    }
}

/// Until when a refusal of this secret may only mean that it is new. None where the provider has credentials for Okta, and
/// did not get the secret with them. Without any, another provider block may have got it in this very run.
pub fn new_until(clients: &SharedClients, secret: &ClientSecret) -> Option<Instant> {
    match clients.get()?.okta.ready() {
        Some(okta) => okta.origin_of(secret).map(|origin| origin.new_until()),
        None => Some(Instant::now() + NEW_FOR),
    }
}
