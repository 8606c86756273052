//! Schemas that an older Terraform does not print: those of list resources and actions, which came with Terraform 1.14.
//! They are asked of the provider itself, so that the docs are the same whichever Terraform is at hand.

use terraform_plugin::server::proto::tfplugin6 as tf;
use terraform_plugin::server::service::Service;
use terraform_provider_druva::INFO;
use terraform_provider_druva::provider::DruvaProvider;
use tf::schema::nested_block::NestingMode as ServedBlockNesting;
use tf::schema::object::NestingMode as ServedNesting;

use crate::schema::{
    Attribute, Block, BlockNesting, Named, NestedBlock, NestedType, NestingMode, ProviderSchema, Schema,
};

impl ProviderSchema {
    /// The same schema with what the Terraform that printed it did not know.
    #[must_use]
    pub fn completed(self) -> Self {
        let stop = tokio_util::sync::CancellationToken::new();
        let served = Service::new(DruvaProvider::new(stop.clone()), &INFO, stop).schemas();
        let actions = served.action_schemas.into_iter();
        Self {
            list_resources: served.list_resource_schemas.into_iter().map(schema).collect(),
            actions: actions.map(|(name, action)| schema((name, action.schema.unwrap_or_default()))).collect(),
            ..self
        }
    }
}

fn schema((name, served): (String, tf::Schema)) -> (String, Schema) {
    (name, Schema { block: block(served.block.unwrap_or_default()) })
}

fn block(served: tf::schema::Block) -> Block {
    Block {
        attributes: attributes(served.attributes),
        block_types: served.block_types.into_iter().map(nested_block).collect(),
        description: served.description,
        deprecated: served.deprecated,
    }
}

fn nested_block(served: tf::schema::NestedBlock) -> (String, NestedBlock) {
    let nesting_mode = match served.nesting() {
        ServedBlockNesting::Invalid | ServedBlockNesting::Single => BlockNesting::Single,
        ServedBlockNesting::Group => BlockNesting::Group,
        ServedBlockNesting::List => BlockNesting::List,
        ServedBlockNesting::Set => BlockNesting::Set,
        ServedBlockNesting::Map => BlockNesting::Map,
    };
    let tf::schema::NestedBlock { type_name, block: served, min_items, max_items, .. } = served;
    let limit = |items| u64::try_from(items).unwrap_or_default();
    let (min_items, max_items) = (limit(min_items), limit(max_items));
    (type_name, NestedBlock { block: block(served.unwrap_or_default()), nesting_mode, min_items, max_items })
}

fn attributes(served: Vec<tf::schema::Attribute>) -> Named<Attribute> {
    served.into_iter().map(attribute).collect()
}

fn attribute(served: tf::schema::Attribute) -> (String, Attribute) {
    let nested_type = served.nested_type.map(|nested| NestedType {
        nesting_mode: match nested.nesting() {
            ServedNesting::Invalid | ServedNesting::Single => NestingMode::Single,
            ServedNesting::List => NestingMode::List,
            ServedNesting::Set => NestingMode::Set,
            ServedNesting::Map => NestingMode::Map,
        },
        attributes: attributes(nested.attributes),
    });
    let attribute = Attribute {
        r#type: serde_json::from_slice(&served.r#type).ok(),
        nested_type,
        description: served.description,
        required: served.required,
        optional: served.optional,
        computed: served.computed,
        sensitive: served.sensitive,
        deprecated: served.deprecated,
        write_only: served.write_only,
    };
    (served.name, attribute)
}
