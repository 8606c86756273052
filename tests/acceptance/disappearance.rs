//! What somebody deleted in a console, some time after it was made: what is missing within five minutes is not gone.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::{LINK, Lab};

/// A lab where both were applied ten minutes ago.
fn later() -> Lab {
    let lab = Lab::with_both();
    lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    lab
}

#[test]
fn an_integration_deleted_in_okta_is_installed_again_and_the_link_stays() {
    let lab = later();
    let (installed, linked) = (lab.sandbox.integration(), lab.sandbox.link());
    lab.sandbox.drift(json!({"action": "delete_integration", "id": installed["id"]}));
    lab.plan()
        .says(&[
            "druva_okta_integration.this will be created",
            "druva_okta_link.this will be updated in-place",
            "Plan: 1 to add, 1 to change, 0 to destroy.",
            "~ status_reason = \"Okta does not know this client ID\" -> (known after apply)",
        ])
        .does_not_say(&["forces replacement"]);
    lab.apply();
    assert_eq!(lab.sandbox.link()["id"], linked["id"]);
    assert_eq!(lab.sandbox.link()["clientId"], lab.sandbox.integration()["id"]);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_link_deleted_in_druva_is_made_again() {
    let lab = later();
    let (installed, linked) = (lab.sandbox.integration(), lab.sandbox.link());
    lab.sandbox.drift(json!({"action": "delete_domain", "id": linked["id"]}));
    lab.apply().says(&["druva_okta_link.this will be created", "Plan: 1 to add, 0 to change, 0 to destroy."]);
    assert_ne!(lab.attributes(LINK)["id"], linked["id"]);
    assert_eq!(lab.sandbox.link()["clientId"], installed["id"]);
    assert_eq!(lab.sandbox.link()["backupEnabled"], true);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn both_deleted_are_both_made_again() {
    let lab = later();
    lab.sandbox.drift(json!({"action": "delete_integration", "id": lab.sandbox.integration()["id"]}));
    lab.sandbox.drift(json!({"action": "delete_domain", "id": lab.sandbox.link()["id"]}));
    lab.apply().says(&["Plan: 2 to add, 0 to change, 0 to destroy."]);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn destroying_what_is_gone_already_succeeds() {
    let lab = later();
    lab.sandbox.drift(json!({"action": "delete_integration", "id": lab.sandbox.integration()["id"]}));
    lab.sandbox.drift(json!({"action": "delete_domain", "id": lab.sandbox.link()["id"]}));
    // Without looking first, Terraform asks to delete both.
    lab.run(&["destroy", "-auto-approve", "-refresh=false"]).expect_success().says(&["Resources: 2 destroyed."]);
    assert!(!lab.is_in_state(LINK));
}
