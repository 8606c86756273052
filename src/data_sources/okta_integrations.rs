//! `druva_okta_integrations`: the API service integrations that an Okta org has, whoever installed them.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Attribute, Schema, Type, objects, set, string};
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{DataSource, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::integration_details::{self, Details};
use super::{Set, texts};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::OktaOperation;
use crate::http::Freshness;

/// The data source, with the clients of its provider.
pub struct OktaIntegrationsDataSource(pub SharedClients);

/// The configuration, and what was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    #[serde(rename = "type")]
    kind: Value<String>,
    timeouts: Value<ReadTimeout>,
    #[serde(skip_deserializing)]
    ids: Set,
    #[serde(skip_deserializing)]
    integrations: Value<Vec<Integration>>,
}

#[derive(Clone, Debug, Serialize)]
struct Integration {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    details: Details,
}

#[async_trait]
impl DataSource for OktaIntegrationsDataSource {
    type Model = Model;

    fn schema(&self) -> Schema {
        let own: [Attribute; 2] = [
            string("id").computed().describe("Okta's id of the integration."),
            string("type").computed().describe("The key of the integration in Okta's catalog."),
        ];
        let integration = own.into_iter().chain(integration_details::attributes());
        Schema::new("Looks up the API service integrations that an Okta org has, whoever installed them.")
            .attribute(string("type").optional().describe("Only integrations of this type. Default: all."))
            .attribute(set("ids", Type::String).computed().describe("Okta's ids of the integrations."))
            .attribute(
                objects("integrations", integration)
                    .computed()
                    .describe("The integrations, in the order of their ids."),
            )
            .block(read_timeout())
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        diagnostics::validate_type(diags, &config.kind);
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn read(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let okta = self.0.until(ReadTimeout::deadline(&config.timeouts)).okta(diags)?;
        let mut found = okta.list_instances(Freshness::Cached).await.map_err(|error| {
            diagnostics::okta(diags, OktaOperation::ListIntegrations, &error, AttributePath::root())
        })?;
        found.retain(|instance| config.kind.as_deref_option().is_none_or(|kind| kind == instance.kind));
        found.sort_by(|one, other| one.id.cmp(&other.id));
        let integrations = found.iter().map(|instance| Integration {
            id: instance.id.clone(),
            kind: instance.kind.clone(),
            details: Details::of(instance, &okta),
        });
        Ok(Model {
            ids: texts(found.iter().map(|instance| instance.id.as_str())),
            integrations: Value::Value(integrations.collect()),
            ..config
        })
    }
}
