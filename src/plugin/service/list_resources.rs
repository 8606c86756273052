//! What Terraform asks of list resources.

use tf_provider::Diagnostics;

use super::{Events, Service, dynamic, encoded, tf};
use crate::framework::{Encoded, Listed};
use crate::plugin::lifecycle::expect;
use crate::plugin::panics::catch;
use tf::list_resource::Event;

pub(super) async fn validate_list_resource_config(
    service: &Service,
    request: tf::validate_list_resource_config::Request,
) -> tf::validate_list_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Some(list_resource) = service.registry.list_resource(&mut diags, &request.type_name) {
        let config = encoded(request.config);
        let answer = catch(list_resource.validate(&mut diags, &config)).await;
        expect(&mut diags, "validating the list's configuration", answer);
    }
    tf::validate_list_resource_config::Response { diagnostics: service.told(diags) }
}

/// Each object is an event. So are the diagnostics, which come before all objects.
pub(super) async fn list_resource(service: &Service, request: tf::list_resource::Request) -> Events<Event> {
    tracing::debug!(resource_type = request.type_name, "listing");
    let mut diags = Diagnostics::default();
    let mut listed = None;
    if let Some(list_resource) = service.registry.list_resource(&mut diags, &request.type_name) {
        let config = encoded(request.config);
        let limit = usize::try_from(request.limit).unwrap_or_default();
        let answer = catch(list_resource.list(&mut diags, &config, limit)).await;
        listed = expect(&mut diags, "listing", answer);
    }
    let said = service.told(diags);
    let said = (!said.is_empty()).then(|| Event { diagnostic: said, ..Event::default() });
    let found = listed.unwrap_or_default().into_iter().map(move |found| event(found, request.include_resource_object));
    Box::pin(tokio_stream::iter(said.into_iter().chain(found).map(Ok)))
}

fn event((identity, Listed { display_name, state }): (Encoded, Listed<Encoded>), with_object: bool) -> Event {
    Event {
        identity: Some(tf::ResourceIdentityData { identity_data: Some(dynamic(identity)) }),
        display_name,
        resource_object: with_object.then(|| dynamic(state)),
        diagnostic: Vec::new(),
    }
}
