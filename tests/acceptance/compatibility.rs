//! What differs from one Terraform to the next. `tests/compat/run` runs these and others with each release.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::sandbox::Sandbox;

use crate::connections::ends_well;
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, TYPE, okta_block};

/// The quickstart as it is in the repository, with credentials from the environment.
fn quickstart() -> Lab {
    let mut lab = Lab::with_sandbox(Sandbox::start(), "", "");
    std::fs::remove_file(lab.path("versions.tf")).unwrap();
    let environment = [
        ("TF_VAR_integration_type", TYPE.to_owned()),
        ("OKTA_ORG_URL", lab.sandbox.okta_url.clone()),
        ("OKTA_API_TOKEN", lab.sandbox.okta_api_token.clone()),
        ("DRUVA_API_URL", lab.sandbox.druva_url.clone()),
        ("DRUVA_CLIENT_ID", lab.sandbox.druva_client_id.clone()),
        ("DRUVA_CLIENT_SECRET", lab.sandbox.druva_client_secret.clone()),
    ];
    for (name, value) in &environment {
        lab.set_environment(name, value);
    }
    lab.configure(include_str!("../../examples/quickstart/main.tf"));
    lab.run(&["init"]).expect_success();
    lab
}

#[test]
fn the_loop_of_the_quickstart() {
    let lab = quickstart();
    lab.run(&["validate"]).expect_success().says(&["The configuration is valid."]);
    assert_eq!(lab.run(&["plan", "-detailed-exitcode"]).code, 2);
    lab.apply();
    lab.plan_is_empty();

    let (id, link) = (lab.sandbox.integration()["id"].clone(), lab.sandbox.link()["id"].clone());
    let secret = lab.sandbox.secrets()[0]["id"].clone();
    lab.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": secret}));
    lab.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": false}));
    let drift = lab.run(&["plan", "-detailed-exitcode"]);
    assert_eq!(drift.code, 2);
    drift.says(&["The client secret no longer works", "Plan: 0 to add, 2 to change, 0 to destroy."]);
    lab.apply();
    lab.plan_is_empty();
    assert_eq!(lab.sandbox.link()["backupEnabled"], true);

    lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    lab.sandbox.drift(json!({"action": "delete_integration", "id": id}));
    lab.apply();
    lab.plan_is_empty();
    assert_eq!((&lab.sandbox.link()["appStatus"], &lab.sandbox.link()["id"]), (&json!(AppStatus::CONNECTED), &link));
    lab.destroy();
}

fn import_block(to: &str, id: &str) -> String {
    format!("import {{\n  to = {to}\n  id = \"{id}\"\n}}\n")
}

/// An org that is set up, and a Terraform that has never heard of it.
fn unknown_to_terraform() -> (Lab, String) {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    let installed = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let blocks = import_block(INTEGRATION, &installed) + &import_block(LINK, &lab.sandbox.okta_url);
    lab.sandbox.clear_requests();
    (lab, blocks)
}

/// Terraform 1.6 takes a null that became sensitive for an update of the link. It changes nothing, and comes once.
#[test]
fn imports_change_nothing_on_either_side() {
    let (lab, blocks) = unknown_to_terraform();
    lab.configure(&(BOTH.to_owned() + &blocks));
    lab.apply().says(&["2 imported, 0 added", "0 destroyed"]);
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_configuration_is_generated_for_what_is_imported() {
    let (lab, blocks) = unknown_to_terraform();
    lab.generate(&blocks);
    lab.apply().says(&["2 imported, 0 added", "0 destroyed"]);
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_removed_block_forgets_and_leaves_everything_there() {
    let lab = Lab::with_both();
    lab.sandbox.clear_requests();
    let removed = |from: &str| format!("removed {{\n  from = {from}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n");
    lab.configure(&(removed(INTEGRATION) + &removed(LINK)));
    lab.apply();
    assert!(!lab.is_in_state(INTEGRATION) && !lab.is_in_state(LINK));
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
}

#[test]
fn the_credentials_of_the_provider_may_be_ephemeral() {
    let sandbox = Sandbox::start();
    let ephemeral = |name: &str| format!("variable \"{name}\" {{\n  type      = string\n  ephemeral = true\n}}\n");
    let provider = format!(
        "{}{}provider \"druva\" {{\nclient_id = \"{}\"\nclient_secret = var.druva_client_secret\napi_url = \"{}\"\n{}\n}}",
        ephemeral("okta_api_token"),
        ephemeral("druva_client_secret"),
        sandbox.druva_client_id,
        sandbox.druva_url,
        okta_block(&sandbox.okta_url, "api_token = var.okta_api_token"),
    );
    let mut lab = Lab::with_sandbox(sandbox, &provider, BOTH);
    let (token, secret) = (lab.sandbox.okta_api_token.clone(), lab.sandbox.druva_client_secret.clone());
    lab.set_environment("TF_VAR_okta_api_token", &token);
    lab.set_environment("TF_VAR_druva_client_secret", &secret);
    lab.apply();
    let state = lab.state_file().to_string();
    assert!(!state.contains(&token) && !state.contains(&secret));
    ends_well(&lab);
}

/// The other half of the tests of write-only attributes, for a Terraform without them. `tests/compat/run` runs it there.
#[test]
#[ignore = "needs a Terraform before 1.11"]
fn a_terraform_without_write_only_attributes_is_told_so() {
    let lab = Lab::new(
        r#"
resource "druva_okta_integration" "this" {
  type = "druvainc-IdpVault_api_2"
  store_client_secret = false
}

resource "druva_okta_link" "this" {
  okta_domain              = druva_okta_integration.this.org_url
  client_id                = druva_okta_integration.this.client_id
  client_secret_wo         = "aSecretFromSomeVault"
  client_secret_wo_version = 1
}
"#,
    );
    for refused in [lab.validate_fails(), lab.plan_fails()] {
        refused.says(&[
            "This Terraform knows no write-only attributes",
            "client_secret_wo is never stored, which needs Terraform 1.11 or OpenTofu 1.11 or newer.",
        ]);
    }
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
}
