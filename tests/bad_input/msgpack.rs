//! MessagePack as Terraform writes it, from a document with the marks of [`tree`](super::tree).

use rmpv::Value as Packed;
use serde_json::Value;

use super::tree::{BYTES, EXTENSION, NAN, REFINED, UNKNOWN};

/// The bytes of `document`.
pub fn bytes(document: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &packed(document)).expect("written");
    bytes
}

fn packed(value: &Value) -> Packed {
    match value {
        Value::Null => Packed::Nil,
        Value::Bool(value) => Packed::from(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Packed::from(number),
            (_, Some(number)) => Packed::from(number),
            _ => Packed::from(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => match text.as_str() {
            UNKNOWN => Packed::Ext(0, vec![0]),
            // Not null, and a prefix.
            REFINED => Packed::Ext(12, b"\x82\x01\xc2\x02\xa8https://".to_vec()),
            EXTENSION => Packed::Ext(-1, vec![0xff; 12]),
            BYTES => Packed::Binary(vec![0xff, 0, 0xfe]),
            NAN => Packed::F64(f64::NAN),
            _ => Packed::from(text.as_str()),
        },
        Value::Array(elements) => Packed::Array(elements.iter().map(packed).collect()),
        Value::Object(members) => {
            Packed::Map(members.iter().map(|(name, member)| (Packed::from(name.as_str()), packed(member))).collect())
        }
    }
}
