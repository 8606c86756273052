//! One installation per type, and what Okta grants of it.

use serde_json::json;

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, SCOPES, TYPE, both};

#[test]
fn a_second_install_is_refused_with_the_id_the_import_command_and_the_way_to_a_secret() {
    let lab = Lab::new(BOTH);
    let existing = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    let id = existing["id"].as_str().unwrap();
    let before = lab.sandbox.integration();
    lab.apply_fails().says(&[
        "Okta already has this integration",
        &format!("The org {} has:", lab.sandbox.okta_url),
        &format!(
            "- {id} \"Druva Data Security Cloud\" (type {TYPE}), installed {} by {}",
            before["createdAt"].as_str().unwrap(),
            before["createdBy"].as_str().unwrap()
        ),
        &format!("terraform import ADDRESS {id}"),
        "set adopt_existing = true",
        "with druva_okta_integration.this",
    ]);
    assert_eq!(lab.sandbox.integration(), before, "nothing was installed");
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
    assert!(!lab.is_in_state(INTEGRATION));
}

#[test]
fn create_before_destroy_with_another_scope_is_refused_and_changes_nothing() {
    let cycle = "lifecycle {\n  create_before_destroy = true\n}";
    let lab = Lab::new(&both(cycle, ""));
    lab.apply();
    let before = lab.sandbox.state();
    lab.configure(&both(&format!("granted_scopes = [\"okta.users.manage\"]\n{cycle}"), ""));
    lab.apply_fails().says(&[
        "Okta already has this integration",
        &format!("terraform import ADDRESS {}", lab.sandbox.integration()["id"].as_str().unwrap()),
    ]);
    assert_eq!(lab.sandbox.state(), before);
    lab.configure(&both(cycle, ""));
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn an_integration_that_okta_granted_less_is_an_error_and_is_not_forgotten() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"withheld_scopes": ["okta.users.manage", "okta.orgs.manage"]}));
    lab.apply_fails().says(&[
        "Okta granted something else than asked for",
        &format!("The integration {} is installed", lab.sandbox.integration()["id"].as_str().unwrap()),
        "Scopes that it lacks: okta.orgs.manage, okta.users.manage.",
        "the next apply installs it anew",
    ]);
    let first = lab.attributes(INTEGRATION);
    assert!(lab.is_tainted(INTEGRATION));
    assert_eq!(first["id"], lab.sandbox.integration()["id"]);
    assert_eq!(first["client_secret_hash"], lab.sandbox.secrets()[0]["secret_hash"]);
    assert!(!lab.is_in_state(LINK));

    lab.sandbox.settings(json!({"withheld_scopes": []}));
    lab.apply().says(&["druva_okta_integration.this is tainted, so must be replaced"]);
    assert_ne!(lab.sandbox.integration()["id"], first["id"]);
    lab.plan_is_empty();
    lab.destroy();
}
