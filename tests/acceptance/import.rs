//! What came into being without Terraform.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both, link};

const WITHOUT_SECRET: &str = "The imported integration has no client secret";

/// A lab whose resources are there, and which Terraform knows nothing of.
fn forgotten() -> Lab {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    lab
}

#[test]
fn a_link_is_imported_by_an_id_that_is_a_number() {
    let lab = Lab::new(BOTH);
    for link_ids in ["number", "digits"] {
        lab.sandbox.settings(json!({"link_ids": link_ids}));
        lab.apply();
        let link = lab.attributes(LINK);
        let id = id_of(&link);
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        lab.run(&["state", "rm", LINK]).expect_success();
        lab.run(&["import", LINK, &id]).expect_success().says(&["Import successful!"]);
        assert_eq!(lab.attributes(LINK)["id"], link["id"]);
        lab.run(&["state", "rm", LINK]).expect_success();
        lab.run(&["import", LINK, "7"]).expect_failure().says(&["does not have a link with the id or domain \"7\""]);
        lab.run(&["import", LINK, &id]).expect_success();
        lab.destroy();
    }
}

fn id_of(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}

/// Fails unless both states are the same, leaving out what an import cannot bring.
fn assert_same(created: &Value, imported: &Value) {
    for (name, value) in created.as_object().unwrap() {
        match name.as_str() {
            "client_secret" | "client_secret_id" | "client_secret_hash" => assert!(imported[name].is_null(), "{name}"),
            "client_secret_status" => assert_eq!(imported[name], "NOT_HELD"),
            _ => assert_eq!(&imported[name], value, "{name}"),
        }
    }
}

#[test]
fn both_are_imported_by_id_and_adopting_mints_a_secret_in_place() {
    let lab = Lab::with_both();
    let (integration, link) = (lab.attributes(INTEGRATION), lab.attributes(LINK));
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    lab.run(&["import", INTEGRATION, &id_of(&integration)]).expect_success().says(&[
        "Import successful!",
        WITHOUT_SECRET,
        "client_secret is null. A link that exists keeps working with the secret that Druva has.",
        "set rotate_when_changed to any values, and apply. The provider mints a second secret, and a link that refers to \
         it moves to it.",
    ]);
    lab.run(&["import", LINK, &id_of(&link)]).expect_success();
    assert_same(&integration, &lab.attributes(INTEGRATION));
    let imported = lab.attributes(LINK);
    assert_eq!(imported["okta_domain"], lab.sandbox.okta_host());
    assert_same(&link, &json_with(&imported, "okta_domain", &link["okta_domain"]));

    lab.sandbox.clear_requests();
    lab.plan_is_empty();
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());

    lab.configure(&both("adopt_existing = true", ""));
    lab.apply().says(&[
        "druva_okta_integration.this will be updated in-place",
        "druva_okta_link.this will be updated in-place",
        "Plan: 0 to add, 2 to change, 0 to destroy.",
        "~ client_secret_status = \"NOT_HELD\" -> (known after apply)",
    ]);
    let secrets = lab.sandbox.secrets();
    assert_eq!(secrets.len(), 1, "the one before is retired: {secrets:?}");
    assert_ne!(secrets[0]["id"], integration["client_secret_id"]);
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_id"], secrets[0]["id"]);
    assert_eq!(lab.sandbox.link()["secret_hash"], secrets[0]["secret_hash"]);
    lab.plan_is_empty();
    lab.destroy();
}

fn json_with(object: &Value, name: &str, value: &Value) -> Value {
    let mut object = object.clone();
    object[name] = value.clone();
    object
}

#[test]
fn both_are_imported_by_blocks_and_the_link_by_its_url() {
    let lab = forgotten();
    let block = |to: &str, id: &str| format!("import {{\n  to = {to}\n  id = \"{id}\"\n}}\n");
    let (installed, url) = (id_of(&lab.sandbox.integration()), format!("{}/", lab.sandbox.okta_url));
    lab.configure(&(BOTH.to_owned() + &block(INTEGRATION, &installed) + &block(LINK, &url)));
    lab.sandbox.clear_requests();
    lab.apply().says(&[
        WITHOUT_SECRET,
        "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.",
        "Resources: 2 imported, 0 added, 0 changed, 0 destroyed.",
    ]);
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn an_org_that_was_linked_by_hand_is_imported_by_its_domain() {
    let lab = Lab::new(BOTH);
    let by_hand = lab.sandbox.drift(json!({"action": "install", "type": "druva_okta", "scopes": ["okta.users.read"]}));
    let linked = lab.sandbox.drift(json!({
        "action": "link", "client_id": by_hand["id"], "client_secret": by_hand["client_secret"],
        "backup_enabled": true, "cloud_key_management_enabled": false,
    }));
    lab.configure(&link(
        &lab.sandbox.okta_url,
        by_hand["id"].as_str().unwrap(),
        "null",
        "cloud_key_management_enabled = true",
    ));
    lab.run(&["import", LINK, &lab.sandbox.okta_host()]).expect_success();
    assert_eq!(lab.attributes(LINK)["id"], linked["id"]);
    lab.plan().says(&["~ cloud_key_management_enabled = false -> true", "Plan: 0 to add, 1 to change, 0 to destroy."]);
    lab.apply();
    assert_eq!(lab.sandbox.link()["cloudKeyManagementEnabled"], true);
    lab.plan_is_empty();
    lab.run(&["destroy", "-auto-approve"]).expect_success();
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
}

#[test]
fn ids_that_lead_nowhere_are_refused_with_the_reason() {
    let lab = Lab::new(BOTH);
    let import = |address: &str, id: &str| lab.run(&["import", address, id]).expect_failure();
    import(INTEGRATION, "https://example.okta.com/0oa1")
        .says(&["Not the id of an integration", "Give Okta's id, as in \"0oa72lrepvp4WqEET1d9\"."]);
    import(INTEGRATION, "0oaNotThere").says(&[
        "There is no such integration",
        &format!("The org {} has no API service integration with the id 0oaNotThere.", lab.sandbox.okta_url),
    ]);
    import(LINK, "no such thing").says(&[
        "Neither a link's id nor an Okta domain",
        "Import by Druva's id of the link, or by the org's address, as in \"example.okta.com\".",
    ]);
    import(LINK, "okd-NotThere").says(&[
        "There is no such link",
        &format!(
            "The Druva account behind {} does not have a link with the id or domain \"okd-NotThere\".",
            lab.sandbox.druva_url
        ),
    ]);
    import(LINK, "example.okta.com").says(&["There is no such link", "\"example.okta.com\""]);
    assert!(!lab.is_in_state(INTEGRATION) && !lab.is_in_state(LINK));
}

#[test]
fn a_new_link_without_a_secret_is_told_at_plan_and_refused_at_apply() {
    let lab = Lab::new("");
    lab.configure(&link(&lab.sandbox.okta_url, "0oa1", "null", ""));
    let says = [
        "A client secret is needed",
        "Linking an Okta org needs a client secret, and none is given.",
        "- Set mint_client_secret = true.",
        "with druva_okta_link.this",
    ];
    lab.plan().says(&says).says(&["Warning: A client secret is needed"]);
    lab.apply_fails().says(&says).diagnostics_are("Error: A client secret", "a_secret_is_needed");
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
}

#[test]
fn a_lost_connection_is_not_restored_without_a_secret() {
    let lab = forgotten();
    let (installed, linked) = (id_of(&lab.sandbox.integration()), id_of(&lab.sandbox.link()));
    lab.run(&["import", INTEGRATION, &installed]).expect_success();
    lab.run(&["import", LINK, &linked]).expect_success();
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": linked, "reason": "The org changed its mind."}));
    let says = [
        "A client secret is needed",
        "Re-authorizing needs a client secret, and none is given.",
        "Druva's reason: The org changed its mind.",
        "It is null after an import: set rotate_when_changed there, and the provider mints one.",
    ];
    lab.plan()
        .says(&says)
        .says(&["Warning: A client secret is needed", "~ status = \"NOT_CONNECTED\" -> (known after apply)"]);
    lab.sandbox.clear_requests();
    lab.apply_fails().says(&says).says(&["Error: A client secret is needed"]);
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
    lab.configure(&both("adopt_existing = true", ""));
    lab.apply().says(&["~ status_reason = \"The org changed its mind.\" -> (known after apply)"]);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    lab.destroy();
}
