//! The provider block as Terraform sends it.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

/// The provider block.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    pub(super) client_id: Value<String>,
    #[serde(skip_serializing)]
    pub(super) client_secret: Value<SecretString>,
    #[serde(skip_serializing)]
    pub(super) access_token: Value<SecretString>,
    pub(super) cloud: Value<String>,
    pub(super) api_url: Value<String>,
    pub(super) okta_api_path: Value<String>,
    pub(super) okta: Value<OktaBlock>,
    pub(super) max_retries: Value<f64>,
    pub(super) request_timeout_seconds: Value<f64>,
    #[serde(skip_serializing)]
    pub(super) http_proxy: Value<SecretString>,
    pub(super) ca_certificate_file: Value<String>,
}

/// The `okta` block in it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OktaBlock {
    pub(super) org_url: Value<String>,
    #[serde(skip_serializing)]
    pub(super) api_token: Value<SecretString>,
    #[serde(skip_serializing)]
    pub(super) access_token: Value<SecretString>,
    pub(super) client_id: Value<String>,
    #[serde(skip_serializing)]
    pub(super) private_key: Value<SecretString>,
    pub(super) private_key_id: Value<String>,
    pub(super) scopes: Value<Vec<Value<String>>>,
    pub(super) max_api_capacity: Value<f64>,
}
