//! What the sandbox saw of Druva's connections: it looks after each request that it served.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::Lab;

/// Every change of a link's status, in order.
fn history(lab: &Lab) -> Vec<Value> {
    lab.sandbox.control("GET", "connection_history", None).as_array().unwrap().clone()
}

/// Fails if any link was ever seen unconnected.
pub fn never_lost(lab: &Lab) {
    let history = history(lab);
    assert!(!history.is_empty(), "no link was ever seen");
    let is_fine =
        |change: &Value| matches!(change["status"].as_str(), Some(AppStatus::CONNECTED | AppStatus::CONNECTING));
    assert!(history.iter().all(is_fine), "Druva lost its connection: {history:#?}");
}

/// Fails if the connection was lost, unless it was as [`lost_only_in_one_recovery`] has it.
pub fn lost_at_most_in_one_recovery(lab: &Lab) {
    if history(lab).iter().any(|change| change["status"] == AppStatus::NOT_CONNECTED) {
        lost_only_in_one_recovery(lab);
    }
}

/// Fails unless the connection was lost exactly once, from a secret's deactivation to its activation, with nothing but
/// questions in between.
pub fn lost_only_in_one_recovery(lab: &Lab) {
    let history = history(lab);
    let lost: Vec<usize> = (0..history.len()).filter(|at| history[*at]["status"] == AppStatus::NOT_CONNECTED).collect();
    assert_eq!(lost.len(), 1, "{history:#?}");
    let numbered = |change: &Value| change["after_request"].as_u64().unwrap();
    let (from, to) = (numbered(&history[lost[0]]), numbered(&history[lost[0] + 1]));
    assert_eq!(history[lost[0] + 1]["status"], AppStatus::CONNECTED, "{history:#?}");
    let log = lab.sandbox.control("GET", "requests", None);
    let changing: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| (from..=to).contains(&entry["n"].as_u64().unwrap()) && entry["method"] != "GET")
        .map(|entry| entry["path"].as_str().unwrap())
        .collect();
    let [off, on] = changing[..] else { panic!("more than a recovery: {changing:?}") };
    assert!(off.ends_with("/lifecycle/deactivate"), "{off}");
    assert_eq!(on, off.replace("/deactivate", "/activate"));
}

/// The end of a rotation: an empty plan, a connection that was never lost, and nothing left after the destruction.
pub fn ends_well(lab: &Lab) {
    lab.plan_is_empty();
    never_lost(lab);
    lab.destroy();
    never_lost(lab);
}

#[test]
fn a_connection_that_was_lost_for_one_moment_is_found() {
    let lab = Lab::with_both();
    never_lost(&lab);
    let secret = json!({"id": lab.sandbox.integration()["id"], "secret_id": lab.sandbox.secrets()[0]["id"]});
    for action in ["deactivate_secret", "activate_secret"] {
        let mut drift = secret.clone();
        drift["action"] = action.into();
        lab.sandbox.drift(drift);
    }
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED, "as if nothing had happened");
    assert!(catch_unwind(AssertUnwindSafe(|| never_lost(&lab))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| lost_only_in_one_recovery(&lab))).is_err(), "it was no recovery");
}
