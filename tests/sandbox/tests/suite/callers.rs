//! Tokens, roles, scopes and quotas of those who call Okta.

use crate::sandbox::{API_SERVICES, OTHER_TYPE, SCOPES, Sandbox, TYPE, send};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[test]
fn without_a_good_token_nothing_is_answered() {
    let sandbox = Sandbox::start();
    let url = format!("{}{API_SERVICES}", sandbox.okta);
    for authorization in ["SSWS wrong", "Bearer wrong", "Basic d3Jvbmc6d3Jvbmc=", ""] {
        let answer = send(sandbox.bare(Method::GET, &url).header("Authorization", authorization));
        assert_eq!((answer.status, answer.text("/errorCode").as_str()), (401, "E0000011"), "{authorization}");
    }
}

#[test]
fn reading_needs_any_admin_role_and_writing_super_admin() {
    let sandbox = Sandbox::start();
    let install = || sandbox.okta_post(API_SERVICES, &json!({"type": TYPE, "grantedScopes": SCOPES}));
    assert_eq!(install().status, 201);

    sandbox.set(json!({"okta_role": "READ_ONLY_ADMIN"}));
    assert_eq!(sandbox.okta_get(API_SERVICES).status, 200);
    let refused = install();
    assert_eq!((refused.status, refused.text("/errorCode").as_str()), (403, "E0000006"));

    sandbox.set(json!({"okta_role": null}));
    assert_eq!(sandbox.okta_get(API_SERVICES).text("/errorCode"), "E0000006");
}

#[test]
fn the_role_of_the_api_token_can_be_looked_up() {
    let sandbox = Sandbox::start();
    let me = sandbox.okta_get("/api/v1/users/me").text("/id");
    assert!(me.starts_with("00u"));
    let roles = format!("/api/v1/users/{me}/roles");
    assert_eq!(sandbox.okta_get(&roles).text("/0/type"), "SUPER_ADMIN");
    sandbox.set(json!({"okta_role": "ORG_ADMIN"}));
    assert_eq!(sandbox.okta_get(&roles).text("/0/type"), "ORG_ADMIN");
    sandbox.set(json!({"okta_role": null}));
    assert_eq!(sandbox.okta_get(&roles).status, 403);
    assert_eq!(sandbox.okta_get("/api/v1/users/00uUnknown/roles").status, 403);
}

#[test]
fn a_bearer_token_is_held_to_its_scopes() {
    let sandbox = Sandbox::start();
    let scopes = ["okta.oauthIntegrations.read", "okta.oauthIntegrations.manage"];
    let app = sandbox.okta_post(API_SERVICES, &json!({"type": OTHER_TYPE, "grantedScopes": scopes}));
    let (id, secret) = (app.text("/id"), app.text("/clientSecret"));
    let as_app = |scope: &str, method: Method, path: &str, body: Value| {
        let token = sandbox.okta_token(&id, &secret, scope).text("/access_token");
        send(sandbox.bare(method, &format!("{}{path}", sandbox.okta)).bearer_auth(token).json(&body)).status
    };
    let install = json!({"type": TYPE, "grantedScopes": SCOPES});
    assert_eq!(as_app(scopes[0], Method::GET, API_SERVICES, Value::Null), 200);
    assert_eq!(as_app(scopes[0], Method::POST, API_SERVICES, install.clone()), 403);
    assert_eq!(as_app(scopes[1], Method::GET, API_SERVICES, Value::Null), 403);
    assert_eq!(as_app(scopes[1], Method::POST, API_SERVICES, install), 201);
    assert_eq!(as_app(scopes[0], Method::GET, "/api/v1/users/me", Value::Null), 403);
    let roles = format!("/oauth2/v1/clients/{id}/roles");
    assert_eq!(as_app(scopes[0], Method::GET, &roles, Value::Null), 403);
    assert_eq!(sandbox.okta_get(&roles).body, json!([]));
}

#[test]
fn a_bearer_token_expires_and_can_be_revoked() {
    let sandbox = Sandbox::start();
    let scope = "okta.oauthIntegrations.read";
    let app = sandbox.okta_post(API_SERVICES, &json!({"type": OTHER_TYPE, "grantedScopes": [scope]}));
    let (id, secret) = (app.text("/id"), app.text("/clientSecret"));
    let list = |token: &str| {
        send(sandbox.bare(Method::GET, &format!("{}{API_SERVICES}", sandbox.okta)).bearer_auth(token)).status
    };
    let token = sandbox.okta_token(&id, &secret, scope).text("/access_token");
    assert_eq!(list(&token), 200);
    sandbox.drift(json!({"action": "revoke_okta_tokens"}));
    assert_eq!(list(&token), 401);
    sandbox.set(json!({"okta_token_lifetime_seconds": 0}));
    assert_eq!(list(&sandbox.okta_token(&id, &secret, scope).text("/access_token")), 401);
}

#[test]
fn every_answer_tells_the_quota_and_a_spent_one_refuses() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"okta_rate_limit_per_minute": 2}));
    let first = sandbox.okta_get(API_SERVICES);
    assert_eq!(first.header("x-rate-limit-limit"), "2");
    assert_eq!(first.header("x-rate-limit-remaining"), "1");
    assert!(!first.header("x-okta-request-id").is_empty() && !first.header("date").is_empty());
    let reset: u64 = first.header("x-rate-limit-reset").parse().unwrap();
    assert!(reset > 1_700_000_000);

    assert_eq!(sandbox.okta_get(API_SERVICES).status, 200);
    let third = sandbox.okta_get(API_SERVICES);
    assert_eq!((third.status, third.text("/errorCode").as_str()), (429, "E0000047"));
    assert_eq!(third.header("x-rate-limit-remaining"), "0");
    // Another family of paths has a quota of its own.
    assert_eq!(sandbox.okta_get("/api/v1/users/me").status, 200);
}

#[test]
fn what_is_not_there_is_answered_in_oktas_way() {
    let sandbox = Sandbox::start();
    let unknown = sandbox.okta_get("/api/v1/nothing");
    assert_eq!((unknown.status, unknown.text("/errorCode").as_str()), (404, "E0000022"));
    let wrong = send(sandbox.okta(Method::PUT, API_SERVICES).json(&json!({})));
    assert_eq!((wrong.status, wrong.text("/errorCode").as_str()), (405, "E0000022"));
}

#[test]
fn a_window_can_be_short_and_who_does_not_wait_for_its_end_is_counted() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"okta_rate_limit_per_minute": 2, "okta_rate_limit_window_seconds": 2}));
    let reset: u64 = sandbox.okta_get(API_SERVICES).header("x-rate-limit-reset").parse().unwrap();
    let until_reset = || {
        let reset = UNIX_EPOCH + Duration::from_secs(reset);
        std::thread::sleep(reset.duration_since(SystemTime::now()).unwrap_or_default());
    };
    assert_eq!(sandbox.okta_get(API_SERVICES).status, 200, "nothing was said before this one");
    assert_eq!(sandbox.okta_get(API_SERVICES).status, 429);
    until_reset();
    assert_eq!(sandbox.okta_get(API_SERVICES).status, 200);
    let tallies = sandbox.ask("rate_limits");
    let expected = json!({"requests": 4, "windows": 2, "refused": 1, "too_early": 1, "family": API_SERVICES,
        "host": sandbox.okta.replace("http://", "")});
    assert_eq!(tallies, json!([expected]));
    sandbox.control(Method::DELETE, "rate_limits", &Value::Null);
    assert_eq!(sandbox.ask("rate_limits"), json!([]));
}

/// Elsewhere, 127.0.0.1 is the only loopback address unless somebody sets up more.
#[cfg(target_os = "linux")]
#[test]
fn each_further_address_is_a_domain_with_limits_of_its_own() {
    let sandbox = Sandbox::start_with(&["--loopback-addresses", "2"]);
    sandbox.set(json!({"okta_rate_limit_per_minute": 1}));
    let installed = sandbox.install();
    let mut links = Vec::new();
    for address in ["127.0.0.1", "127.0.0.2", "127.0.0.3"] {
        let domain = sandbox.okta.replace("127.0.0.1", address);
        let form = [("grant_type", "client_credentials"), ("scope", SCOPES[0])];
        let proof = sandbox.bare(Method::POST, &format!("{domain}/oauth2/v1/token"));
        let proof = send(proof.basic_auth(&installed.id, Some(&installed.secret)).form(&form));
        assert_eq!(proof.status, 200, "the first request of {address}");
        let body = json!({"oktaDomain": domain, "clientId": installed.id, "clientSecret": installed.secret});
        links.push(sandbox.druva_post("/okta/v1/domains", &body));
    }
    for link in &links {
        assert_eq!((link.status, link.text("/appStatus").as_str()), (201, "CONNECTED"), "{}", link.body);
    }
    let elsewhere = sandbox.okta.replace("127.0.0.1", "127.0.0.4");
    let body = json!({"oktaDomain": elsewhere, "clientId": installed.id, "clientSecret": installed.secret});
    assert_eq!(sandbox.druva_post("/okta/v1/domains", &body).status, 400);
}
