//! Service apps that sign for their own tokens, with each kind of key.

use serde_json::json;
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::lab::{Lab, druva_arguments, okta_block};
use crate::rotation::{only_secret, rotated};

pub const CLIENT: &str = "0oaServiceApp";
const KEY_ID: &str = "key-1";

/// Apply, empty plans, a rotation, empty plans, and destruction.
pub fn whole_life(lab: &Lab) {
    lab.configure(&rotated("first"));
    lab.apply();
    lab.plan_is_empty();
    let first = only_secret(lab);
    lab.configure(&rotated("second"));
    lab.apply();
    lab.plan_is_empty();
    assert_ne!(only_secret(lab)["id"], first["id"]);
    lab.destroy();
}

/// A lab whose provider signs as a service app that Okta knows. `arguments` give the key, which is in `key.pem`, in
/// `key.json` with its id, and as text in the variables `pem` and `jwk`.
pub fn lab(key: &Key, demands_dpop: bool, arguments: &str) -> Lab {
    lab_with(key, &["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"], demands_dpop, arguments)
}

/// The same with an app that was granted other scopes.
pub fn lab_with(key: &Key, scopes: &[&str], demands_dpop: bool, arguments: &str) -> Lab {
    let sandbox = Sandbox::start();
    sandbox.control(
        "POST",
        "service_apps",
        Some(json!({
            "client_id": CLIENT, "public_key_pem": key.public_pem, "kid": KEY_ID, "role": "SUPER_ADMIN",
            "scopes": scopes, "dpop_bound_access_tokens": demands_dpop,
        })),
    );
    let okta = okta_block(&sandbox.okta_url, &format!("client_id = \"{CLIENT}\"\n{arguments}"));
    let variables = "variable \"pem\" { sensitive = true }\nvariable \"jwk\" { sensitive = true }";
    let provider = format!("provider \"druva\" {{\n{}\n{okta}\n}}\n{variables}", druva_arguments(&sandbox));
    let mut lab = Lab::with_sandbox(sandbox, &provider, "");
    key.secret_texts().for_each(|text| lab.plant(text));
    let jwk = key.jwk_with_id(KEY_ID).to_string();
    lab.write("key.pem", &key.private_pem);
    lab.write("key.json", &jwk);
    lab.write("terraform.tfvars.json", &json!({"pem": key.private_pem, "jwk": jwk}).to_string());
    lab
}

pub const PEM: &str = "private_key = var.pem\nprivate_key_id = \"key-1\"";
const PEM_FILE: &str = "private_key = \"key.pem\"\nprivate_key_id = \"key-1\"";
/// The key's id is in the JWK.
pub const JWK: &str = "private_key = var.jwk";
const JWK_FILE: &str = "private_key = \"key.json\"";

#[test]
fn a_service_app_signs_with_an_rsa_key_in_pem() {
    whole_life(&lab(&Key::rsa(), false, PEM));
}

#[test]
fn a_service_app_signs_with_an_ec_key_in_pem() {
    whole_life(&lab(&Key::ec(), false, PEM_FILE));
}

#[test]
fn a_service_app_signs_with_an_rsa_key_as_a_jwk() {
    whole_life(&lab(&Key::rsa(), false, JWK_FILE));
}

#[test]
fn a_service_app_signs_with_an_ec_key_as_a_jwk() {
    whole_life(&lab(&Key::ec(), false, JWK));
}

#[test]
fn a_key_id_that_is_given_comes_before_the_one_in_the_jwk() {
    let lab = lab(&Key::ec(), false, &format!("{JWK}\nprivate_key_id = \"another\""));
    lab.configure("resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }");
    lab.apply_fails().says(&["The kid of the client_assertion does not name a key of the client."]);
}

#[test]
fn a_service_app_that_okta_does_not_know_is_refused_with_what_to_check() {
    let lab = lab(&Key::ec(), false, PEM);
    lab.sandbox.control("POST", "reset", None);
    lab.configure("resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }");
    lab.apply_fails().says(&[
        "Cannot list the installed integrations",
        "Okta's token endpoint refused: invalid_client: Invalid value for 'client_id' parameter.",
        "Check okta.client_id, okta.private_key and okta.private_key_id",
    ]);
}

/// The job that plans is not told to grant what only the job that applies needs.
#[test]
fn a_service_app_that_may_only_read_is_told_the_scope_to_ask_for() {
    let mut lab = lab_with(&Key::ec(), &["okta.oauthIntegrations.read"], false, PEM);
    lab.configure("data \"druva_okta_integrations\" \"all\" {}");
    lab.plan_fails().diagnostics_are("Error: ", "a_read_only_app_asks_for_too_much");
    lab.set_environment("OKTA_API_SCOPES", "okta.oauthIntegrations.read");
    lab.plan();
}

#[test]
fn who_may_not_read_is_told_what_reading_needs() {
    let lab = Lab::new("data \"druva_okta_integrations\" \"all\" {}");
    lab.sandbox.settings(json!({"okta_role": "HELP_DESK_ADMIN"}));
    lab.sandbox.fault(json!({"side": "okta", "path": "/api-services$", "times": 9, "do": {"respond": {
        "status": 403, "body": {"errorCode": "E0000006", "errorSummary": "You do not have permission", "errorId": "oae1"},
    }}}));
    lab.plan_fails().diagnostics_are("Error: ", "reading_is_forbidden_in_okta");
    lab.sandbox.control("DELETE", "faults", None);
    lab.configure("data \"druva_okta_links\" \"all\" {}");
    lab.sandbox.fault(json!({"side": "druva", "path": "/domains$", "times": 9, "do": {"respond": {
        "status": 403, "body": {"code": 403, "message": "Forbidden for this role"},
    }}}));
    lab.plan_fails().diagnostics_are("Error: ", "reading_is_forbidden_in_druva");
}
