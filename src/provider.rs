//! The provider block.

use async_trait::async_trait;
use tf_provider::Diagnostics;
use tf_provider::schema::{Block, Schema};
use tf_provider::value::ValueEmpty;

use crate::framework::{self, DynResource};

/// The provider.
#[derive(Default)]
pub struct Druva;

#[async_trait]
impl tf_provider::Provider for Druva {
    type Config<'a> = ValueEmpty;
    type MetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        let description = "Sets up Druva's backup of Okta.".into();
        Some(Schema {
            version: 0,
            block: Block {
                version: 0,
                description,
                ..Default::default()
            },
        })
    }
}

impl framework::Provider for Druva {
    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)> {
        Vec::new()
    }
}
