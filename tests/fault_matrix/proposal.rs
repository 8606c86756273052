//! The state that Terraform proposes to the provider: the configuration over what there was.

use rmpv::Value;

use crate::schema::Schema;
use crate::value::Object;

/// A computed attribute about which the configuration says nothing keeps its prior value, which is null before the
/// creation. Everything else is what the configuration says.
pub fn proposed(schema: &Schema, prior: Option<&Object>, config: &Object) -> Object {
    let propose = |(name, configured): (&String, &Value)| {
        let value = if schema.attributes[name].computed && configured.is_nil() {
            prior.and_then(|prior| prior.get(name)).cloned().unwrap_or(Value::Nil)
        } else {
            configured.clone()
        };
        // Write-only values reach the provider in the configuration alone.
        (name.clone(), if schema.attributes[name].write_only { Value::Nil } else { value })
    };
    config.iter().map(propose).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::Attribute;
    use crate::value::object_from_json;

    fn schema() -> Schema {
        let computed = Attribute { computed: true, ..Attribute::default() };
        let attributes = [
            ("id", computed.clone()),
            ("on", computed),
            ("name", Attribute::default()),
            ("secret", Attribute { write_only: true, ..Attribute::default() }),
        ];
        Schema { version: 0, attributes: attributes.map(|(name, attribute)| (name.to_owned(), attribute)).into() }
    }

    #[test]
    fn the_configuration_goes_over_what_there_was() {
        let prior = object_from_json(&json!({"id": "1", "on": true, "name": "old", "secret": null}));
        let config = |json| schema().complete(object_from_json(&json));
        let over = |config: Object| proposed(&schema(), Some(&prior), &config);
        let expect = |json| object_from_json(&json);
        assert_eq!(
            over(config(json!({"secret": "s"}))),
            expect(json!({"id": "1", "on": true, "name": null, "secret": null}))
        );
        assert_eq!(
            over(config(json!({"on": false, "name": "new"}))),
            expect(json!({"id": "1", "on": false, "name": "new", "secret": null}))
        );
        assert_eq!(
            proposed(&schema(), None, &config(json!({"name": "new"}))),
            expect(json!({"id": null, "on": null, "name": "new", "secret": null}))
        );
    }
}
