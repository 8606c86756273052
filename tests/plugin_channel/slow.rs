//! A plugin with one resource, which takes its time to be created.

use std::time::Duration;

use async_trait::async_trait;
use terraform_provider_druva::framework::{self, DynResource, ManagedResource};
use terraform_provider_druva::plugin::{Mode, serve};
use tf_provider::schema::{Block, Schema};
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, Diagnostics, Resource};
use tokio_util::sync::CancellationToken;

/// How long the remote object takes.
pub const CREATION: Duration = Duration::from_millis(1500);

/// Becomes the plugin.
pub async fn run() {
    serve(Slow, CancellationToken::new(), Mode::Terraform).await.expect("serves");
}

struct Slow;

type Null = ValueEmpty;
type StateAndPrivate = Option<(ValueEmpty, ValueEmpty)>;

#[async_trait]
impl tf_provider::Provider for Slow {
    type Config<'a> = Null;
    type MetaState<'a> = Null;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(Schema { version: 0, block: Block::default() })
    }
}

impl framework::Provider for Slow {
    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)> {
        vec![("slow", Box::new(Slow))]
    }
}

#[async_trait]
impl Resource for Slow {
    type State<'a> = Null;
    type PrivateState<'a> = Null;
    type ProviderMetaState<'a> = Null;

    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema> {
        tf_provider::Provider::schema(self, diags)
    }

    async fn create<'a>(&self, _: &mut Diagnostics, planned: Null, _: Null, _: Null, _: Null) -> StateAndPrivate {
        tokio::time::sleep(CREATION).await;
        Some((planned, Value::Null))
    }

    async fn read<'a>(&self, _: &mut Diagnostics, state: Null, _: Null, _: Null) -> StateAndPrivate {
        Some((state, Value::Null))
    }

    async fn plan_create<'a>(&self, _: &mut Diagnostics, proposed: Null, _: Null, _: Null) -> StateAndPrivate {
        Some((proposed, Value::Null))
    }

    async fn plan_update<'a>(
        &self,
        _: &mut Diagnostics,
        _: Null,
        proposed: Null,
        _: Null,
        _: Null,
        _: Null,
    ) -> Option<(Null, Null, Vec<AttributePath>)> {
        Some((proposed, Value::Null, vec![]))
    }

    async fn plan_destroy<'a>(&self, _: &mut Diagnostics, _: Null, _: Null, _: Null) -> Option<Null> {
        Some(Value::Null)
    }

    async fn update<'a>(
        &self,
        _: &mut Diagnostics,
        _: Null,
        planned: Null,
        _: Null,
        _: Null,
        _: Null,
    ) -> StateAndPrivate {
        Some((planned, Value::Null))
    }

    async fn destroy<'a>(&self, _: &mut Diagnostics, _: Null, _: Null, _: Null) -> Option<()> {
        Some(())
    }
}

impl ManagedResource for Slow {}
