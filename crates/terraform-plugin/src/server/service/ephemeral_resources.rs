//! What Terraform asks of ephemeral resources.

use tf_provider::Diagnostics;

use super::{Service, dynamic, encoded, tf};
use crate::server::lifecycle::expect;
use crate::server::panics::catch;

pub(super) async fn validate_ephemeral_resource_config(
    service: &Service,
    request: tf::validate_ephemeral_resource_config::Request,
) -> tf::validate_ephemeral_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Ok(resource) = service.registry.ephemeral_resources.find(&request.type_name, &mut diags) {
        let config = encoded(request.config);
        let answer = catch(async { resource.validate(&config, &mut diags) }).await;
        let _ = expect(&mut diags, "validating the ephemeral resource's configuration", answer);
    }
    tf::validate_ephemeral_resource_config::Response { diagnostics: service.told(diags) }
}

pub(super) async fn open_ephemeral_resource(
    service: &Service,
    request: tf::open_ephemeral_resource::Request,
) -> tf::open_ephemeral_resource::Response {
    tracing::debug!(ephemeral_resource = request.type_name, "opening");
    let mut diags = Diagnostics::default();
    let mut result = None;
    if let Ok(resource) = service.registry.ephemeral_resources.find(&request.type_name, &mut diags) {
        let config = encoded(request.config);
        let answer = catch(resource.open(&config, &mut diags)).await;
        result = expect(&mut diags, "opening the ephemeral resource", answer).ok();
    }
    tf::open_ephemeral_resource::Response {
        result: result.map(dynamic),
        diagnostics: service.told(diags),
        deferred: None,
    }
}

/// Terraform asks for it only where an opening said when.
pub(super) async fn renew_ephemeral_resource(
    service: &Service,
    request: tf::renew_ephemeral_resource::Request,
) -> tf::renew_ephemeral_resource::Response {
    let mut diags = Diagnostics::default();
    let _ = service.registry.ephemeral_resources.find(&request.type_name, &mut diags);
    tf::renew_ephemeral_resource::Response { diagnostics: service.told(diags) }
}

/// There is nothing to give back.
pub(super) async fn close_ephemeral_resource(
    service: &Service,
    request: tf::close_ephemeral_resource::Request,
) -> tf::close_ephemeral_resource::Response {
    let mut diags = Diagnostics::default();
    let _ = service.registry.ephemeral_resources.find(&request.type_name, &mut diags);
    tf::close_ephemeral_resource::Response { diagnostics: service.told(diags) }
}
