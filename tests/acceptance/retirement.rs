//! Older secrets: retired, or left, and never forgotten.

use serde_json::{Value, json};

use crate::connections::{ends_well, never_lost};
use crate::lab::{LINK, Lab, both, druva_arguments};
use crate::rotation::{ids, only_secret, rotate, rotated, with_first};

fn refused_once(lab: &Lab, method: &str, path: &str) {
    lab.sandbox.fault(json!({
        "side": "okta", "method": method, "path": path,
        "do": {"respond": {"status": 403, "body": {
            "errorCode": "E0000006", "errorSummary": "You do not have permission to perform the requested action",
            "errorLink": "E0000006", "errorId": "oae1", "errorCauses": [],
        }}},
    }));
}

/// Rotates while Okta refuses one request of the retirement, and finishes.
fn finished_by_the_next_apply(method: &str, path: &str, status_of_the_old: &str) {
    let lab = with_first();
    let first = only_secret(&lab)["id"].clone();
    refused_once(&lab, method, path);
    lab.configure(&rotated("second"));
    lab.apply().says(&[
        "Resources: 0 added, 2 changed, 0 destroyed.",
        "Warning: A superseded secret could not be retired",
        &format!("The older secret {} could not be retired:", first.as_str().unwrap()),
        "You do not have permission to perform the requested action",
        "The next apply tries again",
    ]);
    assert_eq!(lab.attributes(LINK)["superseded_secret_ids"], json!([first]));
    assert_eq!(lab.sandbox.secrets()[0]["status"], status_of_the_old);
    lab.plan()
        .says(&[
            "druva_okta_link.this will be updated in-place",
            &format!("~ superseded_secret_ids = [ - \"{}\", ] -> (known after apply)", first.as_str().unwrap()),
            "Plan: 0 to add, 1 to change, 0 to destroy.",
        ])
        .does_not_say(&["client_secret_id"]);
    lab.sandbox.clear_requests();
    lab.apply();
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0], "Druva is not authorized anew");
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn a_deactivation_that_was_refused_is_made_up_for() {
    finished_by_the_next_apply("POST", "/lifecycle/deactivate$", "ACTIVE");
}

#[test]
fn a_deletion_that_was_refused_is_made_up_for() {
    finished_by_the_next_apply("DELETE", "/credentials/secrets/[^/]+$", "INACTIVE");
}

#[test]
fn older_secrets_stay_where_the_user_says_so() {
    let keeping = |rotation: &str| both(&rotate(rotation), "retire_superseded_secrets = false");
    let lab = Lab::new(&keeping("first"));
    lab.apply();
    let first = ids(&lab);
    lab.configure(&keeping("second"));
    lab.apply().does_not_say(&["Warning"]);
    let secrets = lab.sandbox.secrets();
    assert_eq!((secrets.len(), &secrets[0]["id"], &secrets[0]["status"]), (2, &first[0], &json!("ACTIVE")));
    assert_eq!(lab.attributes(LINK)["superseded_secret_ids"], json!(first));
    assert_eq!(lab.sandbox.link()["secret_hash"], secrets[1]["secret_hash"]);
    lab.plan_is_empty();

    // Said otherwise, the older one goes.
    lab.configure(&rotated("second"));
    lab.apply().says(&["Plan: 0 to add, 1 to change, 0 to destroy."]);
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn a_link_without_credentials_for_okta_retires_nothing_and_says_so() {
    let lab = Lab::new("");
    let alias = format!("provider \"druva\" {{\nalias = \"alone\"\n{}\n}}\n", druva_arguments(&lab.sandbox));
    let configured = |rotation: &str| alias.clone() + &both(&rotate(rotation), "provider = druva.alone");
    lab.configure(&configured("first"));
    lab.apply();
    lab.configure(&configured("second"));
    lab.apply().says(&[
        "Warning: Superseded secrets stay in Okta",
        "the provider has no credentials for the Okta org",
        "- Set retire_superseded_secrets = false",
    ]);
    let secrets = lab.sandbox.secrets();
    assert!(secrets.len() == 2 && secrets.iter().all(|secret| secret["status"] == "ACTIVE"), "{secrets:?}");
    assert_eq!(lab.sandbox.link()["secret_hash"], secrets[1]["secret_hash"]);
    ends_well(&lab);
}

#[test]
fn a_secret_that_is_newer_than_the_one_in_use_is_never_retired() {
    let lab = with_first();
    let first = ids(&lab);
    lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    let both_of_them: Vec<Value> = ids(&lab);
    lab.plan_is_empty();
    never_lost(&lab);
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": lab.sandbox.link()["id"], "reason": "Down."}));
    lab.apply();
    assert_eq!(lab.attributes(LINK)["client_secret_id"], first[0]);
    assert_eq!(lab.attributes(LINK)["superseded_secret_ids"], json!([]));
    assert_eq!(ids(&lab), both_of_them);
    assert!(lab.sandbox.secrets().iter().all(|secret| secret["status"] == "ACTIVE"));
    lab.plan_is_empty();
    lab.destroy();
}
