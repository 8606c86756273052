//! An apply that is held at one request, for a test to kill it or to look into it.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::{Value, json};

use crate::druva_paths;
use crate::lab::Lab;
use crate::printed::Printed;

/// A running `terraform apply`, which waits for the answer to a request.
pub struct Held {
    terraform: Child,
}

/// Where an apply is held.
#[derive(Clone, Copy)]
pub struct At {
    pub side: &'static str,
    pub method: &'static str,
    /// A pattern.
    pub path: fn() -> String,
    /// Which of the requests to this path.
    pub nth: u32,
}

/// Okta's answer with the minted secret.
pub const MINTED: At = At { side: "okta", method: "POST", path: || "/credentials/secrets$".to_owned(), nth: 1 };
/// Okta's answer to the proof of the secret.
pub const PROVED: At = At { side: "okta", method: "POST", path: || "/oauth2/v1/token$".to_owned(), nth: 1 };
/// Druva's answer to another secret.
pub const AUTHORIZED: At = At { side: "druva", method: "POST", path: druva_paths::authorize, nth: 1 };
/// Druva's answer to a new link.
pub const LINKED: At = At { side: "druva", method: "POST", path: druva_paths::links, nth: 1 };
/// Okta's answer to the installation.
pub const INSTALLED: At =
    At { side: "okta", method: "POST", path: || "/integrations/api/v1/api-services$".to_owned(), nth: 1 };
/// Druva's answer to the switches of a link, which is connected by then.
pub const CONNECTED: At = At { side: "druva", method: "PATCH", path: druva_paths::link, nth: 1 };

/// Longer than a test needs, and far below the provider's patience.
const DELAY_MS: u32 = 20_000;

impl Held {
    /// Applies, and returns as soon as the request had its effect, while its answer is held back.
    pub fn apply(lab: &Lab, at: At) -> Self {
        Self::run(lab, lab.terraform(), at)
    }

    /// The same with a Terraform that was made ready already.
    pub fn run(lab: &Lab, mut terraform: Command, at: At) -> Self {
        let fault = json!({
            "side": at.side, "method": at.method, "path": (at.path)(), "nth": at.nth,
            "do": {"delay_ms": DELAY_MS, "after_acting": true},
        });
        // What is new is known at once, so that the answer that is held is the one that is meant.
        lab.sandbox.settings(json!({"propagation_ms": 0}));
        lab.sandbox.fault(fault);
        lab.sandbox.clear_requests();
        let terraform = terraform
            .args(["apply", "-auto-approve", "-no-color"])
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let held = Self { terraform };
        let patience = Instant::now() + Duration::from_secs(60);
        while !is_held(lab) {
            assert!(Instant::now() < patience, "the request never came: {:?}", lab.sandbox.requests());
            std::thread::sleep(Duration::from_millis(50));
        }
        held
    }

    /// The id of Terraform itself.
    pub fn terraform(&self) -> Pid {
        Pid::from_child(&self.terraform)
    }

    /// The provider that waits. Terraform starts one process for each provider block, and others for a moment.
    pub fn providers(&self) -> Vec<Pid> {
        let parent = self.terraform.id().to_string();
        let children = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let id: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("stat")).ok()?;
            // "PID (NAME) STATE PARENT …"
            let (name, rest) = stat.rsplit_once(')')?;
            let is_child = rest.split_whitespace().nth(1)? == parent;
            (is_child && name.contains("(terraform-provi")).then(|| Pid::from_raw(id).unwrap())
        });
        children.collect()
    }

    /// Kills the provider, and waits for Terraform to give up.
    pub fn kill_provider(self, lab: &Lab) -> Printed {
        for provider in self.providers() {
            kill_process(provider, Signal::KILL).unwrap();
        }
        self.wait(lab).expect_failure()
    }

    /// Kills Terraform and the provider. A state at a server is not written by then.
    pub fn kill_all(mut self, lab: &Lab) {
        let providers = self.providers();
        kill_process_group(Pid::from_child(&self.terraform), Signal::KILL).unwrap();
        self.terraform.wait().unwrap();
        for provider in providers {
            // In the same group, or else killed here.
            let _ = kill_process(provider, Signal::KILL);
        }
        lab.sandbox.control("DELETE", "faults", None);
        lab.unlock();
    }

    /// Waits until Terraform ends by itself.
    pub fn wait(self, lab: &Lab) -> Printed {
        let output = self.terraform.wait_with_output().unwrap();
        lab.sandbox.control("DELETE", "faults", None);
        lab.examine(&output, "the held apply")
    }
}

/// Whether a request had its effect and has no answer, now and a little later.
fn is_held(lab: &Lab) -> bool {
    let held = || {
        let faults = lab.sandbox.control("GET", "faults", None);
        let struck = faults.as_array().unwrap().iter().any(|fault| fault["hits"] != 0);
        let log = lab.sandbox.control("GET", "requests", None);
        let acts = |entry: &Value| entry["method"] != "GET" && entry["acted"] == true && entry["status"].is_null();
        struck && log.as_array().unwrap().iter().any(acts)
    };
    held() && {
        std::thread::sleep(Duration::from_millis(200));
        held()
    }
}
