//! The link of an integration, where the provider can see it: it tells whether a secret is in use.
//!
//! A rotation that was killed once Druva had the new secret, before Terraform wrote the state, leaves Druva with a secret
//! that nobody knows, and the state with the one before. Trying whether Druva lives on the unknown one would disconnect
//! it for a moment. The state holds one that works: Druva is given that one again, and needs the unknown one no longer.

use terraform_plugin::timeouts::{self, Operation};
use tf_provider::Diagnostics;

use super::model::Model;
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::druva;
use crate::druva::okta_links::{AppStatus, Link};
use crate::linking::connection::{self, Outcome};
use crate::linking::connection_probe::ConnectionProbe;
use crate::linking::handover::Handover;
use crate::linking::policy::{Policy, Slot};
use crate::okta::api_services::Secret;

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

    /// Where another secret of `secrets` is to go, and may be in use: gives Druva the one in the state. Where that is
    /// refused, or nothing comes back, Druva keeps what it has, and trying tells.
    pub async fn give_held(
        &self,
        clients: &SharedClients,
        state: &Model,
        secrets: &[Secret],
        policy: Policy<'_>,
    ) -> Option<()> {
        let held = state.client_secret.as_ref_option()?;
        let Doubt { ours, unknown } = doubt(policy, secrets, &self.link.app_status)?;
        let druva = &clients.get()?.druva.ready()?.clone();
        let (domain, client_id) = (&self.domain, self.link.client_id.as_str());
        let handover = Handover { clients, druva, domain, client_id, argument: "client_secret" };
        let candidate = handover.take(held);
        handover.verify(&candidate, &mut Diagnostics::default()).await.ok()?;
        tracing::info!("giving Druva the secret {} again, so that {} is not in use", ours.id, unknown.id);
        let link = handover.authorize(&candidate, &self.link.id).await.ok()?;
        matches!(connection::settle(druva, link, None).await, Outcome::Connected(_)).then_some(())
    }
}

/// A secret that may be in use, and that the one in the state can take the place of.
struct Doubt<'a> {
    ours: &'a Secret,
    unknown: &'a Secret,
}

/// The doubt that giving Druva the secret in the state would end. None where there is none, and where Druva is not connected,
/// so that nobody can tell.
fn doubt<'a>(policy: Policy<'_>, secrets: &'a [Secret], status: &AppStatus) -> Option<Doubt<'a>> {
    let Some(Slot::InPlaceOf(candidates)) = policy.slot(secrets) else { return None };
    // One that is inactive goes alone.
    let [unknown, ours] = candidates[..] else { return None };
    (Some(ours.id.as_str()) == policy.ours && *status == AppStatus::Connected).then_some(Doubt { ours, unknown })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::okta::api_services::SecretStatus;

    #[test]
    fn the_secret_in_the_state_is_given_where_another_one_may_be_in_use() {
        use SecretStatus::{Active, Inactive};
        let secret = |id: &str, status, second: u8| Secret {
            id: id.into(),
            status,
            secret_hash: id.into(),
            created: format!("2023-02-21T20:08:0{second}.000Z").as_str().into(),
        };
        let ours = Policy { ours: Some("ours"), replace_oldest: false, has_probe: false };
        let oldest = Policy { replace_oldest: true, ..ours };
        let connected = AppStatus::Connected;
        let rows = [
            ("a newer one", ours, secret("b", Active, 2), &connected, Some("b")),
            ("a newer one, while Druva is not connected", ours, secret("b", Active, 2), &AppStatus::NotConnected, None),
            ("a newer one, while Druva is connecting", ours, secret("b", Active, 2), &AppStatus::Connecting, None),
            ("an inactive one", ours, secret("b", Inactive, 2), &connected, None),
            ("an older one", ours, secret("b", Active, 0), &connected, None),
            ("an older one that may go", oldest, secret("b", Active, 0), &connected, Some("b")),
            ("none of ours", Policy { ours: None, ..oldest }, secret("b", Active, 2), &connected, None),
        ];
        for (name, policy, other, status, expected) in rows {
            let secrets = [secret("ours", Active, 1), other];
            let found = doubt(policy, &secrets, status);
            assert_eq!(found.as_ref().map(|doubt| doubt.unknown.id.as_str()), expected, "{name}");
            assert!(found.is_none_or(|doubt| doubt.ours.id == "ours"), "{name}");
        }
        assert!(doubt(ours, &[secret("ours", Active, 1)], &connected).is_none(), "a free slot");
    }
}
