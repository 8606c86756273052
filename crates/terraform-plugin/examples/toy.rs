//! The provider `toys/toy`, with one resource: `toy_note`, a text file.

use std::io::ErrorKind;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Schema, number, string};
use terraform_plugin::{
    AttributePath, Change, Creation, Diagnostics, ImportBy, Info, NoConfig, Plan, Provider, Registry, Report, Reported,
    Resource, State, Update, Value, async_trait, checkpoint, problems, run,
};

problems! {
    Error cannot_use(path): "Cannot use {path}" {
        cause: "The file of a note cannot be read or written.",
        cure: "Look at the folder of the file, and at its permissions.",
    }
    Error no_path(): "The path is empty" {
        cause: "A note has no file.",
        cure: "Give the path of a file.",
    }
}

struct Note;

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Model {
    path: Value<String>,
    text: Value<String>,
    length: Value<i64>,
}

impl Model {
    fn path(&self) -> &str {
        self.path.as_deref_option().unwrap_or_default()
    }

    fn of(path: String, text: String) -> State<Model> {
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        State::of(Self { path: path.into(), text: text.into(), length: length.into() })
    }

    fn write(self, diags: &mut Diagnostics) -> Result<State<Model>, Reported> {
        let text = self.text.as_deref_option().unwrap_or_default().to_owned();
        std::fs::write(self.path(), &text).map_err(|error| fail(self.path(), &error, diags))?;
        // From here on the file exists: whatever fails, Terraform knows it.
        checkpoint(&self);
        Ok(Self::of(self.path().to_owned(), text))
    }
}

fn fail(path: &str, error: &std::io::Error, diags: &mut Diagnostics) -> Reported {
    diags.fail(cannot_use(path), error.to_string(), AttributePath::new("path"))
}

/// The text of a note; None where there is no file.
fn read(path: &str, diags: &mut Diagnostics) -> Result<Option<String>, Reported> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fail(path, &error, diags)),
    }
}

#[async_trait]
impl Resource for Note {
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        Schema::new("A note in a file.")
            .attribute(string("path").required().requires_replace().describe("Where it is."))
            .attribute(string("text").optional().default("Nothing to note.").describe("What it says."))
            .attribute(number("length").computed().describe("Its length, in bytes."))
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        if config.path.is_value() && config.path().is_empty() {
            diags.fail(no_path(), "Give the path of a file.", AttributePath::new("path"));
        }
    }

    async fn modify_plan(&self, change: Change<Model>, _: &mut Diagnostics) -> Result<Plan<Model>, Reported> {
        let mut plan = change.into_plan();
        // Another text may have another length. Until it is known, so is that.
        plan.model.length = match &plan.model.text {
            Value::Value(text) => i64::try_from(text.len()).unwrap_or(i64::MAX).into(),
            _ => Value::Unknown,
        };
        Ok(plan)
    }

    async fn create(&self, creation: Creation<Model>, diags: &mut Diagnostics) -> Result<State<Model>, Reported> {
        creation.planned.write(diags)
    }

    async fn read(&self, state: State<Model>, diags: &mut Diagnostics) -> Result<Option<State<Model>>, Reported> {
        let path = state.model.path().to_owned();
        Ok(read(&path, diags)?.map(|text| Model::of(path, text)))
    }

    async fn update(&self, update: Update<Model>, diags: &mut Diagnostics) -> Result<State<Model>, Reported> {
        update.planned.write(diags)
    }

    async fn delete(&self, state: State<Model>, diags: &mut Diagnostics) -> Result<(), Reported> {
        match std::fs::remove_file(state.model.path()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(fail(state.model.path(), &error, diags)),
            _ => Ok(()),
        }
    }

    async fn import(&self, by: ImportBy, diags: &mut Diagnostics) -> Result<State<Model>, Reported> {
        let ImportBy::Id(path) = by else {
            return Err(diags.fail(no_path(), "Import a note by its path: it has no identity.", AttributePath::root()));
        };
        match read(&path, diags)? {
            Some(text) => Ok(Model::of(path, text)),
            None => Err(diags.fail(cannot_use(&path), "There is no such file.", AttributePath::root())),
        }
    }
}

struct Toys;

#[async_trait]
impl Provider for Toys {
    type Config = NoConfig;

    fn register(&self, registry: &mut Registry) {
        registry.resource("toy_note", Note);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    const INFO: Info = Info { log_targets: &["toy"], ..Info::new("registry.terraform.io/toys/toy", "1.0.0") };
    run(Toys, &INFO).await
}
