//! What one worker works with: a sandbox, a provider, and what was prepared in the sandbox for each operation.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use serde_json::{Value as Json, json};
use testkit::client::Identity;
use testkit::keys::Key;
use testkit::sandbox::Sandbox;
use tokio::runtime::{Builder, Runtime};

use crate::configuration::{Configuration, Resource};
use crate::fault::Fault;
use crate::leaks::Secrets;
use crate::operation::{Command, Operation};
use crate::provider::{Provider, Schemas};
use crate::report::Report;
use crate::request::Request;
use crate::state::State;
use crate::terraform::Terraform;
use crate::value::{Object, object_from_json};

/// The name of the snapshot in which both sides are empty.
const START: &str = "start";
/// Far longer than any run takes.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often the sandbox is asked whether a request has arrived.
const GLANCE: Duration = Duration::from_millis(10);

/// A sandbox and a provider.
pub struct Bench {
    pub sandbox: Sandbox,
    runtime: Runtime,
    terraform: Identity,
    schemas: Schemas,
    secrets: Secrets,
    /// The provider block, as JSON.
    pub block: Json,
    provider: Option<Provider>,
    prepared: HashMap<&'static str, Prepared>,
}

/// What was there before an operation; the sandbox has it as a snapshot.
#[derive(Clone)]
pub struct Prepared {
    pub state: State,
    /// The secrets that were issued for it.
    pub secrets: Vec<String>,
}

/// A run that is held at a request, and killed there.
pub struct Kill<'a> {
    pub fault: Fault,
    pub request: &'a Request,
}

impl Bench {
    pub fn new() -> Self {
        Self::with_app(json!({}))
    }

    /// With more members of the service app that the provider is in Okta.
    pub fn with_app(more: Json) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let sandbox = Sandbox::start();
        // So that a run asks as often as the one before: which request is struck is told by its number.
        sandbox.settings(json!({"propagation_ms": 0, "link_ids": "digits"}));
        let key = Key::ec();
        let mut app = json!({
            "client_id": "0oaServiceApp", "public_key_pem": key.public_pem, "kid": "key-1", "role": "SUPER_ADMIN",
            "scopes": ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"],
        });
        app.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        sandbox.control("POST", "service_apps", Some(app));
        sandbox.control("PUT", &format!("snapshots/{START}"), None);
        let terraform = Identity::new();
        let (provider, schemas) = runtime.block_on(async {
            let mut provider = Provider::start(&terraform).await;
            let schemas = provider.schemas().await;
            (provider, schemas)
        });
        let secrets = Secrets::new(&sandbox, &key);
        let block = block(&sandbox, &key);
        let (provider, prepared) = (Some(provider), HashMap::new());
        Self { sandbox, runtime, terraform, schemas, secrets, block, provider, prepared }
    }

    /// The next run has a provider that was started for it, and knows nothing of those before.
    pub fn restart_provider(&mut self) {
        self.provider = None;
    }

    /// What the provider answered and logged since this was asked last.
    pub fn shown(&mut self) -> Vec<u8> {
        let Some(provider) = &mut self.provider else { return Vec::new() };
        let mut shown = std::mem::take(&mut provider.answers);
        shown.extend(provider.fresh_log().into_bytes());
        shown
    }

    /// What is no run of Terraform.
    pub fn ask(&mut self, work: impl AsyncFnOnce(&mut Provider, &Schemas, &Object)) {
        let block = self.provider_block(false);
        let Self { runtime, terraform, schemas, provider, .. } = self;
        runtime.block_on(async {
            let provider = match provider {
                Some(provider) => provider,
                None => provider.insert(Provider::start(terraform).await),
            };
            let _ = tokio::time::timeout(PATIENCE, work(provider, schemas, &block)).await;
        });
    }

    /// Host and port of the org in the provider block.
    fn okta_host(&self) -> String {
        self.block["okta"]["org_url"].as_str().unwrap_or_default().replace("http://", "")
    }

    /// The world as it is before an operation, with an empty request log.
    pub fn prepare(&mut self, operation: &Operation) -> Prepared {
        if !self.prepared.contains_key(operation.name) {
            let prepared = self.make_ready(operation);
            self.sandbox.control("PUT", &format!("snapshots/{}", operation.name), None);
            self.prepared.insert(operation.name, prepared);
        }
        self.restore(operation.name);
        self.prepared[operation.name].clone()
    }

    /// Returns to a snapshot of the sandbox.
    pub fn restore(&self, snapshot: &str) {
        self.sandbox.control("POST", &format!("snapshots/{snapshot}"), None);
    }

    fn make_ready(&mut self, operation: &Operation) -> Prepared {
        self.restore(START);
        let from = self.issued();
        let mut state = State::new();
        if let Some(config) = &operation.before {
            let report = self.run(Command::Apply, config, &mut state, false, None);
            assert!(report.is_success(), "{}: {}", operation.name, report.text());
        }
        operation.make_happen(&self.sandbox);
        if operation.command == Command::Import {
            state.clear();
        }
        self.issued();
        Prepared { state, secrets: self.secrets.since(from) }
    }

    /// How many secrets were issued so far.
    pub fn issued(&mut self) -> usize {
        self.secrets.update(&self.sandbox)
    }

    /// One run of Terraform.
    pub fn run(
        &mut self,
        command: Command,
        config: &Configuration,
        state: &mut State,
        is_impatient: bool,
        kill: Option<Kill<'_>>,
    ) -> Report {
        let host = self.okta_host();
        self.with_terraform(is_impatient, kill, async |terraform, sandbox| match command {
            Command::Apply => terraform.apply(config, state).await,
            Command::Refresh => terraform.refresh(config, state).await,
            Command::Destroy => terraform.destroy(config, state).await,
            Command::Import => {
                let found = sandbox.state();
                let id = found["okta"]["integrations"][0]["id"].as_str().unwrap_or_default();
                for (resource, id) in [(Resource::Integration, id), (Resource::Link, &host)] {
                    if !state.contains_key(&resource) {
                        terraform.import(resource, id, state).await;
                    }
                }
            }
        })
    }

    /// `terraform plan`.
    pub fn plan(&mut self, config: &Configuration, state: &State) -> Report {
        self.with_terraform(false, None, async |terraform, _| terraform.plan(config, state).await)
    }

    /// `terraform import` of one resource.
    pub fn import(&mut self, resource: Resource, id: &str, state: &mut State) -> Report {
        self.with_terraform(false, None, async |terraform, _| terraform.import(resource, id, state).await)
    }

    fn with_terraform(
        &mut self,
        is_impatient: bool,
        kill: Option<Kill<'_>>,
        work: impl AsyncFnOnce(&mut Terraform<'_>, &Sandbox),
    ) -> Report {
        let block = self.provider_block(is_impatient);
        let Self { sandbox, runtime, terraform, schemas, provider, .. } = self;
        let (report, is_killed) = runtime.block_on(async {
            let provider = match provider {
                Some(provider) => provider,
                None => provider.insert(Provider::start(terraform).await),
            };
            let id = provider.id();
            let mut terraform = Terraform::new(provider, schemas, &block);
            let mut is_killed = false;
            let killer = async {
                if let Some(kill) = &kill {
                    kill.wait_until_held(sandbox).await;
                    is_killed = kill_process(id, Signal::KILL).is_ok();
                }
                std::future::pending::<()>().await;
            };
            let is_done = tokio::select! {
                () = work(&mut terraform, sandbox) => true,
                () = killer => false,
                () = tokio::time::sleep(PATIENCE) => false,
            };
            if !is_done {
                terraform.report.bugs.push("the provider never answered".to_owned());
            }
            (terraform.report, is_killed)
        });
        let mut report = report;
        if kill.is_none() {
            let is_gone = |error: &String| error.starts_with("Plugin did not respond");
            let gone: Vec<String> = report.errors.iter().filter(|error| is_gone(error)).cloned().collect();
            report.bugs.extend(gone);
        } else if !is_killed {
            report.bugs.push("the request at which the provider was to be killed never came".to_owned());
        }
        report
    }

    /// Secrets in what a run printed, and in what the provider logged since it was asked last: those of what was prepared,
    /// and those that were issued after `from` others. A provider that is no more, or behaved strangely, makes room
    /// for another.
    pub fn leaks(&mut self, report: &Report, prepared: &Prepared, from: usize, is_killed: bool) -> Vec<String> {
        self.issued();
        let secrets = [prepared.secrets.clone(), self.secrets.since(from)].concat();
        let world = self.sandbox.state();
        let integrations = world["okta"]["integrations"].as_array().into_iter().flatten();
        let ids: Vec<String> = integrations.filter_map(|one| Some(one["id"].as_str()?.to_owned())).collect();
        let mut found = self.secrets.leaks(&report.text(), "a diagnostic", &secrets, &ids);
        if let Some(provider) = &mut self.provider {
            let log = provider.fresh_log();
            found.extend(self.secrets.leaks(&log, "the log", &secrets, &ids));
            let answers = std::mem::take(&mut provider.answers);
            found.extend(self.secrets.leaks(&String::from_utf8_lossy(&answers), "an answer", &secrets, &ids));
            if log.is_empty() {
                found.push("there is no log to search".to_owned());
            }
            if log.contains("panicked at") {
                found.push("the provider panicked".to_owned());
            }
        }
        if is_killed || !report.bugs.is_empty() {
            self.provider = None;
        }
        found
    }

    fn provider_block(&self, is_impatient: bool) -> Object {
        let mut block = self.block.clone();
        block["request_timeout_seconds"] = if is_impatient { 1 } else { 60 }.into();
        self.schemas.provider.complete(object_from_json(&block))
    }
}

/// The provider block, with all credentials; Okta's is a service app that signs with an elliptic key.
fn block(sandbox: &Sandbox, key: &Key) -> Json {
    json!({
        "client_id": sandbox.druva_client_id,
        "client_secret": sandbox.druva_client_secret,
        "api_url": sandbox.druva_url,
        "okta": {
            "org_url": sandbox.okta_url,
            "client_id": "0oaServiceApp",
            "private_key": key.private_pem,
            "private_key_id": "key-1",
        },
    })
}

impl Kill<'_> {
    /// Returns when the request is held: before it acted, or after it did.
    async fn wait_until_held(&self, sandbox: &Sandbox) {
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience {
            tokio::time::sleep(GLANCE).await;
            if struck(sandbox) {
                if self.fault == Fault::KillBefore {
                    return;
                }
                let log = sandbox.control("GET", "requests", None);
                if self.request.find(&log).is_some_and(|entry| entry["acted"] == true) {
                    return;
                }
            }
        }
    }
}

/// Whether the only fault has struck.
pub fn struck(sandbox: &Sandbox) -> bool {
    sandbox.control("GET", "faults", None)[0]["hits"].as_u64().is_some_and(|hits| hits > 0)
}

/// What the sandbox saw of the link's connection.
pub fn connections(sandbox: &Sandbox) -> Vec<Json> {
    sandbox.control("GET", "connection_history", None).as_array().cloned().unwrap_or_default()
}
