//! `druva_okta_link` in a query: the Okta orgs that are linked in Druva.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].

use async_trait::async_trait;
use serde::Deserialize;
use tf_provider::schema::Schema;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::framework::attribute::schema;
use crate::framework::timeouts::{ReadTimeout, read_timeout};
use crate::framework::{IdentityAttribute, ListResource, Listed, ManagedResource, Report, Reported};
use crate::resources::okta_link::{Model, OktaLinkResource, import};

/// The list resource.
pub struct OktaLinksListResource {
    clients: SharedClients,
    managed: OktaLinkResource,
}

impl OktaLinksListResource {
    /// The list resource, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { managed: OktaLinkResource::new(clients.clone()), clients }
    }

    async fn find(&self, config: &Config, diags: &mut Diagnostics) -> Result<Vec<Listed<Model>>, Reported> {
        let druva = self.clients.until(ReadTimeout::deadline(&config.timeouts)).druva(diags)?;
        let mut links = druva
            .list_links()
            .await
            .map_err(|error| diagnostics::druva(diags, DruvaOperation::ListLinks, &error, AttributePath::root()))?;
        links.sort_by(|one, other| one.okta_domain.cmp(&other.okta_domain));
        let listed =
            links.iter().map(|link| Listed { display_name: link.okta_domain.clone(), state: import::state(link) });
        Ok(listed.collect())
    }
}

/// The configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    timeouts: Value<ReadTimeout>,
}

#[async_trait]
impl ListResource for OktaLinksListResource {
    type Config = Config;
    type State = Model;

    fn schema(&self) -> Schema {
        schema(
            0,
            "Finds the Okta orgs that are linked in Druva, whoever linked them. Druva publishes no API for this: the \
             provider assumes one, see the provider's `okta_api_path`.",
            [],
            [("timeouts", read_timeout())],
        )
    }

    fn identity(&self) -> &'static [IdentityAttribute] {
        self.managed.identity()
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Config) -> Option<()> {
        ReadTimeout::validate(&config.timeouts, diags);
        diags.check().ok()
    }

    async fn list(&self, diags: &mut Diagnostics, config: Config) -> Option<Vec<Listed<Model>>> {
        self.find(&config, diags).await.ok()
    }
}
