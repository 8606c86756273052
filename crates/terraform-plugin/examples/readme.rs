//! The provider of the README.

use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Schema, string};
use terraform_plugin::{DataSource, Diagnostics, Info, NoConfig, Provider, Registry, Reported, async_trait, run};

#[derive(Serialize, Deserialize)]
struct Greeting {
    name: String,
    #[serde(skip_deserializing)]
    text: String,
}

#[async_trait]
impl DataSource for Greeting {
    type Model = Self;
    fn schema(&self) -> Schema {
        Schema::new("A greeting.")
            .attribute(string("name").required().describe("Who is greeted."))
            .attribute(string("text").computed().describe("What is said."))
    }
    async fn read(&self, Self { name, .. }: Self, _: &mut Diagnostics) -> Result<Self, Reported> {
        Ok(Self { text: format!("Hello, {name}!"), name })
    }
}

struct Toys;
#[async_trait]
impl Provider for Toys {
    type Config = NoConfig;
    fn register(&self, registry: &mut Registry) {
        registry.data_source("toy_greeting", Greeting { name: String::new(), text: String::new() });
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    const INFO: Info = Info::new("registry.terraform.io/toys/toy", "1.0.0");
    run(Toys, &INFO).await
}
