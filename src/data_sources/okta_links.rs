//! `druva_okta_links`: the Okta orgs that are linked in a Druva account, whoever linked them.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{AttributeType, Schema};
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, DataSource, Diagnostics};

use super::link_details::{self, Details};
use super::{Set, set_of_strings, texts};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::framework::attribute::{computed, named, schema};
use crate::framework::timeouts::{ReadTimeout, read_timeout};
use crate::framework::{Report, Reported};

/// The data source.
pub struct OktaLinksDataSource {
    clients: SharedClients,
}

impl OktaLinksDataSource {
    /// The data source, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients }
    }

    async fn look_up(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let druva = self.clients.until(ReadTimeout::deadline(&config.timeouts)).druva(diags)?;
        let mut found = druva
            .list_links()
            .await
            .map_err(|error| diagnostics::druva(diags, DruvaOperation::ListLinks, &error, AttributePath::root()))?;
        found.sort_by(|one, other| one.okta_domain.cmp(&other.okta_domain));
        let links = found.iter().map(|link| LinkModel {
            id: link.id.clone(),
            okta_domain: link.okta_domain.clone(),
            details: Details::of(link),
        });
        Ok(Model {
            ids: texts(found.iter().map(|link| link.id.as_str())),
            links: Value::Value(links.collect()),
            ..config
        })
    }
}

/// The configuration, and what was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    timeouts: Value<ReadTimeout>,
    #[serde(skip_deserializing)]
    ids: Set,
    #[serde(skip_deserializing)]
    links: Value<Vec<LinkModel>>,
}

#[derive(Clone, Debug, Serialize)]
struct LinkModel {
    id: String,
    okta_domain: String,
    #[serde(flatten)]
    details: Details,
}

#[async_trait]
impl DataSource for OktaLinksDataSource {
    type State<'a> = Model;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        let own = [
            ("id", computed(AttributeType::String, "Druva's id of the link.")),
            ("okta_domain", computed(AttributeType::String, "The host of the linked org, as in `example.okta.com`.")),
        ];
        let link = named(own.into_iter().chain(link_details::attributes()));
        let attributes = [
            ("ids", computed(set_of_strings(), "Druva's ids of the links.")),
            ("links", computed(AttributeType::AttributeList(link), "The links, in the order of their domains.")),
        ];
        Some(schema(
            0,
            "Looks up the Okta orgs that are linked in a Druva account, whoever linked them. Druva publishes no API for \
             this: the provider assumes one, see the provider's `okta_api_path`.",
            attributes,
            [("timeouts", read_timeout())],
        ))
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: Model) -> Option<()> {
        ReadTimeout::validate(&config.timeouts, diags);
        diags.check().ok()
    }

    async fn read<'a>(&self, diags: &mut Diagnostics, config: Model, _: ValueEmpty) -> Option<Model> {
        self.look_up(config, diags).await.ok()
    }
}
