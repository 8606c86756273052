//! Schemas and signatures, as the protocol spells them. Everything is sorted by name, so that equal schemas are equal bytes.

use serde::Serialize;
use tf_provider::schema::{Description, FunctionSchema, Parameter, StringKind};

use super::proto::tfplugin6 as tf;
use crate::identity::IdentityAttribute;
use crate::schema::{Attribute, Block, GivenBy, Kind, NestedBlock, Schema, Type};
use tf::schema::nested_block::NestingMode as BlockNesting;
use tf::schema::object::NestingMode as ObjectNesting;

/// The schema of a thing that has a state.
pub(crate) fn of_schema(schema: &Schema) -> tf::Schema {
    tf::Schema { version: schema.version, block: Some(block(&schema.block, schema.version)) }
}

/// The schema of a provider block, in which Terraform lets nobody but the user give a value.
pub(crate) fn of_configuration(schema: &Schema) -> tf::Schema {
    let mut schema = of_schema(schema);
    for attribute in schema.block.iter_mut().flat_map(|block| &mut block.attributes) {
        attribute.computed = false;
    }
    schema
}

/// The attributes of an identity. Its version is 0 until there is reason for another.
pub(crate) fn of_identity(attributes: &[IdentityAttribute]) -> tf::ResourceIdentitySchema {
    let attribute = |attribute: &IdentityAttribute| tf::resource_identity_schema::IdentityAttribute {
        name: attribute.name.to_owned(),
        r#type: type_json(&Type::String),
        required_for_import: attribute.required_for_import,
        optional_for_import: !attribute.required_for_import,
        description: attribute.description.to_owned(),
    };
    tf::ResourceIdentitySchema { version: 0, identity_attributes: attributes.iter().map(attribute).collect() }
}

/// One signature.
pub(crate) fn of_signature(found: &FunctionSchema) -> tf::Function {
    let (description, description_kind) = description(&found.description);
    tf::Function {
        parameters: found.parameters.iter().map(parameter).collect(),
        variadic_parameter: found.variadic.as_ref().map(parameter),
        r#return: Some(tf::function::Return { r#type: signature_type_json(&found.return_type) }),
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
        r#type: signature_type_json(&found.param_type),
        allow_null_value: found.allow_null,
        allow_unknown_values: found.allow_unknown,
        description,
        description_kind,
    }
}

fn block(found: &Block, version: i64) -> tf::schema::Block {
    let mut block_types: Vec<_> = found.blocks.iter().map(|found| nested_block(found, version)).collect();
    block_types.sort_by(|one, other| one.type_name.cmp(&other.type_name));
    tf::schema::Block {
        version,
        attributes: attributes(&found.attributes),
        block_types,
        description: found.description.clone(),
        description_kind: tf::StringKind::Markdown.into(),
        deprecated: false,
    }
}

fn nested_block(found: &NestedBlock, version: i64) -> tf::schema::NestedBlock {
    tf::schema::NestedBlock {
        type_name: found.name.to_owned(),
        block: Some(block(&found.block, version)),
        // Once at most, and null where it is left out.
        nesting: BlockNesting::Single.into(),
        min_items: 0,
        max_items: 0,
    }
}

fn attributes(found: &[Attribute]) -> Vec<tf::schema::Attribute> {
    let mut attributes: Vec<_> = found.iter().map(attribute).collect();
    attributes.sort_by(|one, other| one.name.cmp(&other.name));
    attributes
}

fn attribute(found: &Attribute) -> tf::schema::Attribute {
    let nested =
        |nesting: ObjectNesting, inner| tf::schema::Object { attributes: attributes(inner), nesting: nesting.into() };
    let (plain, nested) = match &found.kind {
        Kind::Plain(plain) => (type_json(plain), None),
        // Terraform refuses a schema in which both are set.
        Kind::Object(inner) => (Vec::new(), Some(nested(ObjectNesting::Single, inner))),
        Kind::Objects(inner) => (Vec::new(), Some(nested(ObjectNesting::List, inner))),
    };
    tf::schema::Attribute {
        name: found.name.to_owned(),
        r#type: plain,
        nested_type: nested,
        description: found.described(),
        description_kind: tf::StringKind::Markdown.into(),
        required: found.given_by == GivenBy::User,
        optional: matches!(found.given_by, GivenBy::UserOrNobody | GivenBy::UserOrProvider),
        computed: matches!(found.given_by, GivenBy::Provider | GivenBy::UserOrProvider),
        sensitive: found.sensitive,
        deprecated: false,
        write_only: found.write_only,
    }
}

fn type_json(found: &Type) -> Vec<u8> {
    found.to_json().to_string().into_bytes()
}

/// By way of a value so that the attributes of an object come sorted.
fn signature_type_json(found: &impl Serialize) -> Vec<u8> {
    serde_json::to_value(found).map(|value| value.to_string().into_bytes()).unwrap_or_default()
}

fn description(found: &Description) -> (String, i32) {
    let kind = match found.kind {
        StringKind::Plain => tf::StringKind::Plain,
        StringKind::Markdown => tf::StringKind::Markdown,
    };
    (found.content.clone(), kind.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{self, boolean, list, map, objects, string};

    fn example() -> Schema {
        let inner = [string("z").required().describe(""), boolean("y").optional().describe("")];
        Schema::new("*words*")
            .version(4)
            .attribute(objects("nested", inner).optional().computed().describe(""))
            .attribute(string("name").required().sensitive().describe(""))
            .attribute(map("lists", Type::List(Box::new(Type::Number))).computed().describe(""))
            .attribute(boolean("on").optional().default(true).describe("Whether."))
            .attribute(string("token").optional().write_only().describe(""))
            .block(schema::block("two", "").attribute(list("l", Type::String).optional().describe("")))
            .block(schema::block("one", ""))
    }

    #[test]
    fn everything_is_sorted_and_has_the_schema_s_version() {
        let schema = of_schema(&example());
        let block = schema.block.clone().expect("a block");
        assert_eq!((schema.version, block.version, block.description_kind()), (4, 4, tf::StringKind::Markdown));
        let names: Vec<_> = block.attributes.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["lists", "name", "nested", "on", "token"]);
        let blocks: Vec<_> = block
            .block_types
            .iter()
            .map(|found| (found.type_name.as_str(), found.nesting(), found.min_items, found.max_items))
            .collect();
        assert_eq!(blocks, [("one", BlockNesting::Single, 0, 0), ("two", BlockNesting::Single, 0, 0)]);
        assert_eq!(block.block_types[0].block.as_ref().map(|found| found.version), Some(4));
        assert_eq!(schema, of_schema(&example()));
    }

    #[test]
    fn an_attribute_has_a_type_or_a_nested_type() {
        let block = of_schema(&example()).block.expect("a block");
        let [lists, name, nested, on, token] = <[_; 5]>::try_from(block.attributes).expect("five");
        assert_eq!((name.r#type.as_slice(), &name.nested_type), (&br#""string""#[..], &None));
        assert_eq!((name.required, name.optional, name.computed, name.sensitive), (true, false, false, true));
        assert_eq!(String::from_utf8_lossy(&lists.r#type), r#"["map",["list","number"]]"#);
        assert_eq!((nested.r#type.len(), nested.optional, nested.computed), (0, true, true));
        assert_eq!((on.optional, on.computed, on.description.as_str()), (true, true, "Whether. Default: `true`."));
        assert_eq!((token.write_only, token.sensitive, token.computed), (true, true, false));
        let inner = nested.nested_type.expect("a nested type");
        assert_eq!(inner.nesting(), ObjectNesting::List);
        let names: Vec<_> = inner.attributes.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["y", "z"]);
    }

    #[test]
    fn only_the_user_gives_what_is_in_a_provider_block() {
        let block = of_configuration(&example()).block.expect("a block");
        assert!(block.attributes.iter().all(|attribute| !attribute.computed));
    }
}
