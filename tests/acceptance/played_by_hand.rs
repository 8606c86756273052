//! `make sandbox` and `tools/drift`, as somebody uses them in two shells.

use std::io::{BufRead as _, BufReader, Lines};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::documentation::root;
use crate::printed::Printed;
use crate::shells::tool;

/// `tools/sandbox` in a terminal, so far as it says where it is.
struct Running {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
}

impl Running {
    fn start(folder: &Path) -> Self {
        let mut command = tool("sandbox", folder);
        // A group of its own is what a terminal sends Ctrl-C to.
        let mut child = command.process_group(0).stdout(Stdio::piped()).spawn().unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        while let Some(line) = says.next().map(Result::unwrap) {
            let is_last = line.contains("tests/sandbox/README.md");
            said.push(line);
            if is_last {
                return Self { child, says, said };
            }
        }
        panic!("it ended: {:?}\n{}", child.wait(), said.join("\n"));
    }

    /// Ctrl-C, which ends it well.
    fn interrupt(mut self) {
        let group = format!("-{}", self.child.id());
        assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
        let last: Vec<String> = self.says.by_ref().map(Result::unwrap).collect();
        assert_eq!(last, ["", "The sandbox has stopped, and has forgotten everything."]);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }

    /// The lines that it says to type.
    fn to_type(&self) -> Vec<&str> {
        self.said.iter().filter_map(|line| line.strip_prefix("  ")).collect()
    }
}

impl Drop for Running {
    /// Also when a test fails.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = Command::new("kill").args(["-TERM", "--", &format!("-{}", self.child.id())]).status();
            let _ = self.child.wait();
        }
    }
}

/// A shell of somebody who confirms what Terraform asks, and has settings of his own.
fn shell(words: &str) -> Printed {
    let mut bash = Command::new("bash");
    testkit::environment::own(&mut bash).env("OKTA_BASE_URL", "okta.com").env("TF_WORKSPACE", "production");
    let words = words.replace(" apply", " apply -auto-approve").replace(" plan", " plan -no-color");
    Printed::from(&bash.args(["-euc", &words]).output().unwrap())
}

/// A name that a shell would take apart.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let lab = folder.path().join("somebody's lab");
    (folder, lab)
}

fn ports(lab: &Path) -> Vec<u16> {
    let text = std::fs::read_to_string(lab.join("sandbox.ports")).unwrap();
    text.split_whitespace().map(|port| port.parse().unwrap()).collect()
}

#[test]
fn the_three_lines_install_and_show_drift_and_ctrl_c_leaves_no_credential() {
    let (_folder, lab) = folder();
    let sandbox = Running::start(&lab);
    let lines = sandbox.to_type();
    assert_eq!(lines.len(), 3, "{lines:?}");
    let printed = shell(&lines.join("\n")).expect_success();
    printed.says(&[
        "Apply complete! Resources: 2 added",
        "Backups are switched off in Druva.",
        "~ backup_enabled               = false -> true",
        "Plan: 0 to add, 2 to change, 0 to destroy.",
    ]);

    let files = ["sandbox.env", "ready.json"].map(|name| lab.join(name));
    for file in &files {
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    let ready: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&files[1]).unwrap()).unwrap();
    assert!(ready["druva_client_secret"].is_string());

    let second = Printed::from(&tool("sandbox", &lab).output().unwrap()).expect_failure();
    second.says(&["A sandbox is running already"]);
    sandbox.interrupt();
    assert!(files.iter().all(|file| !file.exists()));
}

#[test]
fn each_change_shows_in_the_next_plan() {
    let (_folder, lab) = folder();
    let sandbox = Running::start(&lab);
    let [source, apply, drift_and_plan] = sandbox.to_type()[..] else { panic!("{:?}", sandbox.said) };
    let (_, plan) = drift_and_plan.split_once(" && ").unwrap();
    let drift = root().join("tools/drift");
    shell(&format!("{source}\n! {} link", drift.display()))
        .says(&["The sandbox has nothing to change. Type: terraform apply"]);
    let set = "sandbox_url=$SANDBOX_URL; control PATCH settings '{\"link_ids\": \"number\"}'";
    let lab_sh = root().join("tools/lab.sh");
    shell(&format!("{source}\n(source {}; {set})\n{apply}", lab_sh.display())).expect_success();
    for (change, planned) in [
        ("secret", "Plan: 0 to add, 2 to change, 0 to destroy."),
        ("scope", "druva_okta_integration.this must be replaced"),
        ("backups", "~ backup_enabled               = false -> true"),
        ("link", "druva_okta_link.this will be created"),
        ("integration", "Plan: 2 to add, 0 to change, 0 to destroy."),
    ] {
        let words = format!("{source}\n{} {change}\n{plan}", drift.display());
        shell(&words).expect_success().says(&[planned]);
    }
    shell(&format!("{source}\n{} nonsense", drift.display())).expect_failure().says(&["usage: tools/drift"]);
}

#[test]
fn a_shell_without_a_running_sandbox_is_told_to_start_one() {
    let drift = root().join("tools/drift");
    shell(&format!("{} link", drift.display())).expect_failure().says(&["make sandbox"]);
    let words = format!("export SANDBOX_URL=http://127.0.0.1:9\n{} link", drift.display());
    shell(&words).expect_failure().says(&["No sandbox is running at http://127.0.0.1:9", "make sandbox"]);
}

/// Two ports that are free, and stay so: the system gives out others by itself.
fn free_ports() -> [u16; 2] {
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let from = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let mut free = (from..32_000).filter(is_free);
    [(); 2].map(|()| free.next().unwrap())
}

#[test]
fn the_ports_are_kept_until_somebody_else_has_them() {
    let (_folder, lab) = folder();
    Running::start(&lab).interrupt();
    assert_eq!(ports(&lab).len(), 2);

    let kept = free_ports();
    std::fs::write(lab.join("sandbox.ports"), format!("{} {}\n", kept[0], kept[1])).unwrap();
    for _ in 0..2 {
        let again = Running::start(&lab);
        for port in kept {
            assert!(again.said.join("\n").contains(&format!("http://127.0.0.1:{port}")), "{:?}", again.said);
        }
        again.interrupt();
        assert_eq!(ports(&lab), kept);
    }

    let _taken = TcpListener::bind(("127.0.0.1", kept[1])).unwrap();
    Running::start(&lab).interrupt();
    assert_ne!(ports(&lab)[1], kept[1]);
}
