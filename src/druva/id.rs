//! Druva's ids: texts in some of its published APIs, numbers in others. Both are kept as texts.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::redaction::fit_id;

/// The id in a member of an answer, if it is one: a text, or a whole number.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

/// [`id`], where there must be one.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let id = id(&value).ok_or_else(|| D::Error::custom("neither a text nor a whole number"))?;
    fit_id(&id).map_err(D::Error::custom)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_text_or_a_whole_number() {
        let read = |json: &str| deserialize(&mut serde_json::Deserializer::from_str(json)).ok();
        assert_eq!(read(r#""d-1""#).as_deref(), Some("d-1"));
        assert_eq!(read(r#""0034756""#).as_deref(), Some("0034756"));
        assert_eq!(read("34756").as_deref(), Some("34756"));
        assert_eq!(read("18446744073709551615").as_deref(), Some("18446744073709551615"));
        for json in ["1.5", "1e3", "18446744073709551616", "null", "true", "[1]", r#"{"id": 1}"#] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
