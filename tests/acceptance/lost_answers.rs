//! Requests whose answer never came.

use serde_json::{Value, json};

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both};

/// A lab where the answer of the first POST to `path` is lost, before or after it had its effect.
fn losing(side: &str, path: &str, when: &str) -> Lab {
    let lab = Lab::new(BOTH);
    lab.sandbox.fault(json!({"side": side, "method": "POST", "path": path, "do": {"close": when}}));
    lab
}

#[test]
fn a_lost_installation_is_found_and_the_error_says_what_to_type() {
    let lab = losing("okta", "/api-services$", "after");
    let printed = lab.apply_fails();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    printed.says(&[
        "Cannot install the integration druva_data_security_cloud",
        &format!("The connection to {} broke before the answer was complete", lab.sandbox.okta_host()),
        "The integration was installed all the same",
        &format!("terraform import <ADDRESS> {id}"),
        "set adopt_existing = true",
    ]);
    assert!(!lab.is_in_state(INTEGRATION));

    lab.run(&["import", INTEGRATION, &id]).expect_success();
    lab.configure(&both("adopt_existing = true", ""));
    lab.apply();
    assert_eq!(lab.sandbox.integration()["id"], *id);
    assert_eq!(lab.sandbox.link()["appStatus"], "CONNECTED");
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn an_installation_that_never_arrived_is_safe_to_apply_again() {
    let lab = losing("okta", "/api-services$", "before");
    lab.apply_fails().says(&[
        "Cannot install the integration druva_data_security_cloud",
        "The integration was not installed",
        "it is safe to apply again",
    ]);
    assert_eq!(lab.sandbox.changes_in_okta().len(), 1, "it was not sent twice");
    lab.full_loop();
}

#[test]
fn a_lost_link_is_found_and_the_error_says_what_to_type() {
    let lab = losing("druva", "/domains$", "after");
    let printed = lab.apply_fails();
    let id = lab.sandbox.link()["id"].as_str().unwrap().to_owned();
    printed.says(&[
        &format!("Cannot link the Okta org {}", lab.sandbox.okta_url),
        "The Okta org was linked all the same",
        &format!("terraform import <ADDRESS> {id}"),
    ]);
    lab.run(&["import", LINK, &id]).expect_success();
    lab.apply();
    assert_eq!(lab.sandbox.link()["backupEnabled"], true);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_link_that_never_arrived_is_safe_to_apply_again() {
    let lab = losing("druva", "/domains$", "before");
    lab.apply_fails().says(&["The org was probably not linked", "it is safe to apply again"]);
    assert_eq!(lab.sandbox.changes_at_druva().len(), 1, "it was not sent twice");
    lab.full_loop();
}

#[test]
fn a_lost_secret_is_named_and_makes_room_once_it_is_deactivated() {
    let lab = Lab::with_both();
    let id = lab.sandbox.integration()["id"].clone();
    let deactivate = |secret: &Value| {
        lab.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": secret["id"]}));
    };
    deactivate(&lab.sandbox.secrets()[0]);
    lab.sandbox.fault(json!({"method": "POST", "path": "/secrets$", "do": {"close": "after"}}));
    let printed = lab.apply_fails();
    let unknown = lab.sandbox.secrets()[1].clone();
    printed.says(&[
        "Cannot mint a client secret",
        "Okta minted a secret that nobody knows",
        &format!("Okta created the secret {} although its answer got lost", unknown["id"].as_str().unwrap()),
    ]);
    assert!(!lab.is_tainted(INTEGRATION));
    deactivate(&unknown);
    lab.apply();
    assert_eq!(lab.sandbox.integration()["id"], id);
    assert_eq!(lab.sandbox.link()["appStatus"], "CONNECTED");
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn half_an_answer_is_treated_like_a_lost_one() {
    let lab = Lab::new(BOTH);
    lab.sandbox.fault(json!({"side": "okta", "method": "POST", "path": "/api-services$", "do": {"truncate": true}}));
    let printed = lab.apply_fails();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    printed.says(&["The integration was installed all the same", &format!("terraform import <ADDRESS> {id}")]);
}

#[test]
fn an_installed_integration_is_kept_when_its_secrets_cannot_be_listed() {
    let lab = Lab::with_arguments("max_retries = 0", BOTH);
    lab.sandbox.fault(json!({
        "side": "okta", "method": "GET", "path": "/secrets$", "do": {"respond": {"status": 503}},
    }));
    lab.apply().says(&["The secret's id is not known yet", "The next plan or apply reads it again."]);
    assert!(lab.attributes(INTEGRATION)["client_secret"].is_string());
    lab.plan_is_empty();
    lab.destroy();
}
