//! `druva_okta_links`: the Okta orgs that are linked in a Druva account, whoever linked them.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Attribute, Schema, Type, objects, set, string};
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{DataSource, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::link_details::{self, Details};
use super::{Set, texts};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;

/// The data source, with the clients of its provider.
pub struct OktaLinksDataSource(pub SharedClients);

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
    type Model = Model;

    fn schema(&self) -> Schema {
        let own: [Attribute; 2] = [
            string("id").computed().describe("Druva's id of the link."),
            string("okta_domain").computed().describe("The host of the linked org, as in `example.okta.com`."),
        ];
        let link = own.into_iter().chain(link_details::attributes());
        Schema::new(
            "Looks up the Okta orgs that are linked in a Druva account, whoever linked them. Druva publishes no API \
             for this: the provider assumes one, see the provider's `okta_api_path`.",
        )
        .attribute(set("ids", Type::String).computed().describe("Druva's ids of the links."))
        .attribute(objects("links", link).computed().describe("The links, in the order of their domains."))
        .block(read_timeout())
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn read(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let druva = self.0.until(ReadTimeout::deadline(&config.timeouts)).druva(diags)?;
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
