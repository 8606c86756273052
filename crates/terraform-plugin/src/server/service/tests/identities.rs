//! What says which object a resource is, and objects that come from elsewhere.

use super::*;

fn identity(id: &str) -> Option<tf::ResourceIdentityData> {
    let identity = Encoded::encode(&mut Diagnostics::default(), &[("id", id)].into_iter().collect::<BTreeMap<_, _>>());
    Some(tf::ResourceIdentityData { identity_data: identity.ok().map(dynamic) })
}

#[tokio::test]
async fn an_identity_goes_with_each_state_that_has_one() {
    let schemas = service().get_resource_identity_schemas(Request::new(Default::default())).await.expect("an answer");
    let schema = &schemas.into_inner().identity_schemas["toy"];
    assert_eq!((schema.identity_attributes[0].name.as_str(), schema.version), ("id", 0));

    let request = tf::read_resource::Request {
        type_name: "toy".into(),
        current_state: value(Some(&model("1", "good"))),
        ..Default::default()
    };
    let answer = service().read_resource(Request::new(request)).await.expect("an answer").into_inner();
    assert_eq!(answer.new_identity, identity("1"));
    // Unknown before a creation.
    assert_eq!(plan(None, Some(&model("", "good"))).await.planned_identity, None);
    let request = tf::apply_resource_change::Request {
        type_name: "toy".into(),
        planned_state: value(Some(&unknown_id("good"))),
        config: value(Some(&model("", "good"))),
        ..Default::default()
    };
    let answer = service().apply_resource_change(Request::new(request)).await.expect("an answer").into_inner();
    assert_eq!(answer.new_identity, identity("new"));

    let upgrade = async |json: &str| {
        let raw_identity = Some(tf::RawState { json: json.into(), flatmap: Default::default() });
        let request = tf::upgrade_resource_identity::Request { type_name: "toy".into(), version: 0, raw_identity };
        service().upgrade_resource_identity(Request::new(request)).await.expect("an answer").into_inner()
    };
    assert_eq!(upgrade(r#"{"id":"7"}"#).await.upgraded_identity, identity("7"));
    one_error(&upgrade(r#"{"name":"7"}"#).await.diagnostics, "identity could not be read");
}

#[tokio::test]
async fn an_import_may_give_an_identity() {
    let import = async |identity| {
        let request = tf::import_resource_state::Request { type_name: "toy".into(), identity, ..Default::default() };
        service().import_resource_state(Request::new(request)).await.expect("an answer").into_inner()
    };
    let [imported] = <[_; 1]>::try_from(import(identity("7")).await.imported_resources).expect("one");
    assert_eq!(state_of(imported.state).map(|state| state.id), Some(text("7")));
    assert_eq!(imported.identity, identity("7"));
    let nothing = Encoded::encode(&mut Diagnostics::default(), &BTreeMap::from([("id", None::<()>)])).ok().map(dynamic);
    let incomplete = import(Some(tf::ResourceIdentityData { identity_data: nothing })).await;
    one_error(&incomplete.diagnostics, "identity is incomplete");
}

#[tokio::test]
async fn a_resource_takes_over_what_it_knows() {
    let moved = async |source_type: &str, json: &str| {
        let request = tf::move_resource_state::Request {
            source_provider_address: "registry.terraform.io/toys/toys".into(),
            source_type_name: source_type.into(),
            source_state: Some(tf::RawState { json: json.into(), flatmap: Default::default() }),
            target_type_name: "toy".into(),
            ..Default::default()
        };
        service().move_resource_state(Request::new(request)).await.expect("an answer").into_inner()
    };
    let answer = moved("older_toy", r#"{"number":"7"}"#).await;
    assert_eq!(state_of(answer.target_state).map(|state| state.id), Some(text("7")));
    assert_eq!((answer.target_identity, answer.diagnostics), (identity("7"), vec![]));
    one_error(&moved("stranger", "{}").await.diagnostics, "Nothing can be moved from there");
    one_error(&moved("older_toy", "{").await.diagnostics, "could not be read");
    one_error(&moved("panic", "{}").await.diagnostics, "panicked");
}
