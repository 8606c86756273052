//! What both data sources of integrations show of one, besides its id and type.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tf_provider::schema::{Attribute, AttributeType};
use tf_provider::value::Value;

use super::{set_of_strings, texts};
use crate::framework::attribute::{computed, nullable};
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

pub(super) fn attributes() -> [(&'static str, Attribute); 8] {
    let string = || AttributeType::String;
    [
        ("name", computed(string(), "The integration's name in Okta's catalog.")),
        ("client_id", computed(string(), "The OAuth client id that the integration's vendor uses.")),
        ("granted_scopes", computed(set_of_strings(), "The Okta scopes that the integration was granted.")),
        ("properties", computed(AttributeType::Map(Box::new(string())), "App properties of the integration.")),
        ("org_url", computed(string(), "Address of the org in which the integration is installed.")),
        ("created_at", computed(string(), "When the integration was installed (ISO 8601, UTC).")),
        ("created_by", computed(string(), "Okta's id of the user or app that installed it.")),
        ("config_guide_url", computed(string(), "Where the integration's vendor explains its set-up.")),
    ]
}
