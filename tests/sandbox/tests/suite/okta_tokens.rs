//! The token endpoint with the credentials of an integration.

use crate::sandbox::{Sandbox, send};
use reqwest::Method;
use serde_json::json;

const SCOPE: &str = "okta.users.manage";

#[test]
fn good_credentials_get_a_token_for_a_granted_scope() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let answer = sandbox.okta_token(&installed.id, &installed.secret, SCOPE);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("/token_type"), "Bearer");
    assert_eq!(answer.body["expires_in"], 3600);
    assert_eq!(answer.text("/scope"), SCOPE);

    let url = format!("{}/oauth2/v1/token", sandbox.okta);
    let in_body = [
        ("grant_type", "client_credentials"),
        ("scope", SCOPE),
        ("client_id", &installed.id),
        ("client_secret", &installed.secret),
    ];
    assert_eq!(send(sandbox.bare(Method::POST, &url).form(&in_body)).status, 200);
    let both = sandbox.bare(Method::POST, &url).basic_auth(&installed.id, Some(&installed.secret)).form(&in_body);
    let both = send(both);
    assert_eq!((both.status, both.text("/error").as_str()), (400, "invalid_request"));
}

#[test]
fn the_client_is_checked_before_the_scope() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    for (id, secret) in [(installed.id.as_str(), "wrong"), ("0oaUnknown", &installed.secret)] {
        for scope in [SCOPE, "okta.logs.read", ""] {
            let answer = sandbox.okta_token(id, secret, scope);
            assert_eq!((answer.status, answer.text("/error").as_str()), (401, "invalid_client"), "{id} {scope}");
        }
    }
    for scope in ["okta.logs.read", ""] {
        let answer = sandbox.okta_token(&installed.id, &installed.secret, scope);
        assert_eq!((answer.status, answer.text("/error").as_str()), (400, "invalid_scope"), "{scope}");
    }
}

#[test]
fn an_inactive_secret_is_a_wrong_one() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let secret_id = sandbox.ask("state")["okta"]["integrations"][0]["secrets"][0]["id"].clone();
    sandbox.drift(json!({"action": "deactivate_secret", "id": installed.id, "secret_id": secret_id}));
    let answer = sandbox.okta_token(&installed.id, &installed.secret, SCOPE);
    assert_eq!((answer.status, answer.text("/error").as_str()), (401, "invalid_client"));
}

#[test]
fn other_requests_are_refused_by_name() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let url = format!("{}/oauth2/v1/token", sandbox.okta);
    let none = send(sandbox.bare(Method::POST, &url).form(&[("grant_type", "client_credentials")]));
    assert_eq!((none.status, none.text("/error").as_str()), (401, "invalid_client"));
    let request = sandbox.bare(Method::POST, &url).basic_auth(&installed.id, Some(&installed.secret));
    let other = send(request.form(&[("grant_type", "password")]));
    assert_eq!((other.status, other.text("/error").as_str()), (400, "unsupported_grant_type"));
}
