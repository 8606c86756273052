//! Reading a link: what Druva shows of it, and what it means that it is not found.

use terraform_plugin::Reported;
use terraform_plugin::timeouts::{self, Operation};
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::model::Model;
use super::superseded::{self, ClientAge};
use crate::clients::SharedClients;
use crate::diagnostics::DruvaOperation;
use crate::http::Freshness;
use crate::linking::recent;
use crate::{diagnostics, druva};

/// The state as it is now. None where the link is gone.
///
/// # Errors
/// One that it cannot be told.
pub(super) async fn read(
    clients: &SharedClients,
    state: Model,
    diags: &mut Diagnostics,
) -> Result<Option<Model>, Reported> {
    if clients.druva_is_unknown() {
        return Ok(Some(state));
    }
    let clients = clients.until(timeouts::deadline(&state.timeouts, Operation::Read));
    let druva = clients.druva(diags)?;
    let (id, added) = (state.link_id(), state.added_on.as_deref_option().unwrap_or_default());
    // Asked after an answer, which tells the server's time.
    let is_too_new = || recent::is_recent(added, druva.server_time(Instant::now()));
    let client = if is_too_new() { ClientAge::MaybeNew } else { ClientAge::Settled };
    let look_up = |state| superseded::look_up(&clients, state, Freshness::Cached, client);
    let is_settled =
        |found: &Result<_, druva::Error>| !found.as_ref().is_err_and(druva::Error::is_not_found) || !is_too_new();
    let look = recent::look_again(druva.http(), || druva.get_listed_link(id), is_settled);
    let (link, mut secrets) = tokio::join!(look, look_up(&state));
    match link {
        Ok(link) => {
            let mut fresh = state.observed(&link);
            if !fresh.has_client_of(&state) {
                secrets = look_up(&fresh).await;
            }
            superseded::observe(secrets.as_deref(), &mut fresh, diags);
            Ok(Some(fresh))
        }
        Err(error) if error.is_not_found() && is_too_new() => {
            Err(recent::report_missing(diags, &format!("link {id}"), added, "Druva"))
        }
        Err(error) if error.is_not_found() => {
            tracing::warn!("the link {id} is gone from Druva; removing it from the state");
            Ok(None)
        }
        Err(error) => Err(diagnostics::druva(diags, DruvaOperation::ReadLink(id), &error, AttributePath::root())),
    }
}
