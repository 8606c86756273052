//! What somebody changed in a console.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::another_apply;
use crate::lab::{INTEGRATION, LINK, Lab};

/// Applies, and checks that the link has the secret of the state and works.
fn converges(lab: &Lab) {
    lab.apply();
    let link = lab.sandbox.link();
    assert_eq!(link["appStatus"], AppStatus::CONNECTED);
    assert_eq!(link["secret_hash"], lab.attributes(INTEGRATION)["client_secret_hash"]);
    assert_eq!(link["clientId"], lab.attributes(INTEGRATION)["client_id"]);
    assert_eq!(lab.attributes(LINK)["client_secret_hash"], link["secret_hash"]);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_scope_dropped_in_okta_shows_and_replaces_the_integration() {
    let lab = Lab::with_both();
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "drop_scope", "id": id, "scope": "okta.groups.manage"}));
    lab.plan().says(&[
        "druva_okta_integration.this must be replaced",
        "~ granted_scopes = [ # forces replacement",
        "+ \"okta.groups.manage\",",
        "druva_okta_link.this will be updated in-place",
        "Plan: 1 to add, 1 to change, 1 to destroy.",
    ]);
    converges(&lab);
}

#[test]
fn a_scope_added_in_okta_shows_and_replaces_the_integration() {
    let lab = Lab::with_both();
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "add_scope", "id": id, "scope": "okta.apiTokens.manage"}));
    lab.plan().says(&[
        "druva_okta_integration.this must be replaced",
        "~ granted_scopes = [ # forces replacement",
        "- \"okta.apiTokens.manage\",",
    ]);
    converges(&lab);
}

/// The secret of the only integration, and what the drift calls need to name it.
fn secret(lab: &Lab, action: &str) -> Value {
    json!({"action": action, "id": lab.sandbox.integration()["id"], "secret_id": lab.sandbox.secrets()[0]["id"]})
}

#[test]
fn a_secret_deactivated_in_okta_is_replaced_in_place_and_the_link_follows() {
    let lab = Lab::with_both();
    let (id, drift) = (lab.sandbox.integration()["id"].clone(), secret(&lab, "deactivate_secret"));
    lab.sandbox.drift(drift.clone());
    lab.plan()
        .says(&[
            "druva_okta_integration.this will be updated in-place",
            "druva_okta_link.this will be updated in-place",
            "Plan: 0 to add, 2 to change, 0 to destroy.",
            "~ client_secret_status = \"INACTIVE\" -> (known after apply)",
            "The client secret no longer works",
            &format!("Somebody deactivated the secret {} in Okta.", drift["secret_id"].as_str().unwrap()),
            "If another state or workspace manages this integration too",
            "it mints a new secret, and re-authorizes every druva_okta_link",
        ])
        .diagnostics_are("Warning: The client secret", "the_secret_no_longer_works")
        .does_not_say(&["forces replacement"]);
    lab.apply();
    assert_eq!(lab.sandbox.integration()["id"], id);
    let secrets = lab.sandbox.secrets();
    assert_eq!((secrets.len(), &secrets[0]["status"]), (1, &json!("ACTIVE")), "the inactive one is retired");
    assert_ne!(secrets[0]["id"], drift["secret_id"]);
    converges(&lab);
}

#[test]
fn a_secret_deleted_in_okta_is_replaced_in_place_and_the_link_follows() {
    let lab = Lab::with_both();
    let (id, drift) = (lab.sandbox.integration()["id"].clone(), secret(&lab, "delete_secret"));
    lab.sandbox.drift(drift.clone());
    lab.plan().says(&[
        "Plan: 0 to add, 2 to change, 0 to destroy.",
        "~ client_secret_status = \"MISSING\" -> (known after apply)",
        &format!("Somebody deleted the secret {} in Okta.", drift["secret_id"].as_str().unwrap()),
    ]);
    lab.apply();
    assert_eq!(lab.sandbox.integration()["id"], id);
    assert_eq!(lab.sandbox.secrets().len(), 1);
    converges(&lab);
}

#[test]
fn a_lost_connection_is_restored_and_the_plan_shows_druvas_reason() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "Okta answered with 500 for a day."}));
    lab.plan()
        .says(&[
            "druva_okta_link.this will be updated in-place",
            "Plan: 0 to add, 1 to change, 0 to destroy.",
            "~ status = \"NOT_CONNECTED\" -> (known after apply)",
            "~ status_reason = \"Okta answered with 500 for a day.\" -> (known after apply)",
            "Druva is not connected to the Okta org",
            "This plan re-authorizes Druva. Druva's reason: Okta answered with 500 for a day.",
        ])
        .diagnostics_are("Warning: Druva is not", "druva_is_not_connected");
    lab.sandbox.clear_requests();
    lab.apply();
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0], "the secret is still good");
    assert_eq!(lab.sandbox.link()["id"], id);
    converges(&lab);
}

#[test]
fn switches_flipped_in_druva_are_flipped_back() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    for (switch, shown) in
        [("backup_enabled", "backupEnabled"), ("cloud_key_management_enabled", "cloudKeyManagementEnabled")]
    {
        lab.sandbox.drift(json!({"action": "set_switch", "id": id, switch: false}));
        assert_eq!(lab.sandbox.link()[shown], false);
        lab.apply().says(&[&format!("~ {switch} = false -> true"), "Plan: 0 to add, 1 to change, 0 to destroy."]);
        assert_eq!(lab.sandbox.link()[shown], true);
    }
    converges(&lab);
}

#[test]
fn a_link_that_was_given_another_client_by_hand_gets_ours_back() {
    let lab = Lab::with_both();
    let ours = lab.sandbox.integration()["id"].clone();
    let other = lab.sandbox.drift(json!({"action": "install", "type": "another", "scopes": ["okta.users.read"]}));
    let linked = lab.sandbox.link();
    another_apply::authorize(&lab.sandbox, linked["id"].as_str().unwrap(), &other);
    assert_eq!(lab.sandbox.link()["clientId"], other["id"]);
    lab.plan().says(&[
        "druva_okta_link.this will be updated in-place",
        &format!("~ client_id = {} -> {ours}", other["id"]),
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    lab.sandbox.drift(json!({"action": "delete_integration", "id": other["id"]}));
    lab.apply();
    assert_eq!((&lab.sandbox.link()["clientId"], &lab.sandbox.link()["id"]), (&ours, &linked["id"]));
    converges(&lab);
}
