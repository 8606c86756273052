//! Changing a link in place: another client or secret, a wait for Druva's connection, the switches.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Report, Reported, Update, checkpoint};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::conclusion::conclude;
use super::model::Model;
use super::obtaining::Wanted;
use super::planned::Planned;
use super::reason::Reason;
use super::secret_source::SecretSource;
use super::{key_management, new_link, switches};
use crate::clients::SharedClients;
use crate::diagnostics::{DruvaOperation, LinkName};
use crate::druva::okta_links::{AppStatus, Link};
use crate::linking::connection::{self, Outcome};
use crate::linking::connection_probe::ConnectionProbe;
use crate::linking::handover::{Discarded, Handover};
use crate::{diagnostics, druva};

/// The state after the change, with an error in `diags` where only a part of it was done.
///
/// # Errors
/// One that says why nothing was changed.
pub(super) async fn update(
    clients: &SharedClients,
    change: &Update<Model, Planned>,
    diags: &mut Diagnostics,
) -> Result<Model, Reported> {
    let Update { prior, planned, config, .. } = change;
    let clients = &clients.until(timeouts::deadline(&planned.timeouts, Operation::Update));
    let druva = &clients.druva(diags)?;
    let domain = &planned.org(diags)?;
    let id = prior.link_id();
    let mut link = druva
        .get_link(id)
        .await
        .map_err(|error| diagnostics::druva(diags, DruvaOperation::ReadLink(id), &error, AttributePath::root()))?;
    if config.cloud_key_management_enabled == Value::Value(false) && link.cloud_key_management_enabled {
        return Err(key_management::refuse_off(diags));
    }

    let source = SecretSource::of(config);
    let reason = Reason::between(prior, planned, source);
    if link.app_status == AppStatus::Connecting && reason.as_ref().is_none_or(Reason::may_pass) {
        link = match connection::settle(druva, link, None).await {
            Outcome::Connected(link) | Outcome::Refused(link) => link,
            Outcome::Pending(link, error) => {
                let attribute = AttributePath::new("status");
                diagnostics::druva(diags, DruvaOperation::WaitUntilConnected, &error, attribute);
                return Ok(prior.observed(&link));
            }
        };
    }
    // Druva may have connected by itself since the plan.
    let reason = reason.filter(|reason| reason.holds(&link.app_status));

    let handover =
        Handover { clients, druva, domain, client_id: planned.known_client_id(), argument: source.argument() };
    let mut basis = planned.with_superseded_of(prior);
    let mut new_until = None;
    if let Some(reason) = &reason {
        let given = hand_over(&handover, reason, change, diags).await?;
        (link, basis, new_until) = (given.link, given.state, given.new_until);
        checkpoint(&basis.observed(&link));
    }
    link = match connection::wait(druva, link, new_until, diags).await {
        Ok(link) => link,
        Err(not_connected) => not_connected.link,
    };
    if diags.check().is_ok() {
        set_switches(druva, planned, &mut link, diags).await;
    }
    if diags.check().is_err() && reason.is_none() {
        return Ok(prior.observed(&link));
    }
    // Once Druva was given the new secret, it is the one to remember, whatever failed afterwards.
    Ok(conclude(&handover, basis.observed(&link), planned, Some(prior), diags).await)
}

/// What Druva was given.
struct Given {
    /// The link as Druva shows it then.
    link: Link,
    /// The plan, with what is known of the secret.
    state: Model,
    /// Until then, a refusal may only mean that the secret is new.
    new_until: Option<Instant>,
}

/// Gives Druva the client and secret. Where the answer got lost and Druva uses the secret all the same, there is an error in
/// `diags`, and what Druva was given.
///
/// # Errors
/// One that says why Druva still has the ones before.
async fn hand_over(
    handover: &Handover<'_>,
    reason: &Reason,
    Update { prior, planned, config, .. }: &Update<Model, Planned>,
    diags: &mut Diagnostics,
) -> Result<Given, Reported> {
    let (druva, link_id) = (handover.druva, prior.link_id());
    let probe = Some(ConnectionProbe { druva, link_id });
    let wanted = Wanted { planned, config, reason, in_use: prior.client_secret_id.as_deref_option(), probe };
    let candidate = wanted.obtain(handover, diags).await?;
    let state = planned.authorized_with(&candidate, prior.superseded_by(planned));
    let new_until = handover.new_until(&candidate);
    let error = match handover.authorize(&candidate, link_id).await {
        Ok(link) => return Ok(Given { link, state, new_until }),
        Err(error) => error,
    };
    let attribute = handover.attribute(&error);
    let reported = diagnostics::druva(
        diags,
        DruvaOperation::Authorize(LinkName { id: link_id, host: handover.domain.host() }),
        &error,
        attribute,
    );
    // After a lost answer, Druva may have the secret all the same.
    match handover.discard(&candidate, probe.filter(|_| error.may_have_acted()), diags).await? {
        Discarded::NotOurs | Discarded::Deleted => Err(reported),
        Discarded::InUse => match druva.for_cleanup().get_link(link_id).await {
            Ok(link) => Ok(Given { link, state, new_until }),
            Err(_) => Err(reported),
        },
    }
}

/// Sets the switches; what is not as planned then is an error, or a warning where the account does not allow it.
async fn set_switches(druva: &druva::Client, planned: &Model, link: &mut Link, diags: &mut Diagnostics) {
    let Some(unset) = switches::set(druva, planned, link).await else { return };
    if unset.is_impossible() {
        new_link::warn_of_unset(link, &unset, diags);
        return;
    }
    let (operation, attribute) = (DruvaOperation::SetSwitches((&*link).into()), AttributePath::new(unset.attribute));
    diagnostics::druva(diags, operation, &unset.error, attribute);
}
