//! `druva_okta_integration`: Druva's API service integration, installed in an Okta org.
//!
//! In the Okta Admin Console this is Applications > API Service Integrations > Add Integration > "Druva Data Security
//! Cloud" > Install & Authorize, and a dialog that shows the client secret once. Nobody sees it in Druva until a
//! `druva_okta_link` uses it.
//!
//! Okta has no call that updates an integration: another type, other scopes or properties mean removing and installing.
//! What can change in place is the secret: when the one in the state no longer works, another one is minted.
//!
//! The secret comes in the answer that installs (or mints), goes into the state, and is nowhere else. It is recognized
//! afterwards by Okta's id of it, and by its hash.

pub(crate) mod import;
mod installation;
mod lost_installation;
mod model;
pub(crate) mod problems;
mod schema;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, Diagnostics, Resource};
use tokio::sync::Mutex;

pub use self::model::Model;
use super::client_secrets::{self, NOT_HELD};
use super::or_default;
use super::rotation::{self, Witness};
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;
use crate::framework::timeouts::{self, Operation};
use crate::framework::{GivenIdentity, IdentityAttribute, ManagedResource, Moved, Report, decode_stored};
use crate::http::Age;
use crate::okta::api_services::{DRUVA_TYPE, MAX_SECRETS};
use crate::{diagnostics, druva, okta, scopes};

/// The resource.
pub struct OktaIntegration {
    clients: SharedClients,
    /// Held from looking for an integration until it is installed: two resources of one configuration would both look
    /// before either installs.
    installing: Mutex<()>,
}

impl OktaIntegration {
    /// The resource, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients, installing: Mutex::default() }
    }
}

#[async_trait]
impl ManagedResource for OktaIntegration {
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
    ) -> Option<(Model, ValueEmpty)> {
        let id = identity.expect(diags, "id")?.to_owned();
        let okta = self.clients.okta(diags)?;
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

    fn move_state<'a>(&self, diags: &mut Diagnostics, from: &Moved) -> Option<Self::State<'a>> {
        import::moved(from, diags)
    }

    fn upgrade_state<'a>(&self, diags: &mut Diagnostics, _: i64, state: serde_json::Value) -> Option<Self::State<'a>> {
        let state: Model = decode_stored(diags, state)?;
        // An argument that the older version did not have is not changed by having a default now.
        Some(with_own_defaults(state.clone(), &state))
    }
}

#[async_trait]
impl Resource for OktaIntegration {
    type State<'a> = Model;
    type PrivateState<'a> = ValueEmpty;
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
    ) -> Option<(Model, ValueEmpty)> {
        self.clients.expect_okta(diags)?;
        let plan = with_defaults(proposed, &config).all_unknown();
        if plan.adopt_existing == Value::Value(true) && !self.clients.okta_is_unknown() {
            let okta = self.clients.until(timeouts::deadline(&plan.timeouts, Operation::Read)).okta(diags)?;
            installation::announce_adoption(&okta, &plan, diags).await?;
        }
        Some((Model { org_url: self.clients.planned_org_url(), ..plan }, Value::Null))
    }

    async fn plan_update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: Model,
        proposed: Model,
        config: Model,
        _: ValueEmpty,
        _: ValueEmpty,
    ) -> Option<(Model, ValueEmpty, Vec<AttributePath>)> {
        self.clients.expect_okta(diags)?;
        let mut plan = with_defaults(proposed, &config);
        let replaced = [
            ("type", plan.kind != prior.kind),
            ("granted_scopes", plan.granted_scopes != prior.granted_scopes),
            ("properties", plan.properties_differ(&prior)),
        ];
        let replaced: Vec<AttributePath> =
            replaced.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| AttributePath::new(name)).collect();
        if !replaced.is_empty() {
            return Some((plan, Value::Null, replaced));
        }
        if !plan.stores_secret() {
            plan.drop_secret();
        } else if let Some(reason) = ReasonToMint::between(&prior, &plan) {
            self.expect_room(&prior, &plan, diags).await?;
            reason.announce(diags, &prior);
            plan.forget_secret();
        }
        Some((plan, Value::Null, replaced))
    }

    async fn plan_destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        _: Model,
        _: ValueEmpty,
        _: ValueEmpty,
    ) -> Option<ValueEmpty> {
        self.clients.expect_okta(diags)?;
        Some(Value::Null)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: Model,
        _: Model,
        _: ValueEmpty,
        _: ValueEmpty,
    ) -> Option<(Model, ValueEmpty)> {
        let okta = self.clients.until(timeouts::deadline(&planned.timeouts, Operation::Create)).okta(diags)?;
        let wanted = planned.wanted(diags)?;
        // The look that follows an installation serves whoever was waiting by then: nothing was installed in between.
        let asked = Age::now();
        let _alone = self.installing.lock().await;
        let existing = installation::installed(&okta, &wanted.kind, asked, diags).await?;
        let state = match (existing.as_slice(), planned.adopt_existing) {
            ([], _) => installation::install(&self.clients, &okta, planned, wanted, diags).await?,
            ([one], Value::Value(true)) => installation::adopt(&okta, planned, &wanted, one, diags).await?,
            (found, _) => {
                installation::refuse_second(diags, &okta, found);
                return None;
            }
        };
        Some((state, Value::Null))
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: ValueEmpty,
        _: ValueEmpty,
    ) -> Option<(Model, ValueEmpty)> {
        if self.clients.okta_is_unknown() {
            return Some((state, Value::Null));
        }
        let clients = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Read));
        let Some(okta) = clients.okta(diags) else { return Some((state, Value::Null)) };
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        let (instance, secrets) = tokio::join!(okta.find_instance(&id), okta.list_secrets(&id, Age::ThisRun));
        let instance = match instance {
            Ok(instance) => instance,
            Err(error) if error.is_not_found() => return self.gone(diags, state, &id, &okta),
            Err(error) => {
                diagnostics::okta(diags, &format!("read the integration {id}"), &error, AttributePath::root());
                return Some((state, Value::Null));
            }
        };
        let mut fresh = state.observed(&instance, &okta);
        match secrets {
            Ok(secrets) => fresh.observe_secret(&secrets, diags),
            Err(error) => {
                diagnostics::okta(diags, &format!("list the secrets of {id}"), &error, AttributePath::root());
            }
        }
        Some((fresh, Value::Null))
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: Model,
        planned: Model,
        _: Model,
        _: ValueEmpty,
        _: ValueEmpty,
    ) -> Option<(Model, ValueEmpty)> {
        // Only the secret has anything to change in Okta. The rest are arguments of the provider's own behaviour.
        if !planned.client_secret.is_unknown() {
            return Some((planned, Value::Null));
        }
        let okta = self.clients.until(timeouts::deadline(&planned.timeouts, Operation::Update)).okta(diags)?;
        let id = prior.id.as_ref_option().cloned().unwrap_or_default();
        let Some(secrets) = rotation::list(&okta, &id, Age::now(), diags).await else {
            return Some((prior, Value::Null));
        };
        // Nobody needs to be asked while there is room.
        let link = if secrets.len() < MAX_SECRETS { None } else { self.link_at_hand(&prior).await };
        let witness = link.as_ref().map(|(druva, link)| Witness { druva, link_id: &link.id });
        match rotation::mint(
            &okta,
            &id,
            &secrets,
            planned.policy(prior.client_secret_id.as_deref_option()),
            witness,
            diags,
        )
        .await
        {
            Some(minted) => Some((planned.with_minted(minted), Value::Null)),
            None => Some((prior, Value::Null)),
        }
    }

    async fn destroy<'a>(&self, diags: &mut Diagnostics, state: Model, _: ValueEmpty, _: ValueEmpty) -> Option<()> {
        let okta = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Delete)).okta(diags)?;
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        match okta.delete_instance(&id).await {
            Ok(()) => Some(()),
            Err(error) => {
                diagnostics::okta(diags, &format!("remove the integration {id}"), &error, AttributePath::root());
                None
            }
        }
    }

    async fn import<'a>(&self, diags: &mut Diagnostics, id: String) -> Option<(Model, ValueEmpty)> {
        let okta = self.clients.until(timeouts::deadline(&Value::Null, Operation::Read)).okta(diags)?;
        let instance = import::find(&okta, &id, diags).await?;
        import::warn(diags, "imported", &instance.id);
        Some((import::state(&instance, &okta), Value::Null))
    }
}

impl OktaIntegration {
    /// Refuses at plan what would fail at apply: minting where both secrets may be in use.
    async fn expect_room(&self, prior: &Model, plan: &Model, diags: &mut Diagnostics) -> Option<()> {
        let (false, Value::Value(id)) = (self.clients.okta_is_unknown(), &prior.id) else { return Some(()) };
        let okta = self.clients.until(timeouts::deadline(&plan.timeouts, Operation::Read)).okta(diags)?;
        let secrets = rotation::list(&okta, id, Age::ThisRun, diags).await?;
        if plan.policy(prior.client_secret_id.as_deref_option()).room(&secrets).is_none() {
            rotation::refuse(id, &secrets, diags);
            return None;
        }
        Some(())
    }

    /// The link of this integration, where the provider can see it: it tells whether a secret is in use.
    async fn link_at_hand(&self, state: &Model) -> Option<(druva::Client, Link)> {
        let clients = self.clients.until(timeouts::deadline(&state.timeouts, Operation::Read)).get()?;
        let druva = clients.druva.ready()?.clone();
        let domain = OktaDomain::parse(state.org_url.as_deref_option()?).ok()?;
        let link = druva.find_link(domain.host()).await.ok()??;
        (Some(link.client_id.as_str()) == state.client_id.as_deref_option()).then_some((druva, link))
    }

    /// Not found: gone, unless we are looking in another org than the one where it was installed.
    fn gone(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        id: &str,
        okta: &okta::Client,
    ) -> Option<(Model, ValueEmpty)> {
        if let Value::Value(org_url) = &state.org_url
            && !okta.domain().is_same_org(org_url)
        {
            diags.fail(
                problems::other_org(),
                format!(
                    "The integration {id} was installed in {org_url}, and the provider is configured for {}, which does \
                     not have it. Set okta.org_url back, or take the resource out of the state with \
                     `terraform state rm` if the old integration is to stay as it is.",
                    okta.domain()
                ),
                AttributePath::new("org_url"),
            );
            return Some((state, Value::Null));
        }
        tracing::warn!("the integration {id} is gone from {}; removing it from the state", okta.domain());
        None
    }
}

/// Why a plan mints a secret in place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReasonToMint {
    /// The secret in the state no longer works.
    Dead,
    /// `rotate_when_changed` changed.
    Rotated,
    /// The state holds none, and `adopt_existing` was switched on.
    Adopted,
    /// The state holds none, and `store_client_secret` was switched on.
    Stored,
}

impl ReasonToMint {
    fn between(prior: &Model, plan: &Model) -> Option<Self> {
        let status = prior.client_secret_status.as_deref_option();
        let is_dead = matches!(status, Some(client_secrets::INACTIVE | client_secrets::MISSING));
        let adopts = plan.adopt_existing == Value::Value(true) && prior.adopt_existing != Value::Value(true);
        if is_dead && prior.client_secret.is_value() {
            Some(Self::Dead)
        } else if !plan.rotate_when_changed.is_null() && plan.rotate_when_changed != prior.rotate_when_changed {
            Some(Self::Rotated)
        } else if status == Some(NOT_HELD) && adopts {
            Some(Self::Adopted)
        } else if !prior.stores_secret() {
            Some(Self::Stored)
        } else {
            None
        }
    }

    fn announce(self, diags: &mut Diagnostics, prior: &Model) {
        if self != Self::Dead {
            return;
        }
        let id = prior.client_secret_id.as_deref_option().unwrap_or("of the integration");
        let status = prior.client_secret_status.as_deref_option();
        let happened = if status == Some(client_secrets::INACTIVE) { "deactivated" } else { "deleted" };
        diags.warn(
            problems::dead_secret(),
            format!(
                "Somebody {happened} the secret {id} in Okta. Applying this plan mints a new one, and every \
                 druva_okta_link that refers to this integration's client_secret is re-authorized with it."
            ),
            AttributePath::new("client_secret"),
        );
    }
}

/// The defaults of the arguments that say how the provider itself behaves.
fn with_own_defaults(model: Model, given: &Model) -> Model {
    Model {
        adopt_existing: or_default(&given.adopt_existing, false),
        store_client_secret: or_default(&given.store_client_secret, true),
        replace_oldest_secret: or_default(&given.replace_oldest_secret, false),
        ..model
    }
}

fn with_defaults(proposed: Model, config: &Model) -> Model {
    let documented = scopes::DOCUMENTED.iter().map(|scope| Value::Value(scope.name.to_owned())).collect();
    Model {
        kind: or_default(&config.kind, DRUVA_TYPE.to_owned()),
        granted_scopes: or_default(&config.granted_scopes, documented),
        ..with_own_defaults(proposed, config)
    }
}
