//! One sandbox, one folder with a configuration, and the real Terraform between them.
//!
//! Every command runs with `TF_LOG=TRACE`, and everything that it prints or logs is searched for every secret that the
//! sandbox ever issued: each acceptance test is a test for leaks too.

use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use testkit::environment;
use testkit::sandbox::Sandbox;
pub use testkit::sandbox::{SCOPES, TYPE};

use crate::engine::is_terraform_since;
use crate::printed::Printed;
use crate::state_server::StateServer;
use crate::{engine, terraform};

pub const INTEGRATION: &str = "druva_okta_integration.this";
pub const LINK: &str = "druva_okta_link.this";

/// The configuration of the README: one integration and the link that uses it.
pub const BOTH: &str = r#"
resource "druva_okta_integration" "this" {
  type = "druvainc-IdpVault_api_2"
}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret

  cloud_key_management_enabled = true
}
"#;

/// [`BOTH`] with more arguments in each resource, or other ones.
pub fn both(integration: &str, link: &str) -> String {
    let with_integration = extended(BOTH, &format!("  type = \"{TYPE}\""), integration);
    extended(&with_integration, "  cloud_key_management_enabled = true", link)
}

/// `hcl` with `more` after `line`, or in its place if `more` gives that argument too.
fn extended(hcl: &str, line: &str, more: &str) -> String {
    let argument = |line: &str| line.trim().split(['=', ' ']).next().unwrap_or_default().to_owned();
    let is_given = more.lines().any(|given| argument(given) == argument(line));
    hcl.replace(line, &if is_given { more.to_owned() } else { format!("{line}\n{more}") })
}

/// A link alone.
pub fn link(okta_domain: &str, client_id: &str, client_secret: &str, more: &str) -> String {
    format!(
        r#"resource "druva_okta_link" "this" {{
  okta_domain   = "{okta_domain}"
  client_id     = "{client_id}"
  client_secret = {client_secret}
  {more}
}}"#
    )
}

/// A sandbox and a Terraform working folder.
pub struct Lab {
    pub sandbox: Sandbox,
    folder: tempfile::TempDir,
    /// Where the state is kept, if not in the folder.
    state_server: Option<StateServer>,
    environment: Vec<(String, String)>,
    /// Secrets that the sandbox does not know.
    planted: Vec<String>,
    /// Those that it knows, as of the last time that it was there to be asked.
    issued: RefCell<Vec<String>>,
    /// How much of the log was searched.
    searched: Cell<usize>,
}

impl Lab {
    /// A lab with a provider block that has all credentials, and `resources` below it, initialized.
    pub fn new(resources: &str) -> Self {
        let sandbox = Sandbox::start();
        let provider = provider_block(&sandbox, "");
        Self::with_sandbox(sandbox, &provider, resources)
    }

    /// A lab for what the documents show: see [`Sandbox::list_under_the_guess`].
    pub fn for_documents(resources: &str) -> Self {
        let sandbox = Sandbox::start().list_under_the_guess();
        let provider = provider_block(&sandbox, "");
        Self::with_sandbox(sandbox, &provider, resources)
    }

    /// A lab with more lines in its provider block.
    pub fn with_arguments(arguments: &str, resources: &str) -> Self {
        let sandbox = Sandbox::start();
        let provider = provider_block(&sandbox, arguments);
        Self::with_sandbox(sandbox, &provider, resources)
    }

    /// A lab where [`BOTH`] was applied.
    pub fn with_both() -> Self {
        let lab = Self::new(BOTH);
        lab.apply();
        lab
    }

    /// A lab whose state is kept by a server: Terraform writes it at the end of a run.
    pub fn with_state_server(resources: &str) -> Self {
        let mut lab = Self::unprepared(Sandbox::start());
        let (server, provider) = (StateServer::start(), provider_block(&lab.sandbox, ""));
        let backend = server.backend();
        lab.state_server = Some(server);
        for (name, text) in [("backend.tf", backend.as_str()), ("provider.tf", &provider), ("main.tf", resources)] {
            lab.write(name, text);
        }
        lab.initialize(&[&backend, &provider, resources]);
        lab
    }

    /// A lab with a provider block of its own.
    pub fn with_sandbox(sandbox: Sandbox, provider: &str, resources: &str) -> Self {
        let lab = Self::unprepared(sandbox);
        lab.write("provider.tf", provider);
        lab.configure(resources);
        lab.initialize(&[provider, resources]);
        lab
    }

    /// A lab that only names the provider.
    fn unprepared(sandbox: Sandbox) -> Self {
        let lab = Self {
            sandbox,
            folder: tempfile::tempdir().unwrap(),
            state_server: None,
            environment: Vec::new(),
            planted: Vec::new(),
            issued: RefCell::default(),
            searched: Cell::default(),
        };
        lab.write(
            "versions.tf",
            r#"terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}"#,
        );
        lab
    }

    /// `terraform init`, or a copy of what it makes where the built provider is all that there is to install.
    fn initialize(&self, texts: &[&str]) {
        static LOCK: OnceLock<Vec<u8>> = OnceLock::new();
        let wants_more = ["backend", "cloud", "module", "required_providers"];
        if texts.iter().any(|text| wants_more.iter().any(|word| text.contains(word))) {
            self.run(&["init"]).expect_success();
            return;
        }
        let lock = LOCK.get_or_init(|| {
            let first = Self::unprepared(Sandbox::start());
            first.run(&["init"]).expect_success();
            std::fs::read(first.path(".terraform.lock.hcl")).unwrap()
        });
        std::fs::write(self.path(".terraform.lock.hcl"), lock).unwrap();
        terraform::install(&self.path(""));
    }

    /// Sets an environment variable for the commands that follow.
    pub fn set_environment(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// No command that follows may show this text.
    pub fn plant(&mut self, secret: &str) {
        self.planted.push(secret.to_owned());
    }

    /// Replaces the resources.
    pub fn configure(&self, resources: &str) {
        self.write("main.tf", resources);
    }

    /// Generates the configuration of what `import` blocks name, and leaves it beside `resources`.
    ///
    /// Terraform 1.16 looks for the provider of such a block under another name, unless the block has it, and refuses that in an apply
    /// (hashicorp/terraform#39144).
    pub fn generate(&self, resources: &str) {
        let named = if is_terraform_since(16) { "import {\n  provider = druva\n" } else { "import {\n" };
        self.configure(&resources.replace("import {\n", named));
        self.run(&["plan", "-generate-config-out=generated.tf"]).expect_success();
        self.configure(resources);
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Terraform, ready to be run in the folder.
    pub fn terraform(&self) -> Command {
        self.command(engine::program())
    }

    /// A program, ready to be run in the folder with the environment that Terraform gets.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        environment::own(&mut command)
            .current_dir(self.folder.path())
            .env("TF_CLI_CONFIG_FILE", terraform::cli_config())
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_INPUT", "0")
            .env("CHECKPOINT_DISABLE", "1")
            .env("SSL_CERT_FILE", terraform::no_certificates())
            // Terraform ends before collecting its garbage would be worth the time.
            .env("GOGC", "off")
            .env("GOMEMLIMIT", "1GiB")
            .env("TF_LOG", "TRACE")
            .env("TF_LOG_PATH", self.path("trace.log"))
            // A backtrace in a diagnostic would be a defect: let it show.
            .env("RUST_BACKTRACE", "1")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Runs Terraform and searches all that it printed and logged for secrets.
    pub fn run(&self, arguments: &[&str]) -> Printed {
        let output = self.terraform().args(arguments).arg("-no-color").output().unwrap();
        self.examine(&output, arguments[0])
    }

    /// Searches what a command printed and logged for secrets, and for signs of a crash.
    pub fn examine(&self, output: &Output, what: &str) -> Printed {
        let printed = Printed::from(output);
        self.assert_no_secret_in(&printed.text, what);
        let log = std::fs::read(self.path("trace.log")).unwrap_or_default();
        let fresh = &log[self.searched.replace(log.len()).min(log.len())..];
        self.assert_no_secret_in(&String::from_utf8_lossy(fresh), "the TRACE log");
        let crashed = std::fs::read_dir(self.folder.path())
            .unwrap()
            .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("crash"));
        assert!(!crashed, "{what} left a crash log:\n{}", printed.text);
        printed.does_not_say(&["stack backtrace", "panicked at", "Provider produced", "produced invalid"]);
        printed
    }

    /// Fails if any secret occurs in `text`.
    pub fn assert_no_secret_in(&self, text: &str, what: &str) {
        if self.sandbox.serves() {
            *self.issued.borrow_mut() = self.sandbox.all_secret_texts();
        }
        for secret in self.issued.borrow().iter().chain(&self.planted) {
            if let Some(at) = text.find(secret.as_str()) {
                let line = text[..at].lines().count();
                panic!("{what} shows a secret in line {line}");
            }
        }
    }

    pub fn apply(&self) -> Printed {
        self.run(&["apply", "-auto-approve"]).expect_success()
    }

    pub fn apply_fails(&self) -> Printed {
        self.run(&["apply", "-auto-approve"]).expect_failure()
    }

    pub fn plan(&self) -> Printed {
        self.run(&["plan"]).expect_success()
    }

    pub fn plan_fails(&self) -> Printed {
        self.run(&["plan"]).expect_failure()
    }

    pub fn validate_fails(&self) -> Printed {
        self.run(&["validate"]).expect_failure()
    }

    /// The plan after an apply: empty without looking, and empty after looking.
    pub fn plan_is_empty(&self) {
        for arguments in [&["plan", "-detailed-exitcode", "-refresh=false"][..], &["plan", "-detailed-exitcode"]] {
            let printed = self.run(arguments);
            assert_eq!(printed.code, 0, "{arguments:?} is not empty:\n{}", printed.text);
        }
    }

    /// The attributes of a resource in the state. May hold secrets.
    pub fn attributes(&self, address: &str) -> Value {
        let instance = self.instance(address);
        instance.unwrap_or_else(|| panic!("{address} is not in the state"))["attributes"].clone()
    }

    /// Whether the next apply replaces the resource because its creation went wrong.
    pub fn is_tainted(&self, address: &str) -> bool {
        let instance = self.instance(address);
        instance.unwrap_or_else(|| panic!("{address} is not in the state"))["status"] == "tainted"
    }

    pub fn is_in_state(&self, address: &str) -> bool {
        self.instance(address).is_some()
    }

    /// The value of an output.
    pub fn output(&self, name: &str) -> Value {
        let value = &self.state_file()["outputs"][name]["value"];
        assert!(!value.is_null(), "no output {name}");
        value.clone()
    }

    /// The server that keeps the state.
    pub fn state_server(&self) -> Option<&StateServer> {
        self.state_server.as_ref()
    }

    /// Takes away the lock that a Terraform left which was killed.
    pub fn unlock(&self) {
        if let Some(lock) = self.state_server().and_then(StateServer::lock) {
            self.run(&["force-unlock", "-force", &lock]).expect_success();
        }
    }

    /// The state, as Terraform wrote it.
    pub fn state_file(&self) -> Value {
        if let Some(server) = self.state_server() {
            return server.state();
        }
        let text = std::fs::read(self.path("terraform.tfstate")).unwrap_or_else(|_| b"{}".into());
        serde_json::from_slice(&text).unwrap()
    }

    fn instance(&self, address: &str) -> Option<Value> {
        let state = self.state_file();
        let resources = state["resources"].as_array()?;
        let is_meant = |resource: &&Value| {
            let part = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
            format!("{}.{}", part("type"), part("name")) == address
        };
        Some(resources.iter().find(is_meant)?["instances"][0].clone())
    }

    /// The whole loop of a test with the real Terraform: apply, empty plans, destroy, nothing left.
    pub fn full_loop(&self) {
        self.apply();
        self.plan_is_empty();
        self.destroy();
    }

    /// Destroys, and checks that nothing is left on either side.
    pub fn destroy(&self) {
        self.run(&["destroy", "-auto-approve"]).expect_success();
        let state = self.sandbox.state();
        assert_eq!(state["okta"]["integrations"], json!([]), "left in Okta");
        assert_eq!(state["druva"]["domains"], json!([]), "left in Druva");
    }
}

/// A provider block with all credentials of a sandbox, and `arguments`.
pub fn provider_block(sandbox: &Sandbox, arguments: &str) -> String {
    let okta = okta_block(&sandbox.okta_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    format!("provider \"druva\" {{\n{}\n{okta}\n{arguments}\n}}", druva_arguments(sandbox))
}

/// The arguments of the provider block that lead to the sandbox's Druva.
pub fn druva_arguments(sandbox: &Sandbox) -> String {
    format!(
        "client_id = \"{}\"\nclient_secret = \"{}\"\napi_url = \"{}\"",
        sandbox.druva_client_id, sandbox.druva_client_secret, sandbox.druva_url
    )
}

/// The block `okta` of the provider block, with a credential.
pub fn okta_block(org_url: &str, credential: &str) -> String {
    format!("okta {{\norg_url = \"{org_url}\"\n{credential}\n}}")
}
