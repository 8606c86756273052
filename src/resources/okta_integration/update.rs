//! Updating in place: the secret is all that can change in Okta.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Report, Reported, State, Update};
use tf_provider::{AttributePath, Diagnostics};

use super::changes::{Change, changes};
use super::link_at_hand::LinkAtHand;
use super::model::Model;
use super::private::Private;
use super::problems;
use crate::clients::SharedClients;
use crate::http::Freshness;
use crate::linking::rotation::{self, Minting};
use crate::okta::api_services::MAX_SECRETS;

/// The state after an update.
///
/// # Errors
/// Where the state stays as it was.
pub(super) async fn update(
    clients: &SharedClients,
    Update { prior, planned, config, private }: Update<Model, Private>,
    diags: &mut Diagnostics,
) -> Result<State<Model, Private>, Reported> {
    let private = Private { planned: None, ..private };
    if changes(&prior, &planned).iter().any(|(_, change)| *change != Change::None) {
        let what = private.wanted.what_to_write(&config).unwrap_or_default();
        return Err(diags.fail(problems::to_be_written_out(), what, AttributePath::root()));
    }
    // The rest are arguments of the provider's own behaviour.
    if !planned.client_secret.is_unknown() {
        return Ok(State { model: planned, private });
    }
    let until = clients.until(timeouts::deadline(&planned.timeouts, Operation::Update));
    let okta = until.okta(diags)?;
    let id = prior.id.as_deref_option().unwrap_or_default();
    let secrets = rotation::list(&okta, id, Freshness::now(), diags).await?;
    // Nobody needs to be asked while another one fits.
    let link = if secrets.len() < MAX_SECRETS { None } else { LinkAtHand::find(clients, &prior).await };
    let policy = planned.policy(prior.client_secret_id.as_deref_option());
    if let Some(link) = &link {
        link.give_held(&until, &prior, &secrets, policy).await;
    }
    let probe = link.as_ref().map(LinkAtHand::probe);
    let minting = Minting { okta: &okta, instance_id: id, secrets: &secrets, policy, probe };
    let minted = minting.mint(diags).await?;
    Ok(State { model: planned.with_minted(minted), private })
}
