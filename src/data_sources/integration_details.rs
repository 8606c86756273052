//! What both data sources of integrations show of one, besides its id and type.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use terraform_plugin::nullable;
use terraform_plugin::schema::{Attribute, Type, map, set, string};
use tf_provider::value::Value;

use super::texts;
use crate::okta;
use crate::okta::api_services::Instance;
use crate::redaction::ServerText;

#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Details {
    name: Value<String>,
    client_id: Value<String>,
    granted_scopes: Value<BTreeSet<Value<String>>>,
    properties: Value<BTreeMap<String, Value<String>>>,
    org_url: Value<String>,
    created_at: Value<String>,
    created_by: Value<String>,
    config_guide_url: Value<String>,
}

impl Details {
    pub fn of(instance: &Instance, okta: &okta::Client) -> Self {
        let properties = instance.properties.clone().into_iter();
        Self {
            name: nullable(instance.name.as_ref().map(ServerText::shown)),
            client_id: Value::Value(instance.client_id().to_owned()),
            granted_scopes: texts(&instance.granted_scopes),
            properties: Value::Value(properties.map(|(name, value)| (name, Value::Value(value))).collect()),
            org_url: Value::Value(okta.domain().origin()),
            created_at: nullable(instance.created_at.as_ref().map(ServerText::shown)),
            created_by: nullable(instance.created_by.as_ref().map(ServerText::shown)),
            config_guide_url: nullable(instance.config_guide_url.as_ref().map(ServerText::shown)),
        }
    }
}

pub(super) fn attributes() -> [Attribute; 8] {
    [
        string("name").computed().describe("The integration's name in Okta's catalog."),
        string("client_id").computed().describe("The OAuth client id that the integration's vendor uses."),
        set("granted_scopes", Type::String).computed().describe("The Okta scopes that the integration was granted."),
        map("properties", Type::String).computed().describe("App properties of the integration."),
        string("org_url").computed().describe("Address of the org in which the integration is installed."),
        string("created_at").computed().describe("When the integration was installed (ISO 8601, UTC)."),
        string("created_by").computed().describe("Okta's id of the user or app that installed it."),
        string("config_guide_url").computed().describe("Where the integration's vendor explains its set-up."),
    ]
}
