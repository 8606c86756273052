//! The checks of the guide "Detecting drift", done with its own blocks.

use serde_json::{Value, json};

use crate::documentation::block;
use crate::lab::{INTEGRATION, LINK, Lab};

const FRESHNESS: &str = "Is the last backup recent?";

fn of_this_org(lab: &Lab, text: &str) -> String {
    text.replace("https://example.okta.com", &lab.sandbox.okta_url)
        .replace("example.okta.com", &lab.sandbox.okta_host())
}

/// The exit code of a plan, and what its failing checks say.
fn looked(lab: &Lab) -> (i32, Vec<String>) {
    let code = lab.run(&["plan", "-detailed-exitcode", "-out=check.tfplan"]).code;
    let shown = lab.terraform().args(["show", "-json", "check.tfplan"]).output().unwrap();
    let plan: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let problems = plan["checks"].as_array().unwrap().iter().flat_map(|check| check["instances"].as_array().unwrap());
    let problems = problems.filter_map(|instance| instance["problems"].as_array()).flatten();
    let mut messages: Vec<String> = problems.map(|problem| problem["message"].as_str().unwrap().to_owned()).collect();
    messages.sort();
    (code, messages)
}

#[track_caller]
fn finds(lab: &Lab, code: i32, parts: &[&str]) {
    let (found, messages) = looked(lab);
    let fits =
        messages.len() == parts.len() && messages.iter().zip(parts).all(|(message, part)| message.contains(part));
    assert!(found == code && fits, "{found}: {messages:#?}");
}

/// A backup that ended so many hours ago.
fn backup(lab: &Lab, hours: i64, status: &str) {
    let at = time::OffsetDateTime::now_utc() - time::Duration::hours(hours);
    let at = at.format(&time::format_description::well_known::Rfc3339).unwrap();
    let id = lab.sandbox.link()["id"].clone();
    lab.sandbox.drift(json!({"action": "finish_backup", "id": id, "status": status, "finished_on": at}));
}

/// A lab that only watches an org which somebody else has linked.
fn watching(place: usize) -> Lab {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    lab.configure(&of_this_org(&lab, &block("detecting-drift", "hcl", FRESHNESS, place)));
    lab
}

#[test]
fn the_short_check_tells_old_and_bad_backups_from_an_org_that_is_new() {
    let lab = watching(0);
    finds(&lab, 0, &[]);
    backup(&lab, 27, "Successful");
    finds(&lab, 0, &["more than 26h ago."]);
    backup(&lab, 25, "Successful");
    finds(&lab, 0, &[]);
    backup(&lab, 1, "Failed");
    finds(&lab, 0, &["did not end well. Its status: Failed."]);
}

#[test]
fn a_configuration_that_only_watches_fails_while_backups_are_off() {
    let lab = watching(1);
    lab.plan();
    lab.sandbox.drift(json!({"action": "set_switch", "id": lab.sandbox.link()["id"], "backup_enabled": false}));
    lab.plan_fails().says(&["Druva does not back up the org: CONNECTED, backups off, Cloud Key Management on."]);
}

#[test]
fn the_checks_beside_the_resources_tell_what_no_plan_shows_and_stop_no_repair() {
    let lab = Lab::for_documents("");
    lab.configure(&of_this_org(&lab, &block("detecting-drift", "hcl", "Checks beside the resources", 0)));
    let unlinked = format!("{} is not linked in Druva.", lab.sandbox.okta_host());
    finds(&lab, 2, &[&unlinked]);
    lab.apply();
    finds(&lab, 0, &[]);
    backup(&lab, 27, "Successful");
    finds(&lab, 0, &["more than 26h ago."]);
    backup(&lab, 25, "Successful");
    finds(&lab, 0, &[]);

    let id = lab.sandbox.link()["id"].clone();
    let secret = lab.sandbox.secrets()[0]["id"].clone();
    lab.sandbox.drift(json!({"action": "set_switch", "id": id, "backup_enabled": false}));
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "The org changed its mind."}));
    let installed = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "deactivate_secret", "id": installed, "secret_id": secret}));
    backup(&lab, 27, "Successful");
    finds(
        &lab,
        2,
        &["Druva does not back up the org: NOT_CONNECTED, backups off, Cloud Key Management on.", "more than 26h ago."],
    );
    // What is not found is gone only if it is not new.
    lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    lab.sandbox.drift(json!({"action": "delete_domain", "id": id}));
    finds(&lab, 2, &[&unlinked]);
    lab.apply().says(&["Resources: 1 added, 1 changed, 0 destroyed."]);
}
