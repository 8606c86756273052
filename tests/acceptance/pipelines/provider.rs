//! Where the jobs get the provider from, as long as no registry has it: `provider.sh`, and the lock file that says which one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use testkit::sandbox::Sandbox;

use super::{Clone, copy, example};
use crate::engine::{self, engine};
use crate::lab::Lab;
use crate::mirrors::{release, zip_name};
use crate::printed::Printed;
use crate::terraform::{VERSION, platform};

/// A copy of the example on a machine that knows no mirror, with a home of its own for each job.
fn as_shipped() -> Clone {
    let mut lab = Lab::with_sandbox(Sandbox::start().list_under_the_guess(), "", "");
    for name in ["versions.tf", ".terraform.lock.hcl"] {
        fs::remove_file(lab.path(name)).unwrap();
    }
    fs::remove_dir_all(lab.path(".terraform")).unwrap();
    copy(&example(), &lab.path(""));
    for name in ["tmp", "fake", "laptop", "runner"] {
        fs::create_dir(lab.path(name)).unwrap();
    }
    lab.write("no.rc", "");
    let path = format!("{}:{}", lab.path("fake").display(), testkit::environment::path().to_string_lossy());
    for (name, value) in [
        ("OKTA_ORG_URL", lab.sandbox.okta_url.clone()),
        ("OKTA_API_TOKEN", lab.sandbox.okta_api_token.clone()),
        ("DRUVA_API_URL", lab.sandbox.druva_url.clone()),
        ("DRUVA_CLIENT_ID", lab.sandbox.druva_client_id.clone()),
        ("DRUVA_CLIENT_SECRET", lab.sandbox.druva_client_secret.clone()),
        ("TERRAFORM", engine::program().to_string_lossy().into_owned()),
        ("TMPDIR", lab.path("tmp").to_string_lossy().into_owned()),
        ("TF_CLI_CONFIG_FILE", lab.path("no.rc").to_string_lossy().into_owned()),
        ("FAKE", lab.path("fake").to_string_lossy().into_owned()),
        ("RELEASE", release().to_string_lossy().into_owned()),
        ("PATH", path),
    ] {
        lab.set_environment(name, &value);
    }
    Clone(lab)
}

impl Clone {
    /// A job on a machine with this home.
    fn on(&self, home: &str, script: &str, arguments: &[&str], more: &[(&str, &str)]) -> Printed {
        let mut command = self.0.command("sh");
        command.arg(format!("pipeline/{script}")).args(arguments).env("HOME", self.0.path(home)).env("CI", "true");
        Printed::from(&command.envs(more.iter().copied()).output().unwrap())
    }

    fn providers(&self, home: &str) -> PathBuf {
        self.0.path(home).join(".terraform.d/plugins").join(engine().source())
    }
}

#[test]
fn the_example_initializes_as_shipped() {
    let clone = as_shipped();
    let from = [("DRUVA_PROVIDER_FROM", release().to_str().unwrap())];
    // Once, on somebody's machine.
    clone.on("laptop", "provider.sh", &[VERSION, &platform()], &from).expect_success();
    let mut init = clone.0.terraform();
    Printed::from(&init.arg("init").env("HOME", clone.0.path("laptop")).output().unwrap()).expect_success();
    fs::remove_dir_all(clone.0.path(".terraform")).unwrap();

    // In CI: the lock file says which version.
    let printed = clone.on("runner", "provider.sh", &[], &from).expect_success();
    printed.says(&[clone.providers("runner").join(zip_name()).to_str().unwrap()]);
    clone.on("runner", "pipeline.sh", &["plan"], &[]).expect_success().says(&["Plan: 2 to add"]);
    fs::rename(clone.out("plan.json"), clone.out("reviewed.json")).unwrap();
    clone.on("runner", "pipeline.sh", &["apply"], &[]).expect_success().says(&["2 added"]);

    // Another zip of the same name is not the one in the lock file.
    fs::remove_dir_all(clone.0.path(".terraform")).unwrap();
    let lock = fs::read_to_string(clone.0.path(".terraform.lock.hcl")).unwrap();
    clone.0.write(".terraform.lock.hcl", &lock.replace("\"h1:", "\"h1:0"));
    let refused = clone.on("runner", "pipeline.sh", &["plan"], &[]).expect_failure();
    refused.says(&["doesn't match any of the checksums previously recorded"]);
}

#[test]
fn a_runner_without_the_provider_is_told_what_to_run() {
    let clone = as_shipped();
    // Nobody is asked in the network.
    clone.0.write("no.rc", "provider_installation {\n  filesystem_mirror {\n    path = \"nothing\"\n  }\n}\n");
    clone
        .on("runner", "pipeline.sh", &["plan"], &[])
        .expect_failure()
        .says(&["No registry has the provider druva-community/druva. Run pipeline/provider.sh before this"]);
}

/// With a program in the place of curl, that writes down what it is asked for.
#[test]
fn a_zip_is_downloaded_whole_or_not_at_all() {
    let clone = as_shipped();
    let curl = clone.0.path("fake/curl");
    let text = "#!/bin/sh\necho \"$*\" >>\"$FAKE/calls\"\nwhile [ \"$1\" != --output ]; do shift; done\n\
                cp \"$RELEASE/${3##*/}\" \"$2\" && [ ! -e \"$FAKE/broken\" ]\n";
    fs::write(&curl, text).unwrap();
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).unwrap();
    clone.on("runner", "provider.sh", &[VERSION], &[]).expect_success();
    let asked = fs::read_to_string(clone.0.path("fake/calls")).unwrap();
    let address = format!("https://github.com/druva-community/terraform-provider-druva/releases/download/v{VERSION}");
    assert!(asked.ends_with(&format!("{address}/{}\n", zip_name())) && asked.contains("--proto =https"), "{asked}");
    let names = |home: &str| {
        let entries = fs::read_dir(clone.providers(home)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("runner"), [zip_name()]);

    clone.0.write("fake/broken", "");
    let own = [("DRUVA_PROVIDER_FROM", "https://files.example.com/druva")];
    let broken = clone.on("laptop", "provider.sh", &[VERSION, &platform()], &own).expect_failure();
    broken.says(&[&format!("{} is not in https://files.example.com/druva.", zip_name())]);
    assert_eq!(names("laptop"), [""; 0]);

    let nowhere = [("DRUVA_PROVIDER_FROM", "nowhere")];
    clone.on("laptop", "provider.sh", &[VERSION], &nowhere).expect_failure().says(&["is not in nowhere."]);
    for arguments in [&[][..], &["../x"]] {
        clone
            .on("laptop", "provider.sh", arguments, &own)
            .expect_failure()
            .says(&["usage: provider.sh [VERSION [PLATFORM...]]", "Without VERSION, .terraform.lock.hcl names it."]);
    }
}

/// Each job that runs Terraform gets the provider first.
#[test]
fn every_job_that_runs_terraform_gets_the_provider() {
    for folder in ["ci/github", "ci/gitlab", "many-tenants/github"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(folder);
        for entry in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let is_run = |line: &&str| !line.trim_start().starts_with('#');
            let lines: Vec<&str> = text.lines().filter(is_run).collect();
            let of = |words: &[&str]| lines.iter().filter(|line| words.iter().any(|word| line.contains(word))).count();
            let (machines, gets) =
                (of(&["hashicorp/setup-terraform@", "name: hashicorp/terraform:"]), of(&["pipeline/provider.sh"]));
            assert_eq!(machines, gets, "{text}");
        }
    }
}
