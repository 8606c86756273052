//! `druva_okta_link`: an Okta org, linked in Druva.
//!
//! In the Druva Cloud Platform Console this is All Services > Okta > Authorize, then the switches for backups and for
//! the Cloud Key Management System. Nobody sees it in Okta, except that a client uses its secret.
//!
//! Another client or secret, and a lost connection, are mended in place by re-authorizing; another org replaces the link,
//! once it is known to be another one.
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].
//!
//! The secret comes from one of three sources: from the configuration and into the state (`client_secret`), from the
//! configuration and into nothing (`client_secret_wo`), or minted here and forgotten (`mint_client_secret`). It is verified
//! at Okta's token endpoint and goes to Druva in one request; the state knows it by its id and hash. Once Druva is
//! connected with it, the older ones are retired. A link without a secret, as after an import, is left as it is.

mod conclusion;
mod creation;
mod failed_link;
pub(crate) mod import;
mod key_management;
mod model;
mod new_link;
mod obtaining;
mod planned;
mod planning;
pub(crate) mod problems;
mod reading;
mod reason;
mod removal;
mod schema;
mod secret_source;
mod superseded;
mod switches;
mod update;

use async_trait::async_trait;
use terraform_plugin::schema::Schema;
use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{
    Change, Creation, IdentityAttribute, ImportBy, Plan, Report, Reported, Resource, State, Update,
};
use tf_provider::Diagnostics;
use tf_provider::value::Value;

pub use self::model::Model;
use self::planned::Planned;
use super::unknown::turned_out_otherwise;
use crate::clients::SharedClients;

/// The resource, with the clients of its provider.
pub struct OktaLinkResource(pub SharedClients);

type Stored = State<Model, Planned>;

#[async_trait]
impl Resource for OktaLinkResource {
    type Model = Model;
    type Private = Planned;

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        schema::validate(config, diags);
    }

    async fn modify_plan(
        &self,
        change: Change<Model, Planned>,
        diags: &mut Diagnostics,
    ) -> Result<Plan<Model, Planned>, Reported> {
        match change {
            Change::Create(Creation { planned, config, .. }) => {
                let mut found = Diagnostics::default();
                let plan = planning::plan_creation(&self.0, planned, &config, None, &mut found, diags).await?;
                diags.warn_of(found);
                Ok(plan)
            }
            Change::CreateAgain(Creation { planned, config, private: removed }) => {
                let mut found = Diagnostics::default();
                let removed = Some(&removed);
                let plan = planning::plan_creation(&self.0, planned, &config, removed, &mut found, diags).await?;
                // The object is removed before the apply could refuse.
                diags.errors.append(&mut found.errors);
                diags.check()?;
                Ok(plan)
            }
            Change::Update(update) => planning::plan_update(&self.0, update, diags).await,
        }
    }

    async fn plan_delete(&self, diags: &mut Diagnostics) -> Result<(), Reported> {
        self.0.expect_druva(diags)
    }

    fn confirm_plan(&self, agreed: &Planned, now: &Planned, diags: &mut Diagnostics) {
        if now.replaces && !agreed.replaces {
            turned_out_otherwise(diags, "link");
        }
    }

    async fn create(&self, creation: Creation<Model, Planned>, diags: &mut Diagnostics) -> Result<Stored, Reported> {
        creation::create(&self.0, &creation.planned, &creation.config, diags).await.map(State::of)
    }

    async fn read(&self, state: Stored, diags: &mut Diagnostics) -> Result<Option<Stored>, Reported> {
        Ok(reading::read(&self.0, state.model, diags).await?.map(State::of))
    }

    async fn update(&self, update: Update<Model, Planned>, diags: &mut Diagnostics) -> Result<Stored, Reported> {
        update::update(&self.0, &update, diags).await.map(State::of)
    }

    async fn delete(&self, state: Stored, diags: &mut Diagnostics) -> Result<(), Reported> {
        removal::delete(&self.0, &state.model, diags).await
    }

    async fn import(&self, by: ImportBy, diags: &mut Diagnostics) -> Result<Stored, Reported> {
        let druva = self.0.until(timeouts::deadline(&Value::Null, Operation::Read)).druva(diags)?;
        let link = import::find(&druva, &by, diags).await?;
        Ok(State::of(import::state(&link)))
    }

    fn identity(&self) -> &'static [IdentityAttribute] {
        &[
            IdentityAttribute {
                name: "okta_domain",
                description: "Address of the linked Okta org, as a URL or a host.",
                required_for_import: true,
            },
            IdentityAttribute { name: "id", description: "Druva's id of the link.", required_for_import: false },
        ]
    }
}
