//! A member of a body that may be left out, and that is never `null`: OpenAPI has to say `nullable` for that.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "not_null")]`.
pub fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
