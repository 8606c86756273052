//! What the unit tests of these modules are made of.

use serde_json::json;
use tf_provider::value::Value;

use super::model::Model;
use crate::linking::client_secrets::ACTIVE;
use crate::okta::api_services::Instance;
use crate::secret::ClientSecret;

/// The secret in the published example.
pub const SECRET: &str = "CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg";

pub fn text(text: &str) -> Value<String> {
    Value::Value(text.to_owned())
}

/// A set of texts.
pub fn set(texts: &[&str]) -> Value<std::collections::BTreeSet<Value<String>>> {
    Value::Value(texts.iter().map(|one| text(one)).collect())
}

/// A map of texts.
pub fn map(pairs: &[(&str, &str)]) -> Value<std::collections::BTreeMap<String, Value<String>>> {
    Value::Value(pairs.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect())
}

/// With a type and scopes, and nothing else.
pub fn model(kind: &str, scopes: &[&str]) -> Model {
    Model { kind: text(kind), granted_scopes: set(scopes), ..Model::default() }
}

/// The state of an installed integration, with a secret that works.
pub fn installed() -> Model {
    Model {
        id: text("0oa1"),
        client_secret: Value::Value(ClientSecret::from(SECRET.to_owned())),
        client_secret_id: text("ocs1"),
        client_secret_status: text(ACTIVE),
        adopt_existing: Value::Value(false),
        allow_second_installation: Value::Value(false),
        store_client_secret: Value::Value(true),
        replace_oldest_secret: Value::Value(false),
        ..model("t", &["okta.users.read"])
    }
}

/// As Okta shows one.
pub fn instance(id: &str, kind: &str, scopes: &[&str], properties: &[(&str, &str)]) -> Instance {
    let properties: std::collections::BTreeMap<_, _> = properties.iter().copied().collect();
    let instance = json!({"id": id, "type": kind, "grantedScopes": scopes, "properties": properties});
    serde_json::from_value(instance).expect("an instance")
}
