//! Values as Terraform sends them: MessagePack with an extension for what is unknown, and JSON in a state file.

use std::collections::BTreeMap;

use rmpv::Value;
use serde_json::Value as Json;

/// The attributes of a resource, or of the provider block, by name.
pub type Object = BTreeMap<String, Value>;

/// The message that stands for an object, or for none.
pub fn encode(object: Option<&Object>) -> Vec<u8> {
    let value = object.map_or(Value::Nil, |object| {
        Value::Map(object.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect())
    });
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &value).expect("memory takes everything");
    bytes
}

/// The object in a message; None for null. An error says what is wrong with the message.
pub fn decode(bytes: &[u8]) -> Result<Option<Object>, String> {
    if bytes.is_empty() {
        return Ok(None);
    }
    match rmpv::decode::read_value(&mut &*bytes).map_err(|error| error.to_string())? {
        Value::Nil => Ok(None),
        Value::Map(pairs) => {
            let named = |(name, value): (Value, Value)| Some((name.as_str()?.to_owned(), value));
            pairs.into_iter().map(named).collect::<Option<_>>().map(Some).ok_or_else(|| "a name is no text".to_owned())
        }
        _ => Err("neither null nor an object".to_owned()),
    }
}

/// What only the apply will show.
pub fn unknown() -> Value {
    Value::Ext(0, vec![0])
}

/// Whether a value, or anything inside of it, is unknown.
pub fn is_unknown(value: &Value) -> bool {
    match value {
        Value::Ext(..) => true,
        Value::Array(items) => items.iter().any(is_unknown),
        Value::Map(pairs) => pairs.iter().any(|(_, value)| is_unknown(value)),
        _ => false,
    }
}

/// For the state file, which holds nothing unknown.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Boolean(on) => (*on).into(),
        Value::Integer(number) => number.as_i64().map_or_else(|| number.as_u64().into(), Json::from),
        Value::F32(_) | Value::F64(_) => value.as_f64().into(),
        Value::String(text) => text.as_str().unwrap_or_default().into(),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Map(pairs) => {
            pairs.iter().map(|(name, value)| (name.as_str().unwrap_or_default().to_owned(), to_json(value))).collect()
        }
        Value::Nil | Value::Binary(_) | Value::Ext(..) => Json::Null,
    }
}

/// From a configuration or a state file.
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(on) => (*on).into(),
        Json::Number(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_f64().map(Value::from))
            .expect("a number of a configuration is small"),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::Array(items.iter().map(from_json).collect()),
        Json::Object(members) => {
            Value::Map(members.iter().map(|(name, value)| (name.as_str().into(), from_json(value))).collect())
        }
    }
}

/// The members of a JSON object.
pub fn object_from_json(json: &Json) -> Object {
    let members = json.as_object().expect("an object");
    members.iter().map(|(name, value)| (name.clone(), from_json(value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_survives_the_way_through_a_message_and_a_state_file() {
        let json = json!({"name": "n", "on": true, "none": null, "many": ["a", "b"], "map": {"k": "v"}, "number": 7});
        let object = object_from_json(&json);
        let decoded = decode(&encode(Some(&object))).unwrap().unwrap();
        assert_eq!(decoded, object);
        assert_eq!(to_json(&Value::Map(decoded.into_iter().map(|(k, v)| (k.into(), v)).collect())), json);
        assert_eq!(decode(&encode(None)), Ok(None));
    }

    #[test]
    fn what_is_unknown_deep_inside_is_unknown() {
        assert!(is_unknown(&Value::Array(vec![1.into(), unknown()])));
        assert!(!is_unknown(&Value::Array(vec![1.into()])));
    }
}
