//! Ctrl-C, as a terminal sends it: SIGINT to the whole process group.

use std::os::unix::process::CommandExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use serde_json::json;
use terraform_provider_druva::druva::okta_links::{self, AppStatus};

use crate::lab::{BOTH, INTEGRATION, LINK, Lab};
use crate::printed::Printed;

/// Applies, and interrupts while the answer to this POST is on its way.
fn interrupted_during(lab: &mut Lab, side: &str, path: &str) -> Printed {
    interrupted(lab, side, path, json!({"delay_ms": 3000}))
}

/// The same with another effect on the answer.
fn interrupted(lab: &mut Lab, side: &str, path: &str, effect: serde_json::Value) -> Printed {
    std::fs::create_dir(lab.path("tmp")).unwrap();
    lab.set_environment("TMPDIR", lab.path("tmp").to_str().unwrap());
    lab.sandbox.fault(json!({"side": side, "method": "POST", "path": path, "do": effect}));
    lab.sandbox.clear_requests();
    let terraform = lab
        .terraform()
        .args(["apply", "-auto-approve", "-no-color"])
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let group = Pid::from_child(&terraform);
    let patience = Instant::now() + Duration::from_secs(30);
    while !lab.sandbox.requests().iter().any(|request| request.starts_with("POST") && request.ends_with(path)) {
        assert!(Instant::now() < patience, "the request never came");
        std::thread::sleep(Duration::from_millis(50));
    }
    kill_process_group(group, Signal::INT).unwrap();
    let output = terraform.wait_with_output().unwrap();
    assert!(test_kill_process_group(group).is_err(), "a process is left behind");
    let left: Vec<_> = std::fs::read_dir(lab.path("tmp")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    lab.examine(&output, "the interrupted apply")
}

#[test]
fn an_interrupted_installation_is_in_the_state_with_its_secret() {
    let mut lab = Lab::new(BOTH);
    interrupted_during(&mut lab, "okta", "/integrations/api/v1/api-services").says(&["Interrupt received"]);
    let installed = lab.sandbox.integration();
    assert_eq!(lab.attributes(INTEGRATION)["id"], installed["id"]);
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_hash"], lab.sandbox.secrets()[0]["secret_hash"]);
    assert!(lab.attributes(INTEGRATION)["client_secret"].is_string());
    assert!(!lab.is_in_state(LINK));

    lab.apply();
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    assert_eq!(lab.sandbox.integration()["id"], installed["id"], "it is not installed twice");
    lab.plan_is_empty();
    lab.destroy();
}

/// Whether somebody has linked it is asked at Druva, whatever Terraform says.
#[test]
fn a_lost_installation_is_taken_over_although_terraform_is_interrupted() {
    let mut lab = Lab::new(BOTH);
    let lost = json!({"delay_ms": 3000, "after_acting": true, "close": "after"});
    let printed = interrupted(&mut lab, "okta", "/integrations/api/v1/api-services", lost);
    printed.says(&["Interrupt received", "Warning: Okta's answer got lost, and the integration is installed"]);
    printed.does_not_say(&["cannot be told"]);
    let installed = lab.sandbox.integration();
    assert_eq!(lab.attributes(INTEGRATION)["id"], installed["id"]);
    lab.apply();
    assert_eq!(lab.sandbox.integration()["id"], installed["id"], "it is not installed twice");
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn an_interrupted_link_is_in_the_state() {
    let mut lab = Lab::new(BOTH);
    interrupted_during(&mut lab, "druva", &okta_links::create().full_path()).says(&["Interrupt received"]);
    let linked = lab.sandbox.link();
    assert_eq!(lab.attributes(LINK)["id"], linked["id"]);
    assert_eq!(lab.attributes(LINK)["client_secret_hash"], linked["secret_hash"]);

    lab.apply();
    let link = lab.sandbox.link();
    assert_eq!((&link["appStatus"], &link["backupEnabled"]), (&json!(AppStatus::CONNECTED), &json!(true)));
    lab.plan_is_empty();
    lab.destroy();
}
