//! A plugin with one resource, which takes its time to be created.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use terraform_plugin::schema::Schema;
use terraform_plugin::{
    Creation, Diagnostics, ImportBy, Info, NoConfig, Provider, Registry, Reported, Resource, State, Update,
    async_trait, run,
};

/// How long the remote object takes.
pub const CREATION: Duration = Duration::from_millis(1500);

/// Becomes the plugin.
pub async fn serve() {
    const INFO: Info = Info::new("registry.terraform.io/toys/slow", "1.0.0");
    run(Slow, &INFO).await;
}

struct Slow;

#[derive(Serialize, Deserialize)]
struct Nothing {}

#[async_trait]
impl Provider for Slow {
    type Config = NoConfig;

    fn register(&self, registry: &mut Registry) {
        registry.resource("slow", Slow);
    }
}

#[async_trait]
impl Resource for Slow {
    type Model = Nothing;
    type Private = ();

    fn schema(&self) -> Schema {
        Schema::new("")
    }

    async fn create(&self, creation: Creation<Nothing>, _: &mut Diagnostics) -> Result<State<Nothing>, Reported> {
        tokio::time::sleep(CREATION).await;
        Ok(State::of(creation.planned))
    }

    async fn read(&self, state: State<Nothing>, _: &mut Diagnostics) -> Result<Option<State<Nothing>>, Reported> {
        Ok(Some(state))
    }

    async fn update(&self, update: Update<Nothing>, _: &mut Diagnostics) -> Result<State<Nothing>, Reported> {
        Ok(State::of(update.planned))
    }

    async fn delete(&self, _: State<Nothing>, _: &mut Diagnostics) -> Result<(), Reported> {
        Ok(())
    }

    async fn import(&self, _: ImportBy, _: &mut Diagnostics) -> Result<State<Nothing>, Reported> {
        Ok(State::of(Nothing {}))
    }
}
