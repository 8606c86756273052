//! A token of Druva that somebody else obtained, such as a managed service provider for one of its customers.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::sandbox::Sandbox;

use crate::lab::{BOTH, Lab, okta_block};

/// A token of the sandbox's Druva.
fn token(sandbox: &Sandbox) -> String {
    let basic = BASE64_STANDARD.encode(format!("{}:{}", sandbox.druva_client_id, sandbox.druva_client_secret));
    let request = ureq::post(format!("{}/token", sandbox.druva_url)).header("authorization", format!("Basic {basic}"));
    let form = [("grant_type", "client_credentials"), ("scope", "read")];
    let answer: Value = request.send_form(form).unwrap().body_mut().read_json().unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// A lab whose provider has `arguments` to get into Druva.
fn lab(sandbox: Sandbox, arguments: &str, resources: &str) -> Lab {
    let okta = okta_block(&sandbox.okta_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let provider = format!("provider \"druva\" {{\n{arguments}\napi_url = \"{}\"\n{okta}\n}}", sandbox.druva_url);
    Lab::with_sandbox(sandbox, &provider, resources)
}

/// How often Druva was asked for a token since the lab began.
fn token_requests(lab: &Lab) -> usize {
    let log = lab.sandbox.control("GET", "requests", None);
    log.as_array().unwrap().iter().filter(|entry| entry["side"] == "druva" && entry["path"] == "/token").count()
}

const PREFLIGHT: &str = r#"
data "druva_okta_preflight" "this" {}
output "credential" { value = data.druva_okta_preflight.this.druva_credential }
"#;

#[test]
fn the_whole_set_up_works_with_a_token_and_nothing_else() {
    let sandbox = Sandbox::start();
    let token = token(&sandbox);
    let mut lab = lab(sandbox, "", BOTH);
    lab.set_environment("DRUVA_ACCESS_TOKEN", &token);
    lab.sandbox.clear_requests();
    lab.full_loop();
    assert_eq!(token_requests(&lab), 0);
    lab.configure(PREFLIGHT);
    lab.apply();
    let found = lab.output("credential");
    assert_eq!((&found["ok"], &found["detail"]), (&json!(true), &json!("Druva accepts the access token.")));
}

#[test]
fn a_token_that_is_refused_is_not_renewed_and_the_error_says_how_long_such_tokens_live() {
    for status in [401, 403] {
        let sandbox = Sandbox::start();
        sandbox.settings(json!({"expired_token_status": status, "druva_token_lifetime_seconds": 1}));
        let expired = token(&sandbox);
        std::thread::sleep(Duration::from_millis(2100));
        let mut lab = lab(sandbox, "", "data \"druva_okta_links\" \"this\" {}");
        lab.set_environment("DRUVA_ACCESS_TOKEN", &expired);
        lab.sandbox.clear_requests();
        lab.plan_fails().says(&[
            "Cannot list the linked Okta orgs",
            "Druva refused the access token that the provider was given",
            "so the provider cannot renew it. Druva's tokens live for half an hour",
            "For longer runs, set client_id and client_secret instead",
        ]);
        assert_eq!(token_requests(&lab), 0);
        lab.configure(PREFLIGHT);
        lab.apply();
        assert_ne!(lab.output("credential")["ok"], true);
    }
}

#[test]
fn a_token_that_druva_does_not_know_is_not_shown() {
    let mut lab = lab(
        Sandbox::start(),
        "access_token = \"aTokenOfAnotherCloud0123456789\"",
        "data \"druva_okta_links\" \"this\" {}",
    );
    lab.plant("aTokenOfAnotherCloud0123456789");
    lab.plan_fails().says(&[
        "Druva refused the access token that the provider was given",
        "check that it is for this customer and this cloud",
    ]);
}

#[test]
fn a_token_and_credentials_together_are_refused_before_anything_is_asked() {
    let sandbox = Sandbox::start();
    let resources = "data \"druva_okta_links\" \"this\" {}";
    for other in ["client_id = \"an-id\"", "client_secret = \"aSecretKeyOfTheApiCredentials\""] {
        let mut lab = lab(Sandbox::start(), &format!("access_token = \"aTokenOfSomebodyElse\"\n{other}"), resources);
        lab.plant("aTokenOfSomebodyElse");
        lab.plant("aSecretKeyOfTheApiCredentials");
        let name = other.split(' ').next().unwrap();
        lab.validate_fails().says(&["Conflicting Druva credentials", &format!("Found access_token and {name}:")]);
        assert_eq!(lab.sandbox.control("GET", "requests", None), json!([]));
    }
    let (id, secret, token) = (sandbox.druva_client_id.clone(), sandbox.druva_client_secret.clone(), token(&sandbox));
    let mut lab = lab(sandbox, "", resources);
    lab.set_environment("DRUVA_ACCESS_TOKEN", &token);
    lab.set_environment("DRUVA_CLIENT_ID", &id);
    lab.set_environment("DRUVA_CLIENT_SECRET", &secret);
    lab.plan_fails().says(&["The environment has DRUVA_ACCESS_TOKEN and DRUVA_CLIENT_ID: leave the token"]);
}

#[test]
fn no_token_is_got_with_a_token() {
    let sandbox = Sandbox::start();
    let token = token(&sandbox);
    let mut lab = lab(sandbox, "", "ephemeral \"druva_access_token\" \"this\" {}");
    lab.set_environment("DRUVA_ACCESS_TOKEN", &token);
    lab.plan_fails().says(&[
        "Cannot get an access token",
        "The provider was given an access token, and holds no API credentials to get another one with.",
        "Use the token in access_token (DRUVA_ACCESS_TOKEN) itself",
    ]);
}
