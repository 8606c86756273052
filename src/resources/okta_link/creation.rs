//! Linking an org: looking first, getting the secret and proving it, and only then giving it to Druva.

use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::authorization::{Candidate, Reason, SecretSource, new_until, refuses_secret, until_known};
use super::new_link::Origin;
use super::{Model, failed_link, handover, key_management, lost_link, new_link, org};
use crate::clients::SharedClients;
use crate::druva::okta_links::NewLink;
use crate::framework::checkpoint;
use crate::framework::timeouts::{self, Operation};
use crate::resources::attempt::Attempt;
use crate::resources::rotation::ConnectionProbe;

/// The state of the new link. None, with an error, where there is none.
pub(super) async fn create(
    clients: &SharedClients,
    planned: &Model,
    config: &Model,
    diags: &mut Diagnostics,
) -> Option<Model> {
    let clients = clients.until(timeouts::deadline(&planned.timeouts, Operation::Create));
    let druva = clients.druva(diags).ok()?;
    let domain = org(planned, diags).ok()?;
    let source = SecretSource::of(config);
    // Before a secret is minted or sent for nothing; and importing a link that exists needs none.
    failed_link::expect_none(&druva, &domain, diags).await?;
    if source == SecretSource::None {
        Reason::New.demand_secret(diags);
        return None;
    }
    if config.cloud_key_management_enabled == Value::Value(false) && key_management::known(&clients).await == Some(true)
    {
        key_management::refuse_off(diags);
        return None;
    }
    let candidate = Candidate::obtain(&clients, planned, config, None, None, diags).await?;
    if handover::verifies(planned) && candidate.verify_secret(&clients, &druva, &domain, diags).await.is_err() {
        candidate.discard(&clients, None, diags).await;
        return None;
    }
    let request = NewLink { okta_domain: &domain.origin(), client: candidate.client() };
    let attempt = Attempt::begin();
    let link = || druva.create_link(&request);
    let outcome = match until_known(&clients, &druva, &candidate.secret, refuses_secret, link).await {
        Err(error) if error.may_have_acted() => {
            let found = lost_link::recover(&druva, &domain, candidate.client(), attempt, error, diags).await;
            found.map(|link| (link, Origin::FoundAgain))
        }
        outcome => outcome.map(|link| (link, Origin::Answered)),
    };
    let (link, origin) = match outcome {
        Ok(made) => made,
        Err(error) => {
            let found = failed_link::report(&druva, &domain, &error, source, diags).await;
            // A link that is there after a lost answer may use the secret.
            let lost = found.filter(|_| error.may_have_acted());
            let probe = lost.as_ref().map(|link_id| ConnectionProbe { druva: &druva, link_id });
            candidate.discard(&clients, probe, diags).await;
            return None;
        }
    };
    let state = planned.authorized_with(&candidate, candidate.superseded()).observed(&link);
    checkpoint(&state);
    let new_until = new_until(&clients, &candidate.secret);
    let Some(link) = new_link::complete(&druva, planned, (link, origin), new_until, diags).await else {
        candidate.discard(&clients, None, diags).await;
        return None;
    };
    if planned.cloud_key_management_enabled.is_unknown() && !link.cloud_key_management_enabled {
        key_management::warn_of_off(diags);
    }
    let state = state.observed(&link).with_switches_of(planned);
    let state = handover::conclude(&clients, state, planned, None, &domain, &druva, diags).await;
    Some(state)
}
