//! What Terraform asks of data sources.

use tf_provider::Diagnostics;

use super::{Service, dynamic, encoded, tf};
use crate::server::lifecycle::expect;
use crate::server::panics::catch;

pub(super) async fn validate_data_resource_config(
    service: &Service,
    request: tf::validate_data_resource_config::Request,
) -> tf::validate_data_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Ok(data_source) = service.registry.data_sources.find(&request.type_name, &mut diags) {
        let config = encoded(request.config);
        let answer = catch(async { data_source.validate(&config, &mut diags) }).await;
        let _ = expect(&mut diags, "validating the data source's configuration", answer);
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
    if let Ok(data_source) = service.registry.data_sources.find(&request.type_name, &mut diags) {
        let config = encoded(request.config);
        let answer = catch(data_source.read(config, &mut diags)).await;
        state = expect(&mut diags, "reading the data source", answer).ok();
    }
    tf::read_data_source::Response { state: state.map(dynamic), diagnostics: service.told(diags), deferred: None }
}
