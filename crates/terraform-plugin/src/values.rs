//! Values that may be missing.

use tf_provider::value::Value;

/// The value, or null.
pub fn nullable<T>(value: Option<T>) -> Value<T> {
    value.map_or(Value::Null, Value::Value)
}
