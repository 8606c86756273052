//! Service apps that demand proofs of possession: each token is bound to a key, and each request proved.

use serde_json::{Value, json};
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::lab::{INTEGRATION, Lab, okta_block};
use crate::service_apps::{JWK, PEM, lab, whole_life};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";

fn with_dpop() -> Lab {
    let lab = lab(&Key::ec(), true, PEM);
    lab.configure(ALONE);
    lab
}

/// The statuses of the requests for a token at Okta.
fn token_answers(lab: &Lab) -> Vec<Value> {
    let log = lab.sandbox.control("GET", "requests", None);
    let is_token = |entry: &&Value| entry["path"] == "/oauth2/v1/token";
    log.as_array().unwrap().iter().filter(is_token).map(|entry| entry["status"].clone()).collect()
}

#[test]
fn a_service_app_with_an_rsa_key_proves_its_possession() {
    whole_life(&lab(&Key::rsa(), true, PEM));
}

#[test]
fn a_service_app_with_an_ec_key_proves_its_possession() {
    whole_life(&lab(&Key::ec(), true, JWK));
}

#[test]
fn proofs_are_fresh_whatever_happens_on_the_way() {
    let lab = lab(&Key::ec(), true, PEM);
    lab.sandbox.settings(json!({
        "okta_dpop_api_nonce": true, "okta_dpop_nonce_lifetime_seconds": 2, "okta_token_lifetime_seconds": 3,
    }));
    let limited = json!({"respond": {"status": 429, "headers": {"Retry-After": "1"}}});
    // The assertion and the proof are used up, the answer is lost.
    let lost = json!({"respond": {"status": 503, "after_acting": true}});
    let expired = json!({"respond": {"status": 401, "body": {
        "errorCode": "E0000011", "errorSummary": "Invalid token provided",
    }}});
    let arm = |method: &str, path: &str, nth: u32, times: u32, effect: &Value| {
        let fault = json!({"side": "okta", "method": method, "path": path, "nth": nth, "times": times, "do": effect});
        lab.sandbox.fault(fault);
    };
    arm("POST", "/token$", 2, 2, &limited);
    arm("POST", "/token$", 4, 2, &lost);
    arm("GET", "/api-services$", 1, 2, &lost);
    arm("GET", "/api-services", 4, 2, &limited);
    arm("POST", "/api-services$", 1, 2, &limited);
    // Twice in a row would be a token that Okta refuses although it is new.
    arm("GET", "/secrets$", 1, 1, &expired);
    arm("POST", "/secrets$", 1, 1, &expired);
    arm("DELETE", ".", 1, 2, &lost);
    whole_life(&lab);
    for fault in lab.sandbox.control("GET", "faults", None).as_array().unwrap() {
        assert!(fault["hits"].as_u64().unwrap() > 0, "{fault} never struck");
    }
}

#[test]
fn that_okta_demands_proofs_is_remembered() {
    let lab = with_dpop();
    lab.apply();
    lab.sandbox.clear_requests();
    lab.sandbox.fault(json!({"side": "okta", "method": "GET", "path": "/api-services/", "do": {"respond": {
        "status": 401, "body": {"errorCode": "E0000011", "errorSummary": "Invalid token provided"},
    }}}));
    lab.plan();
    // Without a proof, without a nonce, and with both; the second token, after the first was refused, at once.
    assert_eq!(token_answers(&lab), [json!(400), json!(400), json!(200), json!(200)]);
}

#[test]
fn nonces_without_end_are_an_error() {
    let lab = with_dpop();
    lab.sandbox.settings(json!({"okta_dpop_nonce_lifetime_seconds": 0}));
    let says = [
        "Cannot list the installed integrations",
        "Okta asked for one DPoP nonce after the other and accepted none.",
        "switch off \"Require Demonstrating Proof of Possession (DPoP) header in token requests\"",
    ];
    lab.plan().says(&says);
    assert_eq!(token_answers(&lab), vec![json!(400); 5]);
    lab.apply_fails().says(&says).says(&["Error: Cannot list the installed integrations"]);
    lab.sandbox.settings(json!({"okta_dpop_nonce_lifetime_seconds": 60}));
    lab.full_loop();
}

/// A challenge as Okta's API sends it, with an empty body.
fn challenge(lab: &Lab, challenge: &str) {
    lab.sandbox.fault(
        json!({"side": "okta", "method": "GET", "path": "/api-services$", "times": 9, "do": {"respond": {
            "status": 400, "headers": {"WWW-Authenticate": challenge},
        }}}),
    );
}

#[test]
fn a_refused_proof_is_an_error_with_what_to_check() {
    let lab = with_dpop();
    challenge(
        &lab,
        "DPoP algs=\"RS256 ES256\", error=\"invalid_dpop_proof\", error_description=\"'iat' claim in the DPoP proof JWT \
         is invalid.\", resource=\"/integrations/api/v1/api-services\"",
    );
    lab.apply_fails().says(&[
        "Cannot list the installed integrations",
        "Okta answered: invalid_dpop_proof: 'iat' claim in the DPoP proof JWT is invalid. [400].",
        "Check that the clock of this machine is right",
    ]);
}

#[test]
fn an_access_token_that_is_bound_to_somebody_elses_key_is_named() {
    let sandbox = Sandbox::start();
    let token = sandbox.access_token(&["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"]);
    let okta = okta_block(&sandbox.okta_url, "access_token = var.token");
    let provider = format!("provider \"druva\" {{\n{okta}\n}}\nvariable \"token\" {{ sensitive = true }}");
    let lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.write("terraform.tfvars", &format!("token = \"{token}\""));
    challenge(
        &lab,
        "Bearer realm=\"http://example.okta.com\", error=\"invalid_request\", error_description=\"The resource request \
         requires a DPoP proof.\", resource=\"/integrations/api/v1/api-services\"",
    );
    lab.apply_fails().says(&[
        "The access token is bound to a key that only its owner has (DPoP): invalid_request: The resource request requires \
         a DPoP proof. [400].",
        "Set okta.client_id and okta.private_key of the service app instead of okta.access_token",
    ]);
    assert!(!lab.is_in_state(INTEGRATION));
}
