//! A provider with one of everything, which do as their `mode` says.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{FunctionSchema, Parameter, Type};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::schema::{Schema, string};
use crate::{
    Change, Creation, DataSource, EphemeralResource, Function, IdentityAttribute, ImportBy, Info, Moved, Plan,
    Provider, Registry, Report, Reported, Resource, State, Update, checkpoint, decode_stored,
};

/// What must not get into any diagnostic.
pub(super) const SECRET: &str = "hunter2-of-the-toy";

pub(super) const INFO: Info = Info::new("registry.terraform.io/toys/toy", "1.0.0");

#[derive(Serialize, Deserialize, Clone, Default, Debug, PartialEq)]
#[serde(default)]
pub(super) struct Model {
    pub id: Value<String>,
    pub mode: Value<String>,
    pub secret: Value<String>,
}

pub(super) fn text(text: &str) -> Value<String> {
    Value::Value(text.to_owned())
}

pub(super) fn model(id: &str, mode: &str) -> Model {
    Model { id: text(id), mode: text(mode), secret: text(SECRET) }
}

pub(super) struct Toys;

#[async_trait]
impl Provider for Toys {
    type Config = Option<()>;

    fn schema(&self) -> Schema {
        Schema::new("")
    }

    async fn configure(&self, _: Option<()>, _: &mut Diagnostics) -> Result<(), Reported> {
        panic!("{SECRET}");
    }

    fn register(&self, registry: &mut Registry) {
        registry.resource("toy", Toy);
        registry.data_source("toy", Toy);
        registry.ephemeral_resource("toy", Toy);
        registry.list_resource("toy", Toy);
        registry.action("toy", Toy);
        registry.function("toy", Toy);
    }
}

pub(super) fn schema() -> Schema {
    Schema::new("")
        .version(2)
        .attribute(string("id").optional().describe(""))
        .attribute(string("mode").optional().default("by default").describe(""))
        .attribute(string("secret").optional().describe(""))
}

pub(super) struct Toy;

#[expect(dead_code, reason = "no guide lists it")]
mod told {
    crate::catalog::problems! {
        Error as_told(): "as told" { cause: "", cure: "", }
        Error wrong_word(): "A wrong word" { cause: "", cure: "", }
    }
}

/// The end that all modes share.
pub(super) fn misbehave(mode: &Value<String>, diags: &mut Diagnostics) -> Result<(), Reported> {
    match mode.as_deref_option().unwrap_or_default() {
        mode if mode.ends_with("panic") => panic!("{SECRET}"),
        // An error that nobody sees.
        mode if mode.ends_with("silent") => {
            Err(Diagnostics::default().fail(told::as_told(), "", AttributePath::root()))
        }
        "fail" => Err(diags.fail(told::as_told(), "", AttributePath::root())),
        _ => Ok(()),
    }
}

/// What create and update share.
fn write(planned: Model, diags: &mut Diagnostics) -> Result<State<Model, String>, Reported> {
    let mode = planned.mode.as_deref_option().unwrap_or_default();
    if mode.starts_with("checkpoint") {
        checkpoint(&Model { id: text("new"), secret: Value::Unknown, ..planned.clone() });
    }
    misbehave(&planned.mode, diags)?;
    let id = if planned.id.is_unknown() { text("new") } else { planned.id.clone() };
    let secret = if mode == "unknown" { Value::Unknown } else { text(SECRET) };
    Ok(State::of(Model { id, secret, ..planned }))
}

#[async_trait]
impl Resource for Toy {
    type Model = Model;
    type Private = String;

    fn schema(&self) -> Schema {
        schema()
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        let _ = misbehave(&config.mode, diags);
    }

    /// Only the toy with the id 1 can be created again.
    async fn modify_plan(
        &self,
        change: Change<Model, String>,
        diags: &mut Diagnostics,
    ) -> Result<Plan<Model, String>, Reported> {
        match change {
            Change::CreateAgain(Creation { private, .. }) if private != "1" => {
                Err(diags.fail(told::as_told(), "", AttributePath::root()))
            }
            Change::Create(Creation { planned, .. }) | Change::CreateAgain(Creation { planned, .. }) => {
                misbehave(&planned.mode, diags)?;
                Ok(Plan::new(Model { id: Value::Unknown, ..planned }, String::new()))
            }
            Change::Update(Update { prior, planned, .. }) => {
                let private = prior.id.as_deref_option().unwrap_or_default().to_owned();
                Ok(Plan { model: planned, private, replace: vec![AttributePath::new("mode")] })
            }
        }
    }

    fn confirm_plan(&self, agreed: &String, now: &String, diags: &mut Diagnostics) {
        if agreed != now {
            diags.fail(told::as_told(), "", AttributePath::root());
        }
    }

    async fn create(
        &self,
        creation: Creation<Model, String>,
        diags: &mut Diagnostics,
    ) -> Result<State<Model, String>, Reported> {
        write(creation.planned, diags)
    }

    async fn read(
        &self,
        state: State<Model, String>,
        diags: &mut Diagnostics,
    ) -> Result<Option<State<Model, String>>, Reported> {
        misbehave(&state.model.mode, diags)?;
        Ok((state.model.mode != text("gone")).then_some(state))
    }

    async fn update(
        &self,
        update: Update<Model, String>,
        diags: &mut Diagnostics,
    ) -> Result<State<Model, String>, Reported> {
        write(update.planned, diags)
    }

    async fn delete(&self, state: State<Model, String>, diags: &mut Diagnostics) -> Result<(), Reported> {
        if state.model.mode == text("some fail") {
            diags.fail(told::as_told(), "", AttributePath::root());
        }
        misbehave(&state.model.mode, diags)
    }

    async fn import(&self, by: ImportBy, diags: &mut Diagnostics) -> Result<State<Model, String>, Reported> {
        let id = match by {
            ImportBy::Id(id) => id,
            ImportBy::Identity(identity) => identity.expect(diags, "id")?.to_owned(),
        };
        misbehave(&text(&id), diags)?;
        Ok(State::of(Model { id: text(&id), ..Model::default() }))
    }

    fn identity(&self) -> &'static [IdentityAttribute] {
        &[IdentityAttribute { name: "id", description: "Its number.", required_for_import: true }]
    }

    fn move_state(&self, from: &Moved, _: &mut Diagnostics) -> Result<Option<Model>, Reported> {
        match from.type_name.as_str() {
            "panic" => panic!("{SECRET}"),
            "older_toy" => Ok(from.state["number"].as_str().map(|id| Model { id: text(id), ..Model::default() })),
            _ => Ok(None),
        }
    }

    fn upgrade_state(
        &self,
        version: i64,
        mut state: serde_json::Value,
        diags: &mut Diagnostics,
    ) -> Result<Model, Reported> {
        if version == 1 {
            state["id"] = state["name"].take();
        }
        decode_stored(diags, &state)
    }
}

#[async_trait]
impl DataSource for Toy {
    type Model = Model;

    fn schema(&self) -> Schema {
        schema()
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        let _ = misbehave(&config.mode, diags);
    }

    async fn read(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        misbehave(&config.mode, diags)?;
        Ok(Model { id: text("found"), ..config })
    }
}

#[async_trait]
impl Function for Toy {
    type Input = Vec<String>;
    type Output = String;

    fn signature(&self) -> FunctionSchema {
        let words = Parameter { name: "words".to_owned(), param_type: Type::String, ..Parameter::default() };
        FunctionSchema { variadic: Some(words), return_type: Type::String, ..FunctionSchema::default() }
    }

    async fn call(&self, words: Vec<String>, diags: &mut Diagnostics) -> Result<String, Reported> {
        if let Some(index) = words.iter().position(|word| word == "wrong") {
            let argument = AttributePath::root().index(i64::try_from(index).expect("few"));
            return Err(diags.fail(told::wrong_word(), "It is wrong.", argument));
        }
        misbehave(&text(words.first().map_or("", String::as_str)), diags)?;
        Ok(words.join(" "))
    }
}

#[async_trait]
impl EphemeralResource for Toy {
    type Config = Model;
    type Opened = Model;

    fn schema(&self) -> Schema {
        schema()
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        let _ = misbehave(&config.mode, diags);
    }

    async fn open(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        misbehave(&config.mode, diags)?;
        Ok(Model { id: text("opened"), ..config })
    }
}
