//! What Terraform asks of actions.

use std::sync::Arc;

use tf_provider::Diagnostics;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::{Events, Service, encoded, tf};
use crate::framework::Progress;
use crate::plugin::diagnostic::to_proto;
use crate::plugin::lifecycle::expect;
use crate::plugin::panics::catch;
use crate::redaction::hide_held;
use tf::invoke_action::{Event, event};

pub(super) async fn validate_action_config(
    service: &Service,
    request: tf::validate_action_config::Request,
) -> tf::validate_action_config::Response {
    let mut diags = Diagnostics::default();
    if let Some(action) = service.registry.action(&mut diags, &request.type_name) {
        let config = encoded(request.config);
        let answer = catch(action.validate(&mut diags, &config)).await;
        expect(&mut diags, "validating the action's configuration", answer);
    }
    tf::validate_action_config::Response { diagnostics: service.told(diags) }
}

pub(super) async fn plan_action(service: &Service, request: tf::plan_action::Request) -> tf::plan_action::Response {
    tracing::debug!(action = request.action_type, "planning");
    let mut diags = Diagnostics::default();
    if let Some(action) = service.registry.action(&mut diags, &request.action_type) {
        let config = encoded(request.config);
        let answer = catch(action.plan(&mut diags, &config)).await;
        expect(&mut diags, "planning the action", answer);
    }
    tf::plan_action::Response { diagnostics: service.told(diags), deferred: None }
}

/// Messages while it lasts, and one last event. What was begun goes on when Terraform no longer listens, as any change does.
pub(super) async fn invoke_action(service: &Service, request: tf::invoke_action::Request) -> Events<Event> {
    tracing::debug!(action = request.action_type, "invoking");
    let under_way = service.changes.token();
    let mut diags = Diagnostics::default();
    let action = service.registry.action(&mut diags, &request.action_type).map(Arc::clone);
    let (progress, messages) = Progress::channel();
    let secrets = service.secrets();
    let invocation = tokio::spawn(async move {
        let _under_way = under_way;
        if let Some(action) = action {
            let config = encoded(request.config);
            let answer = catch(action.invoke(&mut diags, &config, &progress)).await;
            expect(&mut diags, "invoking the action", answer);
        }
        diags
    });
    let messages = UnboundedReceiverStream::new(messages)
        .map(|message| event::Type::Progress(event::Progress { message: hide_held(&message).into_owned() }));
    let completed = tokio_stream::once(invocation).then(move |invocation| {
        let secrets = Arc::clone(&secrets);
        async move {
            // A panic was caught, and nobody aborts the task.
            let diagnostics = to_proto(invocation.await.unwrap_or_default(), &secrets);
            event::Type::Completed(event::Completed { diagnostics })
        }
    });
    Box::pin(messages.chain(completed).map(|event| Event { r#type: Some(event) }).map(Ok))
}
