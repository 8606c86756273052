//! `tfplugin6.Provider`: Terraform's requests, each handed to the provider or to something that it offers.
//!
//! Whatever goes wrong is a diagnostic in the answer. A gRPC status is for requests that we do not know.

use tf_provider::{AttributePath, Diagnostics};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

use super::diagnostic::{function_error, path_to_proto, to_proto};
use super::lifecycle::{self, expect};
use super::offer::Offer;
use super::panics::catch;
use super::proto::tfplugin6 as tf;
use crate::framework::{DynProvider, DynResource, Encoded, Format, Report};

/// The provider as Terraform sees it.
pub struct Service {
    provider: Box<dyn DynProvider>,
    offer: Offer,
    stop: CancellationToken,
    changes: TaskTracker,
}

impl Service {
    /// `stop` is cancelled when Terraform wants an end to what is going on.
    pub fn new(provider: impl DynProvider, stop: CancellationToken) -> Self {
        let offer = Offer::of(&provider);
        Self { provider: Box::new(provider), offer, stop, changes: TaskTracker::new() }
    }

    /// The changes that are being applied: what is worth waiting for before the program leaves.
    pub fn changes(&self) -> TaskTracker {
        self.changes.clone()
    }
}

/// An older Terraform knows no write-only attributes: it would store what it was told not to.
fn refuse_write_only(diags: &mut Diagnostics, resource: &dyn DynResource, config: &Encoded) {
    let given = config.given();
    for name in resource.write_only().iter().filter(|name| given.contains(**name)) {
        diags.fail(
            "This Terraform knows no write-only attributes",
            format!(
                "{name} is never stored, which needs Terraform 1.11 or OpenTofu 1.11 or newer. Use a newer release, or \
                 one of the resource's other ways to give the value."
            ),
            AttributePath::new(*name),
        );
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

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl tf::provider_server::Provider for Service {
    async fn get_metadata(&self, _: Request<tf::get_metadata::Request>) -> Answer<tf::get_metadata::Response> {
        Ok(Response::new(self.offer.names()))
    }

    async fn get_provider_schema(
        &self,
        _: Request<tf::get_provider_schema::Request>,
    ) -> Answer<tf::get_provider_schema::Response> {
        Ok(Response::new(self.offer.schemas()))
    }

    async fn validate_provider_config(
        &self,
        request: Request<tf::validate_provider_config::Request>,
    ) -> Answer<tf::validate_provider_config::Response> {
        let mut diags = Diagnostics::default();
        let config = encoded(request.into_inner().config);
        let answer = catch(self.provider.validate(&mut diags, &config)).await;
        expect(&mut diags, "validating the provider's configuration", answer);
        Ok(Response::new(tf::validate_provider_config::Response { diagnostics: to_proto(diags) }))
    }

    async fn validate_resource_config(
        &self,
        request: Request<tf::validate_resource_config::Request>,
    ) -> Answer<tf::validate_resource_config::Response> {
        let request = request.into_inner();
        let mut diags = Diagnostics::default();
        let config = encoded(request.config);
        if let Some(resource) = self.offer.resource(&mut diags, &request.type_name) {
            if !request.client_capabilities.unwrap_or_default().write_only_attributes_allowed {
                refuse_write_only(&mut diags, resource, &config);
            }
            let answer = catch(resource.validate(&mut diags, &config)).await;
            expect(&mut diags, "validating the resource's configuration", answer);
        }
        Ok(Response::new(tf::validate_resource_config::Response { diagnostics: to_proto(diags) }))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<tf::validate_data_resource_config::Request>,
    ) -> Answer<tf::validate_data_resource_config::Response> {
        let request = request.into_inner();
        let mut diags = Diagnostics::default();
        if let Some(data_source) = self.offer.data_source(&mut diags, &request.type_name) {
            let config = encoded(request.config);
            let answer = catch(data_source.validate(&mut diags, &config)).await;
            expect(&mut diags, "validating the data source's configuration", answer);
        }
        Ok(Response::new(tf::validate_data_resource_config::Response { diagnostics: to_proto(diags) }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<tf::upgrade_resource_state::Request>,
    ) -> Answer<tf::upgrade_resource_state::Response> {
        let request = request.into_inner();
        let mut diags = Diagnostics::default();
        let json = zeroize::Zeroizing::new(request.raw_state.map(|state| state.json).unwrap_or_default());
        let mut upgraded = None;
        if json.is_empty() {
            diags.fail(
                "The stored state is too old",
                "It was written by Terraform 0.11 or older, before this provider existed.",
                AttributePath::root(),
            );
        } else if let Some(resource) = self.offer.resource(&mut diags, &request.type_name) {
            let answer = catch(async { resource.upgrade(&mut diags, request.version, &json) }).await;
            upgraded = expect(&mut diags, "reading the stored state", answer);
        }
        Ok(Response::new(tf::upgrade_resource_state::Response {
            upgraded_state: upgraded.map(dynamic),
            diagnostics: to_proto(diags),
        }))
    }

    async fn configure_provider(
        &self,
        request: Request<tf::configure_provider::Request>,
    ) -> Answer<tf::configure_provider::Response> {
        let request = request.into_inner();
        tracing::debug!(terraform_version = request.terraform_version, "configuring the provider");
        let mut diags = Diagnostics::default();
        let config = encoded(request.config);
        let answer = catch(self.provider.configure(&mut diags, request.terraform_version, &config)).await;
        expect(&mut diags, "configuring the provider", answer);
        Ok(Response::new(tf::configure_provider::Response { diagnostics: to_proto(diags) }))
    }

    async fn read_resource(&self, request: Request<tf::read_resource::Request>) -> Answer<tf::read_resource::Response> {
        let request = request.into_inner();
        tracing::debug!(resource_type = request.type_name, "reading");
        let mut diags = Diagnostics::default();
        let (mut state, mut private) = (encoded(request.current_state), request.private);
        if let Some(resource) = self.offer.resource(&mut diags, &request.type_name) {
            (state, private) = lifecycle::read(resource, &mut diags, state, private).await;
        }
        Ok(Response::new(tf::read_resource::Response {
            new_state: Some(dynamic(state)),
            diagnostics: to_proto(diags),
            private,
            deferred: None,
        }))
    }

    async fn plan_resource_change(
        &self,
        request: Request<tf::plan_resource_change::Request>,
    ) -> Answer<tf::plan_resource_change::Response> {
        let request = request.into_inner();
        tracing::debug!(resource_type = request.type_name, "planning");
        let mut diags = Diagnostics::default();
        let mut planned = None;
        if let Some(resource) = self.offer.resource(&mut diags, &request.type_name) {
            let change = lifecycle::Request {
                prior: encoded(request.prior_state),
                next: encoded(request.proposed_new_state),
                config: encoded(request.config),
                private: request.prior_private,
            };
            planned = lifecycle::plan(resource, &mut diags, &change).await;
        }
        let (state, planned_private, replace) = match planned {
            Some((state, private, replace)) => (Some(state), private, replace),
            None => (None, Vec::new(), Vec::new()),
        };
        // `deferred` stays unset whatever the client allows: Terraform allows it in every apply, without the user having
        // asked for it.
        Ok(Response::new(tf::plan_resource_change::Response {
            planned_state: state.map(dynamic),
            requires_replace: replace.into_iter().map(path_to_proto).collect(),
            planned_private,
            diagnostics: to_proto(diags),
            deferred: None,
        }))
    }

    async fn apply_resource_change(
        &self,
        request: Request<tf::apply_resource_change::Request>,
    ) -> Answer<tf::apply_resource_change::Response> {
        let request = request.into_inner();
        tracing::debug!(resource_type = request.type_name, "applying");
        let _under_way = self.changes.token();
        let mut diags = Diagnostics::default();
        let change = lifecycle::Request {
            prior: encoded(request.prior_state),
            next: encoded(request.planned_state),
            config: encoded(request.config),
            private: request.planned_private,
        };
        let (state, private) = match self.offer.resource(&mut diags, &request.type_name) {
            Some(resource) => lifecycle::apply(resource, &mut diags, change).await,
            None => (change.prior, change.private),
        };
        Ok(Response::new(tf::apply_resource_change::Response {
            new_state: Some(dynamic(state)),
            private,
            diagnostics: to_proto(diags),
        }))
    }

    async fn import_resource_state(
        &self,
        request: Request<tf::import_resource_state::Request>,
    ) -> Answer<tf::import_resource_state::Response> {
        let tf::import_resource_state::Request { type_name, id, .. } = request.into_inner();
        let mut diags = Diagnostics::default();
        let mut imported = None;
        if let Some(resource) = self.offer.resource(&mut diags, &type_name) {
            let answer = catch(resource.import(&mut diags, id)).await;
            imported = expect(&mut diags, "importing the resource", answer);
        }
        let imported = imported.map(|(state, private)| tf::import_resource_state::ImportedResource {
            type_name,
            state: Some(dynamic(state)),
            private,
        });
        Ok(Response::new(tf::import_resource_state::Response {
            imported_resources: imported.into_iter().collect(),
            diagnostics: to_proto(diags),
            deferred: None,
        }))
    }

    async fn read_data_source(
        &self,
        request: Request<tf::read_data_source::Request>,
    ) -> Answer<tf::read_data_source::Response> {
        let request = request.into_inner();
        tracing::debug!(data_source = request.type_name, "reading");
        let mut diags = Diagnostics::default();
        let mut state = None;
        if let Some(data_source) = self.offer.data_source(&mut diags, &request.type_name) {
            let config = encoded(request.config);
            let answer = catch(data_source.read(&mut diags, &config)).await;
            state = expect(&mut diags, "reading the data source", answer);
        }
        Ok(Response::new(tf::read_data_source::Response {
            state: state.map(dynamic),
            diagnostics: to_proto(diags),
            deferred: None,
        }))
    }

    async fn get_functions(&self, _: Request<tf::get_functions::Request>) -> Answer<tf::get_functions::Response> {
        let tf::get_provider_schema::Response { functions, diagnostics, .. } = self.offer.schemas();
        Ok(Response::new(tf::get_functions::Response { functions, diagnostics }))
    }

    async fn call_function(&self, request: Request<tf::call_function::Request>) -> Answer<tf::call_function::Response> {
        let request = request.into_inner();
        let mut diags = Diagnostics::default();
        let mut result = None;
        if let Some(function) = self.offer.function(&mut diags, &request.name) {
            let arguments: Vec<_> = request.arguments.into_iter().map(|argument| encoded(Some(argument))).collect();
            let answer = catch(function.call(&mut diags, &arguments)).await;
            result = expect(&mut diags, "calling the function", answer);
        }
        Ok(Response::new(tf::call_function::Response { result: result.map(dynamic), error: function_error(diags) }))
    }

    async fn stop_provider(&self, _: Request<tf::stop_provider::Request>) -> Answer<tf::stop_provider::Response> {
        tracing::info!("Terraform asked to stop");
        self.stop.cancel();
        Ok(Response::new(tf::stop_provider::Response { error: String::new() }))
    }
}

#[cfg(test)]
mod tests;
