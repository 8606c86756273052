//! The scripts of `examples/ci`, run as a pipeline runs them.

mod drift;
mod hosts;
mod markdown;
mod module;
mod opentofu;
mod provider;
mod reviewed_plan;
mod rotation;
mod signals;
mod tenants;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use testkit::sandbox::Sandbox;

use crate::engine;
use crate::lab::Lab;
use crate::printed::Printed;

const INTEGRATION: &str = "module.okta_backup.druva_okta_integration.this";
const LINK: &str = "module.okta_backup.druva_okta_link.this";

/// A clone of a repository that was started from `examples/ci`, as the machine of a pipeline has it.
struct Clone(Lab);

impl Clone {
    fn new() -> Self {
        let sandbox = Sandbox::start().list_under_the_guess();
        let mut lab = Lab::with_sandbox(sandbox, "", "");
        fs::remove_file(lab.path("versions.tf")).unwrap();
        copy(&example(), &lab.path(""));
        fs::create_dir(lab.path("tmp")).unwrap();
        let environment = [
            ("OKTA_ORG_URL", lab.sandbox.okta_url.clone()),
            ("OKTA_API_TOKEN", lab.sandbox.okta_api_token.clone()),
            ("DRUVA_API_URL", lab.sandbox.druva_url.clone()),
            ("DRUVA_CLIENT_ID", lab.sandbox.druva_client_id.clone()),
            ("DRUVA_CLIENT_SECRET", lab.sandbox.druva_client_secret.clone()),
            ("CI", "true".to_owned()),
            ("TERRAFORM", engine::program().to_string_lossy().into_owned()),
            // What a script leaves behind there is found.
            ("TMPDIR", lab.path("tmp").to_string_lossy().into_owned()),
        ];
        for (name, value) in &environment {
            lab.set_environment(name, value);
        }
        // Makes .terraform.lock.hcl, which such a repository has.
        lab.run(&["init"]).expect_success();
        Self(lab)
    }

    /// A clone whose configuration was applied by the pipeline.
    fn applied() -> Self {
        let clone = Self::new();
        clone.converge();
        clone
    }

    /// What a merge does: plan, review, and apply.
    fn converge(&self) {
        self.review();
        self.pipeline("apply").expect_success();
    }

    /// Plans, and finds that good.
    fn review(&self) {
        self.pipeline("plan").expect_success();
        fs::rename(self.out("plan.json"), self.out("reviewed.json")).unwrap();
    }

    /// Changes the configuration.
    fn edit(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.0.path("main.tf")).unwrap();
        assert!(text.contains(old), "{old} is not in main.tf");
        self.0.write("main.tf", &text.replace(old, new));
    }

    /// One job of the pipeline.
    fn pipeline(&self, job: &str) -> Printed {
        let mut command = self.0.command("sh");
        command.args(["pipeline/pipeline.sh", job]);
        self.examine(&mut command, job)
    }

    /// Runs a job, and searches all that it printed, logged and wrote for secrets. The state may hold them.
    fn examine(&self, command: &mut Command, job: &str) -> Printed {
        let printed = self.0.examine(&command.output().unwrap(), job);
        for file in files(&self.0.path("")) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("terraform.tfstate") || name == "trace.log" || name.starts_with("terraform-provider-") {
                continue;
            }
            let text = fs::read(&file).unwrap();
            self.0.assert_no_secret_in(&String::from_utf8_lossy(&text), &format!("{} after {job}", file.display()));
        }
        let left = files(&self.0.path("tmp"));
        assert!(left.is_empty(), "left behind after {job}: {left:?}");
        printed
    }

    fn out(&self, name: &str) -> PathBuf {
        self.0.path("pipeline-out").join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.out(name)).unwrap()
    }

    /// plan.json.
    fn reduced(&self) -> Value {
        self.reduced_of("plan.json")
    }

    fn reduced_of(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci")
}

/// Without what somebody's own runs in the example left there.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let is_left_over =
            [".terraform", ".terraform.lock.hcl", "pipeline-out"].iter().any(|left| name == OsStr::new(left));
        if is_left_over || name.to_string_lossy().starts_with("terraform.tfstate") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(&name));
        } else {
            fs::copy(entry.path(), to.join(&name)).unwrap();
        }
    }
}

/// All files below a folder. Links, such as those to the provider, are not followed.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&entry.path()));
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    found
}
