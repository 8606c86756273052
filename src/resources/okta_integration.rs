//! `druva_okta_integration`: Druva's API service integration, installed in an Okta org.
//!
//! In the Okta Admin Console this is Applications > API Service Integrations > Add Integration > "Druva Data Security
//! Cloud" > Install & Authorize, and a dialog that shows the client secret once. Nobody sees it in Druva until a
//! `druva_okta_link` uses it.
//!
//! Okta has no call that updates an integration: another type, other scopes or properties mean removing and installing.
//! That costs the connection until the link has followed, so it happens only for what is known to differ: what is unknown
//! for the moment, or only differs from a default, replaces nothing (the Go framework replaces for unknown values; this is
//! another choice on purpose). What can change in place is the secret: when the one in the state no longer works, another
//! one is minted.
//!
//! The secret comes in the answer that installs (or mints), goes into the state, and is nowhere else. It is recognized
//! afterwards by Okta's id of it, and by its hash.

pub(crate) mod import;
mod installation;
mod link_at_hand;
mod lost_installation;
mod model;
mod planning;
mod private;
pub(crate) mod problems;
mod reading;
mod reason_to_mint;
mod run;
mod schema;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, Diagnostics, Resource};
use tokio::sync::Mutex;

use self::installation::Org;
use self::link_at_hand::LinkAtHand;
use self::model::Change;
pub use self::model::Model;
use self::private::{Planned, Private, Remembered};
use self::reading::Reading;
use self::reason_to_mint::ReasonToMint;
use self::run::Run;
use super::rotation;
use super::unknown::warn_of_unknown;
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::OktaOperation;
use crate::framework::timeouts::{self, Operation};
use crate::framework::{GivenIdentity, IdentityAttribute, ManagedResource, Moved, Report, decode_stored};
use crate::http::Freshness;
use crate::okta::api_services::MAX_SECRETS;
use crate::okta::sought::Sought;

/// The resource.
pub struct OktaIntegrationResource {
    clients: SharedClients,
    /// Held from looking for an integration until it is installed: two resources of one configuration would both look
    /// before either installs.
    installing: Mutex<()>,
    run: Run,
}

impl OktaIntegrationResource {
    /// The resource, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients, installing: Mutex::default(), run: Run::default() }
    }
}

#[async_trait]
impl ManagedResource for OktaIntegrationResource {
    fn identity(&self) -> &'static [IdentityAttribute] {
        &[
            IdentityAttribute {
                name: "org_url",
                description: "Address of the Okta org in which the integration is installed. Default: the provider's.",
                required_for_import: false,
            },
            IdentityAttribute { name: "id", description: "Okta's id of the integration.", required_for_import: true },
        ]
    }

    async fn import_identified<'a>(
        &self,
        diags: &mut Diagnostics,
        identity: GivenIdentity,
    ) -> Option<(Model, Option<Private>)> {
        let id = identity.expect(diags, "id")?.to_owned();
        let okta = self.clients.okta(diags).ok()?;
        if let Some(org) = identity.get("org_url").filter(|org| !okta.domain().is_same_org(org)) {
            diags.fail(
                problems::other_org(),
                format!(
                    "The identity names the org \"{org}\", and okta.org_url is {}. Leave org_url out of the identity, or set \
                     okta.org_url to the org where the integration is installed.",
                    okta.domain()
                ),
                AttributePath::new("org_url"),
            );
            return None;
        }
        self.import(diags, id).await
    }

    async fn plan_replacement<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Model,
        config: Model,
        planned: Option<Private>,
    ) -> Option<(Model, Option<Private>)> {
        let planned = planned.unwrap_or_default();
        if let Some(what) = planned.wanted.what_to_write(&config) {
            diags.fail(problems::to_be_written_out(), what, AttributePath::root());
            return None;
        }
        let replaced = planned.planned.and_then(|planned| planned.id);
        let mut found = Diagnostics::default();
        let plan = self.plan_installation(proposed, &config, replaced.as_deref(), &mut found, diags).await?;
        if !found.errors.is_empty() {
            diags.errors.append(&mut found.errors);
            return None;
        }
        Some(plan)
    }

    fn confirm_plan<'a>(&self, diags: &mut Diagnostics, planned: Option<Private>, now: &Option<Private>) {
        let planned_of = |private: Option<Private>| private.and_then(|private| private.planned);
        if let (Some(planned), Some(now)) = (planned_of(planned), planned_of(now.clone())) {
            planned.confirm(&now, diags);
        }
    }

    fn move_state<'a>(&self, diags: &mut Diagnostics, from: &Moved) -> Option<Self::State<'a>> {
        import::moved(from, diags)
    }

    fn upgrade_state<'a>(&self, diags: &mut Diagnostics, _: i64, state: serde_json::Value) -> Option<Self::State<'a>> {
        let state: Model = decode_stored(diags, state)?;
        // An argument that the older version did not have is not changed by having a default now.
        Some(state.clone().with_own_defaults(&state))
    }
}

#[async_trait]
impl Resource for OktaIntegrationResource {
    type State<'a> = Model;
    type PrivateState<'a> = Option<Private>;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(schema::schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: Model) -> Option<()> {
        schema::validate(&config, diags);
        diags.errors.is_empty().then_some(())
    }

    async fn plan_create<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Model,
        config: Model,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>)> {
        let mut found = Diagnostics::default();
        let plan = self.plan_installation(proposed, &config, None, &mut found, diags).await?;
        diags.warn_of(found);
        Some(plan)
    }

    async fn plan_update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: Model,
        proposed: Model,
        config: Model,
        private: Option<Private>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>, Vec<AttributePath>)> {
        self.clients.expect_okta(diags).ok()?;
        let mut plan = proposed.with_own_defaults(&config);
        let remembered = private.unwrap_or_default().wanted.or(Remembered::of(&prior));
        remembered.clone().fill(&mut plan, &config);
        let wanted = Remembered::of(&plan).or(remembered.clone());
        let planned = Planned { org_url: None, id: prior.id.as_ref_option().cloned(), replaces: false };

        let changes = plan.changes_since(&prior);
        let another: Vec<&'static str> =
            changes.iter().filter(|(_, change)| *change == Change::Another).map(|(name, _)| *name).collect();
        if !another.is_empty() {
            if let Some(what) = remembered.what_to_write(&config) {
                // In place, so that nothing is removed: the apply refuses.
                let mut found = Diagnostics::default();
                found.fail(problems::to_be_written_out(), what, AttributePath::new(another[0]));
                diags.warn_of(found);
                if let Some(reason) = ReasonToMint::between(&prior, &plan) {
                    reason.announce(diags, &prior);
                }
                // What is refused was never wanted.
                return Some((plan, Some(Private::planning(remembered, planned)), Vec::new()));
            }
            self.announce_replacement(&prior, &plan, diags).await;
            let private = Private::planning(wanted, Planned { replaces: true, ..planned });
            return Some((plan, Some(private), another.into_iter().map(AttributePath::new).collect()));
        }
        if config.properties.is_null() {
            plan.properties = prior.properties.clone();
        }
        for (name, _) in changes.into_iter().filter(|(_, change)| *change == Change::Unknown) {
            warn_of_unknown(diags, name, "integration");
        }
        if !plan.stores_secret() {
            plan.drop_secret();
        } else if let Some(reason) = ReasonToMint::between(&prior, &plan) {
            let mut found = Diagnostics::default();
            self.expect_room(&prior, &plan, &mut found).await;
            diags.warn_of(found);
            reason.announce(diags, &prior);
            plan.forget_secret();
        }
        Some((plan, Some(Private::planning(wanted, planned)), Vec::new()))
    }

    async fn plan_destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        _: Model,
        private: Option<Private>,
        _: ValueEmpty,
    ) -> Option<Option<Private>> {
        self.clients.expect_okta(diags).ok()?;
        Some(private)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        mut planned: Model,
        config: Model,
        _: Option<Private>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>)> {
        let okta = self.clients.until(timeouts::deadline(&planned.timeouts, Operation::Create)).okta(diags).ok()?;
        // The look that follows an installation serves whoever was waiting by then: nothing was installed in between.
        let asked = Freshness::now();
        let _alone = self.installing.lock().await;
        let sought = Sought::by(config.kind.as_deref_option());
        let existing = installation::installed(&okta, &sought, asked, diags).await?;
        let adopted = match (existing.as_slice(), planned.adopt_existing, planned.allow_second_installation) {
            ([], ..) | ([_], Value::Value(false), Value::Value(true)) => None,
            ([one], Value::Value(true), _) => Some(one),
            (found, ..) => {
                installation::refuse_second(diags, &okta, found, &planned, "");
                return None;
            }
        };
        Remembered::of(&planned)
            .or(adopted.map_or_else(Remembered::by_default, Remembered::of_instance))
            .fill(&mut planned, &config);
        let wanted = planned.wanted(diags)?;
        let private = Private::of(&planned);
        let state = match adopted {
            Some(existing) => {
                self.run.adopts(&existing.id);
                installation::adopt(&okta, planned, &wanted, existing, diags).await?
            }
            None => {
                let org = Org { clients: &self.clients, okta: &okta, others: &existing };
                installation::install(org, planned, wanted, &config, diags).await?
            }
        };
        Some((state, Some(private)))
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        private: Option<Private>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>)> {
        if self.clients.okta_is_unknown() {
            return Some((state, private));
        }
        let clients = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Read));
        let Ok(okta) = clients.okta(diags) else { return Some((state, private)) };
        let (instance, secrets) = match reading::look(&okta, &state, diags).await {
            Reading::There(instance, secrets) => (instance, secrets),
            Reading::Gone => return None,
            Reading::Unknown => return Some((state, private)),
        };
        let mut fresh = state.observed(&instance, &okta);
        if let Some(secrets) = secrets {
            fresh.observe_secret(&secrets, diags);
        }
        // A state from before anything was remembered says what was wanted; one that was moved here does not.
        let known = Remembered::of(if state.granted_scopes.is_null() { &fresh } else { &state });
        let wanted = private.unwrap_or_default().wanted.or(known);
        Some((fresh, Some(Private { wanted, planned: None })))
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: Model,
        planned: Model,
        config: Model,
        private: Option<Private>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>)> {
        let private = Private { planned: None, ..private.unwrap_or_default() };
        if planned.changes_since(&prior).iter().any(|(_, change)| *change != Change::None) {
            let what = private.wanted.what_to_write(&config).unwrap_or_default();
            diags.fail(problems::to_be_written_out(), what, AttributePath::root());
            return Some((prior, Some(private)));
        }
        // Only the secret has anything to change in Okta. The rest are arguments of the provider's own behaviour.
        if !planned.client_secret.is_unknown() {
            return Some((planned, Some(private)));
        }
        let clients = self.clients.until(timeouts::deadline(&planned.timeouts, Operation::Update));
        let okta = clients.okta(diags).ok()?;
        let id = prior.id.as_ref_option().cloned().unwrap_or_default();
        let Some(secrets) = rotation::list(&okta, &id, Freshness::now(), diags).await else {
            return Some((prior, Some(private)));
        };
        // Nobody needs to be asked while there is room.
        let link = if secrets.len() < MAX_SECRETS { None } else { LinkAtHand::find(&self.clients, &prior).await };
        let policy = planned.policy(prior.client_secret_id.as_deref_option());
        if let Some(link) = &link {
            link.give_held(&clients, &prior, &secrets, policy).await;
        }
        let probe = link.as_ref().map(LinkAtHand::probe);
        match rotation::mint(&okta, &id, &secrets, policy, probe, diags).await {
            Some(minted) => Some((planned.with_minted(minted), Some(private))),
            None => Some((prior, Some(private))),
        }
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Private>,
        _: ValueEmpty,
    ) -> Option<()> {
        let okta = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Delete)).okta(diags).ok()?;
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        if self.run.has_adopted(&id) {
            installation::refuse_removal(diags, &id);
            return None;
        }
        self.run.removes(&state);
        match okta.delete_instance(&id).await {
            Ok(()) => Some(()),
            Err(error) => {
                diagnostics::okta(diags, OktaOperation::Remove(&id), &error, AttributePath::root());
                None
            }
        }
    }

    async fn import<'a>(&self, diags: &mut Diagnostics, id: String) -> Option<(Model, Option<Private>)> {
        let okta = self.clients.until(timeouts::deadline(&Value::Null, Operation::Read)).okta(diags).ok()?;
        let instance = import::find(&okta, &id, diags).await.ok()?;
        import::warn(diags, "imported", &instance.id);
        let state = import::state(&instance, &okta);
        let private = Private::of(&state);
        Some((state, Some(private)))
    }
}
