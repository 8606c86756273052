//! Attributes of a schema, told apart by who gives the value, and the blocks beside them.

use std::collections::HashMap;

use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, NestedBlock, Schema};
use tf_provider::value::Value;

/// A schema of attributes and blocks.
#[must_use]
pub fn schema(
    version: i64,
    description: &str,
    attributes: impl IntoIterator<Item = (&'static str, Attribute)>,
    blocks: impl IntoIterator<Item = (&'static str, NestedBlock)>,
) -> Schema {
    let blocks = blocks.into_iter().map(|(name, block)| (name.to_owned(), block)).collect();
    Schema { version, block: Block { blocks, ..of_attributes(description, attributes) } }
}

/// Arguments that belong together, which the user may give once. Where the block is left out, the value is null.
///
/// They are no nested attribute because Terraform drops a misspelt member of an object without a word, and refuses it in a
/// block.
#[must_use]
pub fn block(description: &str, attributes: impl IntoIterator<Item = (&'static str, Attribute)>) -> NestedBlock {
    NestedBlock::Single(of_attributes(description, attributes))
}

fn of_attributes(description: &str, attributes: impl IntoIterator<Item = (&'static str, Attribute)>) -> Block {
    Block { attributes: named(attributes), description: Description::markdown(description), ..Block::default() }
}

/// Attributes by name.
#[must_use]
pub fn named(attributes: impl IntoIterator<Item = (&'static str, Attribute)>) -> HashMap<String, Attribute> {
    attributes.into_iter().map(|(name, attribute)| (name.to_owned(), attribute)).collect()
}

/// The user must give it.
#[must_use]
pub fn required(attr_type: AttributeType, description: &str) -> Attribute {
    attribute(attr_type, description, AttributeConstraint::Required)
}

/// The user may give it.
#[must_use]
pub fn optional(attr_type: AttributeType, description: &str) -> Attribute {
    attribute(attr_type, description, AttributeConstraint::Optional)
}

/// The user may give it; otherwise the provider fills in a default.
#[must_use]
pub fn defaulted(attr_type: AttributeType, description: &str) -> Attribute {
    attribute(attr_type, description, AttributeConstraint::OptionalComputed)
}

/// The provider gives it.
#[must_use]
pub fn computed(attr_type: AttributeType, description: &str) -> Attribute {
    attribute(attr_type, description, AttributeConstraint::Computed)
}

/// The same attribute, whose value Terraform does not show.
#[must_use]
pub fn sensitive(attribute: Attribute) -> Attribute {
    Attribute { sensitive: true, ..attribute }
}

/// A value that may be missing.
pub fn nullable<T>(value: Option<T>) -> Value<T> {
    value.map_or(Value::Null, Value::Value)
}

fn attribute(attr_type: AttributeType, description: &str, constraint: AttributeConstraint) -> Attribute {
    Attribute { attr_type, description: Description::markdown(description), constraint, ..Attribute::default() }
}
