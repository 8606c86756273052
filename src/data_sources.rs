//! What Terraform can look up: one file a data source, named after it. None of them changes anything.

mod backup_age;
mod integration_details;
mod link_details;
pub mod okta_integration;
pub mod okta_integrations;
pub mod okta_link;
pub mod okta_links;
pub mod okta_preflight;
pub mod okta_scopes;
pub(crate) mod problems;

use std::collections::BTreeSet;

use tf_provider::value::Value;

/// Texts as a list or set of Terraform.
fn texts<T: FromIterator<Value<String>>>(texts: impl IntoIterator<Item = impl Into<String>>) -> Value<T> {
    Value::Value(texts.into_iter().map(|text| Value::Value(text.into())).collect())
}

type Set = Value<BTreeSet<Value<String>>>;
