//! One sandbox, one folder with a configuration, and the real Terraform between them.
//!
//! Every command runs with `TF_LOG=TRACE`, and everything that it prints or logs is searched for every secret that the
//! sandbox ever issued: each acceptance test is a test for leaks too.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

const SOURCE: &str = "registry.terraform.io/druva-community/druva";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The configuration of the README: one integration and the link that uses it.
pub const BOTH: &str = r#"
resource "druva_okta_integration" "this" {}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret
}
"#;

/// The sandbox program, stopped when dropped.
pub struct Sandbox {
    process: Child,
    pub okta_url: String,
    pub druva_url: String,
    pub okta_api_token: String,
    pub druva_client_id: String,
    pub druva_client_secret: String,
}

impl Sandbox {
    pub fn start() -> Self {
        let program = built_beside_the_provider("druva-okta-sandbox");
        let mut process = Command::new(program)
            .arg("--until-stdin-closes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sandbox starts: build it with `cargo build --workspace`");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).expect("the sandbox prints one JSON line when it is ready");
        let text = |name: &str| ready[name].as_str().unwrap_or_else(|| panic!("{name} in {ready}")).to_owned();
        Self {
            process,
            okta_url: text("okta_url"),
            druva_url: text("druva_url"),
            okta_api_token: text("okta_api_token"),
            druva_client_id: text("druva_client_id"),
            druva_client_secret: text("druva_client_secret"),
        }
    }

    /// Calls the sandbox's control interface, and fails the test if it refuses.
    pub fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/_sandbox/{path}", self.okta_url))
            .header("content-type", "application/json")
            .body(body.map(|body| body.to_string()).unwrap_or_default())
            .unwrap();
        let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
        let mut answer = agent.run(request).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {} {text}", answer.status());
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    pub fn state(&self) -> Value {
        self.control("GET", "state", None)
    }

    pub fn settings(&self, settings: Value) {
        self.control("PATCH", "settings", Some(settings));
    }

    pub fn drift(&self, drift: Value) -> Value {
        self.control("POST", "drift", Some(drift))
    }

    pub fn fault(&self, fault: Value) {
        self.control("POST", "faults", Some(fault));
    }

    /// The requests since the log was cleared, as `GET /path`.
    pub fn requests(&self) -> Vec<String> {
        let log = self.control("GET", "requests", None);
        let line = |entry: &Value| format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap());
        log.as_array().unwrap().iter().map(line).collect()
    }

    pub fn clear_requests(&self) {
        self.control("DELETE", "requests", None);
    }

    /// The only integration.
    pub fn integration(&self) -> Value {
        only(&self.state()["okta"]["integrations"])
    }

    /// The only link.
    pub fn link(&self) -> Value {
        only(&self.state()["druva"]["domains"])
    }

    /// The secrets of the only integration.
    pub fn secrets(&self) -> Vec<Value> {
        self.integration()["secrets"].as_array().unwrap().clone()
    }

    fn all_secret_texts(&self) -> Vec<String> {
        let secrets = self.control("GET", "secrets", None);
        secrets.as_array().unwrap().iter().map(|secret| secret.as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn only(list: &Value) -> Value {
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 1, "{list:?}");
    list[0].clone()
}

/// What a command printed, both streams together.
pub struct Printed {
    pub succeeded: bool,
    pub code: i32,
    pub text: String,
}

impl Printed {
    /// Fails unless each of `parts` was printed. Line breaks and box characters of Terraform's diagnostics do not count.
    pub fn says(&self, parts: &[&str]) -> &Self {
        let flat = flat(&self.text);
        for part in parts {
            assert!(flat.contains(&flat_part(part)), "\"{part}\" is not in:\n{}", self.text);
        }
        self
    }

    /// Fails if any of `parts` was printed.
    pub fn does_not_say(&self, parts: &[&str]) -> &Self {
        let flat = flat(&self.text);
        for part in parts {
            assert!(!flat.contains(&flat_part(part)), "\"{part}\" is in:\n{}", self.text);
        }
        self
    }
}

fn flat(text: &str) -> String {
    flat_part(&text.replace(['│', '╷', '╵'], " "))
}

fn flat_part(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A sandbox and a Terraform working folder.
pub struct Lab {
    pub sandbox: Sandbox,
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl Lab {
    /// A lab with a provider block that has all credentials, and `resources` below it, initialized.
    pub fn new(resources: &str) -> Self {
        let sandbox = Sandbox::start();
        let provider = provider_block(&sandbox);
        Self::with_sandbox(sandbox, &provider, resources)
    }

    /// A lab with a provider block of its own.
    pub fn with_sandbox(sandbox: Sandbox, provider: &str, resources: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lab = Self { sandbox, folder, environment: Vec::new() };
        lab.write(
            "versions.tf",
            r#"terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}"#,
        );
        lab.write("provider.tf", provider);
        lab.configure(resources);
        lab.run(&["init"]).expect_success();
        lab
    }

    /// Sets an environment variable for the commands that follow.
    pub fn set_environment(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Replaces the resources.
    pub fn configure(&self, resources: &str) {
        self.write("main.tf", resources);
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Terraform, ready to be run in the folder.
    pub fn terraform(&self) -> Command {
        let mut command = Command::new(terraform_program());
        command
            .current_dir(self.folder.path())
            .env_clear()
            .envs(["PATH", "HOME", "TMPDIR"].iter().filter_map(|name| Some((*name, std::env::var_os(name)?))))
            .env("TF_CLI_CONFIG_FILE", cli_config())
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_INPUT", "0")
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_LOG", "TRACE")
            .env("TF_LOG_PATH", self.log_path())
            // A backtrace in a diagnostic would be a defect: let it show.
            .env("RUST_BACKTRACE", "1")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// The log of all commands so far.
    pub fn log_path(&self) -> PathBuf {
        self.folder.path().join("trace.log")
    }

    /// Runs Terraform and searches all that it printed and logged for secrets.
    pub fn run(&self, arguments: &[&str]) -> Printed {
        let output = self.terraform().args(arguments).arg("-no-color").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let printed = Printed { succeeded: output.status.success(), code: output.status.code().unwrap_or(-1), text };
        self.assert_no_secret_in(&printed.text, arguments[0]);
        let log = std::fs::read(self.log_path()).unwrap_or_default();
        self.assert_no_secret_in(&String::from_utf8_lossy(&log), "the TRACE log");
        printed.does_not_say(&["stack backtrace", "panicked at"]);
        printed
    }

    /// Fails if any secret of the sandbox occurs in `text`.
    pub fn assert_no_secret_in(&self, text: &str, what: &str) {
        for secret in self.sandbox.all_secret_texts() {
            if let Some(at) = text.find(&secret) {
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

    /// What the plan does to a resource, as in `["update"]` or `["delete", "create"]`.
    pub fn planned_actions(&self, address: &str) -> Vec<String> {
        self.run(&["plan", "-out=plan.bin"]).expect_success();
        let plan = self.show_json(&["plan.bin"]);
        let changes = plan["resource_changes"].as_array().unwrap();
        let change = changes.iter().find(|change| change["address"] == address);
        let change = change.unwrap_or_else(|| panic!("{address} in {plan}"));
        change["change"]["actions"].as_array().unwrap().iter().map(|action| action.as_str().unwrap().into()).collect()
    }

    /// The attributes of a resource in the state. May hold secrets.
    pub fn attributes(&self, address: &str) -> Value {
        let state = self.show_json(&[]);
        let resources = state["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default();
        let resource = resources.iter().find(|resource| resource["address"] == address);
        resource.unwrap_or_else(|| panic!("{address} is not in the state"))["values"].clone()
    }

    pub fn is_in_state(&self, address: &str) -> bool {
        self.run(&["state", "list"]).text.lines().any(|line| line == address)
    }

    fn show_json(&self, arguments: &[&str]) -> Value {
        let output = self.terraform().args(["show", "-json"]).args(arguments).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("terraform show: {error}: {}", String::from_utf8_lossy(&output.stderr));
        })
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

impl Printed {
    pub fn expect_success(self) -> Self {
        assert!(self.succeeded, "failed with {}:\n{}", self.code, self.text);
        self
    }

    pub fn expect_failure(self) -> Self {
        assert!(!self.succeeded, "succeeded:\n{}", self.text);
        self
    }
}

/// A provider block with all credentials of a sandbox.
pub fn provider_block(sandbox: &Sandbox) -> String {
    format!(
        r#"provider "druva" {{
  client_id     = "{}"
  client_secret = "{}"
  api_url       = "{}"
  okta = {{
    org_url   = "{}"
    api_token = "{}"
  }}
}}"#,
        sandbox.druva_client_id,
        sandbox.druva_client_secret,
        sandbox.druva_url,
        sandbox.okta_url,
        sandbox.okta_api_token
    )
}

/// Terraform, as the user's shell finds it or as `TF_CLI_PATH` says.
pub fn terraform_program() -> PathBuf {
    std::env::var_os("TF_CLI_PATH").map_or_else(|| PathBuf::from("terraform"), PathBuf::from)
}

/// A CLI configuration whose only source of providers is a mirror with the one that was built.
fn cli_config() -> &'static Path {
    static CONFIG: OnceLock<PathBuf> = OnceLock::new();
    CONFIG.get_or_init(|| {
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("acceptance");
        let platform = format!("{}_{}", go_os(), go_architecture());
        let package = home.join("mirror").join(SOURCE).join(VERSION).join(platform);
        std::fs::create_dir_all(&package).unwrap();
        let provider = package.join(format!("terraform-provider-druva_v{VERSION}"));
        let built = env!("CARGO_BIN_EXE_terraform-provider-druva");
        let _ = std::fs::remove_file(&provider);
        std::fs::hard_link(built, &provider).or_else(|_| std::fs::copy(built, &provider).map(drop)).unwrap();
        let config = home.join("terraform.rc");
        let mirror = home.join("mirror");
        std::fs::write(
            &config,
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n"),
        )
        .unwrap();
        config
    })
}

fn go_os() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

fn go_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn built_beside_the_provider(name: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_terraform-provider-druva")).with_file_name(name)
}
