//! Unlinking an org, and what goes with its link.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::{DruvaOperation, LinkName};
use crate::domain::OktaDomain;
use crate::http::Freshness;
use crate::linking::retirement::{RetireError, retire};
use crate::okta;

/// Unlinks the org, and retires the secret that was minted for the link.
///
/// # Errors
/// One that the org is still linked.
pub(super) async fn delete(clients: &SharedClients, state: &Model, diags: &mut Diagnostics) -> Result<(), Reported> {
    let clients = clients.until(timeouts::deadline(&state.timeouts, Operation::Delete));
    let druva = clients.druva(diags)?;
    let id = state.link_id();
    let domain = state.okta_domain.as_deref_option().unwrap_or_default();
    let domain = OktaDomain::parse(domain).ok();
    let host = domain.as_ref().map_or("the org", OktaDomain::host);
    druva.delete_link(id).await.map_err(|error| {
        diagnostics::druva(diags, DruvaOperation::Unlink(LinkName { id, host }), &error, AttributePath::root())
    })?;
    retire_minted(&clients, state, diags).await;
    Ok(())
}

/// The link is gone, and with it the use of the secret that was minted for it.
async fn retire_minted(clients: &SharedClients, state: &Model, diags: &mut Diagnostics) {
    let (true, Value::Value(secret_id)) = (state.is_minted(), &state.client_secret_id) else { return };
    let Some(okta) = clients.get().and_then(|clients| clients.okta.ready().cloned()) else { return };
    let client_id = state.known_client_id();
    if let Err(error) = retire_listed(&okta, client_id, secret_id).await {
        diags.warn(
            problems::minted_stays(),
            format!(
                "The org is unlinked. The secret {secret_id} of {client_id} could not be deleted: {error}. Nobody knows its \
                 value any more. Delete it in the Okta Admin Console (Applications > API Service Integrations)."
            ),
            AttributePath::root(),
        );
    }
}

/// Retires a secret of a client. It is well where it, or its client, is gone already.
async fn retire_listed(okta: &okta::Client, client_id: &str, secret_id: &str) -> Result<(), RetireError> {
    let secrets = match okta.list_secrets(client_id, Freshness::now()).await {
        Err(error) if error.is_not_found() => return Ok(()),
        listed => listed?,
    };
    match secrets.iter().find(|secret| secret.id == secret_id) {
        Some(secret) => retire(okta, client_id, secret, None).await.map(drop),
        None => Ok(()),
    }
}
