//! What is unknown for a moment replaces nothing.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::{INTEGRATION, LINK, Lab, SCOPES, TYPE};
use crate::printed::Printed;

const OTHERWISE: &str = "An argument that was unknown at plan has changed";

/// Both resources, with everything that would replace them by way of something that is unknown whenever `unrelated` changes.
fn by_way_of(unrelated: &str, scopes: &[&str], domain: &str) -> String {
    format!(
        r#"
resource "terraform_data" "team" {{
  input = {{
    unrelated  = "{unrelated}"
    type       = "{TYPE}"
    scopes     = {scopes:?}
    properties = {{ region = "eu" }}
    domain     = "{domain}"
  }}
}}

resource "druva_okta_integration" "this" {{
  type           = terraform_data.team.output.type
  granted_scopes = terraform_data.team.output.scopes
  properties     = {{ region = terraform_data.team.output.properties.region }}
}}

resource "druva_okta_link" "this" {{
  okta_domain   = terraform_data.team.output.domain
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret
}}"#
    )
}

fn applied() -> Lab {
    let lab = Lab::new("");
    lab.configure(&by_way_of("1", &SCOPES, &lab.sandbox.okta_url));
    lab.apply();
    lab
}

/// Runs a command that Terraform stops because a value is not the planned one. Since 1.16 it has the provider say so, with
/// the title `ours`; before, it calls it a bug in the provider.
pub fn stops(lab: &Lab, ours: &str, arguments: &[&str]) -> Printed {
    let output = lab.terraform().args(arguments).arg("-no-color").output().unwrap();
    let printed = Printed::from(&output);
    lab.assert_no_secret_in(&printed.text, arguments[0]);
    let is_theirs = printed.text.contains("Provider produced inconsistent final plan");
    assert_ne!(printed.text.contains(ours), is_theirs, "{}", printed.text);
    printed.expect_failure()
}

#[test]
fn what_turns_out_to_be_the_same_changes_nothing() {
    let lab = applied();
    lab.configure(&by_way_of("2", &SCOPES, &lab.sandbox.okta_url));
    lab.sandbox.clear_requests();
    let printed = lab.apply();
    printed
        .says(&[
            "druva_okta_integration.this will be updated in-place",
            "druva_okta_link.this will be updated in-place",
            "Warning: Value of type is not known yet",
            "Warning: Value of granted_scopes is not known yet",
            "Warning: Value of properties is not known yet",
            "Warning: Value of okta_domain is not known yet",
            "The value of granted_scopes is known only at apply. This plan assumes that it does not change",
            "terraform apply -replace=ADDRESS",
            "Plan: 0 to add, 3 to change, 0 to destroy.",
            "Resources: 0 added, 1 changed, 0 destroyed.",
        ])
        .diagnostics_are("Warning: Value of granted_scopes", "scopes_are_not_known_yet")
        .does_not_say(&["forces replacement"]);
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn other_scopes_than_expected_stop_before_anything_is_touched_and_replace_when_told() {
    let lab = applied();
    let before = lab.sandbox.state();
    lab.configure(&by_way_of("2", &SCOPES[..3], &lab.sandbox.okta_url));
    stops(&lab, OTHERWISE, &["apply", "-auto-approve"]).says(&[INTEGRATION, "granted_scopes is not known yet"]);
    assert_eq!(lab.sandbox.state(), before);
    // By now the values are known.
    lab.run(&["apply", "-auto-approve", &format!("-replace={INTEGRATION}")]).expect_success();
    assert_eq!(lab.sandbox.integration()["grantedScopes"].as_array().unwrap().len(), 3);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn another_org_than_expected_stops_before_the_link_is_touched() {
    let lab = applied();
    let before = lab.sandbox.link();
    lab.configure(&by_way_of("2", &SCOPES, &format!("http://{}", lab.sandbox.other_okta_host())));
    stops(&lab, OTHERWISE, &["apply", "-auto-approve"]).says(&[LINK, "okta_domain is not known yet"]);
    assert_eq!(lab.sandbox.link(), before);
    lab.run(&["apply", "-auto-approve", &format!("-replace={LINK}")]).expect_success();
    assert_eq!(lab.sandbox.link()["oktaDomain"], lab.sandbox.other_okta_host());
    lab.plan_is_empty();
    lab.destroy();
}

/// As when something unrelated changes in a module that the data source depends on.
#[test]
fn a_data_source_that_is_read_at_apply_replaces_nothing() {
    let lab = Lab::with_both();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let by_data = |unrelated: &str| {
        format!(
            r#"
resource "terraform_data" "unrelated" {{ input = "{unrelated}" }}

data "druva_okta_integration" "this" {{
  id         = "{id}"
  depends_on = [terraform_data.unrelated]
}}

resource "druva_okta_integration" "this" {{
  type = "druvainc-IdpVault_api_2"
  granted_scopes = data.druva_okta_integration.this.granted_scopes
}}

resource "druva_okta_link" "this" {{
  okta_domain   = data.druva_okta_integration.this.org_url
  client_id     = data.druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret
}}"#
        )
    };
    for unrelated in ["1", "2"] {
        lab.configure(&by_data(unrelated));
        lab.sandbox.clear_requests();
        lab.apply().does_not_say(&["forces replacement"]).says(&["0 destroyed"]);
        assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
        assert_eq!(lab.sandbox.link()["appStatus"], json!(AppStatus::CONNECTED));
    }
    lab.plan_is_empty();
}
