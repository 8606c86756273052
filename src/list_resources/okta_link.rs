//! `druva_okta_link` in a query: the Okta orgs that are linked in Druva.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].

use async_trait::async_trait;
use serde::Deserialize;
use terraform_plugin::schema::Schema;
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{ListResource, Listed, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::resources::okta_link::{Model, import};

/// The list resource, with the clients of its provider.
pub struct OktaLinksListResource(pub SharedClients);

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
        Schema::new(
            "Finds the Okta orgs that are linked in Druva, whoever linked them. Druva publishes no API for this: the \
             provider assumes one, see the provider's `okta_api_path`.",
        )
        .block(read_timeout())
    }

    fn validate(&self, config: &Config, diags: &mut Diagnostics) {
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn list(&self, config: Config, diags: &mut Diagnostics) -> Result<Vec<Listed<Model>>, Reported> {
        let druva = self.0.until(ReadTimeout::deadline(&config.timeouts)).druva(diags)?;
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
