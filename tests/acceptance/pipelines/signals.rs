//! A job that a signal ends leaves no plan behind: neither the file nor its JSON, which have secrets in the clear.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{copy, example, files};

const SIGNALS: [Signal; 11] = [
    Signal::HUP,
    Signal::INT,
    Signal::QUIT,
    Signal::ABORT,
    Signal::PIPE,
    Signal::ALARM,
    Signal::TERM,
    Signal::USR1,
    Signal::USR2,
    Signal::XCPU,
    Signal::XFSZ,
];

/// In the place of Terraform: makes a plan with a secret, and stays in `show -json` until the test lets it go.
const STAND_IN: &str = r#"#!/bin/sh
case "$*" in
  plan*) for argument; do case $argument in -out=*) echo "the secret" >"${argument#-out=}" ;; esac; done; exit 2 ;;
  "show -json"*)
    echo '{"secret": "the secret"}'
    : >"$JOB/shown"
    while [ -d "$JOB" ] && [ ! -e "$JOB/go" ]; do sleep 0.02; done
    ;;
esac
"#;

/// A job in the middle of `show -json`.
struct Job {
    folder: tempfile::TempDir,
    script: Child,
}

impl Job {
    fn start(shell: &str, script: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        copy(&example().join("../many-tenants"), &path(""));
        copy(&example().join("pipeline"), &path("pipeline"));
        fs::create_dir(path("tmp")).unwrap();
        fs::write(path("terraform"), STAND_IN).unwrap();
        fs::set_permissions(path("terraform"), fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new(shell);
        testkit::environment::own(&mut command)
            .env("TMPDIR", path("tmp"))
            .env("TERRAFORM", path("terraform"))
            .env("JOB", folder.path());
        let script = command.args(script).current_dir(folder.path()).spawn().unwrap();
        let job = Self { folder, script };
        let patience = Instant::now() + Duration::from_secs(30);
        while !job.path("shown").exists() {
            assert!(Instant::now() < patience, "{shell} never came to show the plan");
            std::thread::sleep(Duration::from_millis(10));
        }
        job
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the job has in its private folder.
    fn secrets(&self) -> Vec<PathBuf> {
        files(&self.path("tmp"))
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.script), signal).unwrap();
    }

    /// Lets Terraform end, and waits for the script. Returns its exit status, or nothing if the signal itself ended it.
    fn end(&mut self) -> Option<i32> {
        fs::write(self.path("go"), "").unwrap();
        self.script.wait().unwrap().code()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn leaves_nothing(shell: &str, script: &[&str]) {
    for signal in SIGNALS {
        let mut job = Job::start(shell, script);
        let secrets = job.secrets();
        for name in ["plan.tfplan", "plan.json"] {
            let file = secrets.iter().find(|file| file.file_name().unwrap() == name).unwrap();
            assert!(fs::read_to_string(file).unwrap().contains("the secret"), "{name}");
            assert_eq!((mode(file.parent().unwrap()), mode(file)), (0o700, 0o600), "{name}");
        }
        job.signal(signal);
        let code = job.end();
        let left: Vec<_> = fs::read_dir(job.path("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(left.is_empty(), "{shell} leaves {left:?} with {:?} behind after {signal:?}", job.secrets());
        assert_eq!(code, Some(128 + signal.as_raw()), "{shell} after {signal:?}");
    }
}

const PIPELINE: &[&str] = &["pipeline/pipeline.sh", "plan"];
const TENANTS: &[&str] = &["pipeline/tenants.sh", "plan", "acme"];

#[test]
fn dash_leaves_no_plan_behind() {
    leaves_nothing("dash", PIPELINE);
}

#[test]
fn bash_leaves_no_plan_behind() {
    leaves_nothing("bash", PIPELINE);
}

#[test]
fn dash_leaves_no_plan_of_a_tenant_behind() {
    leaves_nothing("dash", TENANTS);
}

#[test]
fn bash_leaves_no_plan_of_a_tenant_behind() {
    leaves_nothing("bash", TENANTS);
}
