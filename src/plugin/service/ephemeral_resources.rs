//! What Terraform asks of ephemeral resources.

use tf_provider::Diagnostics;

use super::{Service, dynamic, encoded, tf};
use crate::plugin::lifecycle::expect;
use crate::plugin::panics::catch;

pub(super) async fn validate_ephemeral_resource_config(
    service: &Service,
    request: tf::validate_ephemeral_resource_config::Request,
) -> tf::validate_ephemeral_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Some(resource) = service.registry.ephemeral_resource(&mut diags, &request.type_name) {
        let config = encoded(request.config);
        let answer = catch(resource.validate(&mut diags, &config)).await;
        expect(&mut diags, "validating the ephemeral resource's configuration", answer);
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
    if let Some(resource) = service.registry.ephemeral_resource(&mut diags, &request.type_name) {
        let config = encoded(request.config);
        let answer = catch(resource.open(&mut diags, &config)).await;
        result = expect(&mut diags, "opening the ephemeral resource", answer);
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
    service.registry.ephemeral_resource(&mut diags, &request.type_name);
    tf::renew_ephemeral_resource::Response { diagnostics: service.told(diags) }
}

/// There is nothing to give back.
pub(super) async fn close_ephemeral_resource(
    service: &Service,
    request: tf::close_ephemeral_resource::Request,
) -> tf::close_ephemeral_resource::Response {
    let mut diags = Diagnostics::default();
    service.registry.ephemeral_resource(&mut diags, &request.type_name);
    tf::close_ephemeral_resource::Response { diagnostics: service.told(diags) }
}
