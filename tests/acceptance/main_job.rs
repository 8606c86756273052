//! From nothing to a linked org and back.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::{self, AppStatus};

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, SCOPES, TYPE};

#[test]
fn the_plan_lists_every_scope_that_okta_will_be_asked_to_grant() {
    let lab = Lab::new(BOTH);
    let org_url = format!("+ org_url = \"{}\"", lab.sandbox.okta_url);
    let plan = lab.plan();
    for scope in SCOPES {
        plan.says(&[&format!("+ \"{scope}\",")]);
    }
    plan.says(&[
        "Plan: 2 to add, 0 to change, 0 to destroy.",
        &format!("+ type = \"{TYPE}\""),
        "+ adopt_existing = false",
        "+ client_secret = (sensitive value)",
        "+ client_secret_status = (known after apply)",
        &org_url,
        "+ backup_enabled = true",
        "+ cloud_key_management_enabled = true",
        "+ verify_client_secret = true",
        "+ status = (known after apply)",
    ]);
    crate::golden::assert_golden("the_plan_of_the_readme", &plan.text);
    assert_eq!(plan.text.matches("+ \"okta.").count(), SCOPES.len());
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
}

#[test]
fn applying_installs_and_links_and_destroying_removes_the_link_first() {
    let lab = Lab::new(BOTH);
    lab.apply().says(&["Apply complete! Resources: 2 added, 0 changed, 0 destroyed."]);
    lab.plan_is_empty();

    let (installed, linked) = (lab.sandbox.integration(), lab.sandbox.link());
    let secret = lab.sandbox.secrets()[0].clone();
    assert_eq!(installed["type"], TYPE);
    let mut granted: Vec<&str> =
        installed["grantedScopes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let mut documented = SCOPES.to_vec();
    granted.sort_unstable();
    documented.sort_unstable();
    assert_eq!(granted, documented);
    assert_eq!((&linked["appStatus"], &linked["clientId"]), (&json!(AppStatus::CONNECTED), &installed["id"]));
    assert_eq!(linked["secret_hash"], secret["secret_hash"]);
    assert_eq!((&linked["backupEnabled"], &linked["cloudKeyManagementEnabled"]), (&json!(true), &json!(true)));

    lab.sandbox.clear_requests();
    let (integration, link) = (lab.attributes(INTEGRATION), lab.attributes(LINK));
    lab.destroy();
    let deleted = [&lab.sandbox.changes_at_druva()[..], &lab.sandbox.changes_in_okta()].concat();
    let link_path = okta_links::delete(linked["id"].as_str().unwrap()).to_string();
    let path = format!("DELETE /integrations/api/v1/api-services/{}", installed["id"].as_str().unwrap());
    assert_eq!(deleted, [link_path.clone(), path.clone()]);
    let all = lab.sandbox.requests();
    let place = |wanted: &String| all.iter().position(|request| request == wanted).unwrap();
    assert!(place(&link_path) < place(&path), "the link goes first: {all:?}");

    let expected = json!({
        "id": installed["id"], "client_id": installed["id"], "type": TYPE, "name": "Druva Data Security Cloud",
        "client_secret_id": secret["id"], "client_secret_hash": secret["secret_hash"], "client_secret_status": "ACTIVE",
        "org_url": lab.sandbox.okta_url, "created_at": installed["createdAt"], "created_by": installed["createdBy"],
        "config_guide_url": "https://docs.example.com/druvainc-IdpVault-api-2/configuration-guide",
        "adopt_existing": false, "properties": null, "timeouts": null,
    });
    assert_has(&integration, &expected);
    let expected = json!({
        "id": linked["id"], "okta_domain": lab.sandbox.okta_url, "client_id": installed["id"],
        "client_secret": integration["client_secret"], "client_secret_id": secret["id"],
        "client_secret_hash": secret["secret_hash"], "client_secret_status": "ACTIVE", "status": AppStatus::CONNECTED,
        "status_reason": null, "storage_region": "us-east-1", "backup_frequency": "Daily",
        "backup_retention": "One year", "added_on": linked["addedOn"], "backup_enabled": true,
        "cloud_key_management_enabled": true, "verify_client_secret": true, "timeouts": null,
    });
    assert_has(&link, &expected);
}

fn assert_has(attributes: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&attributes[name], value, "{name}");
    }
}

#[test]
fn lists_that_come_in_many_pages_are_read_to_the_end() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"okta_page_size": 1, "druva_page_size": 1}));
    for kind in ["one", "two"] {
        lab.sandbox.drift(json!({"action": "install", "type": kind, "scopes": ["okta.users.read"]}));
    }
    let existing = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    lab.apply_fails().says(&["Okta already has this integration", existing["id"].as_str().unwrap()]);
}
