//! The scripts that only a workflow runs, with programs of their own in the place of those of its machine.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::documentation::root;
use crate::printed::Printed;

/// A machine of a workflow: programs that come first on PATH and write down how they were called, and GitHub's files.
struct Machine(tempfile::TempDir);

impl Machine {
    fn with(programs: &[(&str, &str)]) -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        fs::create_dir(machine.path("bin")).unwrap();
        for (name, says) in programs {
            let file = machine.path("bin").join(name);
            fs::write(&file, format!("#!/bin/sh\necho \"{name} $*\" >>\"$HERE/calls\"\n{says}\n")).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, script: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Printed {
        let mut command = Command::new(root().join(script));
        let path = format!("{}:{}", self.path("bin").display(), testkit::environment::path().to_string_lossy());
        testkit::environment::own(&mut command)
            .args(arguments)
            .current_dir(root())
            .env("PATH", path)
            .env("HERE", self.0.path())
            .env("RUNNER_TEMP", self.0.path())
            .envs(["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH"].map(|name| (name, self.path(name))))
            .envs(variables.iter().copied());
        Printed::from(&command.output().unwrap())
    }

    /// What it left in a file of GitHub's, or how programs were called.
    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

fn workflows() -> String {
    let folder = fs::read_dir(root().join(".github/workflows")).unwrap();
    folder.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn each_script_that_a_workflow_runs_is_there_and_each_one_for_workflows_is_run() {
    let workflows = workflows();
    let commands = workflows.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("run: "));
    let scripts: Vec<&str> =
        commands.filter_map(|command| command.split(' ').next()).filter(|word| word.starts_with("tools/")).collect();
    assert!(scripts.len() > 10, "{scripts:?}");
    for script in &scripts {
        let mode = fs::metadata(root().join(script)).unwrap_or_else(|_| panic!("no {script}")).permissions().mode();
        assert!(mode & 0o111 != 0, "{script} cannot be run");
    }
    for entry in fs::read_dir(root().join("tools/ci")).unwrap() {
        let name = format!("tools/ci/{}", entry.unwrap().file_name().display());
        assert!(scripts.contains(&name.as_str()), "no workflow runs {name}");
    }
}

#[test]
fn the_compiler_is_got_and_its_commit_is_in_the_key_of_the_cache() {
    let machine =
        Machine::with(&[("rustup", ""), ("rustc", "echo rustc 1.2.3; echo 'commit-hash: abc'; echo 'host: x'")]);
    let toolchain = [("RUSTUP_TOOLCHAIN", "1.2.3")];
    machine.run("tools/ci/rust", &["--component", "clippy"], &toolchain).expect_success();
    assert_eq!(
        machine.file("calls"),
        "rustup toolchain install 1.2.3 --profile minimal --component clippy\nrustc -vV\n"
    );
    assert_eq!(machine.file("GITHUB_OUTPUT"), "commit=abc\n");

    let mute = Machine::with(&[("rustup", ""), ("rustc", "")]);
    mute.run("tools/ci/rust", &[], &toolchain).expect_failure().says(&["rustc does not say which commit it is."]);
    let failing = Machine::with(&[("rustup", "exit 1"), ("rustc", "")]);
    failing.run("tools/ci/rust", &[], &toolchain).expect_failure();
    assert_eq!((mute.file("GITHUB_OUTPUT"), failing.file("GITHUB_OUTPUT")), Default::default());
}

#[test]
fn packages_are_installed_in_the_versions_that_are_named() {
    let machine = Machine::with(&[("sudo", "")]);
    machine.run("tools/ci/packages", &["one=1.2-3", "two=1:4"], &[]).expect_success();
    let install = "sudo apt-get install --yes --no-install-recommends one=1.2-3 two=1:4";
    assert_eq!(machine.file("calls"), format!("sudo apt-get update\n{install}\n"));

    let machine = Machine::with(&[("sudo", "")]);
    for arguments in [&["one=1", "two"][..], &["=1"], &["one="], &[]] {
        machine.run("tools/ci/packages", arguments, &[]).expect_failure().says(&["NAME=VERSION"]);
    }
    assert_eq!(machine.file("calls"), "");
    let failing = Machine::with(&[("sudo", "[ \"$2\" = update ]")]);
    failing.run("tools/ci/packages", &["one=1"], &[]).expect_failure();
}

#[test]
fn actionlint_is_on_the_path_of_the_steps_that_follow() {
    let machine = Machine::with(&[("go", "[ \"$1\" = install ] || echo /home/runner/go")]);
    machine.run("tools/ci/actionlint", &[], &[]).expect_success();
    assert!(machine.file("calls").starts_with("go install github.com/rhysd/actionlint/cmd/actionlint@v1."));
    assert_eq!(machine.file("GITHUB_PATH"), "/home/runner/go/bin\n");
}

#[test]
fn the_oldest_compiler_is_the_one_that_the_manifest_states() {
    let machine = Machine::with(&[]);
    machine.run("tools/ci/stated-rust", &[], &[]).expect_success();
    assert_eq!(machine.file("GITHUB_OUTPUT"), format!("version={}\n", env!("CARGO_PKG_RUST_VERSION")));
}

#[test]
fn each_tofu_is_kept_and_all_of_them_are_named() {
    let machine = Machine::with(&[("tofu", "echo OpenTofu v1.9.4; echo on linux_amd64")]);
    machine.run("tools/ci/tofu", &[], &[]).expect_success();
    let first = machine.path("tofu-1.9.4/tofu").display().to_string();
    assert_eq!(machine.file("GITHUB_ENV"), format!("TOFU_CLI_PATHS={first}\n"));
    assert!(Path::new(&first).exists());
    // GitHub puts it into the environment of the next step.
    let newer = Machine::with(&[("tofu", "echo OpenTofu v1.12.6")]);
    newer.run("tools/ci/tofu", &[], &[("TOFU_CLI_PATHS", &first)]).expect_success();
    let second = newer.path("tofu-1.12.6/tofu");
    assert_eq!(newer.file("GITHUB_ENV"), format!("TOFU_CLI_PATHS={first}:{}\n", second.display()));
    let other = Machine::with(&[("tofu", "echo Terraform v1.9.4")]);
    other.run("tools/ci/tofu", &[], &[]).expect_failure().says(&["tofu does not say its version."]);
}

#[test]
fn programs_get_roots_of_their_own_by_two_settings() {
    let machine = Machine::with(&[("sudo", "")]);
    machine.run("tools/ci/own-roots", &[], &[]).expect_success();
    assert_eq!(
        machine.file("calls"),
        "sudo sysctl --write kernel.apparmor_restrict_unprivileged_userns=0\n\
         sudo sysctl --write net.ipv4.ip_unprivileged_port_start=53\n"
    );
}

/// On Windows, as Git's bash says it: without a script in the place of protoc, and with tests in the place of the demo.
#[test]
fn on_windows_tests_tell_the_story_of_the_demo() {
    let machine = Machine::with(&[
        ("uname", "echo MINGW64_NT-10.0-20348"),
        ("cygpath", "echo \"D:$2\""),
        ("terraform", ""),
        ("cargo", "echo \"  PROTOC=${PROTOC:-}\" >>\"$HERE/calls\""),
    ]);
    let terraform = machine.path("bin/terraform").display().to_string();
    machine.run("tools/try-platform", &[], &[("TF_CLI_PATH", &terraform)]).expect_success();
    let calls = machine.file("calls");
    let protoc = root().join("tools/protoc/target/debug/protoc-stand-in.exe");
    let cargo: Vec<&str> = calls.lines().filter(|line| line.starts_with("cargo ")).collect();
    let [stand_in, programs, examples, quick, bad_input, story] = cargo[..] else { panic!("{calls}") };
    assert!(stand_in.contains("--manifest-path tools/protoc/Cargo.toml"), "{stand_in}");
    assert!(programs.contains("--bins") && examples.contains("--examples"), "{calls}");
    assert!(["--lib", "--test plugin_channel", "--test channel"].iter().all(|part| quick.contains(part)), "{quick}");
    assert!(
        bad_input.ends_with("--test bad_input") && story.contains("--test acceptance -- main_job drift"),
        "{calls}"
    );
    assert_eq!(calls.matches(&format!("  PROTOC=D:{}\n", protoc.display())).count(), 5, "{calls}");
}
