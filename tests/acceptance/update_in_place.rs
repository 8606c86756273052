//! What changes without a replacement.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::{self, AppStatus};

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both, link};

#[test]
fn arguments_of_the_providers_own_behaviour_change_without_a_request_that_changes_anything() {
    let lab = Lab::with_both();
    lab.configure(&both(
        "adopt_existing = true\ntimeouts { create = \"3m\" }",
        "verify_client_secret = false\ntimeouts { update = \"1h30m\" }",
    ));
    lab.sandbox.clear_requests();
    lab.apply().says(&[
        "druva_okta_integration.this will be updated in-place",
        "druva_okta_link.this will be updated in-place",
        "0 added, 2 changed, 0 destroyed",
    ]);
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    assert_eq!(lab.attributes(INTEGRATION)["adopt_existing"], true);
    assert_eq!(lab.attributes(INTEGRATION)["timeouts"]["create"], "3m");
    assert_eq!(lab.attributes(LINK)["verify_client_secret"], false);
    lab.plan_is_empty();

    // Taken out of the configuration, they return to their defaults.
    lab.configure(BOTH);
    lab.apply().says(&["0 added, 2 changed, 0 destroyed"]);
    assert_eq!(lab.attributes(INTEGRATION)["adopt_existing"], false);
    assert_eq!(lab.attributes(LINK)["verify_client_secret"], true);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn the_switches_of_a_link_are_flipped_in_place_and_return_to_their_default() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    lab.configure(&both("", "backup_enabled = false"));
    lab.sandbox.clear_requests();
    lab.apply().says(&["~ backup_enabled = true -> false", "0 added, 1 changed, 0 destroyed"]);
    let link = lab.sandbox.link();
    assert_eq!((&link["backupEnabled"], &link["cloudKeyManagementEnabled"]), (&json!(false), &json!(true)));
    assert_eq!(lab.sandbox.changes_at_druva(), [okta_links::switch(id.as_str().unwrap()).to_string()]);

    lab.configure(&both("", ""));
    lab.apply().says(&["~ backup_enabled = false -> true", "0 added, 1 changed, 0 destroyed"]);
    let link = lab.sandbox.link();
    assert_eq!((&link["backupEnabled"], &link["cloudKeyManagementEnabled"]), (&json!(true), &json!(true)));
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_link_is_created_with_its_switches_off() {
    let lab = Lab::new(&both("", "backup_enabled = false\ncloud_key_management_enabled = false"));
    lab.apply();
    let link = lab.sandbox.link();
    assert_eq!((&link["backupEnabled"], &link["cloudKeyManagementEnabled"]), (&json!(false), &json!(false)));
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn another_client_and_another_secret_re_authorize_in_place() {
    let lab = Lab::new("");
    let installed = |kind: &str| {
        let answer = lab.sandbox.drift(json!({"action": "install", "type": kind, "scopes": ["okta.users.read"]}));
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (text("id"), text("client_secret"))
    };
    let (first, second) = (installed("first"), installed("second"));
    let variable = "variable \"secret\" {\n  sensitive = true\n}\n";
    let configure = |id: &str, secret: &str| {
        lab.configure(&(variable.to_owned() + &link(&lab.sandbox.okta_url, id, "var.secret", "")));
        lab.write("terraform.tfvars", &format!("secret = \"{secret}\""));
    };

    configure(&first.0, &first.1);
    lab.apply();
    lab.plan_is_empty();
    let id = lab.sandbox.link()["id"].clone();
    let authorize = okta_links::authorize(id.as_str().unwrap()).to_string();

    configure(&second.0, &second.1);
    lab.sandbox.clear_requests();
    lab.apply().says(&["~ client_id", "will be updated in-place", "0 added, 1 changed, 0 destroyed"]);
    assert_eq!(lab.sandbox.link()["clientId"], *second.0);
    assert_eq!(lab.sandbox.changes_at_druva(), [authorize.as_str()]);

    let minted = lab.sandbox.mint(&second.0);
    configure(&second.0, &minted);
    let before = lab.sandbox.link()["secret_hash"].clone();
    lab.sandbox.clear_requests();
    lab.apply().says(&["~ client_secret", "will be updated in-place", "0 added, 1 changed, 0 destroyed"]);
    assert_ne!(lab.sandbox.link()["secret_hash"], before);
    assert_eq!(lab.sandbox.changes_at_druva(), [authorize.as_str()]);
    assert_eq!(lab.attributes(LINK)["client_secret_hash"], lab.sandbox.link()["secret_hash"]);
    assert_eq!(lab.attributes(LINK)["client_secret_status"], "ACTIVE");
    assert_eq!((&lab.sandbox.link()["id"], &lab.sandbox.link()["appStatus"]), (&id, &json!(AppStatus::CONNECTED)));
    lab.plan_is_empty();

    // The secret may leave the configuration: the link goes on working with it. The state forgets the secret itself,
    // and goes on naming it by its id and hash, since Druva uses it.
    let before = lab.attributes(LINK);
    lab.configure(&link(&lab.sandbox.okta_url, &second.0, "null", ""));
    lab.sandbox.clear_requests();
    lab.apply().says(&["0 added, 1 changed, 0 destroyed"]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    assert_eq!(lab.attributes(LINK)["client_secret"], json!(null));
    for name in ["client_secret_id", "client_secret_hash", "client_secret_status"] {
        assert!(before[name].is_string(), "{name}");
        assert_eq!(lab.attributes(LINK)[name], before[name], "{name}");
    }
    lab.plan_is_empty();
}

#[test]
fn another_spelling_of_the_domain_is_no_change_and_the_state_keeps_the_first() {
    let lab = Lab::with_both();
    let first = lab.sandbox.okta_url.clone();
    for spelling in [lab.sandbox.okta_host(), format!("{first}/"), first.to_uppercase()] {
        let text = BOTH.replace("druva_okta_integration.this.org_url", &format!("\"{spelling}\""));
        lab.configure(&text);
        lab.plan_is_empty();
    }
    lab.run(&["apply", "-auto-approve"]).expect_success().says(&["0 added, 0 changed, 0 destroyed"]);
    assert_eq!(lab.attributes(LINK)["okta_domain"], *first);
    lab.destroy();
}
