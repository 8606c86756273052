//! Handing a secret over to Druva, and what is tidied up afterwards.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::authorization::{self, Candidate, SecretSource, refuses_secret, until_known};
use super::superseded::ClientAge;
use super::{Model, Planned};
use super::{org, problems, superseded};
use crate::clients::SharedClients;
use crate::diagnostics::DruvaOperation;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{AppStatus, Link};
use crate::framework::Report;
use crate::http::Freshness;
use crate::resources::rotation::{self, ConnectionProbe, Policy, Retired};
use crate::{diagnostics, druva};

/// An error where minting for a new link would be refused, because both secrets may be in use elsewhere. The one that was
/// minted for a link that is `removed` before goes with it.
pub(super) async fn expect_room(
    clients: &SharedClients,
    config: &Model,
    removed: Option<&Planned>,
    diags: &mut Diagnostics,
) {
    let (Some(shared), Value::Value(client_id)) = (clients.get(), &config.client_id) else { return };
    let Some(okta) = shared.okta.ready() else { return };
    // Where they cannot be listed yet, apply says why.
    let Ok(mut secrets) = okta.list_secrets(client_id, Freshness::Cached).await else { return };
    let gone = removed.and_then(|removed| removed.minted_secret_id.as_ref());
    secrets.retain(|secret| Some(&secret.id) != gone);
    if (Policy { ours: None, replace_oldest: false, has_probe: false }).slot(&secrets).is_none() {
        rotation::refuse(client_id, &secrets, diags);
    }
}

/// What Druva was given.
pub(super) struct Given {
    /// As Druva shows it then.
    pub link: Link,
    /// With what is known of the secret.
    pub state: Model,
    /// Until then, a refusal may only mean that the secret is new.
    pub new_until: Option<Instant>,
}

/// Gives Druva the client and secret. None, with an error, if Druva still has the ones before.
pub(super) async fn authorize(
    clients: &SharedClients,
    prior: &Model,
    planned: &Model,
    config: &Model,
    probe: ConnectionProbe<'_>,
    diags: &mut Diagnostics,
) -> Option<Given> {
    let ConnectionProbe { druva, link_id } = probe;
    let domain = org(planned, diags).ok()?;
    let in_use = prior.client_secret_id.as_deref_option();
    let candidate = Candidate::obtain(clients, planned, config, in_use, Some(probe), diags).await?;
    if verifies(planned) && candidate.verify_secret(clients, druva, &domain, diags).await.is_err() {
        candidate.discard(clients, None, diags).await;
        return None;
    }
    let mut superseded = candidate.superseded();
    if planned.has_client_of(prior) {
        superseded.extend(prior.superseded_secret_ids.as_ref_option().cloned().unwrap_or_default());
        superseded.extend(prior.client_secret_id.is_value().then(|| prior.client_secret_id.clone()));
    }
    let state = planned.authorized_with(&candidate, superseded);
    let new_until = authorization::new_until(clients, &candidate.secret);
    let give = || druva.authorize_link(link_id, candidate.client());
    match until_known(clients, druva, &candidate.secret, refuses_secret, give).await {
        Ok(link) => Some(Given { link, state, new_until }),
        Err(error) => {
            let attribute = authorization::attribute(&error, SecretSource::of(config));
            diagnostics::druva(diags, DruvaOperation::Authorize(link_id), &error, attribute);
            // After a lost answer, Druva may have the secret all the same.
            let probe = Some(probe).filter(|_| error.may_have_acted());
            match candidate.discard(clients, probe, diags).await {
                Retired::Yes => None,
                Retired::InUse => {
                    let link = druva.for_cleanup().get_link(link_id).await.ok()?;
                    Some(Given { link, state, new_until })
                }
            }
        }
    }
}

/// The state after a change of `prior`, or after a creation: what Okta says about the secret in use, and the older ones
/// retired.
pub(super) async fn conclude(
    clients: &SharedClients,
    mut state: Model,
    planned: &Model,
    prior: Option<&Model>,
    domain: &OktaDomain,
    druva: &druva::Client,
    diags: &mut Diagnostics,
) -> Model {
    let secrets = superseded::look_up(clients, &state, Freshness::now(), ClientAge::MaybeNew).await;
    superseded::observe(secrets.as_deref(), &mut state, diags);
    let is_connected = state.status.as_deref_option() == Some(AppStatus::CONNECTED);
    // Only what the plan showed: a secret that was superseded since then is the next plan's.
    if is_connected && diags.errors.is_empty() && planned.retires() {
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        let probe = ConnectionProbe { druva, link_id: &id };
        let secrets = secrets.unwrap_or_default();
        superseded::name_undecided(&secrets, &state, diags);
        superseded::retire(clients, domain, (&mut state, &secrets), prior, probe, diags).await;
    }
    state
}

/// The link is gone, and with it the use of the secret that was minted for it.
pub(super) async fn retire_minted(clients: &SharedClients, state: &Model, diags: &mut Diagnostics) {
    let (Value::Value(true), Value::Value(secret_id)) = (state.mint_client_secret, &state.client_secret_id) else {
        return;
    };
    let Some(okta) = clients.get().and_then(|clients| clients.okta.ready().cloned()) else { return };
    let client_id = state.client_id.as_deref_option().unwrap_or_default();
    let retired = match okta.list_secrets(client_id, Freshness::now()).await {
        Ok(secrets) => match secrets.iter().find(|secret| secret.id == *secret_id) {
            Some(secret) => rotation::retire(&okta, client_id, secret, None).await.map(drop),
            None => Ok(()),
        },
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = retired {
        diags.warn(
            problems::minted_stays(),
            format!(
                "The org is unlinked, but the secret {secret_id} of {client_id} could not be deleted: {error}. \
                 Nobody knows its value any more; delete it in the Okta Admin Console (Applications > API Service \
                 Integrations)."
            ),
            AttributePath::root(),
        );
    }
}

pub(super) fn verifies(planned: &Model) -> bool {
    planned.verify_client_secret == Value::Value(true)
}
