//! The provider program, started and spoken to as Terraform does it.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::process::Command;

use prost::Message;
use rustix::process::Pid;
use serde_json::Value as Json;
use tempfile::NamedTempFile;
use testkit::client::{Client, Identity, connect, tfplugin6 as tf};
use testkit::environment;
use testkit::plugin::Plugin;
use tonic::{Response, Status, Streaming};

use crate::configuration::Resource;
use crate::schema::Schema;
use crate::value::{Object, decode, encode, object_from_json};

/// A running provider.
pub struct Provider {
    plugin: Plugin,
    client: Client,
    /// All that it answered, as it came over the socket, without the attributes that are there to hold a secret.
    pub answers: Vec<u8>,
    log: NamedTempFile,
    _roots: NamedTempFile,
}

/// What the provider says that its resources look like.
pub struct Schemas {
    pub provider: Schema,
    integration: Schema,
    link: Schema,
    /// Those of [`Question`]s, by its kind and its type.
    questions: BTreeMap<(Kind, String), Schema>,
}

/// What Terraform asks besides what it does with resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    DataSource,
    /// `terraform query`.
    List,
    Action,
}

/// One question.
pub struct Question {
    pub kind: Kind,
    pub type_name: &'static str,
    /// The arguments, as JSON.
    pub config: Json,
}

impl Schemas {
    pub fn resource(&self, resource: Resource) -> &Schema {
        match resource {
            Resource::Deposed | Resource::Integration => &self.integration,
            Resource::Link => &self.link,
        }
    }
}

/// An answer, or what Terraform would say about the lack of one.
pub type Answer<T> = Result<T, String>;

impl Provider {
    /// Starts it with all of its logs switched on.
    pub async fn start(terraform: &Identity) -> Self {
        let log = NamedTempFile::new().expect("a log");
        let mut roots = NamedTempFile::new().expect("a file");
        roots.write_all(terraform.pem.as_bytes()).expect("a certificate");
        let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-druva"));
        environment::own(&mut command)
            .env("NO_PROXY", "127.0.0.1")
            // One certificate instead of those of the system, whose parsing would take most of the time.
            .env("SSL_CERT_FILE", roots.path())
            .env("TF_LOG", "TRACE")
            .env("RUST_BACKTRACE", "1")
            .stderr(log.reopen().expect("the same log"));
        let plugin = Plugin::of(command, Some(terraform));
        let client = connect(&plugin, Some(terraform)).await.expect("the provider lets Terraform in");
        Self { plugin, client, answers: Vec::new(), log, _roots: roots }
    }

    /// For `kill -9`.
    pub fn id(&self) -> Pid {
        Pid::from_raw(self.plugin.id().cast_signed()).expect("a process")
    }

    /// What it logged since this was asked last.
    pub fn fresh_log(&mut self) -> String {
        let mut log = Vec::new();
        self.log.read_to_end(&mut log).expect("the log");
        String::from_utf8_lossy(&log).into_owned()
    }

    pub async fn schemas(&mut self) -> Schemas {
        let request = tf::get_provider_schema::Request {};
        let schemas = self.client.provider.get_provider_schema(request).await.expect("a schema").into_inner();
        let resource = |resource: Resource| Schema::of(&schemas.resource_schemas[resource.type_name()]);
        let named = |kind| move |(name, schema): (&String, &tf::Schema)| ((kind, name.clone()), Schema::of(schema));
        let actions = schemas.action_schemas.iter();
        let actions = actions.filter_map(|(name, action)| Some((name, action.schema.as_ref()?)));
        Schemas {
            provider: Schema::of(schemas.provider.as_ref().expect("the provider block's schema")),
            integration: resource(Resource::Integration),
            link: resource(Resource::Link),
            questions: schemas
                .data_source_schemas
                .iter()
                .map(named(Kind::DataSource))
                .chain(schemas.list_resource_schemas.iter().map(named(Kind::List)))
                .chain(actions.map(named(Kind::Action)))
                .collect(),
        }
    }

    pub async fn validate_provider(&mut self, config: &Object) -> Answer<tf::validate_provider_config::Response> {
        let request = tf::validate_provider_config::Request { config: dynamic(Some(config)) };
        let outcome = self.client.provider.validate_provider_config(request).await;
        self.answer(outcome)
    }

    pub async fn configure(&mut self, config: &Object) -> Answer<tf::configure_provider::Response> {
        let request = tf::configure_provider::Request {
            terraform_version: "1.13.0".to_owned(),
            config: dynamic(Some(config)),
            client_capabilities: capabilities(),
        };
        let outcome = self.client.provider.configure_provider(request).await;
        self.answer(outcome)
    }

    pub async fn validate(
        &mut self,
        resource: Resource,
        config: &Object,
    ) -> Answer<tf::validate_resource_config::Response> {
        let request = tf::validate_resource_config::Request {
            type_name: resource.type_name().to_owned(),
            config: dynamic(Some(config)),
            client_capabilities: capabilities(),
        };
        let outcome = self.client.provider.validate_resource_config(request).await;
        self.answer(outcome)
    }

    pub async fn upgrade(
        &mut self,
        resource: Resource,
        version: i64,
        json: Vec<u8>,
    ) -> Answer<tf::upgrade_resource_state::Response> {
        let request = tf::upgrade_resource_state::Request {
            type_name: resource.type_name().to_owned(),
            version,
            raw_state: Some(tf::RawState { json, ..tf::RawState::default() }),
        };
        let outcome = self.client.provider.upgrade_resource_state(request).await;
        self.answer(outcome)
    }

    pub async fn read(
        &mut self,
        resource: Resource,
        state: &Object,
        private: Vec<u8>,
    ) -> Answer<tf::read_resource::Response> {
        let request = tf::read_resource::Request {
            type_name: resource.type_name().to_owned(),
            current_state: dynamic(Some(state)),
            private,
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let outcome = self.client.provider.read_resource(request).await;
        self.answer(outcome)
    }

    pub async fn plan(
        &mut self,
        resource: Resource,
        prior: Option<&Object>,
        proposed: Option<&Object>,
        config: Option<&Object>,
        private: Vec<u8>,
    ) -> Answer<tf::plan_resource_change::Response> {
        let request = tf::plan_resource_change::Request {
            type_name: resource.type_name().to_owned(),
            prior_state: dynamic(prior),
            proposed_new_state: dynamic(proposed),
            config: dynamic(config),
            prior_private: private,
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let outcome = self.client.provider.plan_resource_change(request).await;
        self.answer(outcome)
    }

    pub async fn apply(
        &mut self,
        resource: Resource,
        prior: Option<&Object>,
        planned: Option<&Object>,
        config: Option<&Object>,
        private: Vec<u8>,
    ) -> Answer<tf::apply_resource_change::Response> {
        let request = tf::apply_resource_change::Request {
            type_name: resource.type_name().to_owned(),
            prior_state: dynamic(prior),
            planned_state: dynamic(planned),
            config: dynamic(config),
            planned_private: private,
            ..Default::default()
        };
        let outcome = self.client.provider.apply_resource_change(request).await;
        self.answer(outcome)
    }

    /// Asks a question, whose answer is in [`Self::answers`].
    pub async fn ask(&mut self, question: &Question, schemas: &Schemas) {
        let type_name = question.type_name.to_owned();
        let schema = &schemas.questions[&(question.kind, type_name.clone())];
        let config = dynamic(Some(&schema.complete(object_from_json(&question.config))));
        let client_capabilities = capabilities();
        let provider = &mut self.client.provider;
        match question.kind {
            Kind::DataSource => {
                let request =
                    tf::read_data_source::Request { type_name, config, client_capabilities, provider_meta: None };
                let outcome = provider.read_data_source(request).await;
                let _ = self.answer(outcome);
            }
            Kind::List => {
                let request =
                    tf::list_resource::Request { type_name, config, include_resource_object: true, limit: 100 };
                let outcome = provider.list_resource(request).await;
                self.events(outcome).await;
            }
            Kind::Action => {
                let plan = tf::plan_action::Request {
                    action_type: type_name.clone(),
                    config: config.clone(),
                    client_capabilities,
                };
                let planned = provider.plan_action(plan).await;
                let request = tf::invoke_action::Request { action_type: type_name, config, client_capabilities };
                let outcome = provider.invoke_action(request).await;
                let _ = self.answer(planned);
                self.events(outcome).await;
            }
        }
    }

    async fn events<T: Message>(&mut self, outcome: Result<Response<Streaming<T>>, Status>) {
        let mut events = match outcome {
            Ok(events) => events.into_inner(),
            Err(status) => return self.answers.extend(status.to_string().into_bytes()),
        };
        loop {
            match events.message().await {
                Ok(None) => return,
                Ok(Some(event)) => self.answers.extend(without_secrets(&event.encode_to_vec())),
                Err(status) => return self.answers.extend(status.to_string().into_bytes()),
            }
        }
    }

    /// An answer, or what Terraform says where there is none.
    fn answer<T: Message>(&mut self, outcome: Result<Response<T>, Status>) -> Answer<T> {
        match outcome {
            Ok(answer) => {
                let answer = answer.into_inner();
                self.answers.extend(without_secrets(&answer.encode_to_vec()));
                Ok(answer)
            }
            Err(status) => {
                let lost = format!("Plugin did not respond: {status}");
                self.answers.extend(lost.as_bytes());
                Err(lost)
            }
        }
    }

    pub async fn import(&mut self, resource: Resource, id: &str) -> Answer<tf::import_resource_state::Response> {
        let request = tf::import_resource_state::Request {
            type_name: resource.type_name().to_owned(),
            id: id.to_owned(),
            client_capabilities: capabilities(),
            identity: None,
        };
        let outcome = self.client.provider.import_resource_state(request).await;
        self.answer(outcome)
    }
}

/// An answer without the values of `client_secret`, which is sensitive in each schema that has it.
fn without_secrets(answer: &[u8]) -> Vec<u8> {
    // As MessagePack has it; its length is a part of it.
    const NAME: &[u8] = b"\xadclient_secret";
    let (mut shown, mut at) = (Vec::new(), 0);
    while at < answer.len() {
        if !answer[at..].starts_with(NAME) {
            shown.push(answer[at]);
            at += 1;
            continue;
        }
        shown.extend(NAME);
        at += NAME.len();
        at += match answer[at..] {
            [short @ 0xa0..=0xbf, ..] => 1 + usize::from(short & 0x1f),
            [0xd9, length, ..] => 2 + usize::from(length),
            [0xda, high, low, ..] => 3 + usize::from(u16::from_be_bytes([high, low])),
            _ => 0,
        };
    }
    shown
}

/// The object in an answer, with its sets in order.
pub fn object(schema: &Schema, value: Option<&tf::DynamicValue>) -> Result<Option<Object>, String> {
    let bytes = value.map(|value| value.msgpack.as_slice()).unwrap_or_default();
    Ok(decode(bytes)?.map(|object| schema.in_order(object)))
}

fn dynamic(object: Option<&Object>) -> Option<tf::DynamicValue> {
    Some(tf::DynamicValue { msgpack: encode(object), json: Vec::new() })
}

fn capabilities() -> Option<tf::ClientCapabilities> {
    Some(tf::ClientCapabilities { deferral_allowed: false, write_only_attributes_allowed: true })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::object_from_json;

    #[test]
    fn only_the_value_of_the_secret_is_left_out() {
        for secret in ["short", &"s".repeat(40), &"s".repeat(300)] {
            let object = json!({"a": "before", "client_secret": secret, "client_secret_id": "after"});
            let hidden = json!({"a": "before", "client_secret": "", "client_secret_id": "after"});
            let encoded = |json| encode(Some(&object_from_json(json)));
            // An empty text is one byte, which is left out too.
            let mut expected = encoded(&hidden);
            expected.retain(|byte| *byte != 0xa0);
            assert_eq!(without_secrets(&encoded(&object)), expected);
        }
    }
}
