//! What was reviewed before a merge is what is applied after it, and nothing else.

use std::fs;

use serde_json::json;
use testkit::keys::Key;

use super::{Clone, INTEGRATION, LINK};
use crate::printed::Printed;

#[test]
fn what_was_reviewed_is_applied() {
    let clone = Clone::new();
    clone.pipeline("plan").expect_success().says(&["Plan: 2 to add, 0 to change, 0 to destroy."]);
    let comment = clone.read("comment.md");
    for part in ["### Plan: 2 to create", "+ client_secret             = (sensitive value)", "\"okta.users.manage\","] {
        assert!(comment.contains(part), "{part} is not in:\n{comment}");
    }
    let reduced = clone.reduced();
    assert_eq!(reduced["changes"][0]["address"], INTEGRATION);
    assert_eq!(
        (&reduced["changes"][1]["address"], &reduced["changes"][1]["actions"]),
        (&json!(LINK), &json!(["create"]))
    );
    let mut kept: Vec<_> = fs::read_dir(clone.out("")).unwrap().map(|file| file.unwrap().file_name()).collect();
    kept.sort();
    assert_eq!(kept, ["comment.md", "plan.json", "plan.txt"], "no saved plan leaves the job");

    clone.pipeline("apply").expect_failure().says(&["no reviewed plan to compare it with", "reviewed.json is missing"]);
    assert_eq!(clone.0.sandbox.changes_in_okta(), [""; 0]);
    clone.converge();
    let drift = clone.pipeline("drift").expect_success();
    drift.says(&["# Druva's backup of Okta: as configured", "Nothing differs, and no check fails.", "Last backup"]);
    assert_eq!(clone.reduced()["exit_code"], 0);

    // The job again: whatever was reviewed, nothing is left to do.
    clone.pipeline("apply").expect_success().says(&["there is nothing to apply"]);
}

#[test]
fn what_was_not_reviewed_is_not_applied() {
    let clone = Clone::new();
    clone.review();
    clone.edit(
        "# granted_scopes = [\"okta.users.manage\", \"okta.groups.manage\"]",
        "granted_scopes = [\"okta.users.manage\"]",
    );
    let refused = clone.pipeline("apply").expect_failure();
    refused.says(&["Not applied: planned again, the configuration does something else than what was reviewed."]);
    refused.says(&["granted_scopes from null to [\"okta.users.manage\"]"]);
    assert_eq!(clone.0.sandbox.changes_in_okta(), [""; 0]);

    clone.converge();
    clone.edit("# rotation       =", "rotation =");
    clone.review();
    let changed = clone.reduced_of("reviewed.json")["changes"][0]["attributes"].clone();
    let rotation = json!({"name": "rotate_when_changed", "before": null, "after": {"rotation": "2026-11"}});
    assert!(changed.as_array().unwrap().contains(&rotation), "{changed}");
    clone.edit("2026-11", "2026-12");
    // Drift between the review and the merge is more to do than was reviewed.
    let link = clone.0.sandbox.link()["id"].clone();
    clone.0.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": false}));
    let refused = clone.pipeline("apply").expect_failure();
    eprintln!("{}", refused.text);
    refused.says(&[
        "Reviewed, and not planned now:",
        &format!("- {INTEGRATION}: rotate_when_changed from null to {{\"rotation\":\"2026-11\"}}"),
        "Planned now, and not reviewed:",
        &format!("+ {INTEGRATION}: rotate_when_changed from null to {{\"rotation\":\"2026-12\"}}"),
        &format!("+ {LINK}: backup_enabled from false to true"),
    ]);
    clone.converge();
    clone.pipeline("drift").expect_success();
}

/// What the credentials may do is no part of what a plan does: one that only reads plans what the other one applies.
#[test]
fn a_plan_with_credentials_that_only_read_is_the_same() {
    let mut clone = Clone::applied();
    clone.edit("# rotation       =", "rotation =");
    let link = clone.0.sandbox.link()["id"].clone();
    clone.0.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": false}));

    let key = Key::ec();
    key.secret_texts().for_each(|text| clone.0.plant(text));
    let app = json!({
        "client_id": "0oaPlan", "public_key_pem": key.public_pem, "kid": "plan-1", "role": "READ_ONLY_ADMIN",
        "scopes": ["okta.oauthIntegrations.read"], "dpop_bound_access_tokens": false,
    });
    clone.0.sandbox.control("POST", "service_apps", Some(app));
    let service_app = [
        ("OKTA_API_CLIENT_ID", "0oaPlan"),
        ("OKTA_API_PRIVATE_KEY", key.private_pem.as_str()),
        ("OKTA_API_PRIVATE_KEY_ID", "plan-1"),
        ("OKTA_API_SCOPES", "okta.oauthIntegrations.read"),
    ];
    let token = clone.0.sandbox.okta_api_token.clone();
    clone.0.set_environment("OKTA_API_TOKEN", "");
    for (name, value) in service_app {
        clone.0.set_environment(name, value);
    }
    clone.review();
    for (name, _) in service_app {
        clone.0.set_environment(name, "");
    }
    clone.0.set_environment("OKTA_API_TOKEN", &token);
    clone.pipeline("apply").expect_success().says(&["0 added, 2 changed, 0 destroyed"]);
}

/// A pull request's job may have made any file: that of another plan brings nothing into the job that has the credentials.
#[test]
fn a_plan_file_of_another_job_is_not_run() {
    let clone = Clone::new();
    clone.0.write(
        "foreign.tf",
        "resource \"terraform_data\" \"foreign\" {\n  provisioner \"local-exec\" {\n    command = \"touch ran\"\n  }\n}\n",
    );
    clone.review();
    clone.0.run(&["plan", "-out=pipeline-out/plan.tfplan"]).expect_success();
    fs::copy(clone.out("plan.tfplan"), clone.0.path("plan.tfplan")).unwrap();
    fs::remove_file(clone.0.path("foreign.tf")).unwrap();
    let refused = clone.pipeline("apply").expect_failure();
    refused.says(&["Reviewed, and not planned now:", "- terraform_data.foreign: create"]);
    assert!(!clone.0.path("ran").exists());
    fs::write(clone.out("reviewed.json"), "no JSON").unwrap();
    clone.pipeline("apply").expect_failure();
    assert_eq!(clone.0.sandbox.changes_in_okta(), [""; 0]);
}

#[test]
fn ci_takes_the_provider_of_the_lock_file_only() {
    let clone = Clone::new();
    fs::remove_file(clone.0.path(".terraform.lock.hcl")).unwrap();
    clone.pipeline("plan").expect_failure().says(&["Commit .terraform.lock.hcl"]);
    assert!(!clone.0.path(".terraform.lock.hcl").exists());
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
    let changed = clone.reduced_of("reviewed.json")["changes"][0]["attributes"].clone();
    let rotation = changed.as_array().unwrap().iter().find(|each| each["name"] == "rotate_when_changed");
    let masked = json!({"name": "rotate_when_changed", "before": "(sensitive value)", "after": "(sensitive value)"});
    assert_eq!(rotation, Some(&masked), "{changed}");
}

#[test]
fn a_plan_that_fails_says_why_in_the_comment() {
    let mut clone = Clone::new();
    clone.converge();
    clone.0.set_environment("OKTA_API_TOKEN", "aTokenThatOktaDoesNotKnow");
    clone.0.plant("aTokenThatOktaDoesNotKnow");
    let refused = clone.pipeline("plan").expect_failure();
    refused.says(&["Error:", "E0000011"]);
    let comment = clone.read("comment.md");
    assert!(comment.starts_with("### Plan: failed\n") && comment.contains("E0000011"), "{comment}");
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
