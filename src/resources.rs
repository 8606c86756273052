//! What Terraform manages: one file a resource, named after it.

pub mod okta_integration;
pub mod okta_link;
pub(crate) mod problems;
mod unknown;

use tf_provider::value::Value;

use crate::framework::attribute::nullable;

/// The same value, or null while it is unknown: a state has no unknowns.
fn known_or_null<T: Clone>(value: &Value<T>) -> Value<T> {
    nullable(value.as_ref_option().cloned())
}

/// The value of an attribute with a default: what the configuration says, else the default.
///
/// `proposed` is not asked, because it holds what the state had where the configuration says nothing: an argument that
/// was taken out of the configuration returns to its default.
fn or_default<T: Clone>(configured: &Value<T>, default: T) -> Value<T> {
    if configured.is_null() { Value::Value(default) } else { configured.clone() }
}
