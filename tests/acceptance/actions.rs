//! What Terraform does on request. `tests/compat/run` runs these with each Terraform that knows actions.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links;

use crate::druva_paths;
use crate::engine::is_terraform_since;
use crate::lab::{BOTH, LINK, Lab, both};

const BACKUP_EXAMPLE: &str = include_str!("../../examples/actions/druva_okta_backup/action.tf");
const REAUTHORIZE_EXAMPLE: &str = include_str!("../../examples/actions/druva_okta_reauthorize/action.tf");
const BACKUP: &str = "-invoke=action.druva_okta_backup.now";
const REAUTHORIZE: &str = "-invoke=action.druva_okta_reauthorize.now";

fn backup(config: &str) -> String {
    format!("{BOTH}\naction \"druva_okta_backup\" \"now\" {{\n  config {{\n{config}\n  }}\n}}\n")
}

const OF_THE_LINK: &str = "link_id = druva_okta_link.this.id";

fn invoke(action: &str) -> [&str; 3] {
    ["apply", "-auto-approve", action]
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_backup_that_the_link_triggers_is_waited_for_and_told_of() {
    let lab = Lab::for_documents(BACKUP_EXAMPLE);
    lab.sandbox.settings(json!({"backup_duration_ms": 4000}));
    lab.plan().says(&["Plan: 2 to add, 0 to change, 0 to destroy. Actions: 1 to invoke."]);
    let org = lab.sandbox.okta_host();
    lab.apply().says(&[
        &format!("Druva began to back up {org} (job "),
        &format!("Still backing up {org} (1 s)."),
        &format!("The backup of {org} ended at "),
        "Druva's status of it: Successful.",
        "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
    ]);
    assert_eq!(lab.sandbox.link()["lastBackup"]["status"], "Successful");
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_backup_is_started_by_hand_and_nothing_else_changes() {
    let lab = Lab::new(&backup(OF_THE_LINK));
    lab.apply();
    let before = lab.state_file();
    lab.sandbox.settings(json!({"backup_duration_ms": 60_000}));
    lab.sandbox.clear_requests();
    lab.run(&invoke(BACKUP)).expect_success().says(&["Druva began to back up", "Resources: 0 added, 0 changed"]);
    let path = okta_links::start_backup(lab.sandbox.link()["id"].as_str().unwrap()).to_string();
    assert_eq!(lab.sandbox.changes_at_druva(), [path]);
    assert_eq!(lab.state_file()["resources"], before["resources"]);
    // It runs still.
    lab.run(&invoke(BACKUP)).expect_failure().says(&[
        "Druva does not begin a backup",
        "A backup of this Okta domain is running",
        "wait until it has ended",
    ]);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_backup_that_cannot_begin_or_ends_badly_is_an_error() {
    let lab = Lab::new(&backup(&format!("{OF_THE_LINK}\nwait = true\ntimeouts {{ invoke = \"2s\" }}")));
    lab.apply();
    lab.sandbox.settings(json!({"backup_status": "Failed"}));
    let ended = lab.run(&invoke(BACKUP)).expect_failure();
    ended.says(&["The backup did not end well", "Druva's status of it: Failed."]);
    lab.sandbox.settings(json!({"backup_duration_ms": 60_000}));
    lab.run(&invoke(BACKUP))
        .expect_failure()
        .says(&["Stopped waiting. The backup is still running", "raise timeouts.invoke"]);

    let lab = Lab::new(&format!("{}{}", both("", "backup_enabled = false"), backup(OF_THE_LINK).replace(BOTH, "")));
    lab.apply();
    lab.run(&invoke(BACKUP))
        .expect_failure()
        .says(&["Backup is disabled for this Okta domain", "set backup_enabled = true"]);
}

/// What ended before, what has not ended, and an outage are no end of the backup.
#[test]
#[ignore = "needs Terraform 1.14"]
fn only_the_end_of_this_backup_is_waited_for() {
    let lab = Lab::new(&backup(&format!("{OF_THE_LINK}\nwait = true")));
    lab.apply();
    let link = lab.sandbox.link();
    let id = link["id"].as_str().unwrap();
    lab.sandbox.settings(json!({"backup_duration_ms": 6000}));
    let path = format!("{}$", okta_links::get(id).path);
    let answer = |nth: u32, backup: Value| {
        let mut shown = link.clone();
        shown["lastBackup"] = backup;
        let respond = json!({"respond": {"status": 200, "body": shown}});
        lab.sandbox.fault(json!({"side": "druva", "method": "GET", "path": path, "nth": nth, "do": respond}));
    };
    // The first one is the action's own look before it begins.
    answer(2, json!({"status": "Failed", "finishedOn": "2026-01-01T00:00:00.000Z"}));
    answer(3, json!({"status": "Running", "finishedOn": null}));
    let printed = lab.run(&invoke(BACKUP)).expect_success();
    printed.says(&["Still backing up", "Druva's status of it: Successful."]).does_not_say(&["Failed", "Running"]);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_lost_answer_starts_no_second_backup() {
    let lab = Lab::new(&backup(OF_THE_LINK));
    lab.apply();
    lab.sandbox.clear_requests();
    lab.sandbox.fault(json!({"method": "POST", "path": druva_paths::backups(), "do": {"close": "after"}}));
    let lost = lab.run(&invoke(BACKUP)).expect_failure();
    lost.says(&["It is not known whether the backup began", "invoke the action again"]);
    assert_eq!(lab.sandbox.changes_at_druva().len(), 1);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn bad_arguments_are_errors_before_anything_is_done() {
    let lab = Lab::new(&backup("link_id = \"../x\"\ntimeouts { invoke = \"soon\" }"));
    lab.validate_fails().says(&["Not the id of a link", "Invalid duration"]);
    let nobody = |action: &str, more: &str| {
        format!("action \"{action}\" \"now\" {{\n  config {{\n    link_id = \"okd-none\"\n{more}\n  }}\n}}\n")
    };
    lab.configure(&nobody("druva_okta_backup", ""));
    lab.run(&["plan", BACKUP]).expect_failure().says(&["There is no such link", "does not have the link okd-none"]);
    lab.configure(&nobody("druva_okta_reauthorize", "client_id = null\nclient_secret = null"));
    let complaints = ["No client id to re-authorize with", "No client secret to re-authorize with"];
    lab.run(&["plan", REAUTHORIZE]).expect_failure().says(&complaints);
    lab.configure(&nobody("druva_okta_reauthorize", "client_id = \"\"\nclient_secret = \"\""));
    lab.validate_fails().says(&["Invalid client id", "Invalid client secret"]);
    let late = "variable \"t\" {\n  default = \"abc\"\n}\n".to_owned();
    lab.configure(&(late + &nobody("druva_okta_backup", "timeouts { invoke = var.t }")));
    lab.run(&["plan", BACKUP]).expect_failure().says(&["Invalid duration"]);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_lost_connection_is_authorized_again_with_the_secret_in_the_state() {
    let lab = Lab::for_documents(REAUTHORIZE_EXAMPLE);
    lab.apply();
    let (id, before) = (lab.sandbox.link()["id"].clone(), lab.attributes(LINK));
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "the consent was revoked"}));
    lab.sandbox.clear_requests();
    lab.run(&invoke(REAUTHORIZE))
        .expect_success()
        .says(&["Okta accepts the secret of client", "Druva is connected to"]);
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
    let authorize = okta_links::authorize(id.as_str().unwrap()).to_string();
    assert_eq!(lab.sandbox.changes_at_druva(), [authorize]);
    // Terraform refreshed before the action, and refreshes again before the next plan.
    assert_eq!(lab.attributes(LINK)["client_secret"], before["client_secret"]);
    assert_eq!(lab.run(&["plan", "-detailed-exitcode"]).code, 0);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn druva_is_not_given_a_secret_that_okta_refuses() {
    let lab = Lab::for_documents(REAUTHORIZE_EXAMPLE);
    lab.apply();
    let secret = "a-secret-that-is-none-of-okta-s-secrets-x";
    lab.configure(&REAUTHORIZE_EXAMPLE.replacen(
        "client_secret = druva_okta_integration.this.client_secret\n  }",
        &format!("client_secret = \"{secret}\"\n  }}"),
        1,
    ));
    lab.sandbox.clear_requests();
    lab.run(&invoke(REAUTHORIZE)).expect_failure().says(&["Okta does not accept the client secret"]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    assert!(lab.is_in_state(LINK));
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_link_keeps_its_client() {
    let lab = Lab::for_documents(REAUTHORIZE_EXAMPLE);
    lab.apply();
    let other = lab.sandbox.install("my_app_cie", &["okta.users.read"]);
    let theirs = "client_id     = druva_okta_integration.this.client_id\n    client_secret";
    let foreign = format!("client_id     = {}\n    client_secret", other["id"]);
    lab.configure(&REAUTHORIZE_EXAMPLE.replacen(theirs, &foreign, 1));
    lab.sandbox.clear_requests();
    lab.run(&invoke(REAUTHORIZE)).expect_failure().says(&["The link has another client"]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
}

/// [`REAUTHORIZE_EXAMPLE`] with an ephemeral secret for the action, and `more` in the link.
fn with_an_ephemeral_secret(more: &str) -> String {
    let own = "client_secret = druva_okta_integration.this.client_secret\n  }";
    let example = REAUTHORIZE_EXAMPLE.replacen(own, "client_secret = var.secret\n  }", 1);
    let link = "  client_secret = druva_okta_integration.this.client_secret\n}";
    assert!(example != REAUTHORIZE_EXAMPLE && example.contains(link), "{example}");
    let example = example.replacen(link, &link.replace("\n}", &format!("\n{more}\n}}")), 1);
    format!("variable \"secret\" {{\n  type = string\n  ephemeral = true\n}}\n{example}")
}

/// A secret that is stored nowhere can be handed to the action for one run. Terraform 1.16 passes null on.
#[test]
#[ignore = "needs Terraform 1.14"]
fn an_ephemeral_secret_is_taken() {
    let mut lab = Lab::for_documents(REAUTHORIZE_EXAMPLE);
    lab.apply();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let secret = lab.sandbox.mint(&id);
    lab.configure(&with_an_ephemeral_secret(""));
    lab.set_environment("TF_VAR_secret", &secret);
    let invoked = lab.run(&invoke(REAUTHORIZE));
    if is_terraform_since(16) {
        invoked.expect_failure().says(&["terraform apply -invoke does not pass it on (seen with Terraform 1.16)"]);
    } else {
        invoked.expect_success().says(&["Druva is connected to"]);
    }
    lab.assert_no_secret_in(&lab.state_file()["outputs"].to_string(), "the state");
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn an_ephemeral_secret_is_taken_when_the_link_triggers_the_action() {
    let mut lab = Lab::for_documents(REAUTHORIZE_EXAMPLE);
    lab.apply();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let secret = lab.sandbox.mint(&id);
    lab.set_environment("TF_VAR_secret", &secret);
    lab.configure(&with_an_ephemeral_secret(
        "backup_enabled = false\nlifecycle {\naction_trigger {\nevents = [after_update]\n\
         actions = [action.druva_okta_reauthorize.now]\n}\n}",
    ));
    lab.apply().says(&["Druva is connected to"]);
}
