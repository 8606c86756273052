//! Verifying a client secret at Okta's token endpoint, before Druva is given it.

use super::new_secret::until_known;
use super::org::Org;
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::druva::okta_links::OktaClient;
use crate::okta::secret_proof;
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
    let granted_scope = match Org::of(clients, domain, client_id).await.ours() {
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
    until_known(clients, druva, client_secret, refuses, verification).await
}
