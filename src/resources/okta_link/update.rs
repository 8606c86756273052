//! Changing a link in place: another client or secret, a wait for Druva's connection, the switches.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::authorization::{Reason, SecretSource};
use super::connection::{self, Outcome};
use super::{Model, handover, key_management, new_link, org, switches};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::druva::okta_links::AppStatus;
use crate::framework::checkpoint;
use crate::framework::timeouts::{self, Operation};
use crate::resources::rotation::ConnectionProbe;

/// The state after the change. None, with an error, where nothing was changed.
pub(super) async fn update(
    clients: &SharedClients,
    prior: Model,
    planned: &Model,
    config: &Model,
    diags: &mut Diagnostics,
) -> Option<Model> {
    let clients = clients.until(timeouts::deadline(&planned.timeouts, Operation::Update));
    let druva = clients.druva(diags).ok()?;
    let domain = org(planned, diags).ok()?;
    let id = prior.id.as_ref_option().cloned().unwrap_or_default();
    let mut link = match druva.get_link(&id).await {
        Ok(link) => link,
        Err(error) => {
            diagnostics::druva(diags, DruvaOperation::ReadLink(&id), &error, AttributePath::root());
            return Some(prior);
        }
    };
    if config.cloud_key_management_enabled == Value::Value(false) && link.cloud_key_management_enabled {
        key_management::refuse_off(diags);
        return Some(prior);
    }
    let source = SecretSource::of(config);
    let reason = Reason::between(&prior, planned, source);
    if link.app_status == AppStatus::Connecting && matches!(reason, None | Some(Reason::NotConnected(_))) {
        link = match connection::settle(&druva, link, None).await {
            Outcome::Connected(link) | Outcome::Refused(link) => link,
            Outcome::Pending(link, error) => {
                let attribute = AttributePath::new("status");
                diagnostics::druva(diags, DruvaOperation::WaitUntilConnected, &error, attribute);
                return Some(prior.observed(&link));
            }
        };
    }
    // Druva may have connected by itself since the plan.
    let reason =
        reason.filter(|reason| !matches!(reason, Reason::NotConnected(_)) || link.app_status != AppStatus::Connected);
    if let (Some(reason), SecretSource::None) = (&reason, source) {
        reason.demand_secret(diags);
        return Some(prior);
    }
    let mut basis = planned.with_superseded_of(&prior);
    let mut new_until = None;
    if reason.is_some() {
        let probe = ConnectionProbe { druva: &druva, link_id: &id };
        let given = handover::authorize(&clients, &prior, planned, config, probe, diags).await?;
        (link, basis, new_until) = (given.link, given.state, given.new_until);
        checkpoint(&basis.observed(&link));
    }
    link = connection::wait(&druva, link, new_until, diags).await;
    let mut impossible = false;
    if diags.errors.is_empty()
        && let Some(unset) = switches::set(&druva, planned, &mut link).await
    {
        impossible = unset.is_impossible();
        if impossible {
            new_link::warn_of_unset(&link, &unset, diags);
        } else {
            let (operation, attribute) = (DruvaOperation::SetSwitches(&id), AttributePath::new(unset.attribute));
            diagnostics::druva(diags, operation, &unset.error, attribute);
        }
    }
    if !diags.errors.is_empty() && reason.is_none() {
        return Some(prior.observed(&link));
    }
    // Once Druva was given the new secret, it is the one to remember, whatever failed afterwards.
    let state = basis.observed(&link);
    let mut state = handover::conclude(&clients, state, planned, Some(&prior), &domain, &druva, diags).await;
    if diags.errors.is_empty() {
        state.keep_promises(planned);
    }
    if impossible {
        state = state.with_switches_of(planned);
    }
    Some(state)
}
