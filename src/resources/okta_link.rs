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
use tf_provider::schema::Schema;
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, Diagnostics, Resource};

pub use self::model::Model;
use self::planned::Planned;
use self::planning::Creation;
use self::update::Change;
use super::unknown::turned_out_otherwise;
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::framework::timeouts::{self, Operation};
use crate::framework::{GivenIdentity, IdentityAttribute, ManagedResource, Report, Reported, decode_stored};

/// The resource.
pub struct OktaLinkResource {
    clients: SharedClients,
}

impl OktaLinkResource {
    /// The resource, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients }
    }
}

#[async_trait]
impl ManagedResource for OktaLinkResource {
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

    async fn import_identified<'a>(
        &self,
        diags: &mut Diagnostics,
        identity: GivenIdentity,
    ) -> Option<(Model, Option<Planned>)> {
        let domain = identity.expect(diags, "okta_domain")?;
        let state = self.import_of(domain, identity.get("id"), diags).await.ok()?;
        Some((state, None))
    }

    fn write_only(&self) -> &'static [&'static str] {
        &["client_secret_wo"]
    }

    async fn plan_replacement<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Model,
        config: Model,
        planned: Option<Planned>,
    ) -> Option<(Model, Option<Planned>)> {
        let removed = planned.unwrap_or_default();
        let planned = planning::plan_creation(&self.clients, proposed, &config, Some(&removed), diags).await;
        let Creation { plan, mut found } = planned.ok()?;
        // The object is removed before the apply could refuse.
        diags.errors.append(&mut found.errors);
        diags.check().ok()?;
        Some((plan, Some(Planned::default())))
    }

    fn confirm_plan<'a>(&self, diags: &mut Diagnostics, planned: Option<Planned>, now: &Option<Planned>) {
        let (Some(planned), Some(now)) = (planned, now) else { return };
        if now.replaces && !planned.replaces {
            turned_out_otherwise(diags, "link");
        }
    }

    fn upgrade_state<'a>(&self, diags: &mut Diagnostics, _: i64, state: serde_json::Value) -> Option<Self::State<'a>> {
        let state: Model = decode_stored(diags, state)?;
        // An argument that the older version did not have is not changed by having a default now.
        Some(state.clone().with_own_defaults(&state))
    }
}

#[async_trait]
impl Resource for OktaLinkResource {
    type State<'a> = Model;
    type PrivateState<'a> = Option<Planned>;
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
    ) -> Option<(Model, Option<Planned>)> {
        let planned = planning::plan_creation(&self.clients, proposed, &config, None, diags).await;
        let Creation { plan, found } = planned.ok()?;
        diags.warn_of(found);
        Some((plan, Some(Planned::default())))
    }

    async fn plan_update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: Model,
        proposed: Model,
        config: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Planned>, Vec<AttributePath>)> {
        let planned = planning::plan_update(&self.clients, &prior, proposed, &config, diags).await;
        let planning::Update { plan, planned } = planned.ok()?;
        let replaced_for = planned.replaces.then(|| AttributePath::new("okta_domain"));
        Some((plan, Some(planned), replaced_for.into_iter().collect()))
    }

    async fn plan_destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        _: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<Option<Planned>> {
        self.clients.expect_druva(diags).ok()?;
        Some(None)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: Model,
        config: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Planned>)> {
        Some((creation::create(&self.clients, &planned, &config, diags).await.ok()?, None))
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Planned>)> {
        Some((reading::read(&self.clients, state, diags).await.ok()??, None))
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: Model,
        planned: Model,
        config: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Planned>)> {
        let change = Change { prior: &prior, planned: &planned, config: &config };
        Some((update::update(&self.clients, change, diags).await.ok()?, None))
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<()> {
        removal::delete(&self.clients, &state, diags).await.ok()
    }

    async fn import<'a>(&self, diags: &mut Diagnostics, id: String) -> Option<(Model, Option<Planned>)> {
        Some((self.import_by(id.trim(), diags).await.ok()?, None))
    }
}

impl OktaLinkResource {
    /// Imports what an identity names: the link of an org, which has this id if one is given.
    async fn import_of(&self, domain: &str, id: Option<&str>, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let domain = diagnostics::parse_domain(diags, domain)?;
        let state = self.import_by(&domain.origin(), diags).await?;
        match id {
            Some(id) if id != state.link_id() => Err(diags.fail(
                diagnostics::problems::no_such_link(),
                format!("The link of {domain} has another id than {id}. Leave the id out, or correct it."),
                AttributePath::new("id"),
            )),
            _ => Ok(state),
        }
    }

    /// Imports the link of an org, or the one with an id.
    async fn import_by(&self, domain_or_id: &str, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let druva = self.clients.until(timeouts::deadline(&Value::Null, Operation::Read)).druva(diags)?;
        Ok(import::state(&import::find(&druva, domain_or_id, diags).await?))
    }
}
