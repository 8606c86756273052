//! What Terraform manages: one file a resource, named after it.

pub mod okta_integration;
pub mod okta_link;
pub(crate) mod problems;
mod unknown;

use terraform_plugin::nullable;
use tf_provider::value::Value;

/// The same value, or null while it is unknown: a state has no unknowns.
fn known_or_null<T: Clone>(value: &Value<T>) -> Value<T> {
    nullable(value.as_ref_option().cloned())
}
