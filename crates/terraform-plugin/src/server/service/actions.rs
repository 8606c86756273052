//! What Terraform asks of actions.

use std::sync::Arc;

use tf_provider::Diagnostics;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::{Events, Service, encoded, tf};
use crate::action::Progress;
use crate::server::diagnostic::to_proto;
use crate::server::lifecycle::expect;
use crate::server::panics::catch;
use tf::invoke_action::{Event, event};

pub(super) async fn validate_action_config(
    service: &Service,
    request: tf::validate_action_config::Request,
) -> tf::validate_action_config::Response {
    let mut diags = Diagnostics::default();
    if let Ok(action) = service.registry.actions.find(&request.type_name, &mut diags) {
        let config = encoded(request.config);
        let answer = catch(async { action.validate(&config, &mut diags) }).await;
        let _ = expect(&mut diags, "validating the action's configuration", answer);
    }
    tf::validate_action_config::Response { diagnostics: service.told(diags) }
}

pub(super) async fn plan_action(service: &Service, request: tf::plan_action::Request) -> tf::plan_action::Response {
    tracing::debug!(action = request.action_type, "planning");
    let mut diags = Diagnostics::default();
    if let Ok(action) = service.registry.actions.find(&request.action_type, &mut diags) {
        let config = encoded(request.config);
        let answer = catch(action.plan(&config, &mut diags)).await;
        let _ = expect(&mut diags, "planning the action", answer);
    }
    tf::plan_action::Response { diagnostics: service.told(diags), deferred: None }
}

/// Messages while it lasts, and one last event. What was begun goes on when Terraform no longer listens, as any change does.
pub(super) async fn invoke_action(service: &Service, request: tf::invoke_action::Request) -> Events<Event> {
    tracing::debug!(action = request.action_type, "invoking");
    let under_way = service.changes.token();
    let mut diags = Diagnostics::default();
    let action = service.registry.actions.find(&request.action_type, &mut diags).map(Arc::clone);
    let (progress, messages) = Progress::channel();
    let (secrets, redact) = (service.secrets(), service.info.redact);
    let invocation = tokio::spawn(async move {
        let _under_way = under_way;
        if let Ok(action) = action {
            let config = encoded(request.config);
            let answer = catch(action.invoke(&config, &progress, &mut diags)).await;
            let _ = expect(&mut diags, "invoking the action", answer);
        }
        diags
    });
    let messages = UnboundedReceiverStream::new(messages)
        .map(move |message| event::Type::Progress(event::Progress { message: redact(&message).into_owned() }));
    let completed = tokio_stream::once(invocation).then(move |invocation| {
        let secrets = Arc::clone(&secrets);
        async move {
            // A panic was caught, and nobody aborts the task.
            let diagnostics = to_proto(invocation.await.unwrap_or_default(), &secrets, redact);
            event::Type::Completed(event::Completed { diagnostics })
        }
    });
    Box::pin(messages.chain(completed).map(|event| Event { r#type: Some(event) }).map(Ok))
}
