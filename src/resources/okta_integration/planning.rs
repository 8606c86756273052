//! What plans of an integration have in common: what an installation would be, and what an apply would refuse.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::private::{Planned, Private, Remembered};
use super::{Model, OktaIntegrationResource, installation, problems};
use crate::framework::Report;
use crate::framework::timeouts::{self, Operation};
use crate::http::Freshness;
use crate::okta::sought::Sought;
use crate::resources::rotation;

impl OktaIntegrationResource {
    /// The plan of an installation. What the apply would refuse because of what there is in Okta goes to `found`. An
    /// integration whose id is `replaced` goes with this plan.
    pub(super) async fn plan_installation(
        &self,
        proposed: Model,
        config: &Model,
        replaced: Option<&str>,
        found: &mut Diagnostics,
        diags: &mut Diagnostics,
    ) -> Option<(Model, Option<Private>)> {
        self.clients.expect_okta(diags).ok()?;
        let mut plan = proposed.with_own_defaults(config).all_unknown();
        plan.leave_open(config);
        plan.org_url = self.clients.planned_org_url();
        if self.clients.okta_is_unknown() {
            if plan.adopt_existing == Value::Value(false) {
                Remembered::by_default().fill(&mut plan, config);
            }
        } else {
            let okta = self.clients.until(timeouts::deadline(&plan.timeouts, Operation::Read)).okta(diags).ok()?;
            let default = self.default_of(&plan);
            let Some(foreseen) = installation::foresee(&okta, &plan, config, replaced, default, found).await else {
                diags.errors.append(&mut found.errors);
                return None;
            };
            foreseen.fill(&mut plan, config);
        }
        let planned = Planned { org_url: plan.org_url.as_ref_option().cloned(), ..Planned::default() };
        let private = Private::planning(Remembered::of(&plan), planned);
        Some((plan, Some(private)))
    }

    /// What an installation gets where the configuration does not say. The plan that shows the type of what it adopts is
    /// made again in the apply; if a tainted object was that one, it is gone by then, and the type is still the right one.
    fn default_of(&self, plan: &Model) -> Remembered {
        let default = Remembered::by_default();
        let removed = plan.org_url.as_deref_option().and_then(|org| self.run.removed_type(org));
        match removed.filter(|_| plan.adopt_existing == Value::Value(true)) {
            Some(kind) => default.with_kind(kind),
            None => default,
        }
    }

    /// Says what a plan that replaces the integration does not show: that Druva is cut off meanwhile, or what stands in the
    /// way of installing the new one beside the old one.
    pub(super) async fn announce_replacement(&self, prior: &Model, plan: &Model, diags: &mut Diagnostics) {
        if plan.allow_second_installation != Value::Value(true) {
            diags.warn(
                problems::no_access_meanwhile(),
                "Okta cannot change an installed integration, so the old one is removed and another one is installed. From \
                 the removal until the druva_okta_link has moved, Druva has no access. If the installation fails, there is \
                 none at all.\n\nTo have the new one installed first, write into the resource:\n\n  \
                 allow_second_installation = true\n\n  lifecycle {\n    create_before_destroy = true\n  }",
                AttributePath::root(),
            );
            return;
        }
        let mut found = Diagnostics::default();
        self.expect_at_most_one(prior, plan, &mut found).await;
        diags.warn_of(found);
    }

    /// An error where the org has more than the integration that is replaced.
    async fn expect_at_most_one(&self, prior: &Model, plan: &Model, diags: &mut Diagnostics) -> Option<()> {
        if self.clients.okta_is_unknown() {
            return Some(());
        }
        let okta = self.clients.until(timeouts::deadline(&plan.timeouts, Operation::Read)).okta(diags).ok()?;
        let sought = Sought::by(plan.kind.as_deref_option());
        let there = installation::installed(&okta, &sought, Freshness::Cached, diags).await?;
        let is_other = |id: &str| Some(id) != prior.id.as_deref_option();
        if there.iter().filter(|instance| is_other(&instance.id)).count() > 0 {
            installation::refuse_second(diags, &okta, &there, plan, "");
            return None;
        }
        Some(())
    }

    /// An error where minting would be refused: both secrets may be in use.
    pub(super) async fn expect_room(&self, prior: &Model, plan: &Model, diags: &mut Diagnostics) -> Option<()> {
        let (false, Value::Value(id)) = (self.clients.okta_is_unknown(), &prior.id) else { return Some(()) };
        let okta = self.clients.until(timeouts::deadline(&plan.timeouts, Operation::Read)).okta(diags).ok()?;
        let secrets = rotation::list(&okta, id, Freshness::Cached, diags).await?;
        if plan.policy(prior.client_secret_id.as_deref_option()).slot(&secrets).is_none() {
            rotation::refuse(id, &secrets, diags);
            return None;
        }
        Some(())
    }
}
