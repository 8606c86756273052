//! A provider with one resource, one data source and one function, which do as their `mode` says.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{
    Attribute, AttributeConstraint, AttributeType, Block, FunctionSchema, Parameter, Schema, Type,
};
use tf_provider::value::{Value, ValueEmpty, ValueString};
use tf_provider::{AttributePath, DataSource, Diagnostics, Function, Resource};

use crate::framework::{
    self, DynAction, DynDataSource, DynEphemeralResource, DynFunction, DynListResource, DynResource, EphemeralResource,
    GivenIdentity, IdentityAttribute, ManagedResource, Moved, Report, checkpoint,
};

/// What must not get into any diagnostic.
pub(super) const SECRET: &str = "hunter2-of-the-toy";

#[derive(Serialize, Deserialize, Clone, Default, Debug, PartialEq)]
#[serde(default)]
pub(super) struct State<'a> {
    pub id: ValueString<'a>,
    pub mode: ValueString<'a>,
    pub secret: ValueString<'a>,
}

pub(super) fn state(id: &'static str, mode: &'static str) -> State<'static> {
    State { id: id.into(), mode: mode.into(), secret: SECRET.into() }
}

pub(super) struct Toys;

#[async_trait]
impl tf_provider::Provider for Toys {
    type Config<'a> = ValueEmpty;
    type MetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(Schema { version: 0, block: Block::default() })
    }

    async fn configure<'a>(&self, _: &mut Diagnostics, _: String, _: ValueEmpty) -> Option<()> {
        panic!("{SECRET}");
    }
}

impl framework::Provider for Toys {
    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)> {
        vec![("toy", Box::new(Toy))]
    }

    fn data_sources(&self) -> Vec<(&'static str, Box<dyn DynDataSource>)> {
        vec![("toy", Box::new(Toy))]
    }

    fn ephemeral_resources(&self) -> Vec<(&'static str, Box<dyn DynEphemeralResource>)> {
        vec![("toy", Box::new(Toy))]
    }

    fn list_resources(&self) -> Vec<(&'static str, Box<dyn DynListResource>)> {
        vec![("toy", Box::new(Toy))]
    }

    fn actions(&self) -> Vec<(&'static str, Arc<dyn DynAction>)> {
        vec![("toy", Arc::new(Toy))]
    }

    fn functions(&self) -> Vec<(&'static str, Box<dyn DynFunction>)> {
        vec![("toy", Box::new(Toy))]
    }
}

pub(super) fn schema() -> Schema {
    let text = || Attribute {
        attr_type: AttributeType::String,
        constraint: AttributeConstraint::Optional,
        ..Default::default()
    };
    let attributes = tf_provider::map! { "id" => text(), "mode" => text(), "secret" => text() };
    Schema { version: 2, block: Block { attributes, ..Default::default() } }
}

pub(super) struct Toy;

#[expect(dead_code, reason = "no guide lists it")]
mod told {
    crate::framework::catalog::problems! {
        Error as_told(): "as told" { cause: "", cure: "", }
        Error wrong_word(): "A wrong word" { cause: "", cure: "", }
    }
}

/// The end that all modes share. `None` is "carry on".
pub(super) fn misbehave<T>(diags: &mut Diagnostics, mode: &str) -> Option<Option<T>> {
    match mode {
        mode if mode.ends_with("panic") => panic!("{SECRET}"),
        mode if mode.ends_with("silent") => Some(None),
        "fail" => {
            diags.fail(told::as_told(), "", AttributePath::root());
            Some(None)
        }
        _ => None,
    }
}

/// What create and update share.
fn write<'a>(diags: &mut Diagnostics, planned: Option<State<'a>>) -> Option<(Option<State<'a>>, ValueString<'a>)> {
    let planned = planned?;
    if planned.mode.starts_with("checkpoint") {
        checkpoint(&State { id: "new".into(), secret: Value::Unknown, ..planned.clone() });
    }
    if let Some(answer) = misbehave(diags, planned.mode.as_str()) {
        return answer;
    }
    if planned.mode.as_str() == "null" {
        return Some((None, Value::Null));
    }
    let id = if planned.id.is_unknown() { "new".into() } else { planned.id.clone() };
    let secret = if planned.mode.as_str() == "unknown" { Value::Unknown } else { SECRET.into() };
    Some((Some(State { id, secret, ..planned }), Value::Null))
}

fn mode(state: &Option<State<'_>>) -> String {
    state.as_ref().map(|state| state.mode.as_str().to_owned()).unwrap_or_default()
}

#[async_trait]
impl Resource for Toy {
    type State<'a> = Option<State<'a>>;
    type PrivateState<'a> = ValueString<'a>;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: Self::State<'a>) -> Option<()> {
        misbehave(diags, &mode(&config)).unwrap_or(Some(()))
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: Self::State<'a>,
        _: ValueString<'a>,
        _: ValueEmpty,
    ) -> Option<(Self::State<'a>, ValueString<'a>)> {
        misbehave(diags, &mode(&state)).unwrap_or(Some((state, Value::Null)))
    }

    async fn plan_create<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Self::State<'a>,
        _: Self::State<'a>,
        _: ValueEmpty,
    ) -> Option<(Self::State<'a>, ValueString<'a>)> {
        let planned = proposed.clone().map(|state| State { id: Value::Unknown, ..state });
        misbehave(diags, &mode(&proposed)).unwrap_or(Some((planned, Value::Null)))
    }

    async fn plan_update<'a>(
        &self,
        _: &mut Diagnostics,
        prior: Self::State<'a>,
        proposed: Self::State<'a>,
        _: Self::State<'a>,
        _: ValueString<'a>,
        _: ValueEmpty,
    ) -> Option<(Self::State<'a>, ValueString<'a>, Vec<AttributePath>)> {
        let id = prior.map(|prior| prior.id).unwrap_or_default();
        Some((proposed, id, vec![AttributePath::new("mode")]))
    }

    async fn plan_destroy<'a>(
        &self,
        _: &mut Diagnostics,
        _: Self::State<'a>,
        _: ValueString<'a>,
        _: ValueEmpty,
    ) -> Option<ValueString<'a>> {
        Some(Value::Null)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: Self::State<'a>,
        _: Self::State<'a>,
        _: ValueString<'a>,
        _: ValueEmpty,
    ) -> Option<(Self::State<'a>, ValueString<'a>)> {
        write(diags, planned)
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        _: Self::State<'a>,
        planned: Self::State<'a>,
        _: Self::State<'a>,
        _: ValueString<'a>,
        _: ValueEmpty,
    ) -> Option<(Self::State<'a>, ValueString<'a>)> {
        write(diags, planned)
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: Self::State<'a>,
        _: ValueString<'a>,
        _: ValueEmpty,
    ) -> Option<()> {
        let mode = mode(&prior);
        if mode == "some fail" {
            diags.fail(told::as_told(), "", AttributePath::root());
        }
        misbehave(diags, &mode).unwrap_or(Some(()))
    }

    async fn import<'a>(&self, diags: &mut Diagnostics, id: String) -> Option<(Self::State<'a>, ValueString<'a>)> {
        let imported = State { id: id.clone().into(), ..State::default() };
        misbehave(diags, &id).unwrap_or(Some((Some(imported), Value::Null)))
    }
}

#[async_trait]
impl ManagedResource for Toy {
    fn identity(&self) -> &'static [IdentityAttribute] {
        &[IdentityAttribute { name: "id", description: "Its number.", required_for_import: true }]
    }

    async fn import_identified<'a>(
        &self,
        diags: &mut Diagnostics,
        identity: GivenIdentity,
    ) -> Option<(Option<State<'a>>, ValueString<'a>)> {
        let id = identity.expect(diags, "id")?.to_owned();
        Resource::import(self, diags, id).await
    }

    /// Only of the toy with the id 1.
    async fn plan_replacement<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Self::State<'a>,
        config: Self::State<'a>,
        planned: ValueString<'a>,
    ) -> Option<(Self::State<'a>, ValueString<'a>)> {
        if planned.as_str() != "1" {
            diags.fail(told::as_told(), "", AttributePath::root());
            return None;
        }
        Resource::plan_create(self, diags, proposed, config, Value::Null).await
    }

    fn confirm_plan<'a>(&self, diags: &mut Diagnostics, planned: ValueString<'a>, now: &ValueString<'a>) {
        if planned != *now {
            diags.fail(told::as_told(), "", AttributePath::root());
        }
    }

    fn move_state<'a>(&self, _: &mut Diagnostics, from: &Moved) -> Option<Self::State<'a>> {
        match from.type_name.as_str() {
            "panic" => panic!("{SECRET}"),
            "older_toy" => {
                Some(Some(State { id: from.state["number"].as_str()?.to_owned().into(), ..State::default() }))
            }
            _ => None,
        }
    }

    fn upgrade_state<'a>(
        &self,
        diags: &mut Diagnostics,
        version: i64,
        mut state: serde_json::Value,
    ) -> Option<Self::State<'a>> {
        if version == 1 {
            state["id"] = state["name"].take();
        }
        framework::decode_stored(diags, state)
    }
}

#[async_trait]
impl DataSource for Toy {
    type State<'a> = State<'a>;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: State<'a>) -> Option<()> {
        misbehave(diags, config.mode.as_str()).unwrap_or(Some(()))
    }

    async fn read<'a>(&self, diags: &mut Diagnostics, config: State<'a>, _: ValueEmpty) -> Option<State<'a>> {
        let mode = config.mode.as_str().to_owned();
        misbehave(diags, &mode).unwrap_or(Some(State { id: "found".into(), ..config }))
    }
}

#[async_trait]
impl Function for Toy {
    type Input<'a> = Vec<String>;
    type Output<'a> = String;

    fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
        let words = Parameter { name: "words".to_owned(), param_type: Type::String, ..Parameter::default() };
        Some(FunctionSchema { variadic: Some(words), return_type: Type::String, ..FunctionSchema::default() })
    }

    async fn call<'a>(&self, diags: &mut Diagnostics, words: Vec<String>) -> Option<String> {
        if let Some(index) = words.iter().position(|word| word == "wrong") {
            diags.fail(told::wrong_word(), "It is wrong.", AttributePath::root().index(index as i64));
            return None;
        }
        misbehave(diags, words.first().map_or("", String::as_str)).unwrap_or(Some(words.join(" ")))
    }
}

#[async_trait]
impl EphemeralResource for Toy {
    type Config = State<'static>;
    type Opened = State<'static>;

    fn schema(&self) -> Schema {
        schema()
    }

    async fn validate(&self, diags: &mut Diagnostics, config: State<'static>) -> Option<()> {
        misbehave(diags, config.mode.as_str()).unwrap_or(Some(()))
    }

    async fn open(&self, diags: &mut Diagnostics, config: State<'static>) -> Option<State<'static>> {
        let mode = config.mode.as_str().to_owned();
        misbehave(diags, &mode).unwrap_or(Some(State { id: "opened".into(), ..config }))
    }
}
