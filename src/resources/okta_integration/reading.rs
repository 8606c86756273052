//! Reading an integration: what there is, and what it means that it is not found.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Report, Reported, State};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::model::Model;
use super::private::Private;
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics::{ADDRESS_IS_ABOVE, OktaOperation};
use crate::http::Freshness;
use crate::linking::recent;
use crate::{diagnostics, okta};

/// The state and private data as they are now; None where the integration was removed in Okta. One that is less than five
/// minutes old is looked for again.
///
/// # Errors
/// Where it cannot be told, so that the state stays.
pub(super) async fn read(
    clients: &SharedClients,
    before: State<Model, Private>,
    diags: &mut Diagnostics,
) -> Result<Option<State<Model, Private>>, Reported> {
    if clients.okta_is_unknown() {
        return Ok(Some(before));
    }
    let state = &before.model;
    let okta = clients.until(timeouts::deadline(&state.timeouts, Operation::Read)).okta(diags)?;
    let id = state.id.as_deref_option().unwrap_or_default();
    let created = state.created_at.as_deref_option().unwrap_or_default();
    let is_here = !matches!(&state.org_url, Value::Value(org) if !okta.domain().is_same_org(org));
    // Asked after an answer, which tells the server's time.
    let is_too_new = || is_here && recent::is_recent(created, okta.server_time(Instant::now()));
    let (instance, secrets) = tokio::join!(
        recent::look_again(okta.http(), || okta.find_instance(id), |found| is_found(found) || !is_too_new()),
        recent::look_again(
            okta.http(),
            || okta.list_secrets(id, Freshness::Cached),
            |found| is_found(found) || !is_too_new()
        ),
    );
    let instance = match instance {
        Ok(instance) => instance,
        Err(error) if !error.is_not_found() => {
            return Err(diagnostics::okta(diags, OktaOperation::ReadIntegration(id), &error, AttributePath::root()));
        }
        Err(_) if is_too_new() => {
            recent::report_missing(diags, &format!("integration {id}"), created, "Okta");
            diags.check()?;
            return Ok(Some(before));
        }
        Err(_) if is_here => {
            tracing::warn!("the integration {id} is gone from {}; removing it from the state", okta.domain());
            return Ok(None);
        }
        Err(_) => return Err(report_other_org(diags, state, id, &okta)),
    };
    let mut fresh = state.observed(&instance, &okta);
    match secrets {
        Ok(secrets) => fresh.observe_secret(&secrets, diags),
        // What is known of the integration itself is new all the same.
        Err(error) => {
            diagnostics::okta(diags, OktaOperation::ListSecrets(id), &error, AttributePath::root());
        }
    }
    let private = Private::after_reading(before.private, &before.model, &fresh);
    Ok(Some(State { model: fresh, private }))
}

fn is_found<T>(answer: &Result<T, okta::Error>) -> bool {
    !matches!(answer, Err(error) if error.is_not_found())
}

/// An error: we are looking in another org than the one where it was installed.
fn report_other_org(diags: &mut Diagnostics, state: &Model, id: &str, okta: &okta::Client) -> Reported {
    diags.fail(
        problems::other_org(),
        format!(
            "The integration {id} was installed in {}. The provider is configured for {}, which does not have it. Choose \
             one of these:\n  - Set okta.org_url back.\n  - To leave the old integration alone, take the resource out of the \
             state:\n      terraform state rm ADDRESS\n\n{ADDRESS_IS_ABOVE}",
            state.org_url.as_deref_option().unwrap_or_default(),
            okta.domain()
        ),
        AttributePath::new("org_url"),
    )
}
