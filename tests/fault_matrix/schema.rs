//! What the harness needs to know of the provider's schema.

use std::collections::BTreeMap;

use rmpv::Value;
use testkit::client::tfplugin6 as tf;

use crate::value::Object;

/// The schema of one resource or of the provider block.
pub struct Schema {
    pub version: i64,
    pub attributes: BTreeMap<String, Attribute>,
}

/// One attribute, or one block, whose value is that of an attribute which holds an object.
#[derive(Clone, Default)]
pub struct Attribute {
    pub computed: bool,
    pub write_only: bool,
    /// Its elements have no order.
    pub is_set: bool,
    /// The names of the attributes inside of it.
    pub nested: Vec<String>,
}

impl Schema {
    pub fn of(schema: &tf::Schema) -> Self {
        let block = schema.block.as_ref().expect("every schema has a block");
        let name = |attribute: &tf::schema::Attribute| attribute.name.clone();
        let attribute = |attribute: &tf::schema::Attribute| {
            let of = Attribute {
                computed: attribute.computed,
                write_only: attribute.write_only,
                is_set: attribute.r#type.starts_with(br#"["set""#),
                nested: attribute.nested_type.iter().flat_map(|object| &object.attributes).map(name).collect(),
            };
            (attribute.name.clone(), of)
        };
        let nested_block = |nested: &tf::schema::NestedBlock| {
            let inside = nested.block.iter().flat_map(|block| &block.attributes);
            (nested.type_name.clone(), Attribute { nested: inside.map(name).collect(), ..Attribute::default() })
        };
        let blocks = block.block_types.iter().map(nested_block);
        Self { version: schema.version, attributes: block.attributes.iter().map(attribute).chain(blocks).collect() }
    }

    /// The object with null where it says nothing.
    pub fn complete(&self, mut given: Object) -> Object {
        for name in given.keys() {
            assert!(self.attributes.contains_key(name), "there is no attribute {name}");
        }
        for (name, attribute) in &self.attributes {
            let value = given.entry(name.clone()).or_insert(Value::Nil);
            if let Value::Map(pairs) = value {
                let missing = |name: &&String| !pairs.iter().any(|(given, _)| given.as_str() == Some(name));
                let missing: Vec<_> = attribute.nested.iter().filter(missing).collect();
                pairs.extend(missing.into_iter().map(|name| (name.as_str().into(), Value::Nil)));
            }
        }
        given
    }

    /// The object with its sets in an order of ours, so that equal sets are equal.
    pub fn in_order(&self, mut object: Object) -> Object {
        for (name, value) in &mut object {
            if let (Some(Attribute { is_set: true, .. }), Value::Array(items)) = (self.attributes.get(name), value) {
                items.sort_by_key(ToString::to_string);
            }
        }
        object
    }
}
