//! Where credentials may come from, and who needs which.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::golden::{assert_golden, diagnostics};
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, druva_arguments, link, okta_block};
use crate::service_apps::whole_life;

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";

/// What needs both sides, each by itself.
const LISTS: &str = "data \"druva_okta_integrations\" \"all\" {}\ndata \"druva_okta_links\" \"all\" {}";

fn block(arguments: &str) -> String {
    format!("provider \"druva\" {{\n{arguments}\n}}")
}

#[test]
fn values_that_are_unknown_until_apply_may_be_in_the_provider_block() {
    let sandbox = Sandbox::start();
    let secrets = format!(
        "org_url = \"{}\"\ntoken = \"{}\"\nkey = \"{}\"",
        sandbox.okta_url, sandbox.okta_api_token, sandbox.druva_client_secret
    );
    // The secrets stay out of terraform_data itself: Terraform logs what its own resources hold.
    let provider = format!(
        r#"
variable "org_url" {{}}
variable "token" {{ sensitive = true }}
variable "key" {{ sensitive = true }}
resource "terraform_data" "gate" {{}}
locals {{ is_open = terraform_data.gate.id != "" }}
provider "druva" {{
  client_id     = "{}"
  client_secret = local.is_open ? var.key : null
  api_url       = "{}"
  okta {{
    org_url   = local.is_open ? var.org_url : null
    api_token = local.is_open ? var.token : null
  }}
}}"#,
        sandbox.druva_client_id, sandbox.druva_url
    );
    let lab = Lab::with_sandbox(sandbox, &provider, BOTH);
    lab.write("terraform.tfvars", &secrets);
    lab.run(&["validate"]).expect_success();
    lab.plan().says(&["Plan: 3 to add", "+ org_url = (known after apply)", "+ okta_domain = (known after apply)"]);
    lab.apply();
    assert_eq!(lab.attributes(INTEGRATION)["org_url"], *lab.sandbox.okta_url);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    // Unknown once more, with the resources there: nothing can be looked up, and nothing is proposed.
    lab.run(&["plan", "-replace=terraform_data.gate"])
        .expect_success()
        .says(&["Plan: 1 to add, 0 to change, 1 to destroy."]);
    lab.destroy();
}

#[test]
fn an_api_token_lasts_a_whole_life() {
    whole_life(&Lab::new(""));
}

#[test]
fn an_integration_alone_needs_no_druva_credentials() {
    let sandbox = Sandbox::start();
    let okta = okta_block(&sandbox.okta_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let lab = Lab::with_sandbox(sandbox, &block(&okta), ALONE);
    lab.full_loop();
    lab.configure(BOTH);
    lab.plan_fails().says(&[
        "Druva credentials are missing",
        "This needs access to Druva. A credential is missing: \
         - Not set: DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET, DRUVA_ACCESS_TOKEN.",
        "Set DRUVA_CLIENT_ID and DRUVA_CLIENT_SECRET (client_id, client_secret) to API credentials of the Druva Cloud",
        "with druva_okta_link.this",
    ]);
}

#[test]
fn a_link_alone_needs_no_okta_credentials() {
    let sandbox = Sandbox::start();
    // Not a scope that the proof would ask for: its refusal is proof enough.
    let client = sandbox.drift(json!({"action": "install", "type": "druva_okta", "scopes": ["okta.logs.read"]}));
    let id = client["id"].as_str().unwrap();
    let resources =
        "variable \"secret\" { sensitive = true }\n".to_owned() + &link(&sandbox.okta_url, id, "var.secret", "");
    let provider = block(&druva_arguments(&sandbox));
    let lab = Lab::with_sandbox(sandbox, &provider, &resources);
    lab.write("terraform.tfvars", &format!("secret = {}", client["client_secret"]));
    lab.apply();
    assert!(lab.sandbox.requests().contains(&"POST /oauth2/v1/token".to_owned()), "the secret was proved");
    let state = lab.attributes(LINK);
    assert_eq!((&state["status"], &state["client_secret_id"]), (&json!(AppStatus::CONNECTED), &Value::Null));
    assert_eq!(state["client_secret_hash"], lab.sandbox.link()["secret_hash"]);
    lab.plan_is_empty();
    lab.run(&["destroy", "-auto-approve"]).expect_success();
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));

    lab.configure(BOTH);
    lab.plan_fails().says(&[
        "Okta credentials are missing",
        "This needs access to Okta. The address of the org and a credential are missing:",
        "with druva_okta_integration.this",
    ]);
}

#[test]
fn credentials_may_come_from_the_environment_and_without_any_the_plan_says_so() {
    let sandbox = Sandbox::start();
    let mut lab = Lab::with_sandbox(sandbox, "", BOTH);
    lab.run(&["validate"]).expect_success();
    lab.plan_fails().says(&["Okta credentials are missing"]);

    for (name, value) in [
        ("OKTA_ORG_URL", lab.sandbox.okta_url.clone()),
        ("OKTA_API_TOKEN", lab.sandbox.okta_api_token.clone()),
        ("DRUVA_CLIENT_ID", lab.sandbox.druva_client_id.clone()),
        ("DRUVA_CLIENT_SECRET", lab.sandbox.druva_client_secret.clone()),
        ("DRUVA_API_URL", lab.sandbox.druva_url.clone()),
    ] {
        lab.set_environment(name, &value);
    }
    lab.full_loop();
}

/// What a pipeline sets, and what is said of it where Okta and Druva are needed.
#[test]
fn what_is_missing_is_told_beside_what_is_set() {
    let mut said = Vec::new();
    for variables in [
        &[][..],
        &[("OKTA_API_TOKEN", "token-of-a-test")],
        &[("OKTA_API_CLIENT_ID", "0oa1"), ("OKTA_ORG_URL", "")],
        &[("OKTA_ORG_URL", "https://example.okta.com")],
        &[("OKTA_ORG_NAME", "example"), ("OKTA_API_TOKEN", ""), ("DRUVA_CLIENT_SECRET", "")],
        &[("OKTA_API_PRIVATE_KEY", "key.pem"), ("OKTA_API_CLIENT_ID", "")],
        &[("DRUVA_CLIENT_ID", "id-of-a-test"), ("DRUVA_CLIENT_SECRET", "")],
        &[("DRUVA_CLIENT_SECRET", "secret-of-a-test")],
    ] {
        let mut lab = Lab::with_sandbox(Sandbox::start(), "provider \"druva\" {}", LISTS);
        lab.write("key.pem", &Key::ec().private_pem);
        let names: Vec<String> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        variables.iter().for_each(|(name, value)| lab.set_environment(name, value));
        let mut found = diagnostics(&lab.plan_fails().text);
        // Both sides are read at the same time.
        found.sort();
        said.push(format!("{}\n\n{}", names.join(" "), found.join("\n\n")));
    }
    assert_golden("missing_credentials", &said.join("\n\n\n"));
}

#[test]
fn an_org_that_is_named_by_halves_is_told_with_both() {
    let mut lab = Lab::with_sandbox(Sandbox::start(), "provider \"druva\" {}", ALONE);
    lab.set_environment("OKTA_API_TOKEN", "00not-a-token");
    for (name, base) in [("https://example", ".okta.com/"), ("example.okta.com", ""), ("example", "example.okta.com")] {
        lab.set_environment("OKTA_ORG_NAME", name);
        lab.set_environment("OKTA_BASE_URL", base);
        lab.plan().says(&["+ org_url = \"https://example.okta.com\""]);
    }
    let mut said = Vec::new();
    for (name, base) in [("example.okta.com", "oktapreview.com"), ("ex ample", ""), ("example", "okta.com/admin")] {
        lab.set_environment("OKTA_ORG_NAME", name);
        lab.set_environment("OKTA_BASE_URL", base);
        said.push(diagnostics(&lab.plan_fails().text).join("\n\n"));
    }
    assert_golden("org_of_two_variables", &said.join("\n\n\n"));
}

#[test]
fn the_org_may_be_named_as_oktas_own_provider_names_it() {
    let mut lab = Lab::with_sandbox(Sandbox::start(), "", ALONE);
    lab.set_environment("OKTA_API_TOKEN", "00not-a-token");
    lab.set_environment("OKTA_ORG_NAME", "example");
    lab.plan().says(&["+ org_url = \"https://example.okta.com\""]);
    lab.set_environment("OKTA_BASE_URL", "oktapreview.com");
    lab.plan().says(&["+ org_url = \"https://example.oktapreview.com\""]);
}

#[test]
fn an_access_token_is_used_as_it_is() {
    let sandbox = Sandbox::start();
    let token = sandbox.access_token(&["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"]);
    let okta = okta_block(&sandbox.okta_url, "access_token = var.token");
    let lab = Lab::with_sandbox(sandbox, &(block(&okta) + "\nvariable \"token\" { sensitive = true }"), ALONE);
    lab.write("terraform.tfvars", &format!("token = \"{token}\""));
    lab.apply();
    lab.plan_is_empty();
    lab.sandbox.drift(json!({"action": "revoke_okta_tokens"}));
    lab.plan_fails().says(&["Cannot read the integration", "The Okta credential is wrong, expired or revoked"]);
    assert!(lab.is_in_state(INTEGRATION));
}

#[cfg(unix)]
#[test]
fn terraform_says_that_a_credential_in_the_environment_is_not_text() {
    let sandbox = Sandbox::start();
    let provider = block(&format!("{}\n{}", druva_arguments(&sandbox), okta_block(&sandbox.okta_url, "")));
    let mut lab = Lab::with_sandbox(sandbox, &provider, BOTH);
    lab.plant("begin-of-a-token");
    let mut terraform = lab.terraform();
    terraform.args(["plan", "-no-color"]);
    let damaged: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"begin-of-a-token\xff");
    terraform.env("OKTA_API_TOKEN", damaged);
    let printed = lab.examine(&terraform.output().unwrap(), "plan").expect_failure();
    printed.says(&[
        "Error: The value of OKTA_API_TOKEN is not UTF-8 text",
        "The environment variable OKTA_API_TOKEN is set to bytes that are not UTF-8 text",
    ]);
}
