//! `druva_okta_link`: an Okta org, linked in Druva.
//!
//! In the Druva Cloud Platform Console this is All Services > Okta > Authorize, then the switches for backups and for
//! the Cloud Key Management System. Nobody sees it in Okta, except that a client uses its secret.
//!
//! Another client or secret, and a lost connection, are mended in place by re-authorizing; another org replaces the link.
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].
//!
//! The secret comes from the configuration, is proved at Okta's token endpoint, goes to Druva in one request, and into
//! the state. A link without a secret, as after an import, is left as it is.

mod authorization;
mod model;
mod schema;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, Diagnostics, Resource};

use self::authorization::Reason;
pub use self::model::Model;
use super::client_secrets::NOT_HELD;
use super::or_default;
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{AppStatus, Link, NewLink};
use crate::framework::timeouts::{self, Operation};
use crate::framework::{ManagedResource, Report, checkpoint, decode_stored};
use crate::{diagnostics, druva};

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

impl ManagedResource for OktaLink {
    fn upgrade_state<'a>(&self, diags: &mut Diagnostics, _: i64, state: serde_json::Value) -> Option<Self::State<'a>> {
        let state: Model = decode_stored(diags, state)?;
        // An argument that the older version did not have is not changed by having a default now.
        Some(Model { verify_client_secret: or_default(&state.verify_client_secret, true), ..state })
    }
}

#[async_trait]
impl Resource for OktaLink {
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
        self.clients.expect_druva(diags)?;
        if config.client_secret.is_null() {
            Reason::New.demand_secret(diags);
            return None;
        }
        let mut plan = with_defaults(proposed, &config);
        plan.expect_authorization();
        plan.id = Value::Unknown;
        plan.storage_region = Value::Unknown;
        plan.backup_frequency = Value::Unknown;
        plan.backup_retention = Value::Unknown;
        plan.added_on = Value::Unknown;
        Some((plan, Value::Null))
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
        self.clients.expect_druva(diags)?;
        let mut plan = with_defaults(proposed, &config);
        if !is_same_org(&prior.okta_domain, &plan.okta_domain) {
            return Some((plan, Value::Null, vec![AttributePath::new("okta_domain")]));
        }
        // Another spelling of the same host is no change.
        plan.okta_domain = prior.okta_domain.clone();
        if let Some(reason) = authorization::needed(&prior, &plan) {
            if plan.client_secret.is_null() {
                reason.demand_secret(diags);
                return None;
            }
            reason.announce(diags);
            plan.expect_authorization();
        } else if plan.client_secret.is_null() && prior.client_secret.is_value() {
            // The secret was taken out of the configuration. Druva keeps it; the state does not.
            plan.client_secret_id = Value::Null;
            plan.client_secret_hash = Value::Null;
            plan.client_secret_status = Value::Value(NOT_HELD.to_owned());
        }
        Some((plan, Value::Null, Vec::new()))
    }

    async fn plan_destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        _: Model,
        _: ValueEmpty,
        _: ValueEmpty,
    ) -> Option<ValueEmpty> {
        self.clients.expect_druva(diags)?;
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
        let druva = self.clients.druva(diags)?.until(timeouts::deadline(&planned.timeouts, Operation::Create));
        let domain = parse_domain(&planned, diags)?;
        authorization::prove(&self.clients, &druva, &planned, &domain, diags).await?;
        let client = planned.okta_client(diags)?;
        let request = NewLink { okta_domain: &domain.origin(), client };
        let link = match druva.create_link(&request).await {
            Ok(link) => link,
            Err(error) => {
                report_failed_link(&druva, &domain, &error, diags).await;
                return None;
            }
        };
        let mut state = planned.observed(&link);
        checkpoint(&state);
        let link = authorization::wait(&druva, link, diags).await;
        state = state.observed(&link);
        let link = authorization::set_switches(&druva, &planned, link, diags).await;
        state = state.observed(&link);
        authorization::observe_secret(&self.clients, &domain, &mut state, diags).await;
        Some((state, Value::Null))
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Model,
        _: ValueEmpty,
        _: ValueEmpty,
    ) -> Option<(Model, ValueEmpty)> {
        if self.clients.druva_is_unknown() {
            return Some((state, Value::Null));
        }
        let Some(druva) = self.clients.druva(diags) else {
            return Some((state, Value::Null));
        };
        let druva = druva.until(timeouts::deadline(&state.timeouts, Operation::Read));
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        match druva.get_link(&id).await {
            Ok(link) => {
                let mut fresh = state.observed(&link);
                if let Ok(domain) = OktaDomain::parse(fresh.okta_domain.as_deref_option().unwrap_or_default()) {
                    authorization::observe_secret(&self.clients, &domain, &mut fresh, diags).await;
                }
                Some((fresh, Value::Null))
            }
            Err(error) if error.is_not_found() => {
                tracing::warn!("the link {id} is gone from Druva; removing it from the state");
                None
            }
            Err(error) => {
                diagnostics::druva(diags, &format!("read the link {id}"), &error, AttributePath::root());
                Some((state, Value::Null))
            }
        }
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
        let druva = self.clients.druva(diags)?.until(timeouts::deadline(&planned.timeouts, Operation::Update));
        let domain = parse_domain(&planned, diags)?;
        let id = prior.id.as_ref_option().cloned().unwrap_or_default();
        let link = match druva.get_link(&id).await {
            Ok(link) => authorization::settle(&druva, link, diags).await?,
            Err(error) => {
                diagnostics::druva(diags, &format!("read the link {id}"), &error, AttributePath::root());
                return Some((prior, Value::Null));
            }
        };
        let reason = authorization::needed(&prior, &planned)
            // Druva may have found its way back since the plan.
            .filter(|reason| !matches!(reason, Reason::NotConnected(_)) || link.app_status != AppStatus::Connected);
        let mut link = link;
        if reason.is_some() {
            authorization::prove(&self.clients, &druva, &planned, &domain, diags).await?;
            let client = planned.okta_client(diags)?;
            link = match druva.authorize_link(&id, client).await {
                Ok(link) => link,
                Err(error) => {
                    diagnostics::druva(
                        diags,
                        &format!("re-authorize the link {id}"),
                        &error,
                        authorization::attribute(&error),
                    );
                    return Some((prior, Value::Null));
                }
            };
            checkpoint(&planned.observed(&link));
        }
        let link = authorization::wait(&druva, link, diags).await;
        let link = authorization::set_switches(&druva, &planned, link, diags).await;
        let succeeded = diags.errors.is_empty();
        // Once Druva was given the new secret, it is the one to remember, whatever failed afterwards.
        let basis = if succeeded || reason.is_some() { &planned } else { &prior };
        let mut state = basis.observed(&link);
        authorization::observe_secret(&self.clients, &domain, &mut state, diags).await;
        if succeeded {
            state.keep_promises(&planned);
        }
        Some((state, Value::Null))
    }

    async fn destroy<'a>(&self, diags: &mut Diagnostics, state: Model, _: ValueEmpty, _: ValueEmpty) -> Option<()> {
        let druva = self.clients.druva(diags)?.until(timeouts::deadline(&state.timeouts, Operation::Delete));
        let id = state.id.as_ref_option().cloned().unwrap_or_default();
        match druva.delete_link(&id).await {
            Ok(()) => Some(()),
            Err(error) => {
                diagnostics::druva(diags, &format!("unlink {id}"), &error, AttributePath::root());
                None
            }
        }
    }

    async fn import<'a>(&self, diags: &mut Diagnostics, id: String) -> Option<(Model, ValueEmpty)> {
        let druva = self.clients.druva(diags)?.until(timeouts::deadline(&Value::Null, Operation::Read));
        let link = find_for_import(&druva, id.trim(), diags).await?;
        let blank = Model {
            verify_client_secret: Value::Value(true),
            client_secret_status: Value::Value(NOT_HELD.to_owned()),
            ..Model::default()
        };
        Some((blank.observed(&link), Value::Null))
    }
}

fn with_defaults(proposed: Model, config: &Model) -> Model {
    Model {
        backup_enabled: or_default(&config.backup_enabled, true),
        cloud_key_management_enabled: or_default(&config.cloud_key_management_enabled, true),
        verify_client_secret: or_default(&config.verify_client_secret, true),
        ..proposed
    }
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

fn parse_domain(planned: &Model, diags: &mut Diagnostics) -> Option<OktaDomain> {
    match OktaDomain::parse(planned.okta_domain.as_deref_option().unwrap_or_default()) {
        Ok(domain) => Some(domain),
        Err(error) => {
            schema::refuse_domain(&error, diags);
            None
        }
    }
}

/// Says why no link came into being, and what is there.
async fn report_failed_link(druva: &druva::Client, domain: &OktaDomain, error: &druva::Error, diags: &mut Diagnostics) {
    let is_conflict = error.status().is_some_and(|status| status.as_u16() == 409);
    if !is_conflict && !error.may_have_acted() {
        diagnostics::druva(diags, &format!("link the Okta org {domain}"), error, authorization::attribute(error));
        return;
    }
    if !is_conflict {
        diagnostics::druva(diags, &format!("link the Okta org {domain}"), error, AttributePath::root());
    }
    let id = match druva.find_link(domain.host()).await {
        Ok(found) => found.map(|link| link.id),
        Err(_) => match error {
            druva::Error::Api(error) => error.about_id.clone(),
            _ => None,
        },
    };
    match id {
        Some(id) => diags.fail(
            "The Okta org is linked in Druva already",
            format!(
                "Druva has the link {id} for {domain}. To manage it with Terraform, import it (the resource's address \
                 stands above, after \"with\"):\n  terraform import <ADDRESS> {id}\n\nOr unlink the org in the Druva \
                 Cloud Platform Console (All Services > Okta) and apply again."
            ),
            AttributePath::new("okta_domain"),
        ),
        None if is_conflict => {
            diagnostics::druva(diags, &format!("link the Okta org {domain}"), error, AttributePath::new("okta_domain"));
        }
        None => diags.warn(
            "The org was probably not linked",
            "Druva's list of links does not show it: it is safe to apply again.",
            AttributePath::root(),
        ),
    }
}

/// By domain, if the text is one, else by id.
async fn find_for_import(druva: &druva::Client, id: &str, diags: &mut Diagnostics) -> Option<Link> {
    let is_id = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let outcome = match OktaDomain::parse(id) {
        Ok(domain) => druva.find_link(domain.host()).await,
        Err(_) if !id.is_empty() && id.chars().all(is_id) => match druva.get_link(id).await {
            Err(error) if error.is_not_found() => Ok(None),
            outcome => outcome.map(Some),
        },
        Err(_) => {
            diags.fail(
                "Neither a link's id nor an Okta domain",
                "Import by Druva's id of the link, or by the org's address, as in \"example.okta.com\".",
                AttributePath::root(),
            );
            return None;
        }
    };
    match outcome {
        Ok(Some(link)) => Some(link),
        Ok(None) => {
            diags.fail(
                "There is no such link",
                format!("The Druva account behind {} has no link with the id or domain \"{id}\".", druva.api_url()),
                AttributePath::root(),
            );
            None
        }
        Err(error) => {
            diagnostics::druva(diags, &format!("read the link {id}"), &error, AttributePath::root());
            None
        }
    }
}
