//! What Terraform is told when a resource behaves, and when it does not. A toy resource does as its `mode` says.

mod events;
mod identities;
mod schemas;
mod toy;

use std::collections::BTreeMap;

use tf::provider_server::Provider as _;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::*;
use crate::server::diagnostic::path_to_proto;
use toy::{INFO, Model, SECRET, Toys, model, text};

fn service() -> Service {
    Service::new(Toys, &INFO, CancellationToken::new())
}

fn value(state: Option<&Model>) -> Option<tf::DynamicValue> {
    Some(dynamic(match state {
        Some(state) => Encoded::encode(&mut Diagnostics::default(), state).expect("encodes"),
        None => Encoded::null(),
    }))
}

/// What came back, owned; `None` is null.
fn state_of(value: Option<tf::DynamicValue>) -> Option<Model> {
    let encoded = encoded(Some(value.expect("an answer always has a state")));
    if encoded.is_null() {
        return None;
    }
    let mut diags = Diagnostics::default();
    Some(encoded.decode(&mut diags, "state").expect("decodes"))
}

async fn apply(prior: Option<&Model>, planned: Option<&Model>) -> (Option<Model>, Vec<tf::Diagnostic>) {
    let request = tf::apply_resource_change::Request {
        type_name: "toy".into(),
        prior_state: value(prior),
        planned_state: value(planned),
        config: value(planned),
        ..Default::default()
    };
    let answer = service().apply_resource_change(Request::new(request)).await.expect("an answer").into_inner();
    clean(&answer.diagnostics);
    (state_of(answer.new_state), answer.diagnostics)
}

async fn read(mode: &'static str) -> (Option<Model>, Vec<tf::Diagnostic>) {
    let request = tf::read_resource::Request {
        type_name: "toy".into(),
        current_state: value(Some(&model("1", mode))),
        private: vec![0xc0],
        ..Default::default()
    };
    let answer = service().read_resource(Request::new(request)).await.expect("an answer").into_inner();
    clean(&answer.diagnostics);
    (state_of(answer.new_state), answer.diagnostics)
}

/// No diagnostic quotes the secret that each toy knows, and none has a backtrace.
fn clean(diagnostics: &[tf::Diagnostic]) {
    let text = format!("{diagnostics:?}");
    assert!(!text.contains(SECRET), "{text}");
    assert!(!text.contains("rust_begin_unwind") && !text.contains("stack backtrace"), "{text}");
}

#[track_caller]
fn one_error(diagnostics: &[tf::Diagnostic], about: &str) {
    assert!(matches!(diagnostics, [one] if one.summary.contains(about)), "{diagnostics:?}");
}

fn unknown_id(mode: &'static str) -> Model {
    Model { id: Value::Unknown, ..model("", mode) }
}

#[tokio::test]
async fn a_resource_that_behaves_is_created_updated_and_destroyed() {
    assert_eq!(apply(None, Some(&unknown_id("good"))).await, (Some(model("new", "good")), vec![]));
    let (prior, planned) = (model("1", "before"), model("1", "good"));
    assert_eq!(apply(Some(&prior), Some(&planned)).await, (Some(planned), vec![]));
    assert_eq!(apply(Some(&model("1", "good")), None).await, (None, vec![]));
    assert_eq!(read("good").await, (Some(model("1", "good")), vec![]));
}

#[tokio::test]
async fn a_create_that_fails_leaves_its_last_checkpoint_or_nothing() {
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told")] {
        let (state, diagnostics) = apply(None, Some(&unknown_id(mode))).await;
        one_error(&diagnostics, about);
        assert_eq!(state, None, "{mode}");
    }
    for (mode, about) in [("checkpoint panic", "panicked"), ("checkpoint silent", "said nothing")] {
        let (found, diagnostics) = apply(None, Some(&unknown_id(mode))).await;
        one_error(&diagnostics, about);
        let expected = Model { secret: Value::Null, ..model("new", mode) };
        assert_eq!(found, Some(expected), "{mode}");
    }
}

#[tokio::test]
async fn an_update_that_fails_leaves_the_prior_state_or_its_checkpoint() {
    let prior = model("1", "before");
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told")] {
        let (found, diagnostics) = apply(Some(&prior), Some(&model("1", mode))).await;
        one_error(&diagnostics, about);
        assert_eq!(found.as_ref(), Some(&prior), "{mode}");
    }
    let (found, diagnostics) = apply(Some(&prior), Some(&model("1", "checkpoint panic"))).await;
    one_error(&diagnostics, "panicked");
    assert_eq!(found, Some(Model { secret: Value::Null, ..model("new", "checkpoint panic") }));
}

#[tokio::test]
async fn a_destroy_that_fails_keeps_the_state() {
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told"), ("some fail", "told")]
    {
        let prior = model("1", mode);
        let (found, diagnostics) = apply(Some(&prior), None).await;
        one_error(&diagnostics, about);
        assert_eq!(found, Some(prior), "{mode}");
    }
}

#[tokio::test]
async fn only_none_of_a_read_means_gone() {
    assert_eq!(read("gone").await, (None, vec![]));
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told")] {
        let (found, diagnostics) = read(mode).await;
        one_error(&diagnostics, about);
        assert_eq!(found, Some(model("1", mode)), "{mode}");
    }
}

#[tokio::test]
async fn what_an_apply_leaves_unknown_is_named_and_null() {
    let planned = Model { secret: Value::Unknown, ..unknown_id("unknown") };
    let (found, diagnostics) = apply(None, Some(&planned)).await;
    one_error(&diagnostics, "unknown");
    assert!(diagnostics[0].detail.contains("secret"), "{diagnostics:?}");
    assert_eq!(found, Some(Model { secret: Value::Null, ..model("new", "unknown") }));
}

#[tokio::test]
async fn a_value_that_does_not_decode_keeps_the_state() {
    let mut bytes = vec![0x81, 0xa2];
    bytes.extend_from_slice(b"id\x81\xa1a");
    bytes.push(0xa0 | u8::try_from(SECRET.len()).expect("short"));
    bytes.extend_from_slice(SECRET.as_bytes());
    let current_state = Some(tf::DynamicValue { msgpack: bytes.clone(), json: vec![] });
    let request = tf::read_resource::Request { type_name: "toy".into(), current_state, ..Default::default() };
    let answer = service().read_resource(Request::new(request)).await.expect("an answer").into_inner();
    clean(&answer.diagnostics);
    one_error(&answer.diagnostics, "prior state");
    assert_eq!(answer.new_state.expect("a state").msgpack, bytes);
}

async fn upgrade(version: i64, json: &str) -> (Option<Model>, Vec<tf::Diagnostic>) {
    let raw_state = Some(tf::RawState { json: json.into(), flatmap: Default::default() });
    let request = tf::upgrade_resource_state::Request { type_name: "toy".into(), version, raw_state };
    let answer = service().upgrade_resource_state(Request::new(request)).await.expect("an answer").into_inner();
    clean(&answer.diagnostics);
    let upgraded = answer.upgraded_state.map(|state| state_of(Some(state)).expect("a state"));
    (upgraded, answer.diagnostics)
}

#[tokio::test]
async fn a_stored_state_is_read_whatever_its_version() {
    let only = |id| Model { id: text(id), mode: text("by default"), ..Model::default() };
    assert_eq!(upgrade(2, r#"{"id":"1","gone":true}"#).await, (Some(only("1")), vec![]));
    // Version 1 of the toy, which nobody ever saw, called the id a name.
    assert_eq!(upgrade(1, r#"{"name":"1"}"#).await, (Some(only("1")), vec![]));
    let newer = upgrade(3, r#"{"id":"1"}"#).await;
    one_error(&newer.1, "written by a newer version of the provider");
    assert_eq!(newer.0, None);
    one_error(&upgrade(2, "").await.1, "too old");
    one_error(&upgrade(2, "{").await.1, "could not be read");
    let misfit = upgrade(2, &format!(r#"{{"id":["{SECRET}"]}}"#)).await.1;
    one_error(&misfit, "could not be read");
    assert!(misfit[0].attribute.is_some());
}

async fn plan(prior: Option<&Model>, proposed: Option<&Model>) -> tf::plan_resource_change::Response {
    plan_again(prior, proposed, &[], &[]).await
}

/// A plan that follows another one: the second of a replacement, or that of an apply.
async fn plan_again(
    prior: Option<&Model>,
    proposed: Option<&Model>,
    private: &[u8],
    agreed: &[u8],
) -> tf::plan_resource_change::Response {
    let request = tf::plan_resource_change::Request {
        type_name: "toy".into(),
        prior_state: value(prior),
        proposed_new_state: value(proposed),
        config: value(proposed),
        client_capabilities: Some(tf::ClientCapabilities { deferral_allowed: true, ..Default::default() }),
        prior_private: private.to_vec(),
        planned_private: agreed.to_vec(),
        ..Default::default()
    };
    let answer = service().plan_resource_change(Request::new(request)).await.expect("an answer").into_inner();
    clean(&answer.diagnostics);
    assert_eq!(answer.deferred, None);
    answer
}

#[tokio::test]
async fn each_kind_of_plan_reaches_its_method() {
    let created = plan(None, Some(&model("", "good"))).await;
    assert_eq!(state_of(created.planned_state), Some(unknown_id("good")));

    let updated = plan(Some(&model("1", "before")), Some(&model("1", "good"))).await;
    assert_eq!(updated.requires_replace, [path_to_proto(AttributePath::new("mode"))]);

    let destroyed = plan(Some(&model("1", "good")), None).await;
    assert_eq!((state_of(destroyed.planned_state), destroyed.diagnostics), (None, vec![]));

    one_error(&plan(None, Some(&model("", "panic"))).await.diagnostics, "panicked");
    one_error(&plan(None, None).await.diagnostics, "nothing to do");
}

#[tokio::test]
async fn the_second_plan_of_a_replacement_is_told_from_a_creation() {
    let next = model("", "good");
    let first = async |id| plan(Some(&model(id, "before")), Some(&next)).await.planned_private;
    let second = plan_again(None, Some(&next), &first("1").await, &[]).await;
    assert_eq!((state_of(second.planned_state), second.diagnostics), (Some(unknown_id("good")), vec![]));
    let refused = plan_again(None, Some(&next), &first("2").await, &[]).await;
    one_error(&refused.diagnostics, "as told");
    assert!(refused.diagnostics[0].detail.ends_with("To destroy it instead:\n  terraform destroy -refresh=false"));
    assert_eq!(refused.planned_state, None);
}

#[tokio::test]
async fn a_plan_that_is_applied_is_compared_with_the_one_that_was_agreed_to() {
    let (prior, next) = (model("1", "before"), model("1", "good"));
    let agreed = plan(Some(&prior), Some(&next)).await.planned_private;
    assert_eq!(plan_again(Some(&prior), Some(&next), &[], &agreed).await.diagnostics, vec![]);
    let other = plan_again(Some(&model("2", "before")), Some(&next), &[], &agreed).await;
    one_error(&other.diagnostics, "as told");
}

#[tokio::test]
async fn an_import_answers_with_one_resource_or_with_an_error() {
    let import = async |id: &str| {
        let request =
            tf::import_resource_state::Request { type_name: "toy".into(), id: id.into(), ..Default::default() };
        service().import_resource_state(Request::new(request)).await.expect("an answer").into_inner()
    };
    let [imported] = <[_; 1]>::try_from(import("7").await.imported_resources).expect("one");
    assert_eq!(imported.type_name, "toy");
    assert_eq!(state_of(imported.state).map(|state| state.id), Some(text("7")));
    for (id, about) in [("panic", "panicked"), ("silent", "said nothing")] {
        let answer = import(id).await;
        one_error(&answer.diagnostics, about);
        assert!(answer.imported_resources.is_empty());
    }
}

#[tokio::test]
async fn a_data_source_is_validated_and_read() {
    let validate = async |mode| {
        let (type_name, config) = ("toy".into(), value(Some(&model("", mode))));
        let request = tf::validate_data_resource_config::Request { type_name, config };
        service().validate_data_resource_config(Request::new(request)).await.expect("an answer").into_inner()
    };
    let read = async |mode| {
        let (type_name, config) = ("toy".into(), value(Some(&model("", mode))));
        let request = tf::read_data_source::Request { type_name, config, ..Default::default() };
        service().read_data_source(Request::new(request)).await.expect("an answer").into_inner()
    };
    assert_eq!(validate("good").await.diagnostics, []);
    assert_eq!(state_of(read("good").await.state), Some(model("found", "good")));
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told")] {
        let found = read(mode).await.diagnostics;
        clean(&found);
        one_error(&found, about);
        let found = validate(mode).await.diagnostics;
        clean(&found);
        if mode == "silent" {
            assert_eq!(found, [])
        } else {
            one_error(&found, about)
        }
        assert_eq!(read(mode).await.state, None);
    }
}

#[tokio::test]
async fn an_ephemeral_resource_is_validated_opened_and_closed() {
    let open = async |mode| {
        let (type_name, config) = ("toy".into(), value(Some(&model("", mode))));
        let request = tf::open_ephemeral_resource::Request { type_name, config, ..Default::default() };
        service().open_ephemeral_resource(Request::new(request)).await.expect("an answer").into_inner()
    };
    assert_eq!(state_of(open("good").await.result), Some(model("opened", "good")));
    for (mode, about) in [("panic", "panicked"), ("silent", "said nothing"), ("fail", "as told")] {
        let (type_name, config) = ("toy".into(), value(Some(&model("", mode))));
        let request = tf::validate_ephemeral_resource_config::Request { type_name, config };
        let answer = service().validate_ephemeral_resource_config(Request::new(request)).await.expect("an answer");
        let opened = open(mode).await;
        assert_eq!(opened.result, None);
        let validated = answer.into_inner().diagnostics;
        clean(&validated);
        if mode == "silent" {
            assert_eq!(validated, [])
        } else {
            one_error(&validated, about)
        }
        clean(&opened.diagnostics);
        one_error(&opened.diagnostics, about);
    }
    let request = tf::close_ephemeral_resource::Request { type_name: "toy".into() };
    let closed = service().close_ephemeral_resource(Request::new(request)).await.expect("an answer").into_inner();
    assert_eq!(closed.diagnostics, []);
    let request = tf::renew_ephemeral_resource::Request { type_name: "no".into() };
    let renewed = service().renew_ephemeral_resource(Request::new(request)).await.expect("an answer").into_inner();
    one_error(&renewed.diagnostics, "no ephemeral resource no");
}

#[tokio::test]
async fn a_function_gives_a_result_or_one_text_on_an_argument() {
    let call = async |name: &str, arguments: &[&str]| {
        let argument = |text: &&str| dynamic(Encoded::encode(&mut Diagnostics::default(), text).expect("encodes"));
        let request =
            tf::call_function::Request { name: name.into(), arguments: arguments.iter().map(argument).collect() };
        service().call_function(Request::new(request)).await.expect("an answer").into_inner()
    };
    let result = call("toy", &["two", "words"]).await.result.expect("a result");
    assert_eq!(result.msgpack, rmp_serde::to_vec("two words").expect("encodes"));
    let none = call("toy", &[]).await.result.expect("a result");
    assert_eq!(none.msgpack, rmp_serde::to_vec("").expect("encodes"));

    let wrong = call("toy", &["right", "wrong"]).await;
    let expected = tf::FunctionError { text: "A wrong word: It is wrong".into(), function_argument: Some(1) };
    assert_eq!((wrong.result, wrong.error), (None, Some(expected)));
    for (name, word, about) in
        [("toy", "panic", "panicked"), ("toy", "silent", "said nothing"), ("no", "", "no function")]
    {
        let error = call(name, &[word]).await.error.expect("an error");
        assert!(error.text.contains(about) && !error.text.contains(SECRET), "{error:?}");
        assert_eq!(error.function_argument, None);
    }
    let signatures = service().get_functions(Request::new(Default::default())).await.expect("an answer").into_inner();
    assert_eq!(signatures.functions["toy"].variadic_parameter.as_ref().expect("one").name, "words");
}

#[tokio::test]
async fn the_rest_is_answered_too() {
    let service = service();
    let schemas = service.get_provider_schema(Request::new(Default::default())).await.expect("an answer").into_inner();
    assert!(schemas.provider.is_some() && schemas.diagnostics.is_empty());
    assert_eq!((schemas.resource_schemas["toy"].version, schemas.data_source_schemas["toy"].version), (2, 2));
    let metadata = service.get_metadata(Request::new(Default::default())).await.expect("an answer").into_inner();
    assert_eq!((metadata.resources.len(), metadata.data_sources.len(), metadata.functions.len()), (1, 1, 1));
    assert_eq!(metadata.server_capabilities, schemas.server_capabilities);

    let request = tf::validate_resource_config::Request { type_name: "nonsense".into(), ..Default::default() };
    let answer = service.validate_resource_config(Request::new(request)).await.expect("an answer").into_inner();
    one_error(&answer.diagnostics, "no resource type nonsense");
    let (type_name, config) = ("toy".into(), value(Some(&model("1", "panic"))));
    let request = tf::validate_resource_config::Request { type_name, config, ..Default::default() };
    let answer = service.validate_resource_config(Request::new(request)).await.expect("an answer").into_inner();
    clean(&answer.diagnostics);
    one_error(&answer.diagnostics, "panicked");

    let request = tf::configure_provider::Request::default();
    let answer = service.configure_provider(Request::new(request)).await.expect("an answer").into_inner();
    one_error(&answer.diagnostics, "panicked");

    assert!(!service.stop.is_cancelled());
    service.stop_provider(Request::new(Default::default())).await.expect("an answer");
    assert!(service.stop.is_cancelled());
}
