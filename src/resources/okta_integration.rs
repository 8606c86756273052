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
mod unlisted;
mod update;
mod update_plan;
mod wanted;

use async_trait::async_trait;
use terraform_plugin::schema::Schema;
use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Change, Creation, IdentityAttribute, ImportBy, Moved, Plan, Reported, Resource, State, Update};
use tf_provider::{AttributePath, Diagnostics};
use tokio::sync::Mutex;

pub use self::model::Model;
use self::private::Private;
use self::run::Run;
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::OktaOperation;

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
    pub fn new(clients: SharedClients) -> Self {
        Self { clients, installing: Mutex::default(), run: Run::default() }
    }
}

#[async_trait]
impl Resource for OktaIntegrationResource {
    type Model = Model;
    type Private = Private;

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        schema::validate(config, diags);
    }

    async fn modify_plan(
        &self,
        change: Change<Model, Private>,
        diags: &mut Diagnostics,
    ) -> Result<Plan<Model, Private>, Reported> {
        let Self { clients, run, .. } = self;
        match change {
            Change::Create(Creation { planned, config, .. }) => {
                planning::plan_creation(clients, run, planned, &config, diags).await
            }
            Change::CreateAgain(Creation { planned, config, private }) => {
                planning::plan_replacement(clients, run, planned, &config, private, diags).await
            }
            Change::Update(update) => planning::plan_update(clients, update, diags).await,
        }
    }

    async fn plan_delete(&self, diags: &mut Diagnostics) -> Result<(), Reported> {
        self.clients.expect_okta(diags)
    }

    fn confirm_plan(&self, agreed: &Private, now: &Private, diags: &mut Diagnostics) {
        if let (Some(agreed), Some(now)) = (&agreed.planned, &now.planned) {
            agreed.confirm(now, diags);
        }
    }

    async fn create(
        &self,
        creation: Creation<Model, Private>,
        diags: &mut Diagnostics,
    ) -> Result<State<Model, Private>, Reported> {
        let Self { clients, installing, run } = self;
        creation::create(clients, installing, run, creation, diags).await
    }

    async fn read(
        &self,
        state: State<Model, Private>,
        diags: &mut Diagnostics,
    ) -> Result<Option<State<Model, Private>>, Reported> {
        reading::read(&self.clients, state, diags).await
    }

    async fn update(
        &self,
        update: Update<Model, Private>,
        diags: &mut Diagnostics,
    ) -> Result<State<Model, Private>, Reported> {
        update::update(&self.clients, update, diags).await
    }

    /// Removes the integration from Okta.
    async fn delete(
        &self,
        State { model, .. }: State<Model, Private>,
        diags: &mut Diagnostics,
    ) -> Result<(), Reported> {
        let okta = self.clients.until(timeouts::deadline(&model.timeouts, Operation::Delete)).okta(diags)?;
        let id = model.id.as_deref_option().unwrap_or_default();
        if self.run.has_adopted(id) {
            return Err(adoption::refuse_removal(diags, id));
        }
        self.run.removes(&model);
        let removed = okta.delete_instance(id).await;
        removed.map_err(|error| diagnostics::okta(diags, OktaOperation::Remove(id), &error, AttributePath::root()))
    }

    async fn import(&self, by: ImportBy, diags: &mut Diagnostics) -> Result<State<Model, Private>, Reported> {
        import::import(&self.clients, &by, diags).await
    }

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

    fn move_state(&self, from: &Moved, diags: &mut Diagnostics) -> Result<Option<Model>, Reported> {
        let moved = import::moved(from);
        if let Some(id) = moved.as_ref().and_then(|model| model.id.as_deref_option()) {
            import::warn(diags, "moved", id);
        }
        Ok(moved)
    }
}
