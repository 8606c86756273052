//! Unknown values where none may be: in what is stored.

use rmpv::Value;
use tf_provider::AttributePath;

use crate::codec::{Encoded, Format};

impl Encoded {
    /// Replaces what is unknown by null, and says where that was.
    pub fn without_unknowns(self) -> (Self, Vec<AttributePath>) {
        if self.format() == Format::Json {
            return (self, Vec::new());
        }
        let Some(mut value) = self.to_value() else {
            // Not MessagePack: whoever decodes it says so.
            return (self, Vec::new());
        };
        let mut found = Vec::new();
        settle(&mut value, &AttributePath::root(), &mut found);
        if found.is_empty() {
            return (self, found);
        }
        (Self::of_value(&value).unwrap_or(self), found)
    }
}

fn settle(value: &mut Value, path: &AttributePath, found: &mut Vec<AttributePath>) {
    match value {
        // Terraform uses extensions for unknown values only.
        Value::Ext(..) => {
            *value = Value::Nil;
            found.push(path.clone());
        }
        Value::Map(entries) => {
            for (key, entry) in entries {
                settle(entry, &path.clone().attribute(key.as_str().unwrap_or("?").to_owned()), found);
            }
        }
        Value::Array(elements) => {
            for (index, element) in (0_i64..).zip(elements) {
                settle(element, &path.clone().index(index), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tf_provider::Diagnostics;
    use tf_provider::value::{Value, ValueList, ValueString};

    use super::*;

    #[test]
    fn unknown_values_are_named_and_become_null() {
        let mut diags = Diagnostics::default();
        let list = |last| Value::Value(vec![ValueString::from("kept"), last]);
        let state: BTreeMap<&str, ValueList<ValueString>> =
            [("a", list(Value::Unknown)), ("b", Value::Unknown), ("c", list(Value::Null))].into();
        let (settled, found) = Encoded::encode(&mut diags, &state).expect("encodes").without_unknowns();

        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["a[1]", "b"]);
        let settled: BTreeMap<String, ValueList<ValueString>> = settled.decode(&mut diags, "state").expect("decodes");
        let expected = [("a", list(Value::Null)), ("b", Value::Null), ("c", list(Value::Null))];
        assert_eq!(settled, expected.map(|(name, value)| (name.to_owned(), value)).into());
    }

    #[test]
    fn a_known_value_stays_byte_for_byte() {
        let mut diags = Diagnostics::default();
        let encoded = Encoded::encode(&mut diags, &("text", 1.5, u64::MAX, None::<()>)).expect("encodes");
        let (settled, found) = encoded.clone().without_unknowns();
        assert_eq!((settled.as_bytes(), found.len()), (encoded.as_bytes(), 0));
    }
}
