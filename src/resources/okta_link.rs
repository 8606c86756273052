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
mod failed_link;
mod handover;
pub(crate) mod import;
mod key_management;
mod lost_link;
mod model;
mod new_link;
mod planned;
pub(crate) mod problems;
pub(crate) mod schema;
mod superseded;
mod switches;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, Diagnostics, Resource};

use self::authorization::{Candidate, Reason, Way, new_until, refuses_secret, until_known};
use self::connection::Outcome;
pub use self::model::Model;
use self::new_link::Origin;
use self::planned::Planned;
use super::attempt::Attempt;
use super::or_default;
use super::rotation::Witness;
use super::unknown::{turned_out_otherwise, warn_of_unknown};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{AppStatus, NewLink};
use crate::framework::timeouts::{self, Operation};
use crate::framework::{GivenIdentity, IdentityAttribute, ManagedResource, Report, checkpoint, decode_stored};
use crate::http::Age;

/// The resource.
pub struct OktaLink {
    clients: SharedClients,
}

impl OktaLink {
    /// The resource, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients }
    }
}

#[async_trait]
impl ManagedResource for OktaLink {
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
        let domain = diagnostics::parse_domain(diags, domain)?;
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
impl Resource for OktaLink {
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
        self.clients.expect_druva(diags)?;
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
        let way = Way::of(&config);
        if let Some(reason) = Reason::between(&prior, &plan, way) {
            if way == Way::Minted {
                self.clients.expect_okta(diags)?;
            }
            if way == Way::None && !config.mint_client_secret.is_unknown() {
                let mut found = Diagnostics::default();
                reason.demand_secret(&mut found);
                diags.warn_of(found);
            } else {
                reason.announce(&prior, way, diags);
            }
            plan.expect_authorization();
        } else {
            if prior.status.as_deref_option() == Some(AppStatus::Connecting.as_str()) {
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
        self.clients.expect_druva(diags)?;
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
        let clients = self.clients.until(timeouts::deadline(&planned.timeouts, Operation::Create));
        let druva = clients.druva(diags)?;
        let domain = org(&planned, diags)?;
        let way = Way::of(&config);
        // Before a secret is minted or sent for nothing; and importing a link that exists needs none.
        failed_link::expect_none(&druva, &domain, diags).await?;
        if way == Way::None {
            Reason::New.demand_secret(diags);
            return None;
        }
        if config.cloud_key_management_enabled == Value::Value(false)
            && self.key_management(&clients).await == Some(true)
        {
            key_management::refuse_off(diags);
            return None;
        }
        let candidate = Candidate::obtain(&clients, &planned, &config, None, None, diags).await?;
        if handover::verifies(&planned) && candidate.prove(&clients, &druva, &domain, diags).await.is_none() {
            candidate.discard(&clients, None, diags).await;
            return None;
        }
        let request = NewLink { okta_domain: &domain.origin(), client: candidate.client() };
        let attempt = Attempt::begin();
        let link = || druva.create_link(&request);
        let outcome = match until_known(&clients, &druva, &candidate.secret, refuses_secret, link).await {
            Err(error) if error.may_have_acted() => {
                let found = lost_link::recover(&druva, &domain, candidate.client(), attempt, error, diags).await;
                found.map(|link| (link, Origin::FoundAgain))
            }
            outcome => outcome.map(|link| (link, Origin::Answered)),
        };
        let (link, origin) = match outcome {
            Ok(made) => made,
            Err(error) => {
                let found = failed_link::report(&druva, &domain, &error, way, diags).await;
                // A link that is there after a lost answer may use the secret.
                let lost = found.filter(|_| error.may_have_acted());
                let witness = lost.as_ref().map(|link_id| Witness { druva: &druva, link_id });
                candidate.discard(&clients, witness, diags).await;
                return None;
            }
        };
        let state = planned.authorized_with(&candidate, candidate.superseded()).observed(&link);
        checkpoint(&state);
        let new_until = new_until(&clients, &candidate.secret);
        let Some(link) = new_link::complete(&druva, &planned, (link, origin), new_until, diags).await else {
            candidate.discard(&clients, None, diags).await;
            return None;
        };
        if planned.cloud_key_management_enabled.is_unknown() && !link.cloud_key_management_enabled {
            key_management::warn_of_off(diags);
        }
        let state = state.observed(&link).with_switches_of(&planned);
        let state = handover::conclude(&clients, state, &planned, None, &domain, &druva, diags).await;
        Some((state, None))
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<(Model, Option<Planned>)> {
        if self.clients.druva_is_unknown() {
            return Some((state, None));
        }
        let clients = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Read));
        let Some(druva) = clients.druva(diags) else { return Some((state, None)) };
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        let look_up = |state| superseded::look_up(&clients, state, Age::ThisRun);
        let (link, mut secrets) = tokio::join!(druva.get_listed_link(&id), look_up(&state));
        match link {
            Ok(link) => {
                let mut fresh = state.observed(&link);
                if !fresh.has_client_of(&state) {
                    secrets = look_up(&fresh).await;
                }
                superseded::observe(secrets.as_deref(), &mut fresh, diags);
                Some((fresh, None))
            }
            Err(error) if error.is_not_found() => {
                tracing::warn!("the link {id} is gone from Druva; removing it from the state");
                None
            }
            Err(error) => {
                diagnostics::druva(diags, DruvaOperation::ReadLink(&id), &error, AttributePath::root());
                Some((state, None))
            }
        }
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
        let clients = self.clients.until(timeouts::deadline(&planned.timeouts, Operation::Update));
        let druva = clients.druva(diags)?;
        let domain = org(&planned, diags)?;
        let id = prior.id.as_ref_option().cloned().unwrap_or_default();
        let mut link = match druva.get_link(&id).await {
            Ok(link) => link,
            Err(error) => {
                diagnostics::druva(diags, DruvaOperation::ReadLink(&id), &error, AttributePath::root());
                return Some((prior, None));
            }
        };
        if config.cloud_key_management_enabled == Value::Value(false) && link.cloud_key_management_enabled {
            key_management::refuse_off(diags);
            return Some((prior, None));
        }
        let way = Way::of(&config);
        let reason = Reason::between(&prior, &planned, way);
        if link.app_status == AppStatus::Connecting && matches!(reason, None | Some(Reason::NotConnected(_))) {
            link = match connection::settle(&druva, link, None).await {
                Outcome::Connected(link) | Outcome::Refused(link) => link,
                Outcome::Pending(link, error) => {
                    let attribute = AttributePath::new("status");
                    diagnostics::druva(diags, DruvaOperation::WaitUntilConnected, &error, attribute);
                    return Some((prior.observed(&link), None));
                }
            };
        }
        // Druva may have connected by itself since the plan.
        let reason = reason
            .filter(|reason| !matches!(reason, Reason::NotConnected(_)) || link.app_status != AppStatus::Connected);
        if let (Some(reason), Way::None) = (&reason, way) {
            reason.demand_secret(diags);
            return Some((prior, None));
        }
        let mut basis = planned.with_superseded_of(&prior);
        let mut new_until = None;
        if reason.is_some() {
            let witness = Witness { druva: &druva, link_id: &id };
            let given = handover::authorize(&clients, &prior, &planned, &config, witness, diags).await?;
            (link, basis, new_until) = (given.link, given.state, given.new_until);
            checkpoint(&basis.observed(&link));
        }
        link = connection::wait(&druva, link, new_until, diags).await;
        let mut impossible = false;
        if diags.errors.is_empty()
            && let Some(unset) = switches::set(&druva, &planned, &mut link).await
        {
            impossible = unset.is_impossible();
            if impossible {
                new_link::warn_of_unset(&link, &unset, diags);
            } else {
                let (operation, attribute) = (DruvaOperation::SetSwitches(&id), AttributePath::new(unset.attribute));
                diagnostics::druva(diags, operation, &unset.error, attribute);
            }
        }
        if !diags.errors.is_empty() && reason.is_none() {
            return Some((prior.observed(&link), None));
        }
        // Once Druva was given the new secret, it is the one to remember, whatever failed afterwards.
        let state = basis.observed(&link);
        let mut state = handover::conclude(&clients, state, &planned, Some(&prior), &domain, &druva, diags).await;
        if diags.errors.is_empty() {
            state.keep_promises(&planned);
        }
        if impossible {
            state = state.with_switches_of(&planned);
        }
        Some((state, None))
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: Option<Planned>,
        _: ValueEmpty,
    ) -> Option<()> {
        let clients = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Delete));
        let druva = clients.druva(diags)?;
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
        let druva = self.clients.until(timeouts::deadline(&Value::Null, Operation::Read)).druva(diags)?;
        let link = import::find(&druva, id.trim(), diags).await?;
        Some((import::state(&link), None))
    }
}

impl OktaLink {
    /// Whether the account has Cloud Key Management on, as far as the links that are listed tell.
    async fn key_management(&self, clients: &SharedClients) -> Option<bool> {
        clients.get()?.druva.ready()?.key_management().await.ok()?
    }

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
        self.clients.expect_druva(diags)?;
        let mut plan = with_defaults(proposed, config);
        let clients = self.clients.until(timeouts::deadline(&config.timeouts, Operation::Read));
        let way = Way::of(config);
        if way == Way::Minted {
            clients.expect_okta(diags)?;
        }
        // A link that exists is told first: importing it needs no secret.
        let is_linked = failed_link::foresee(&clients, config, removed, found).await;
        if way == Way::None && !config.mint_client_secret.is_unknown() {
            let reason = if is_linked || removed.is_some() { Reason::Again } else { Reason::New };
            reason.demand_secret(found);
        }
        if way == Way::Minted && !is_linked {
            handover::expect_room(&clients, config, removed, found).await;
        }
        if config.cloud_key_management_enabled.is_null() {
            plan.cloud_key_management_enabled = Value::Unknown;
        }
        let is_on = self.key_management(&clients).await;
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
fn org(planned: &Model, diags: &mut Diagnostics) -> Option<OktaDomain> {
    diagnostics::parse_domain(diags, planned.okta_domain.as_deref_option().unwrap_or_default())
}
