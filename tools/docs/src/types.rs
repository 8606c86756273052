//! Terraform's types, as the schema has them in JSON.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde::Deserialize;
use serde_json::Value;

/// The type of an attribute or a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum Type {
    /// A text.
    String,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// Any.
    Dynamic,
    /// An ordered collection.
    List(Box<Type>),
    /// A collection without order.
    Set(Box<Type>),
    /// A collection by key.
    Map(Box<Type>),
    /// Attributes with types of their own.
    Object(BTreeMap<String, Type>),
    /// Elements with types of their own.
    Tuple(Vec<Type>),
}

impl TryFrom<Value> for Type {
    type Error = String;

    fn try_from(json: Value) -> Result<Self, String> {
        let unknown = || format!("unknown type {json}");
        let nested = |json: &Value| Self::try_from(json.clone());
        match &json {
            Value::String(name) => match name.as_str() {
                "string" => Ok(Self::String),
                "number" => Ok(Self::Number),
                "bool" => Ok(Self::Bool),
                "dynamic" => Ok(Self::Dynamic),
                _ => Err(unknown()),
            },
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(name), element] if name == "list" => Ok(Self::List(nested(element)?.into())),
                [Value::String(name), element] if name == "set" => Ok(Self::Set(nested(element)?.into())),
                [Value::String(name), element] if name == "map" => Ok(Self::Map(nested(element)?.into())),
                [Value::String(name), Value::Object(attributes), ..] if name == "object" => attributes
                    .iter()
                    .map(|(name, json)| Ok((name.clone(), nested(json)?)))
                    .collect::<Result<_, _>>()
                    .map(Self::Object),
                [Value::String(name), Value::Array(elements)] if name == "tuple" => {
                    elements.iter().map(nested).collect::<Result<_, _>>().map(Self::Tuple)
                }
                _ => Err(unknown()),
            },
            _ => Err(unknown()),
        }
    }
}

/// As pages write it in front of a description: `Set of String`.
impl Display for Type {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => formatter.write_str("String"),
            Self::Number => formatter.write_str("Number"),
            Self::Bool => formatter.write_str("Boolean"),
            Self::Dynamic => formatter.write_str("Dynamic"),
            Self::List(element) => write!(formatter, "List of {element}"),
            Self::Set(element) => write!(formatter, "Set of {element}"),
            Self::Map(element) => write!(formatter, "Map of {element}"),
            Self::Object(_) => formatter.write_str("Object"),
            Self::Tuple(_) => formatter.write_str("Tuple"),
        }
    }
}

impl Type {
    /// As signatures of functions write it: `set of string`.
    #[must_use]
    pub fn in_signature(&self) -> String {
        match self {
            Self::Bool => "bool".to_owned(),
            other => other.to_string().to_lowercase(),
        }
    }

    /// Whether a value holds texts: what a secret can be in.
    #[must_use]
    pub fn holds_text(&self) -> bool {
        match self {
            Self::String | Self::Dynamic => true,
            Self::Number | Self::Bool => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.holds_text(),
            Self::Object(attributes) => attributes.values().any(Self::holds_text),
            Self::Tuple(elements) => elements.iter().any(Self::holds_text),
        }
    }

    /// Whether there are attributes in it that cannot have descriptions.
    #[must_use]
    pub fn has_object(&self) -> bool {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_object(),
            Self::Object(_) | Self::Tuple(_) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: Value) -> Type {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn types_are_written_as_in_other_providers_pages() {
        assert_eq!(read(json!("bool")).to_string(), "Boolean");
        assert_eq!(read(json!(["map", ["list", "number"]])).to_string(), "Map of List of Number");
        assert_eq!(read(json!(["set", "string"])).in_signature(), "set of string");
        assert_eq!(read(json!("bool")).in_signature(), "bool");
        let object = read(json!(["list", ["object", {"id": "string"}, ["id"]]]));
        assert_eq!(object.to_string(), "List of Object");
        assert!(object.has_object() && object.holds_text());
        assert_eq!(read(json!(["tuple", ["bool", "dynamic"]])).to_string(), "Tuple");
    }

    #[test]
    fn what_is_no_type_is_an_error() {
        let error = serde_json::from_value::<Type>(json!(["list", "text"])).unwrap_err();
        assert!(error.to_string().contains("unknown type \"text\""), "{error}");
    }
}
