//! Answers that come in parts: what a query finds, and how far an action is.

use async_trait::async_trait;
use tf_provider::Diagnostics;
use tokio_stream::StreamExt as _;

use super::toy::{Model, Toy, misbehave, text};
use super::*;
use crate::diagnostics::Reported;
use crate::schema::{Schema, string};
use crate::{Action, ListResource, Listed, Progress};
use tf::invoke_action::event::Type;

#[async_trait]
impl ListResource for Toy {
    type Config = Model;
    type State = Model;

    fn schema(&self) -> Schema {
        toy::schema()
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        let _ = misbehave(&config.mode, diags);
    }

    async fn list(&self, config: Model, diags: &mut Diagnostics) -> Result<Vec<Listed<Model>>, Reported> {
        misbehave(&config.mode, diags)?;
        let found =
            |id| Listed { display_name: format!("toy {id}"), state: Model { mode: Value::Null, ..model(id, "") } };
        Ok(["one", "two", "three"].map(found).into())
    }
}

#[async_trait]
impl Action for Toy {
    type Config = Model;

    fn schema(&self) -> Schema {
        Schema::new("")
            .attribute(string("id").optional().describe(""))
            .attribute(string("mode").required().describe(""))
            .attribute(string("secret").required().write_only().describe(""))
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        if config.mode == text("invalid") {
            let _ = misbehave(&text("fail"), diags);
        }
    }

    async fn plan(&self, config: Model, diags: &mut Diagnostics) -> Result<(), Reported> {
        misbehave(&config.mode, diags)
    }

    async fn invoke(&self, config: Model, progress: &Progress, diags: &mut Diagnostics) -> Result<(), Reported> {
        progress.say("begun");
        tokio::task::yield_now().await;
        misbehave(&config.mode, diags)?;
        progress.say("done");
        Ok(())
    }
}

async fn list(mode: Option<&'static str>, limit: i64, include_resource_object: bool) -> Vec<tf::list_resource::Event> {
    let config = value(mode.map(|mode| model("", mode)).as_ref());
    let request = tf::list_resource::Request { type_name: "toy".into(), config, include_resource_object, limit };
    let events = service().list_resource(Request::new(request)).await.expect("an answer").into_inner();
    events.map(|event| event.expect("an event")).collect().await
}

#[tokio::test]
async fn what_is_found_has_a_name_an_identity_and_on_request_a_state() {
    // A list without a configuration has the default one.
    for mode in [None, Some("good")] {
        let events = list(mode, 2, true).await;
        let names: Vec<_> = events.iter().map(|event| event.display_name.as_str()).collect();
        assert_eq!(names, ["toy one", "toy two"]);
        for (event, id) in events.into_iter().zip(["one", "two"]) {
            assert_eq!(state_of(event.resource_object), Some(model(id, "by default")));
            let identity = encoded(event.identity.expect("an identity").identity_data);
            let found: BTreeMap<String, String> =
                identity.decode(&mut Diagnostics::default(), "identity").expect("decodes");
            assert_eq!(found, BTreeMap::from([("id".to_owned(), id.to_owned())]));
            assert_eq!(event.diagnostic, []);
        }
    }
    assert!(list(None, 9, false).await.iter().all(|event| event.resource_object.is_none()));
    assert_eq!(list(None, 0, false).await, []);
}

#[tokio::test]
async fn a_list_that_fails_is_one_event_with_the_reason() {
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told")] {
        let [event] = <[_; 1]>::try_from(list(Some(mode), 9, true).await).expect("one event");
        clean(&event.diagnostic);
        one_error(&event.diagnostic, about);
        assert_eq!(event.identity, None);
        let request = tf::validate_list_resource_config::Request {
            type_name: "toy".into(),
            config: value(Some(&model("", mode))),
        };
        let answer = service().validate_list_resource_config(Request::new(request)).await.expect("an answer");
        let validated = answer.into_inner().diagnostics;
        if mode == "silent" { assert_eq!(validated, []) } else { one_error(&validated, about) }
    }
}

/// What an action says, and its end.
async fn invoke(action_type: &str, mode: &'static str) -> (Vec<String>, Vec<tf::Diagnostic>) {
    let config = value(Some(&model("", mode)));
    let request = tf::invoke_action::Request { action_type: action_type.to_owned(), config, ..Default::default() };
    let events = service().invoke_action(Request::new(request)).await.expect("an answer").into_inner();
    let events: Vec<_> = events.map(|event| event.expect("an event").r#type.expect("a type")).collect().await;
    let mut said = Vec::new();
    let mut ends = Vec::new();
    for event in events {
        assert!(ends.is_empty(), "something after the end");
        match event {
            Type::Progress(progress) => said.push(progress.message),
            Type::Completed(completed) => ends.push(completed.diagnostics),
        }
    }
    (said, ends.pop().expect("an end"))
}

#[tokio::test]
async fn an_action_says_how_far_it_is_and_ends_once() {
    assert_eq!(invoke("toy", "good").await, (vec!["begun".to_owned(), "done".to_owned()], vec![]));
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told")] {
        let (said, diagnostics) = invoke("toy", mode).await;
        assert_eq!(said, ["begun"]);
        clean(&diagnostics);
        one_error(&diagnostics, about);
        let (action_type, config) = ("toy".into(), value(Some(&model("", mode))));
        let request = tf::plan_action::Request { action_type, config, ..Default::default() };
        let planned = service().plan_action(Request::new(request)).await.expect("an answer").into_inner();
        one_error(&planned.diagnostics, about);
    }
    // What was unknown when Terraform validated is validated before anything is done.
    let (said, diagnostics) = invoke("toy", "invalid").await;
    assert_eq!(said, [""; 0]);
    one_error(&diagnostics, "as told");
    one_error(&invoke("no", "good").await.1, "no action no");
}

#[tokio::test]
async fn an_action_goes_on_when_nobody_listens() {
    let service = service();
    let config = value(Some(&model("", "good")));
    let request = tf::invoke_action::Request { action_type: "toy".into(), config, ..Default::default() };
    let events = service.invoke_action(Request::new(request)).await.expect("an answer").into_inner();
    let changes = service.changes();
    assert_eq!(changes.len(), 1);
    drop(events);
    changes.close();
    changes.wait().await;
}

#[tokio::test]
async fn the_schema_says_which_arguments_are_write_only() {
    let answer = service().get_provider_schema(Request::new(tf::get_provider_schema::Request {})).await;
    let schemas = answer.expect("an answer").into_inner();
    let action = schemas.action_schemas["toy"].schema.clone().expect("a schema").block.expect("a block");
    let write_only: Vec<_> =
        action.attributes.iter().filter(|found| found.write_only).map(|found| &found.name).collect();
    assert_eq!(write_only, ["secret"]);
    assert!(schemas.list_resource_schemas.contains_key("toy"));
}
