//! `druva_okta_integrations`: the API service integrations that an Okta org has, whoever installed them.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{AttributeType, Schema};
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, DataSource, Diagnostics};

use super::integration_details::{self, Details};
use super::{Set, set_of_strings, texts};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::OktaOperation;
use crate::framework::attribute::{computed, named, optional, schema};
use crate::framework::timeouts::{ReadTimeout, read_timeout};
use crate::framework::{Report, Reported};
use crate::http::Freshness;

/// The data source.
pub struct OktaIntegrationsDataSource {
    clients: SharedClients,
}

impl OktaIntegrationsDataSource {
    /// The data source, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients }
    }

    async fn look_up(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let okta = self.clients.until(ReadTimeout::deadline(&config.timeouts)).okta(diags)?;
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
    type State<'a> = Model;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        let own = [
            ("id", computed(AttributeType::String, "Okta's id of the integration.")),
            ("type", computed(AttributeType::String, "The key of the integration in Okta's catalog.")),
        ];
        let integration = named(own.into_iter().chain(integration_details::attributes()));
        let attributes = [
            ("type", optional(AttributeType::String, "Only integrations of this type. Default: all.")),
            ("ids", computed(set_of_strings(), "Okta's ids of the integrations.")),
            (
                "integrations",
                computed(AttributeType::AttributeList(integration), "The integrations, in the order of their ids."),
            ),
        ];
        Some(schema(
            0,
            "Looks up the API service integrations that an Okta org has, whoever installed them.",
            attributes,
            [("timeouts", read_timeout())],
        ))
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: Model) -> Option<()> {
        diagnostics::validate_type(diags, &config.kind);
        ReadTimeout::validate(&config.timeouts, diags);
        diags.check().ok()
    }

    async fn read<'a>(&self, diags: &mut Diagnostics, config: Model, _: ValueEmpty) -> Option<Model> {
        self.look_up(config, diags).await.ok()
    }
}
