//! Reading an integration: what there is, and what it means that it is not found.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::{Model, problems};
use crate::diagnostics::OktaOperation;
use crate::framework::Report;
use crate::http::Freshness;
use crate::okta::api_services::{Instance, Secret};
use crate::resources::recent;
use crate::{diagnostics, okta};

/// What a look at the integration of a state came to.
pub(super) enum Reading {
    /// It is there, and these are its secrets, if Okta told.
    There(Box<Instance>, Option<Vec<Secret>>),
    /// It was removed in Okta.
    Gone,
    /// It cannot be told, and an error says why.
    Unknown,
}

/// Looks for the integration of `state`. One that is less than five minutes old is looked for again.
pub(super) async fn look(okta: &okta::Client, state: &Model, diags: &mut Diagnostics) -> Reading {
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
        Ok(instance) => Box::new(instance),
        Err(error) if error.is_not_found() && is_too_new() => {
            recent::report_missing(diags, &format!("integration {id}"), created, "Okta");
            return Reading::Unknown;
        }
        Err(error) if error.is_not_found() && is_here => {
            tracing::warn!("the integration {id} is gone from {}; removing it from the state", okta.domain());
            return Reading::Gone;
        }
        Err(error) if error.is_not_found() => {
            report_other_org(diags, state, id, okta);
            return Reading::Unknown;
        }
        Err(error) => {
            diagnostics::okta(diags, OktaOperation::ReadIntegration(id), &error, AttributePath::root());
            return Reading::Unknown;
        }
    };
    let secrets = secrets.map_err(|error| {
        diagnostics::okta(diags, OktaOperation::ListSecrets(id), &error, AttributePath::root());
    });
    Reading::There(instance, secrets.ok())
}

fn is_found<T>(answer: &Result<T, okta::Error>) -> bool {
    !matches!(answer, Err(error) if error.is_not_found())
}

/// An error: we are looking in another org than the one where it was installed.
fn report_other_org(diags: &mut Diagnostics, state: &Model, id: &str, okta: &okta::Client) {
    diags.fail(
        problems::other_org(),
        format!(
            "The integration {id} was installed in {}, and the provider is configured for {}, which does not have it.\n\n\
             Set okta.org_url back. If the old integration is to stay as it is, take the resource out of the state (its \
             address stands above, after \"with\"):\n  terraform state rm ADDRESS",
            state.org_url.as_deref_option().unwrap_or_default(),
            okta.domain()
        ),
        AttributePath::new("org_url"),
    );
}
