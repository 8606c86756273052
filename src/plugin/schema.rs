//! Schemas and signatures, as the protocol spells them. Everything is sorted by name, so that equal schemas are equal bytes.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use tf_provider::schema::{
    Attribute, AttributeConstraint, AttributeType, Block, Description, FunctionSchema, NestedBlock, Parameter, Schema,
    StringKind,
};

use super::proto::tfplugin6 as tf;
use crate::framework::IdentityAttribute;
use tf::schema::nested_block::NestingMode as BlockNesting;
use tf::schema::object::NestingMode as ObjectNesting;

/// One schema, some of whose attributes are write-only.
pub(super) fn to_proto(schema: &Schema, write_only: &[&str]) -> tf::Schema {
    // tf-provider gives each block a version of its own, 1 unless somebody sets it; only the schema's is one.
    let mut block = block(&schema.block, schema.version);
    for attribute in &mut block.attributes {
        attribute.write_only = write_only.contains(&attribute.name.as_str());
    }
    tf::Schema { version: schema.version, block: Some(block) }
}

/// The attributes of an identity. Its version is 0 until there is reason for another.
pub(super) fn identity_to_proto(attributes: &[IdentityAttribute]) -> tf::ResourceIdentitySchema {
    let attribute = |attribute: &IdentityAttribute| tf::resource_identity_schema::IdentityAttribute {
        name: attribute.name.to_owned(),
        r#type: type_json(&AttributeType::String),
        required_for_import: attribute.required_for_import,
        optional_for_import: !attribute.required_for_import,
        description: attribute.description.to_owned(),
    };
    tf::ResourceIdentitySchema { version: 0, identity_attributes: attributes.iter().map(attribute).collect() }
}

/// One signature.
pub(super) fn function_to_proto(found: &FunctionSchema) -> tf::Function {
    let (description, description_kind) = description(&found.description);
    tf::Function {
        parameters: found.parameters.iter().map(parameter).collect(),
        variadic_parameter: found.variadic.as_ref().map(parameter),
        r#return: Some(tf::function::Return { r#type: type_json(&found.return_type) }),
        summary: found.summary.clone(),
        description,
        description_kind,
        deprecation_message: found.deprecated.clone().unwrap_or_default(),
    }
}

fn parameter(found: &Parameter) -> tf::function::Parameter {
    let (description, description_kind) = description(&found.description);
    tf::function::Parameter {
        name: found.name.clone(),
        r#type: type_json(&found.param_type),
        allow_null_value: found.allow_null,
        allow_unknown_values: found.allow_unknown,
        description,
        description_kind,
    }
}

fn block(found: &Block, version: i64) -> tf::schema::Block {
    let (description, description_kind) = description(&found.description);
    tf::schema::Block {
        version,
        attributes: attributes(&found.attributes),
        block_types: sorted(&found.blocks).map(|(name, nested)| nested_block(name, nested, version)).collect(),
        description,
        description_kind,
        deprecated: found.deprecated,
    }
}

fn nested_block(name: &str, nested: &NestedBlock, version: i64) -> tf::schema::NestedBlock {
    let (nesting, found, min_items, max_items) = match nested {
        // Once at most, and null where it is left out. What tf-provider says instead, 1 and 1, demands it.
        NestedBlock::Single(found) => (BlockNesting::Single, found, 0, 0),
        NestedBlock::Optional(found) => (BlockNesting::List, found, 0, 1),
        // Zero is "as many as you like".
        NestedBlock::List(found) => (BlockNesting::List, found, 0, 0),
        NestedBlock::Set(found) => (BlockNesting::Set, found, 0, 0),
        NestedBlock::Map(found) => (BlockNesting::Map, found, 0, 0),
        NestedBlock::Group(found) => (BlockNesting::Group, found, 0, 0),
    };
    tf::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(block(found, version)),
        nesting: nesting.into(),
        min_items,
        max_items,
    }
}

fn attributes(found: &HashMap<String, Attribute>) -> Vec<tf::schema::Attribute> {
    sorted(found).map(|(name, found)| attribute(name, found)).collect()
}

fn attribute(name: &str, found: &Attribute) -> tf::schema::Attribute {
    use AttributeConstraint::{Computed, Optional, OptionalComputed, Required};
    let nested = match &found.attr_type {
        AttributeType::AttributeSingle(inner) => Some((ObjectNesting::Single, inner)),
        AttributeType::AttributeList(inner) => Some((ObjectNesting::List, inner)),
        AttributeType::AttributeSet(inner) => Some((ObjectNesting::Set, inner)),
        AttributeType::AttributeMap(inner) => Some((ObjectNesting::Map, inner)),
        _ => None,
    };
    let (description, description_kind) = description(&found.description);
    tf::schema::Attribute {
        name: name.to_owned(),
        // Terraform refuses a schema in which both are set.
        r#type: if nested.is_none() { type_json(&found.attr_type) } else { Vec::new() },
        nested_type: nested
            .map(|(nesting, inner)| tf::schema::Object { attributes: attributes(inner), nesting: nesting.into() }),
        description,
        description_kind,
        required: found.constraint == Required,
        optional: matches!(found.constraint, Optional | OptionalComputed),
        computed: matches!(found.constraint, Computed | OptionalComputed),
        sensitive: found.sensitive,
        deprecated: found.deprecated,
        write_only: false,
    }
}

/// A type constraint in JSON, by way of a value so that the attributes of an object come sorted.
fn type_json(found: &impl Serialize) -> Vec<u8> {
    serde_json::to_value(found).map(|value| value.to_string().into_bytes()).unwrap_or_default()
}

fn description(found: &Description) -> (String, i32) {
    let kind = match found.kind {
        StringKind::Plain => tf::StringKind::Plain,
        StringKind::Markdown => tf::StringKind::Markdown,
    };
    (found.content.clone(), kind.into())
}

fn sorted<T>(found: &HashMap<String, T>) -> impl Iterator<Item = (&String, &T)> {
    found.iter().collect::<BTreeMap<_, _>>().into_iter()
}

#[cfg(test)]
mod tests {
    use tf_provider::map;

    use super::*;

    fn of(attr_type: AttributeType, constraint: AttributeConstraint) -> Attribute {
        Attribute { attr_type, constraint, ..Default::default() }
    }

    fn example() -> Schema {
        let inner: HashMap<String, Attribute> = map! {
            "z" => of(AttributeType::Number, AttributeConstraint::Required),
            "y" => of(AttributeType::Bool, AttributeConstraint::Optional),
        };
        let object = AttributeType::Object(map! {
            "q" => AttributeType::Any, "p" => AttributeType::List(Box::new(AttributeType::String)),
        });
        let attributes: HashMap<String, Attribute> = map! {
            "nested" => of(AttributeType::AttributeList(inner), AttributeConstraint::OptionalComputed),
            "name" => Attribute { sensitive: true, ..of(AttributeType::String, AttributeConstraint::Required) },
            "object" => of(object, AttributeConstraint::Computed),
        };
        let nested = |wrap: fn(Block) -> NestedBlock| wrap(Block::default());
        let blocks: HashMap<String, NestedBlock> =
            map! { "one" => nested(NestedBlock::Single), "any" => nested(NestedBlock::Set) };
        let description = Description::markdown("*words*");
        Schema { version: 4, block: Block { attributes, blocks, description, ..Default::default() } }
    }

    #[test]
    fn everything_is_sorted_and_has_the_schema_s_version() {
        let schema = to_proto(&example(), &[]);
        let block = schema.block.clone().expect("a block");
        assert_eq!((schema.version, block.version, block.description_kind()), (4, 4, tf::StringKind::Markdown));
        let names: Vec<_> = block.attributes.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["name", "nested", "object"]);
        let blocks: Vec<_> = block
            .block_types
            .iter()
            .map(|found| (found.type_name.as_str(), found.min_items, found.max_items))
            .collect();
        assert_eq!(blocks, [("any", 0, 0), ("one", 0, 0)]);
        let nesting: Vec<_> = block.block_types.iter().map(tf::schema::NestedBlock::nesting).collect();
        assert_eq!(nesting, [BlockNesting::Set, BlockNesting::Single]);
        assert_eq!(block.block_types[0].block.as_ref().map(|found| found.version), Some(4));
        assert_eq!(schema, to_proto(&example(), &[]));
    }

    #[test]
    fn an_attribute_has_a_type_or_a_nested_type() {
        let block = to_proto(&example(), &[]).block.expect("a block");
        let [name, nested, object] = <[_; 3]>::try_from(block.attributes).expect("three");
        assert_eq!((name.r#type.as_slice(), &name.nested_type), (&br#""string""#[..], &None));
        assert_eq!((name.required, name.optional, name.computed, name.sensitive), (true, false, false, true));
        assert_eq!(String::from_utf8_lossy(&object.r#type), r#"["object",{"p":["list","string"],"q":"dynamic"}]"#);
        assert_eq!((nested.r#type.len(), nested.optional, nested.computed), (0, true, true));
        let inner = nested.nested_type.expect("a nested type");
        assert_eq!(inner.nesting(), ObjectNesting::List);
        let names: Vec<_> = inner.attributes.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["y", "z"]);
    }
}
