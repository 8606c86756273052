//! What follows a creation or a change: what Okta says about the secret in use, and the older ones retired.

use terraform_plugin::Report;
use tf_provider::Diagnostics;

use super::model::Model;
use super::superseded::{self, ClientAge};
use crate::druva::okta_links::AppStatus;
use crate::http::Freshness;
use crate::linking::handover::Handover;

/// The state after a change of `prior`, or after a creation. Secrets are retired once Druva is connected without an error.
pub(super) async fn conclude(
    handover: &Handover<'_>,
    mut state: Model,
    planned: &Model,
    prior: Option<&Model>,
    diags: &mut Diagnostics,
) -> Model {
    let secrets = superseded::look_up(handover.clients, &state, Freshness::now(), ClientAge::MaybeNew).await;
    superseded::observe(secrets.as_deref(), &mut state, diags);
    let is_connected = state.status.as_deref_option() == Some(AppStatus::CONNECTED);
    // Only what the plan showed: a secret that was superseded since then is the next plan's.
    if is_connected && diags.check().is_ok() && planned.retires() {
        let secrets = secrets.unwrap_or_default();
        superseded::warn_of_undecided(&state, &secrets, diags);
        superseded::retire(handover, &mut state, &secrets, prior, diags).await;
    }
    state
}
