//! Linking an org: looking first, getting the secret and verifying it, and only then giving it to Druva.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Report, Reported, checkpoint};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::conclusion::conclude;
use super::model::Model;
use super::obtaining::Wanted;
use super::reason::Reason;
use super::secret_source::SecretSource;
use super::{failed_link, key_management, new_link, problems};
use crate::clients::SharedClients;
use crate::linking::connection_probe::ConnectionProbe;
use crate::linking::handover::{Candidate, Handover};
use crate::{diagnostics, druva};

/// The state of the new link.
///
/// # Errors
/// One that says why there is none.
pub(super) async fn create(
    clients: &SharedClients,
    planned: &Model,
    config: &Model,
    diags: &mut Diagnostics,
) -> Result<Model, Reported> {
    let clients = &clients.until(timeouts::deadline(&planned.timeouts, Operation::Create));
    let druva = &clients.druva(diags)?;
    let domain = &planned.org(diags)?;
    let source = SecretSource::of(config);
    // Before a secret is minted or sent for nothing; and importing a link that exists needs none.
    failed_link::expect_none(druva, domain, diags).await?;
    if source == SecretSource::None {
        return Err(Reason::New.demand_secret(diags));
    }
    if config.cloud_key_management_enabled == Value::Value(false) && key_management::known(clients).await == Some(true)
    {
        return Err(key_management::refuse_off(diags));
    }

    let handover =
        Handover { clients, druva, domain, client_id: planned.known_client_id(), argument: source.argument() };
    let wanted = Wanted { planned, config, reason: &Reason::New, in_use: None, probe: None };
    let candidate = wanted.obtain(&handover, diags).await?;
    let made = match handover.create_link(&candidate).await {
        Ok(made) => made,
        Err(error) => return Err(give_up(&handover, &candidate, &error, diags).await),
    };
    if let Some(error) = &made.lost_answer {
        warn_of_lost_answer(error, &made.link.id, diags);
    }
    let state = planned.authorized_with(&candidate, [].into()).observed(&made.link);
    checkpoint(&state);

    let new_until = handover.new_until(&candidate);
    let link = match new_link::complete(druva, planned, made, new_until, diags).await {
        Ok(link) => link,
        Err(unlinked) => {
            let _ = handover.discard(&candidate, None, diags).await;
            return Err(unlinked);
        }
    };
    if planned.cloud_key_management_enabled.is_unknown() && !link.cloud_key_management_enabled {
        key_management::warn_of_off(diags);
    }
    Ok(conclude(&handover, state.observed(&link), planned, None, diags).await)
}

/// Says why no link came into being, and discards the secret that was minted for it. A link that is there after a lost answer
/// may use it.
async fn give_up(
    handover: &Handover<'_>,
    candidate: &Candidate,
    error: &druva::Error,
    diags: &mut Diagnostics,
) -> Reported {
    let failed = failed_link::report(handover, error, diags).await;
    let probe = failed.doubtful_link_id.as_ref().map(|link_id| ConnectionProbe { druva: handover.druva, link_id });
    let _ = handover.discard(candidate, probe, diags).await;
    failed.reported
}

fn warn_of_lost_answer(error: &druva::Error, link_id: &str, diags: &mut Diagnostics) {
    let said = diagnostics::sentence(&error.to_string());
    diags.warn(
        problems::went_on(),
        format!("{said}\n\nThis apply made the link {link_id} all the same, and goes on with it."),
        AttributePath::root(),
    );
}
