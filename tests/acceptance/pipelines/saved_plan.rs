//! What is planned before a merge is what is applied after it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::{Clone, INTEGRATION, LINK};
use crate::printed::Printed;

#[test]
fn exactly_the_saved_plan_is_applied() {
    let clone = Clone::new();
    clone.pipeline("plan").expect_success().says(&["Plan: 2 to add, 0 to change, 0 to destroy."]);
    let comment = clone.read("comment.md");
    for part in ["### Plan: 2 to create", "+ client_secret         = (sensitive value)", "\"okta.users.manage\","] {
        assert!(comment.contains(part), "{part} is not in:\n{comment}");
    }
    let reduced = clone.reduced();
    assert_eq!(reduced["changes"][0]["address"], INTEGRATION);
    assert_eq!(
        (&reduced["changes"][1]["address"], &reduced["changes"][1]["actions"]),
        (&json!(LINK), &json!(["create"]))
    );
    for (name, is_kept) in [("plan.tar.gpg", true), ("plan.json", true), ("plan.txt", true), ("plan.tar", false)] {
        assert_eq!(clone.out(name).exists(), is_kept, "{name}");
    }
    assert_eq!(fs::metadata(clone.out("plan.tar.gpg")).unwrap().permissions().mode() & 0o077, 0);

    clone.pipeline("apply").expect_success().says(&["Apply complete! Resources: 2 added, 0 changed, 0 destroyed."]);
    let drift = clone.pipeline("drift").expect_success();
    drift.says(&["# Druva's backup of Okta: as configured", "Nothing differs, and no check fails."]);
    assert_eq!(clone.reduced()["exit_code"], 0);

    // The same plan again: the state is another one now.
    clone.pipeline("apply").expect_failure().says(&["Saved plan is stale"]);
}

#[test]
fn a_plan_of_another_configuration_is_not_applied() {
    let clone = Clone::new();
    clone.pipeline("plan").expect_success();
    clone.edit("# rotation       =", "rotation =");
    clone.pipeline("apply").expect_failure().says(&["The saved plan is of another configuration", "plan again"]);
    assert_eq!(clone.0.sandbox.changes_in_okta(), [""; 0]);

    clone.converge();
    clone.edit("2026-11", "2026-12");
    clone.pipeline("plan").expect_success();
    assert!(clone.read("comment.md").contains("### Plan: 2 to update in place"));
    let changed = clone.reduced()["changes"][0]["attributes"].clone();
    let rotation =
        json!({"name": "rotate_when_changed", "before": {"rotation": "2026-11"}, "after": {"rotation": "2026-12"}});
    assert!(changed.as_array().unwrap().contains(&rotation), "{changed}");
    clone.pipeline("apply").expect_success();
    clone.pipeline("drift").expect_success();
}

#[test]
fn a_plan_that_somebody_exchanged_is_not_applied() {
    let clone = Clone::new();
    clone.pipeline("plan").expect_success();
    let mut bytes = fs::read(clone.out("plan.tar.gpg")).unwrap();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    fs::write(clone.out("plan.tar.gpg"), bytes).unwrap();
    clone.pipeline("apply").expect_failure().says(&["gpg"]);
    fs::remove_file(clone.out("plan.tar.gpg")).unwrap();
    clone.pipeline("apply").expect_failure().says(&["There is no saved plan", "pipeline.sh plan"]);
    assert_eq!(clone.0.sandbox.changes_in_okta(), [""; 0]);
}

/// The plan file has it in the clear in its variables, in the state before and in the change, where a mask is on a part of it only.
#[test]
fn a_sensitive_input_is_in_no_file_that_is_kept() {
    let mut clone = Clone::new();
    clone.0.write("input.tf", "variable \"input\" {\n  type      = string\n  sensitive = true\n}\n");
    clone.edit("# rotation       = \"2026-11\"", "rotation = var.input");
    for input in ["firstSensitiveInput", "nextSensitiveInput"] {
        clone.0.plant(input);
        clone.0.set_environment("TF_VAR_input", input);
        clone.converge();
    }
    let changed = clone.reduced()["changes"][0]["attributes"].clone();
    let rotation = changed.as_array().unwrap().iter().find(|each| each["name"] == "rotate_when_changed");
    let masked = json!({"name": "rotate_when_changed", "before": "(sensitive value)", "after": "(sensitive value)"});
    assert_eq!(rotation, Some(&masked), "{changed}");
}

#[test]
fn a_plan_that_fails_says_why_in_the_comment() {
    let mut clone = Clone::new();
    clone.0.set_environment("OKTA_API_TOKEN", "aTokenThatOktaDoesNotKnow");
    clone.0.plant("aTokenThatOktaDoesNotKnow");
    clone.edit("# rotation       =", "adopt_existing = true # ");
    let refused = clone.pipeline("plan").expect_failure();
    refused.says(&["Error:", "E0000011"]);
    let comment = clone.read("comment.md");
    assert!(comment.starts_with("### Plan: failed\n") && comment.contains("E0000011"), "{comment}");
    assert!(!clone.out("plan.tar.gpg").exists());
}

#[test]
fn a_pipeline_keeps_no_plan_in_the_clear_and_a_person_may() {
    let mut clone = Clone::new();
    clone.0.set_environment("PLAN_PASSPHRASE", "");
    clone.pipeline("plan").expect_failure().says(&["PLAN_PASSPHRASE is not set", "holds secrets in the clear"]);
    assert!(!clone.out("plan.tar").exists());
    clone.0.set_environment("CI", "");
    clone.pipeline("plan").expect_success();
    assert_eq!(fs::metadata(clone.out("plan.tar")).unwrap().permissions().mode() & 0o077, 0);
    clone.pipeline("apply").expect_success();
}

#[test]
fn a_missing_program_is_named_with_what_to_install() {
    let clone = Clone::new();
    // A PATH with what the script itself needs, and no jq.
    let programs = clone.0.path("programs");
    fs::create_dir(&programs).unwrap();
    for program in ["sh", "dirname", "cat"] {
        let path = std::env::var_os("PATH").unwrap();
        let found =
            std::env::split_paths(&path).map(|folder| folder.join(program)).find(|found| found.exists()).unwrap();
        std::os::unix::fs::symlink(found, programs.join(program)).unwrap();
    }
    let output = clone
        .0
        .command("sh")
        .args(["pipeline/pipeline.sh", "drift"])
        .env("TERRAFORM", "sh")
        .env("PATH", programs)
        .output();
    Printed::from(&output.unwrap()).expect_failure().says(&["jq is missing. Install it: apt-get install jq"]);
}
