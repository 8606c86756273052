//! The link of an integration, where the provider can see it: it tells whether a secret is in use.
//!
//! A rotation that was killed once Druva had the new secret, before Terraform wrote the state, leaves Druva with a secret
//! that nobody knows, and the state with the one before. Trying whether Druva lives on the unknown one would disconnect
//! it for a moment. The state holds one that works: Druva is given that one again, and needs the unknown one no longer.

use tf_provider::{AttributePath, Diagnostics};

use super::Model;
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::druva;
use crate::druva::okta_links::{AppStatus, Link, OktaClient};
use crate::framework::timeouts::{self, Operation};
use crate::okta::api_services::Secret;
use crate::resources::okta_link::authorization;
use crate::resources::okta_link::connection::{self, Outcome};
use crate::resources::rotation::{ConnectionProbe, Policy, Slot};

/// A link whose client is the integration's.
pub(super) struct LinkAtHand {
    druva: druva::Client,
    domain: OktaDomain,
    link: Link,
}

impl LinkAtHand {
    pub async fn find(clients: &SharedClients, state: &Model) -> Option<Self> {
        let clients = clients.until(timeouts::deadline(&state.timeouts, Operation::Read)).get()?;
        let druva = clients.druva.ready()?.clone();
        let domain = OktaDomain::parse(state.org_url.as_deref_option()?).ok()?;
        let link = druva.find_link_of(state.client_id.as_deref_option()?).await.ok()??;
        Some(Self { druva, domain, link })
    }

    pub fn probe(&self) -> ConnectionProbe<'_> {
        ConnectionProbe { druva: &self.druva, link_id: &self.link.id }
    }

    /// Where another secret of `secrets` is to make room, and may be in use: gives Druva the one in the state. Where that is
    /// refused, or nothing comes back, Druva keeps what it has, and trying tells.
    pub async fn give_held(
        &self,
        clients: &SharedClients,
        state: &Model,
        secrets: &[Secret],
        policy: Policy<'_>,
    ) -> Option<()> {
        let held = state.client_secret.as_ref_option()?;
        let Some(Slot::InPlaceOf(candidates)) = policy.slot(secrets) else { return None };
        // One that is inactive makes room alone.
        let [unknown, ours] = candidates[..] else { return None };
        if Some(ours.id.as_str()) != policy.ours || self.link.app_status != AppStatus::Connected {
            return None;
        }
        let druva = clients.get()?.druva.ready()?.clone();
        let client = OktaClient { client_id: &self.link.client_id, client_secret: held };
        let mut unsaid = Diagnostics::default();
        let attribute = AttributePath::root();
        authorization::verify_secret(clients, &druva, &self.domain, client, attribute, &mut unsaid).await.ok()?;
        tracing::info!("giving Druva the secret {} again, so that {} is not in use", ours.id, unknown.id);
        let link = druva.authorize_link(&self.link.id, client).await.ok()?;
        matches!(connection::settle(&druva, link, None).await, Outcome::Connected(_)).then_some(())
    }
}
