//! Schemas that an older Terraform does not print: those of list resources and actions, which came with Terraform 1.14.
//! They are asked of the provider itself, so that the docs are the same whichever Terraform is at hand.

use std::collections::HashMap;

use terraform_provider_druva::framework::Provider;
use terraform_provider_druva::provider::DruvaProvider;
use tf_provider::schema as served;
use tf_provider::schema::{AttributeConstraint, AttributeType};

use crate::schema::{
    Attribute, Block, BlockNesting, Named, NestedBlock, NestedType, NestingMode, ProviderSchema, Schema,
};

impl ProviderSchema {
    /// The same schema with what the Terraform that printed it did not know.
    #[must_use]
    pub fn completed(self) -> Self {
        let provider = DruvaProvider::new(tokio_util::sync::CancellationToken::new());
        let list_resources = provider.list_resources().into_iter();
        let actions = provider.actions().into_iter();
        Self {
            list_resources: list_resources.map(|(name, list)| named(name, list.schema(), &[])).collect(),
            actions: actions.map(|(name, action)| named(name, action.schema(), action.write_only())).collect(),
            ..self
        }
    }
}

fn named(name: &str, schema: served::Schema, write_only: &[&str]) -> (String, Schema) {
    let mut block = block(schema.block);
    for (name, attribute) in &mut block.attributes {
        attribute.write_only = write_only.contains(&name.as_str());
    }
    (name.to_owned(), Schema { block })
}

fn block(found: served::Block) -> Block {
    Block {
        attributes: attributes(found.attributes),
        block_types: found.blocks.into_iter().map(|(name, found)| (name, nested_block(found))).collect(),
        description: found.description.content,
        deprecated: found.deprecated,
    }
}

fn nested_block(found: served::NestedBlock) -> NestedBlock {
    let (nesting_mode, found, max_items) = match found {
        served::NestedBlock::Single(found) => (BlockNesting::Single, found, 0),
        served::NestedBlock::Group(found) => (BlockNesting::Group, found, 0),
        served::NestedBlock::Optional(found) => (BlockNesting::List, found, 1),
        served::NestedBlock::List(found) => (BlockNesting::List, found, 0),
        served::NestedBlock::Set(found) => (BlockNesting::Set, found, 0),
        served::NestedBlock::Map(found) => (BlockNesting::Map, found, 0),
    };
    NestedBlock { block: block(found), nesting_mode, min_items: 0, max_items }
}

fn attributes(found: HashMap<String, served::Attribute>) -> Named<Attribute> {
    found.into_iter().map(|(name, found)| (name, attribute(found))).collect()
}

fn attribute(found: served::Attribute) -> Attribute {
    use AttributeConstraint::{Computed, Optional, OptionalComputed, Required};
    let plain = serde_json::to_value(&found.attr_type).ok().and_then(|json| serde_json::from_value(json).ok());
    let nested = match found.attr_type {
        AttributeType::AttributeSingle(inner) => Some((NestingMode::Single, inner)),
        AttributeType::AttributeList(inner) => Some((NestingMode::List, inner)),
        AttributeType::AttributeSet(inner) => Some((NestingMode::Set, inner)),
        AttributeType::AttributeMap(inner) => Some((NestingMode::Map, inner)),
        _ => None,
    };
    Attribute {
        r#type: plain.filter(|_| nested.is_none()),
        nested_type: nested.map(|(nesting_mode, inner)| NestedType { attributes: attributes(inner), nesting_mode }),
        description: found.description.content,
        required: found.constraint == Required,
        optional: matches!(found.constraint, Optional | OptionalComputed),
        computed: matches!(found.constraint, Computed | OptionalComputed),
        sensitive: found.sensitive,
        deprecated: found.deprecated,
        write_only: false,
    }
}
