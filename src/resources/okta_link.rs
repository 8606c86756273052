//! `druva_okta_link`: an Okta org, linked in Druva.
//!
//! In the Druva Cloud Platform Console this is All Services > Okta > Authorize, then the switches for backups and for
//! the Cloud Key Management System. Nobody sees it in Okta, except that a client uses its secret.
//!
//! Another client or secret, and a lost connection, are mended in place by re-authorizing; another org replaces the link,
//! once it is known to be another one.
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].
//!
//! The secret comes in one of three ways: from the configuration and into the state (`client_secret`), from the
//! configuration and into nothing (`client_secret_wo`), or minted here and forgotten (`mint_client_secret`). It is proved
//! at Okta's token endpoint and goes to Druva in one request; the state knows it by its id and hash. Once Druva is
//! connected with it, the older ones are retired. A link without a secret, as after an import, is left as it is.

pub(crate) mod authorization;
pub(crate) mod connection;
mod creation;
mod failed_link;
mod handover;
pub(crate) mod import;
mod key_management;
mod lost_link;
mod model;
mod new_link;
mod planned;
pub(crate) mod problems;
mod reading;
pub(crate) mod schema;
mod superseded;
mod switches;
mod update;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, Diagnostics, Resource};

use self::authorization::{Reason, SecretSource};
pub use self::model::Model;
use self::planned::Planned;
use super::or_default;
use super::unknown::{turned_out_otherwise, warn_of_unknown};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::domain::OktaDomain;
use crate::druva::okta_links::AppStatus;
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
        let domain = diagnostics::parse_domain(diags, domain).ok()?;
        let (state, private) = self.import(diags, domain.origin()).await?;
        if let Some(id) = identity.get("id").filter(|id| Some(*id) != state.id.as_deref_option()) {
            diags.fail(
                diagnostics::problems::no_such_link(),
                format!("The link of {domain} has another id than {id}. Leave the id out, or correct it."),
                AttributePath::new("id"),
            );
            return None;
        }
        Some((state, private))
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
        let mut found = Diagnostics::default();
        let plan = self.plan_link(proposed, &config, Some(&removed), &mut found, diags).await?;
        if !found.errors.is_empty() {
            diags.errors.append(&mut found.errors);
            return None;
        }
        Some(plan)
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
        Some(with_own_defaults(state.clone(), &state))
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
        let mut found = Diagnostics::default();
        let plan = self.plan_link(proposed, &config, None, &mut found, diags).await?;
        diags.warn_of(found);
        Some(plan)
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
        self.clients.expect_druva(diags).ok()?;
        let mut plan = with_defaults(proposed, &config);
        if config.cloud_key_management_enabled.is_null() {
            plan.cloud_key_management_enabled = prior.cloud_key_management_enabled;
        }
        let planned = Planned::of(&prior);
        if plan.okta_domain.is_unknown() {
            warn_of_unknown(diags, "okta_domain", "link");
        } else if is_same_org(&prior.okta_domain, &plan.okta_domain) {
            // Another spelling of the same host is no change.
            plan.okta_domain = prior.okta_domain.clone();
        } else {
            let planned = Planned { replaces: true, ..planned };
            return Some((plan, Some(planned), vec![AttributePath::new("okta_domain")]));
        }
        let source = SecretSource::of(&config);
        if let Some(reason) = Reason::between(&prior, &plan, source) {
            if source == SecretSource::Minted {
                self.clients.expect_okta(diags).ok()?;
            }
            if source == SecretSource::None && !config.mint_client_secret.is_unknown() {
                let mut found = Diagnostics::default();
                reason.demand_secret(&mut found);
                diags.warn_of(found);
            } else {
                reason.announce(&prior, source, diags);
            }
            plan.expect_authorization();
        } else {
            if prior.status.as_deref_option() == Some(AppStatus::CONNECTING) {
                // The wait is a change: what depends on this link, such as the removal of the client that it left, waits too.
                plan.expect_connection();
            }
            if plan.has_left_overs() && superseded::can_retire(&self.clients, &plan).await {
                plan.superseded_secret_ids = Value::Unknown;
            }
        }
        let mut found = Diagnostics::default();
        let is_on = prior.cloud_key_management_enabled.as_option();
        key_management::foresee(&config.cloud_key_management_enabled, is_on, &mut found, diags);
        diags.warn_of(found);
        Some((plan, Some(planned), Vec::new()))
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
        Some((creation::create(&self.clients, &planned, &config, diags).await?, None))
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Planned>)> {
        Some((reading::read(&self.clients, state, diags).await?, None))
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
        Some((update::update(&self.clients, prior, &planned, &config, diags).await?, None))
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<()> {
        let clients = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Delete));
        let druva = clients.druva(diags).ok()?;
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        match druva.delete_link(&id).await {
            Ok(()) => {
                handover::retire_minted(&clients, &state, diags).await;
                Some(())
            }
            Err(error) => {
                diagnostics::druva(diags, DruvaOperation::Unlink(&id), &error, AttributePath::root());
                None
            }
        }
    }

    async fn import<'a>(&self, diags: &mut Diagnostics, id: String) -> Option<(Model, Option<Planned>)> {
        let druva = self.clients.until(timeouts::deadline(&Value::Null, Operation::Read)).druva(diags).ok()?;
        let link = import::find(&druva, id.trim(), diags).await?;
        Some((import::state(&link), None))
    }
}

impl OktaLinkResource {
    /// The plan of a new link. What the apply would refuse because of what there is in Druva or Okta goes to `found`. What
    /// is `removed` before does not count.
    async fn plan_link(
        &self,
        proposed: Model,
        config: &Model,
        removed: Option<&Planned>,
        found: &mut Diagnostics,
        diags: &mut Diagnostics,
    ) -> Option<(Model, Option<Planned>)> {
        self.clients.expect_druva(diags).ok()?;
        let mut plan = with_defaults(proposed, config);
        let clients = self.clients.until(timeouts::deadline(&config.timeouts, Operation::Read));
        let source = SecretSource::of(config);
        if source == SecretSource::Minted {
            clients.expect_okta(diags).ok()?;
        }
        // A link that exists is told first: importing it needs no secret.
        let is_linked = failed_link::foresee(&clients, config, removed, found).await;
        if source == SecretSource::None && !config.mint_client_secret.is_unknown() {
            let reason = if is_linked || removed.is_some() { Reason::Again } else { Reason::New };
            reason.demand_secret(found);
        }
        if source == SecretSource::Minted && !is_linked {
            handover::expect_room(&clients, config, removed, found).await;
        }
        if config.cloud_key_management_enabled.is_null() {
            plan.cloud_key_management_enabled = Value::Unknown;
        }
        let is_on = key_management::known(&clients).await;
        key_management::foresee(&config.cloud_key_management_enabled, is_on, found, diags);
        plan.expect_authorization();
        plan.id = Value::Unknown;
        plan.storage_region = Value::Unknown;
        plan.backup_frequency = Value::Unknown;
        plan.backup_retention = Value::Unknown;
        plan.added_on = Value::Unknown;
        Some((plan, Some(Planned::default())))
    }
}

/// The defaults of the arguments that say how the provider itself behaves.
fn with_own_defaults(model: Model, given: &Model) -> Model {
    Model {
        verify_client_secret: or_default(&given.verify_client_secret, true),
        mint_client_secret: or_default(&given.mint_client_secret, false),
        retire_superseded_secrets: or_default(&given.retire_superseded_secrets, true),
        ..model
    }
}

fn with_defaults(proposed: Model, config: &Model) -> Model {
    Model { backup_enabled: or_default(&config.backup_enabled, true), ..with_own_defaults(proposed, config) }
}

/// Whether both are known and mean the same org.
fn is_same_org(prior: &Value<String>, planned: &Value<String>) -> bool {
    match (prior, planned) {
        (Value::Value(prior), Value::Value(planned)) => {
            prior == planned || OktaDomain::parse(prior).is_ok_and(|prior| prior.is_same_org(planned))
        }
        _ => false,
    }
}

/// The org that the plan names.
fn org(planned: &Model, diags: &mut Diagnostics) -> Result<OktaDomain, Reported> {
    diagnostics::parse_domain(diags, planned.okta_domain.as_deref_option().unwrap_or_default())
}
