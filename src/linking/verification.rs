//! Verifying a client secret at Okta's token endpoint, before Druva is given it.

use tokio::time::Instant;

use super::new_secret::until_known;
use super::org::Org;
use super::recent;
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::druva::okta_links::OktaClient;
use crate::http::Freshness;
use crate::okta::secret_proof;
use crate::secret::ClientSecret;
use crate::{druva, okta};

/// Asks Okta's token endpoint at `domain` whether the client has this secret. It is asked for a scope that the client was
/// granted, where one is known.
///
/// # Errors
/// See [`secret_proof::verify_secret`].
pub async fn verify(
    clients: &SharedClients,
    druva: &druva::Client,
    domain: &OktaDomain,
    OktaClient { client_id, client_secret }: OktaClient<'_>,
) -> Result<(), okta::Error> {
    let okta = Org::of(clients, domain, client_id).await.ours();
    let granted_scope = match &okta {
        // The client id equals the id of the integration in every published example; where it does not, no scope
        // is known.
        Some(okta) => match okta.peek_instance(client_id).await {
            Ok(instance) => instance.granted_scopes.into_iter().next(),
            Err(error) => {
                tracing::info!("no granted scope of client {client_id} is known: {error}");
                None
            }
        },
        None => None,
    };
    let verification =
        || secret_proof::verify_secret(druva.http(), domain, client_id, client_secret, granted_scope.as_deref());
    let refuses = |error: &okta::Error| error.oauth_code() == Some("invalid_client");
    let outcome = until_known(clients, druva, client_secret, refuses, verification).await;
    match okta.filter(|_| outcome.as_ref().is_err_and(refuses)) {
        Some(okta) if was_created_lately(&okta, client_id, client_secret).await => {
            okta.note_new_secret(client_secret);
            until_known(clients, druva, client_secret, refuses, verification).await
        }
        _ => outcome,
    }
}

/// Whether another run got this secret a moment ago, such as one that was interrupted: then a refusal proves nothing yet.
async fn was_created_lately(okta: &okta::Client, client_id: &str, secret: &ClientSecret) -> bool {
    if okta.origin_of(secret).is_some() {
        return false;
    }
    let Ok(secrets) = okta.list_secrets(client_id, Freshness::now()).await else { return false };
    let (hash, now) = (secret.okta_hash(), okta.server_time(Instant::now()));
    secrets.iter().any(|listed| listed.secret_hash == hash && recent::is_recent(&listed.created.shown(), now))
}
