//! What Terraform asks of the provider itself.

use tf_provider::Diagnostics;

use super::{Service, encoded, tf};
use crate::server::diagnostic::to_proto;
use crate::server::lifecycle::expect;
use crate::server::panics::catch;
use crate::server::secrets::Secrets;

pub(super) async fn get_metadata(service: &Service, _: tf::get_metadata::Request) -> tf::get_metadata::Response {
    service.registry.names()
}

pub(super) async fn get_provider_schema(
    service: &Service,
    _: tf::get_provider_schema::Request,
) -> tf::get_provider_schema::Response {
    schemas(service).await
}

/// The schemas of all that is offered, or what keeps them from being built.
pub(super) async fn schemas(service: &Service) -> tf::get_provider_schema::Response {
    let answer = catch(async { Ok(service.schemas()) }).await;
    let mut diags = Diagnostics::default();
    expect(&mut diags, "building the schemas", answer).unwrap_or_else(|_| tf::get_provider_schema::Response {
        // They are about schemas as a whole, and there are none yet that name a secret.
        diagnostics: to_proto(diags, &Secrets::default(), service.info.redact),
        ..Default::default()
    })
}

pub(super) async fn validate_provider_config(
    service: &Service,
    request: tf::validate_provider_config::Request,
) -> tf::validate_provider_config::Response {
    let mut diags = Diagnostics::default();
    let config = encoded(request.config);
    let answer = catch(async { service.provider.validate(&config, &mut diags) }).await;
    let _ = expect(&mut diags, "validating the provider's configuration", answer);
    tf::validate_provider_config::Response { diagnostics: service.told(diags) }
}

pub(super) async fn configure_provider(
    service: &Service,
    request: tf::configure_provider::Request,
) -> tf::configure_provider::Response {
    tracing::debug!(terraform_version = request.terraform_version, "configuring the provider");
    let mut diags = Diagnostics::default();
    let config = encoded(request.config);
    let answer = catch(service.provider.configure(&config, &mut diags)).await;
    let _ = expect(&mut diags, "configuring the provider", answer);
    tf::configure_provider::Response { diagnostics: service.told(diags) }
}

pub(super) async fn stop_provider(service: &Service, _: tf::stop_provider::Request) -> tf::stop_provider::Response {
    tracing::info!("Terraform asked to stop");
    service.stop.cancel();
    tf::stop_provider::Response { error: String::new() }
}
