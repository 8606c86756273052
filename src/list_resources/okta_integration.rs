//! `druva_okta_integration` in a query: the API service integrations of one type that an Okta org has.

use async_trait::async_trait;
use serde::Deserialize;
use terraform_plugin::schema::{Schema, string};
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{ListResource, Listed, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::OktaOperation;
use crate::http::Freshness;
use crate::okta::api_services::{DRUVA_NAME, DRUVA_TYPE};
use crate::okta::sought::Sought;
use crate::redaction::ServerText;
use crate::resources::okta_integration::{Model, import};

/// The list resource, with the clients of its provider.
pub struct OktaIntegrationsListResource(pub SharedClients);

/// The configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    #[serde(rename = "type")]
    kind: Value<String>,
    timeouts: Value<ReadTimeout>,
}

#[async_trait]
impl ListResource for OktaIntegrationsListResource {
    type Config = Config;
    type State = Model;

    fn schema(&self) -> Schema {
        let kind = format!(
            "Only integrations of this type, a key of Okta's catalog. Default: those with the name \"{DRUVA_NAME}\" \
             or the type `{DRUVA_TYPE}`."
        );
        Schema::new("Finds Druva's API service integration in an Okta org, whoever installed it.")
            .attribute(string("type").optional().describe(kind))
            .block(read_timeout())
    }

    fn validate(&self, config: &Config, diags: &mut Diagnostics) {
        diagnostics::validate_type(diags, &config.kind);
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn list(&self, config: Config, diags: &mut Diagnostics) -> Result<Vec<Listed<Model>>, Reported> {
        let okta = self.0.until(ReadTimeout::deadline(&config.timeouts)).okta(diags)?;
        let mut found = okta.list_instances(Freshness::Cached).await.map_err(|error| {
            diagnostics::okta(diags, OktaOperation::ListIntegrations, &error, AttributePath::root())
        })?;
        let sought = Sought::by(config.kind.as_deref_option());
        found.retain(|instance| sought.is(instance));
        found.sort_by(|one, other| one.id.cmp(&other.id));
        let listed = found.iter().map(|instance| Listed {
            display_name: format!(
                "{} in {}",
                ServerText::shown_or(instance.name.as_ref(), &instance.kind),
                okta.domain().host()
            ),
            state: import::state(instance, &okta),
        });
        Ok(listed.collect())
    }
}
