//! The provider program, started and spoken to as Terraform does it.

use std::io::{Read as _, Write as _};
use std::process::Command;

use rustix::process::Pid;
use tempfile::NamedTempFile;
use tonic::{Response, Status};

use crate::client::{Client, Identity, connect, tfplugin6 as tf};
use crate::configuration::Resource;
use crate::environment;
use crate::plugin::Plugin;
use crate::schema::Schema;
use crate::value::{Object, decode, encode};

/// A running provider.
pub struct Provider {
    plugin: Plugin,
    client: Client,
    log: NamedTempFile,
    _roots: NamedTempFile,
}

/// What the provider says that its resources look like.
pub struct Schemas {
    pub provider: Schema,
    integration: Schema,
    link: Schema,
}

impl Schemas {
    pub fn resource(&self, resource: Resource) -> &Schema {
        match resource {
            Resource::Deposed | Resource::Integration => &self.integration,
            Resource::Link => &self.link,
        }
    }
}

/// An answer, or what Terraform would say about the lack of one.
pub type Answer<T> = Result<T, String>;

impl Provider {
    /// Starts it with all of its logs switched on.
    pub async fn start(terraform: &Identity) -> Self {
        let log = NamedTempFile::new().expect("a log");
        let mut roots = NamedTempFile::new().expect("a file");
        roots.write_all(terraform.pem.as_bytes()).expect("a certificate");
        let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-druva"));
        environment::own(&mut command)
            .env("NO_PROXY", "127.0.0.1")
            // One certificate instead of those of the system, whose parsing would take most of the time.
            .env("SSL_CERT_FILE", roots.path())
            .env("TF_LOG", "TRACE")
            .env("RUST_BACKTRACE", "1")
            .stderr(log.reopen().expect("the same log"));
        let plugin = Plugin::of(command, Some(terraform));
        let client = connect(&plugin, Some(terraform)).await.expect("the provider lets Terraform in");
        Self { plugin, client, log, _roots: roots }
    }

    /// For `kill -9`.
    pub fn id(&self) -> Pid {
        Pid::from_raw(self.plugin.id().cast_signed()).expect("a process")
    }

    /// What it logged since this was asked last.
    pub fn fresh_log(&mut self) -> String {
        let mut log = Vec::new();
        self.log.read_to_end(&mut log).expect("the log");
        String::from_utf8_lossy(&log).into_owned()
    }

    pub async fn schemas(&mut self) -> Schemas {
        let request = tf::get_provider_schema::Request {};
        let schemas = self.client.provider.get_provider_schema(request).await.expect("a schema").into_inner();
        let resource = |resource: Resource| Schema::of(&schemas.resource_schemas[resource.type_name()]);
        Schemas {
            provider: Schema::of(schemas.provider.as_ref().expect("the provider block's schema")),
            integration: resource(Resource::Integration),
            link: resource(Resource::Link),
        }
    }

    pub async fn validate_provider(&mut self, config: &Object) -> Answer<tf::validate_provider_config::Response> {
        let request = tf::validate_provider_config::Request { config: dynamic(Some(config)) };
        answer(self.client.provider.validate_provider_config(request).await)
    }

    pub async fn configure(&mut self, config: &Object) -> Answer<tf::configure_provider::Response> {
        let request = tf::configure_provider::Request {
            terraform_version: "1.13.0".to_owned(),
            config: dynamic(Some(config)),
            client_capabilities: capabilities(),
        };
        answer(self.client.provider.configure_provider(request).await)
    }

    pub async fn validate(
        &mut self,
        resource: Resource,
        config: &Object,
    ) -> Answer<tf::validate_resource_config::Response> {
        let request = tf::validate_resource_config::Request {
            type_name: resource.type_name().to_owned(),
            config: dynamic(Some(config)),
            client_capabilities: capabilities(),
        };
        answer(self.client.provider.validate_resource_config(request).await)
    }

    pub async fn upgrade(
        &mut self,
        resource: Resource,
        version: i64,
        json: Vec<u8>,
    ) -> Answer<tf::upgrade_resource_state::Response> {
        let request = tf::upgrade_resource_state::Request {
            type_name: resource.type_name().to_owned(),
            version,
            raw_state: Some(tf::RawState { json, ..tf::RawState::default() }),
        };
        answer(self.client.provider.upgrade_resource_state(request).await)
    }

    pub async fn read(
        &mut self,
        resource: Resource,
        state: &Object,
        private: Vec<u8>,
    ) -> Answer<tf::read_resource::Response> {
        let request = tf::read_resource::Request {
            type_name: resource.type_name().to_owned(),
            current_state: dynamic(Some(state)),
            private,
            client_capabilities: capabilities(),
            ..Default::default()
        };
        answer(self.client.provider.read_resource(request).await)
    }

    pub async fn plan(
        &mut self,
        resource: Resource,
        prior: Option<&Object>,
        proposed: Option<&Object>,
        config: Option<&Object>,
        private: Vec<u8>,
    ) -> Answer<tf::plan_resource_change::Response> {
        let request = tf::plan_resource_change::Request {
            type_name: resource.type_name().to_owned(),
            prior_state: dynamic(prior),
            proposed_new_state: dynamic(proposed),
            config: dynamic(config),
            prior_private: private,
            client_capabilities: capabilities(),
            ..Default::default()
        };
        answer(self.client.provider.plan_resource_change(request).await)
    }

    pub async fn apply(
        &mut self,
        resource: Resource,
        prior: Option<&Object>,
        planned: Option<&Object>,
        config: Option<&Object>,
        private: Vec<u8>,
    ) -> Answer<tf::apply_resource_change::Response> {
        let request = tf::apply_resource_change::Request {
            type_name: resource.type_name().to_owned(),
            prior_state: dynamic(prior),
            planned_state: dynamic(planned),
            config: dynamic(config),
            planned_private: private,
            ..Default::default()
        };
        answer(self.client.provider.apply_resource_change(request).await)
    }

    pub async fn import(&mut self, resource: Resource, id: &str) -> Answer<tf::import_resource_state::Response> {
        let request = tf::import_resource_state::Request {
            type_name: resource.type_name().to_owned(),
            id: id.to_owned(),
            client_capabilities: capabilities(),
            identity: None,
        };
        answer(self.client.provider.import_resource_state(request).await)
    }
}

/// The object in an answer, with its sets in order.
pub fn object(schema: &Schema, value: Option<&tf::DynamicValue>) -> Result<Option<Object>, String> {
    let bytes = value.map(|value| value.msgpack.as_slice()).unwrap_or_default();
    Ok(decode(bytes)?.map(|object| schema.in_order(object)))
}

fn dynamic(object: Option<&Object>) -> Option<tf::DynamicValue> {
    Some(tf::DynamicValue { msgpack: encode(object), json: Vec::new() })
}

fn capabilities() -> Option<tf::ClientCapabilities> {
    Some(tf::ClientCapabilities { deferral_allowed: false, write_only_attributes_allowed: true })
}

fn answer<T>(outcome: Result<Response<T>, Status>) -> Answer<T> {
    outcome.map(Response::into_inner).map_err(|status| format!("Plugin did not respond: {status}"))
}
