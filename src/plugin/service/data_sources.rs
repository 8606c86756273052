//! What Terraform asks of data sources.

use tf_provider::Diagnostics;

use super::{Service, dynamic, encoded, tf};
use crate::plugin::lifecycle::expect;
use crate::plugin::panics::catch;

pub(super) async fn validate_data_resource_config(
    service: &Service,
    request: tf::validate_data_resource_config::Request,
) -> tf::validate_data_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Some(data_source) = service.registry.data_source(&mut diags, &request.type_name) {
        let config = encoded(request.config);
        let answer = catch(data_source.validate(&mut diags, &config)).await;
        expect(&mut diags, "validating the data source's configuration", answer);
    }
    tf::validate_data_resource_config::Response { diagnostics: service.told(diags) }
}

pub(super) async fn read_data_source(
    service: &Service,
    request: tf::read_data_source::Request,
) -> tf::read_data_source::Response {
    tracing::debug!(data_source = request.type_name, "reading");
    let mut diags = Diagnostics::default();
    let mut state = None;
    if let Some(data_source) = service.registry.data_source(&mut diags, &request.type_name) {
        let config = encoded(request.config);
        let answer = catch(data_source.read(&mut diags, &config)).await;
        state = expect(&mut diags, "reading the data source", answer);
    }
    tf::read_data_source::Response { state: state.map(dynamic), diagnostics: service.told(diags), deferred: None }
}
