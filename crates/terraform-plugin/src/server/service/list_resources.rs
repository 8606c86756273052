//! What Terraform asks of list resources.

use tf_provider::Diagnostics;

use super::resources::identity;
use super::{Events, Service, dynamic, encoded, tf};
use crate::codec::Encoded;
use crate::diagnostics::Reported;
use crate::list_resource::Listed;
use crate::plan;
use crate::server::lifecycle::expect;
use crate::server::panics::catch;
use tf::list_resource::Event;

pub(super) async fn validate_list_resource_config(
    service: &Service,
    request: tf::validate_list_resource_config::Request,
) -> tf::validate_list_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Ok(list_resource) = service.registry.list_resources.find(&request.type_name, &mut diags) {
        let config = encoded(request.config);
        let answer = catch(async { list_resource.validate(&config, &mut diags) }).await;
        let _ = expect(&mut diags, "validating the list's configuration", answer);
    }
    tf::validate_list_resource_config::Response { diagnostics: service.told(diags) }
}

/// Each object is an event. So are the diagnostics, which come before all objects.
pub(super) async fn list_resource(service: &Service, request: tf::list_resource::Request) -> Events<Event> {
    tracing::debug!(resource_type = request.type_name, "listing");
    let mut diags = Diagnostics::default();
    let found = find(service, &request, &mut diags).await.unwrap_or_default();
    let said = service.told(diags);
    let said = (!said.is_empty()).then(|| Event { diagnostic: said, ..Event::default() });
    Box::pin(tokio_stream::iter(said.into_iter().chain(found).map(Ok)))
}

async fn find(
    service: &Service,
    request: &tf::list_resource::Request,
    diags: &mut Diagnostics,
) -> Result<Vec<Event>, Reported> {
    let list_resource = service.registry.list_resources.find(&request.type_name, diags)?;
    let resource = service.registry.resources.find(&request.type_name, diags)?.as_ref();
    let config = encoded(request.config.clone());
    let answer = catch(list_resource.list(&config, diags)).await;
    let listed = expect(diags, "listing", answer)?;
    let schema = resource.schema();
    let event = |Listed { display_name, state }: Listed<Encoded>| Event {
        identity: identity(resource, &state),
        display_name,
        resource_object: request.include_resource_object.then(|| dynamic(plan::with_defaults(schema, state))),
        diagnostic: Vec::new(),
    };
    Ok(listed.into_iter().take(usize::try_from(request.limit).unwrap_or_default()).map(event).collect())
}
