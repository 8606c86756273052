//! A secret that the provider mints, hands over and forgets.

use serde_json::{Value, json};

use crate::connections::{ends_well, never_lost};
use crate::druva_paths;
use crate::lab::{INTEGRATION, LINK, Lab, druva_arguments};
use crate::rotation::{ids, only_secret, rotate};

/// An integration that keeps no secret.
pub const FORGETFUL: &str = r#"
resource "druva_okta_integration" "this" {
  type                = "druvainc-IdpVault_api_2"
  store_client_secret = false
}
"#;

/// The link of [`FORGETFUL`], with the way to its secret and more.
pub fn link_with(arguments: &str) -> String {
    format!(
        r#"resource "druva_okta_link" "this" {{
  okta_domain = druva_okta_integration.this.org_url
  client_id   = druva_okta_integration.this.client_id

  cloud_key_management_enabled = true
  {arguments}
}}"#
    )
}

/// Both resources, rotated as often as `rotation` changes.
pub fn minting(rotation: &str) -> String {
    FORGETFUL.to_owned() + &link_with(&format!("mint_client_secret = true\n{}", rotate(rotation)))
}

/// A lab where the first minted secret is in use.
pub fn with_minted() -> Lab {
    let lab = Lab::new(&minting("first"));
    lab.apply();
    lab
}

fn drifted(lab: &Lab, action: &str) -> Value {
    let secret = only_secret(lab);
    lab.sandbox.drift(json!({"action": action, "id": lab.sandbox.integration()["id"], "secret_id": secret["id"]}));
    secret["id"].clone()
}

fn druva_refuses(lab: &Lab, path: &str) {
    lab.sandbox.fault(json!({
        "side": "druva", "method": "POST", "path": path, "times": 1000,
        "do": {"respond": {"status": 400, "body": {"code": "OKTA_AUTHORIZATION_FAILED", "message": "Not today."}}},
    }));
}

#[test]
fn a_secret_is_minted_and_rotated_and_the_state_has_its_id_and_hash_only() {
    let lab = with_minted();
    let first = only_secret(&lab);
    let (integration, link) = (lab.attributes(INTEGRATION), lab.attributes(LINK));
    for name in ["client_secret", "client_secret_id", "client_secret_hash"] {
        assert_eq!(integration[name], json!(null), "{name}");
    }
    assert_eq!(integration["client_secret_status"], "NOT_HELD");
    assert_eq!((&link["client_secret"], &link["client_secret_wo"]), (&json!(null), &json!(null)));
    lab.plan_is_empty();

    lab.configure(&minting("second"));
    lab.plan()
        .says(&[
            "druva_okta_link.this will be updated in-place",
            "~ client_secret_id = \"",
            "-> (known after apply)",
            "Plan: 0 to add, 1 to change, 0 to destroy.",
        ])
        .does_not_say(&["Warning", "forces replacement"]);
    lab.apply().does_not_say(&["Warning"]);
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}

#[test]
fn a_minted_secret_that_somebody_deactivated_or_deleted_is_replaced() {
    for (action, status) in [("deactivate_secret", "INACTIVE"), ("delete_secret", "MISSING")] {
        let lab = with_minted();
        let first = drifted(&lab, action);
        lab.plan().says(&[
            &format!("~ client_secret_status = \"{status}\" -> (known after apply)"),
            "Warning: The minted client secret no longer works",
            "This plan mints another one and re-authorizes Druva with it.",
            "Plan: 0 to add, 1 to change, 0 to destroy.",
        ]);
        lab.apply();
        assert_ne!(only_secret(&lab)["id"], first);
        lab.plan_is_empty();
        lab.destroy();
    }
}

#[test]
fn druva_refuses_a_minted_secret_and_it_is_deleted_again() {
    let lab = with_minted();
    let first = only_secret(&lab);
    druva_refuses(&lab, &druva_paths::authorize());
    lab.configure(&minting("second"));
    lab.apply_fails().says(&["Cannot re-authorize the link", "Not today."]);
    lab.sandbox.control("DELETE", "faults", None);
    assert_eq!(only_secret(&lab), first, "the one before works");
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}

#[test]
fn druva_refuses_a_new_link_and_the_minted_secret_is_deleted_again() {
    let lab = Lab::new(&minting("first"));
    druva_refuses(&lab, &druva_paths::links());
    lab.apply_fails().says(&["Cannot link the Okta org", "Not today."]);
    lab.sandbox.control("DELETE", "faults", None);
    assert_eq!(ids(&lab).len(), 1, "that of the installation");
    assert!(!lab.is_in_state(LINK));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn okta_refuses_a_minted_secret_and_it_is_deleted_again() {
    let lab = with_minted();
    let first = only_secret(&lab);
    lab.sandbox.fault(json!({
        "side": "okta", "method": "POST", "path": "/oauth2/v1/token$", "times": 1000,
        "do": {"respond": {"status": 401, "body": {"error": "invalid_client", "error_description": "No."}}},
    }));
    lab.configure(&minting("second"));
    lab.apply_fails().says(&["Okta does not accept the client secret", "Nothing was changed in Druva."]);
    lab.sandbox.control("DELETE", "faults", None);
    assert_eq!(only_secret(&lab), first);
    lab.apply();
    ends_well(&lab);
}

#[test]
fn destroying_the_link_retires_the_secret_that_was_minted_for_it() {
    let lab = with_minted();
    only_secret(&lab);
    lab.configure(FORGETFUL);
    lab.apply().says(&["Plan: 0 to add, 0 to change, 1 to destroy."]);
    assert_eq!(ids(&lab), [""; 0]);
    never_lost(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_secret_that_cannot_be_retired_after_unlinking_is_named() {
    let lab = with_minted();
    let id = only_secret(&lab)["id"].as_str().unwrap().to_owned();
    lab.sandbox.fault(json!({
        "side": "okta", "method": "POST", "path": "/lifecycle/deactivate$", "do": {"respond": {"status": 403}},
    }));
    lab.configure(FORGETFUL);
    lab.apply().says(&[
        "Warning: The minted secret is still in Okta",
        &format!("The org is unlinked. The secret {id} of"),
        "Delete it in the Okta Admin Console",
    ]);
    assert_eq!(ids(&lab), [id.as_str()]);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn minting_without_credentials_for_okta_is_an_error_at_plan() {
    let lab = Lab::new("");
    let alias = format!("provider \"druva\" {{\nalias = \"alone\"\n{}\n}}\n", druva_arguments(&lab.sandbox));
    lab.configure(&(alias + FORGETFUL + &link_with("provider = druva.alone\nmint_client_secret = true")));
    lab.sandbox.clear_requests();
    lab.plan_fails().says(&["Error: Okta credentials are missing", "with druva_okta_link.this"]);
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
}

#[test]
fn two_active_secrets_leave_no_room_for_that_of_a_new_link() {
    let lab = Lab::new(FORGETFUL);
    lab.apply();
    lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    lab.configure(&minting("first"));
    let (before, secrets) = (lab.sandbox.state(), lab.sandbox.secrets());
    lab.plan().says(&["Warning: Both secrets of the integration may be in use", "with druva_okta_link.this"]);
    let printed = lab.apply_fails();
    printed.says(&["Error: Both secrets of the integration may be in use", "with druva_okta_link.this"]);
    for secret in &secrets {
        printed.says(&[&format!("- {}, created", secret["id"].as_str().unwrap())]);
    }
    assert_eq!(lab.sandbox.state(), before);

    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": secrets[0]["id"]}));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}
