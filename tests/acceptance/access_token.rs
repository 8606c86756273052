//! A token of Druva for others, which is opened for a run and stored nowhere. Needs Terraform 1.10.

use serde_json::json;
use terraform_provider_druva::druva::okta_links;
use testkit::sandbox::Sandbox;

use crate::lab::{Lab, druva_arguments};

const EXAMPLE: &str = include_str!("../../examples/ephemeral-resources/druva_access_token/ephemeral-resource.tf");

/// The status of a look at Druva's list of links with a token.
fn status(lab: &Lab, token: &str) -> u16 {
    let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
    let request = agent.get(format!("{}{}", lab.sandbox.druva_url, okta_links::list().full_path()));
    request.header("authorization", format!("Bearer {token}")).call().unwrap().status().as_u16()
}

#[test]
fn the_example_s_script_gets_a_token_that_works_and_nothing_is_stored() {
    let lab = Lab::new(EXAMPLE);
    lab.write("report.sh", "printf '%s %s' \"$DRUVA_API_URL\" \"$DRUVA_ACCESS_TOKEN\" >seen\n");
    lab.apply();
    let seen = std::fs::read_to_string(lab.path("seen")).unwrap();
    let (url, token) = seen.split_once(' ').unwrap();
    assert_eq!((url, status(&lab, token)), (lab.sandbox.druva_url.as_str(), 200));
    lab.run(&["plan", "-out=saved.tfplan"]).expect_success();
    let plan = lab.terraform().args(["show", "-json", "saved.tfplan"]).output().unwrap();
    // The plan has the credentials of the provider block, which this lab writes down.
    assert!(!String::from_utf8(plan.stdout).unwrap().contains(token));
    lab.assert_no_secret_in(&lab.state_file().to_string(), "the state");
    lab.plan_is_empty();
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
}

#[test]
fn what_it_gives_can_be_checked() {
    for (expires_in, after, before) in [("number", 29, 31), ("text", 29, 31), ("absent", 4, 6)] {
        let lab = Lab::new(&checked(after, before));
        lab.sandbox.settings(json!({"druva_expires_in": expires_in}));
        lab.plan().says(&["No changes."]);
    }
}

/// A token that ends within these minutes from now.
fn checked(after: u32, before: u32) -> String {
    format!(
        r#"
ephemeral "druva_access_token" "this" {{
  timeouts {{ read = "90s" }}

  lifecycle {{
    postcondition {{
      condition = (
        timecmp(self.expires_at, timeadd(plantimestamp(), "{after}m")) > 0
        && timecmp(self.expires_at, timeadd(plantimestamp(), "{before}m")) < 0
      )
      error_message = "another lifetime than Druva said, or than is assumed where it did not"
    }}
  }}
}}
"#
    )
}

#[test]
fn a_refusal_says_what_to_check() {
    let sandbox = Sandbox::start();
    let druva = druva_arguments(&sandbox).replace(&sandbox.druva_client_secret, "aWrongSecretKeyOfTheApiCredentials");
    let lab = Lab::with_sandbox(sandbox, &format!("provider \"druva\" {{\n{druva}\n}}"), EXAMPLE);
    lab.plan_fails().says(&["Cannot get an access token", "Check client_id and client_secret"]);
    lab.configure("ephemeral \"druva_access_token\" \"this\" {\n  timeouts { read = \"soon\" }\n}");
    lab.validate_fails().says(&["Invalid duration", "on main.tf line 2"]);
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
}
