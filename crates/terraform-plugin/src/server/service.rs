//! `tfplugin6.Provider`: Terraform's requests, each handed to the provider or to something that it offers.
//!
//! Whatever goes wrong is a diagnostic in the answer. A gRPC status is for requests that we do not know.

mod actions;
mod data_sources;
mod ephemeral_resources;
mod functions;
mod list_resources;
mod provider;
mod resources;

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use tf_provider::Diagnostics;
use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

use super::diagnostic::to_proto;
use super::proto::tfplugin6 as tf;
use super::secrets::Secrets;
use crate::codec::{Encoded, Format};
use crate::info::Info;
use crate::provider::{DynProvider, Provider};
use crate::registry::Registry;

/// The provider as Terraform sees it.
pub struct Service {
    info: &'static Info,
    provider: Box<dyn DynProvider>,
    registry: Registry,
    stop: CancellationToken,
    changes: TaskTracker,
    /// Made when there is something to say, as the schemas are.
    secrets: OnceLock<Arc<Secrets>>,
}

impl Service {
    /// `stop` is cancelled when Terraform wants an end to what is going on.
    pub fn new(provider: impl Provider, info: &'static Info, stop: CancellationToken) -> Self {
        let mut registry = Registry::default();
        provider.register(&mut registry);
        Self {
            info,
            provider: Box::new(provider),
            registry,
            stop,
            changes: TaskTracker::new(),
            secrets: OnceLock::new(),
        }
    }

    /// What the provider says of itself.
    pub(super) fn info(&self) -> &'static Info {
        self.info
    }

    /// The changes that are being applied: what is worth waiting for before the program leaves.
    pub fn changes(&self) -> TaskTracker {
        self.changes.clone()
    }

    /// The schemas of all that is offered, for programs that make documentation.
    #[must_use]
    pub fn schemas(&self) -> tf::get_provider_schema::Response {
        self.registry.schemas(|| self.provider.schema())
    }

    /// What no diagnostic may point to.
    fn secrets(&self) -> Arc<Secrets> {
        let of_schemas = || Arc::new(Secrets::of(&self.schemas()));
        self.secrets.get_or_init(of_schemas).clone()
    }

    /// Diagnostics for Terraform.
    fn told(&self, diags: Diagnostics) -> Vec<tf::Diagnostic> {
        if diags.errors.is_empty() && diags.warnings.is_empty() {
            return Vec::new();
        }
        to_proto(diags, &self.secrets(), self.info.redact)
    }
}

fn encoded(value: Option<tf::DynamicValue>) -> Encoded {
    match value {
        Some(value) if value.msgpack.is_empty() => Encoded::new(Format::Json, value.json),
        Some(value) => Encoded::new(Format::MessagePack, value.msgpack),
        None => Encoded::null(),
    }
}

fn dynamic(value: Encoded) -> tf::DynamicValue {
    match value.format() {
        Format::MessagePack => tf::DynamicValue { msgpack: value.into_bytes(), json: Vec::new() },
        Format::Json => tf::DynamicValue { msgpack: Vec::new(), json: value.into_bytes() },
    }
}

/// An answer that comes in parts.
type Events<E> = Pin<Box<dyn Stream<Item = Result<E, Status>> + Send>>;

/// Each RPC is a function in the module of what it is asked of. Some answer once, some with a stream of events.
macro_rules! serve {
    (once { $($module:ident: $($rpc:ident)+;)+ } events { $($events_module:ident: $events:ident as $stream:ident;)+ }) => {
        #[tonic::async_trait]
        impl tf::provider_server::Provider for Service {
            $($(async fn $rpc(&self, request: Request<tf::$rpc::Request>) -> Result<Response<tf::$rpc::Response>, Status> {
                Ok(Response::new($module::$rpc(self, request.into_inner()).await))
            })+)+

            $(type $stream = Events<tf::$events::Event>;

            async fn $events(&self, request: Request<tf::$events::Request>) -> Result<Response<Self::$stream>, Status> {
                Ok(Response::new($events_module::$events(self, request.into_inner()).await))
            })+
        }
    };
}

serve! {
    once {
        provider: get_metadata get_provider_schema validate_provider_config configure_provider stop_provider;
        resources: validate_resource_config upgrade_resource_state get_resource_identity_schemas upgrade_resource_identity
            read_resource plan_resource_change apply_resource_change import_resource_state move_resource_state;
        data_sources: validate_data_resource_config read_data_source;
        ephemeral_resources: validate_ephemeral_resource_config open_ephemeral_resource renew_ephemeral_resource
            close_ephemeral_resource;
        list_resources: validate_list_resource_config;
        actions: validate_action_config plan_action;
        functions: get_functions call_function;
    }
    events {
        list_resources: list_resource as ListResourceStream;
        actions: invoke_action as InvokeActionStream;
    }
}

#[cfg(test)]
mod tests;
