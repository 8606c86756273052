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

mod adoption;
mod changes;
mod course;
mod creation;
mod existing;
mod foresight;
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
mod remembered;
mod run;
#[cfg(test)]
mod samples;
mod schema;
mod update;
mod update_plan;
mod wanted;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::ValueEmpty;
use tf_provider::{AttributePath, Diagnostics, Resource};
use tokio::sync::Mutex;

pub use self::model::Model;
use self::private::Private;
use self::run::Run;
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::OktaOperation;
use crate::framework::timeouts::{self, Operation};
use crate::framework::{GivenIdentity, IdentityAttribute, ManagedResource, Moved, Reported, decode_stored};

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

    /// Removes the integration from Okta.
    async fn remove(&self, state: &Model, diags: &mut Diagnostics) -> Result<(), Reported> {
        let okta = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Delete)).okta(diags)?;
        let id = state.id.as_deref_option().unwrap_or_default();
        if self.run.has_adopted(id) {
            return Err(adoption::refuse_removal(diags, id));
        }
        self.run.removes(state);
        let removed = okta.delete_instance(id).await;
        removed.map_err(|error| diagnostics::okta(diags, OktaOperation::Remove(id), &error, AttributePath::root()))
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
        let id = identity.expect(diags, "id")?;
        import::expect_org(&self.clients, identity.get("org_url"), diags).ok()?;
        import::import(&self.clients, id, diags).await.ok().map(with_private)
    }

    async fn plan_replacement<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Model,
        config: Model,
        planned: Option<Private>,
    ) -> Option<(Model, Option<Private>)> {
        let agreed = planned.unwrap_or_default();
        let plan = planning::plan_replacement(&self.clients, &self.run, proposed, &config, agreed, diags).await;
        plan.ok().map(with_private)
    }

    fn confirm_plan<'a>(&self, diags: &mut Diagnostics, planned: Option<Private>, now: &Option<Private>) {
        let planned_of = |private: Option<Private>| private.and_then(|private| private.planned);
        if let (Some(planned), Some(now)) = (planned_of(planned), planned_of(now.clone())) {
            planned.confirm(&now, diags);
        }
    }

    fn move_state<'a>(&self, diags: &mut Diagnostics, from: &Moved) -> Option<Self::State<'a>> {
        let state = import::moved(from)?;
        import::warn(diags, "moved", state.id.as_deref_option().unwrap_or_default());
        Some(state)
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
        schema::validate(&config, diags).ok()
    }

    async fn plan_create<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Model,
        config: Model,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>)> {
        planning::plan_creation(&self.clients, &self.run, proposed, &config, diags).await.ok().map(with_private)
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
        let private = private.unwrap_or_default();
        let plan = planning::plan_update(&self.clients, &prior, proposed, &config, private, diags).await;
        plan.ok().map(|(plan, private, replaces)| (plan, Some(private), replaces))
    }

    async fn plan_destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        _: Model,
        private: Option<Private>,
        _: ValueEmpty,
    ) -> Option<Option<Private>> {
        self.clients.expect_okta(diags).ok().map(|()| private)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: Model,
        config: Model,
        _: Option<Private>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>)> {
        let Self { clients, installing, run } = self;
        creation::create(clients, installing, run, planned, &config, diags).await.ok().map(with_private)
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        private: Option<Private>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Private>)> {
        reading::read(&self.clients, state, private, diags).await.ok().flatten()
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
        let private = private.unwrap_or_default();
        update::update(&self.clients, &prior, planned, &config, private, diags).await.ok().map(with_private)
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Private>,
        _: ValueEmpty,
    ) -> Option<()> {
        self.remove(&state, diags).await.ok()
    }

    async fn import<'a>(&self, diags: &mut Diagnostics, id: String) -> Option<(Model, Option<Private>)> {
        import::import(&self.clients, &id, diags).await.ok().map(with_private)
    }
}

fn with_private((state, private): (Model, Private)) -> (Model, Option<Private>) {
    (state, Some(private))
}
