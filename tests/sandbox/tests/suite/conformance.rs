//! Real answers of Okta's side, successes and errors alike, held against the published files.

use crate::{
    openapi::OpenApi,
    sandbox::{API_SERVICES, Answer, SCOPES, Sandbox, TYPE, send},
};
use reqwest::Method;
use serde_json::{Value, json};

const INTEGRATIONS: &str = "/integrations/api/v1/api-services";
const INTEGRATION: &str = "/integrations/api/v1/api-services/{apiServiceId}";
const SECRETS: &str = "/integrations/api/v1/api-services/{apiServiceId}/credentials/secrets";
const SECRET: &str = "/integrations/api/v1/api-services/{apiServiceId}/credentials/secrets/{secretId}";
const ACTIVATE: &str =
    "/integrations/api/v1/api-services/{apiServiceId}/credentials/secrets/{secretId}/lifecycle/activate";
const DEACTIVATE: &str =
    "/integrations/api/v1/api-services/{apiServiceId}/credentials/secrets/{secretId}/lifecycle/deactivate";
const CLIENT_ROLES: &str = "/oauth2/v1/clients/{clientId}/roles";
const ORGANIZATION: &str = "/.well-known/okta-organization";
const TOKEN: &str = "/oauth2/v1/token";

/// Fills in a template and sends the request, as the admin or with a wrong token.
fn call(sandbox: &Sandbox, good_token: bool, method: &str, template: &str, ids: &[(&str, &str)]) -> Answer {
    let path = ids.iter().fold(template.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    let method: Method = method.to_uppercase().parse().unwrap();
    let request = if good_token {
        sandbox.okta(method.clone(), &path)
    } else {
        sandbox.bare(method.clone(), &format!("{}{path}", sandbox.okta)).header("Authorization", "SSWS wrong")
    };
    let body = json!({"type": TYPE, "grantedScopes": SCOPES});
    send(match (method, template) {
        (Method::POST, INTEGRATIONS) => request.json(&body),
        (Method::POST, _) => request.header("Content-Length", "0"),
        _ => request,
    })
}

#[test]
fn the_okta_management_api() {
    let spec = OpenApi::load("management-api-services.openapi.yaml");
    let sandbox = Sandbox::start();
    let good = |method: &str, template: &str, ids: &[(&str, &str)]| {
        let answer = call(&sandbox, true, method, template, ids);
        spec.check(method, template, &answer);
        answer
    };

    let id = good("post", INTEGRATIONS, &[]).text("/id");
    let here = [("apiServiceId", id.as_str())];
    let property = json!({"name": "baseUrl", "value": "https://example.com"});
    let body = json!({"type": TYPE, "grantedScopes": SCOPES, "properties": {"baseUrl": property}});
    spec.check("post", INTEGRATIONS, &sandbox.okta_post(API_SERVICES, &body));
    spec.check("post", INTEGRATIONS, &sandbox.okta_post(API_SERVICES, &json!({"type": TYPE})));
    good("get", INTEGRATIONS, &[]);
    good("get", INTEGRATION, &here);

    // As in the published list: the older secret inactive, the newer one active.
    let state = sandbox.ask("state");
    let secret_id = state["okta"]["integrations"][0]["secrets"][0]["id"].as_str().unwrap().to_owned();
    let this = [here[0], ("secretId", secret_id.as_str())];
    good("post", SECRETS, &here);
    good("post", SECRETS, &here);
    good("post", DEACTIVATE, &this);
    good("get", SECRETS, &here);
    good("post", ACTIVATE, &this);
    good("post", DEACTIVATE, &this);

    good("get", ORGANIZATION, &[]);
    for role in ["SUPER_ADMIN", "READ_ONLY_ADMIN", "CUSTOM", "WORKFLOWS_ADMIN"] {
        let key = json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"});
        let app = json!({"client_id": "0oaServiceApp", "jwk": key, "role": role});
        assert_eq!(sandbox.control(Method::POST, "service_apps", &app).status, 201);
        good("get", CLIENT_ROLES, &[("clientId", "0oaServiceApp")]);
    }

    let operations = [
        ("get", INTEGRATIONS),
        ("post", INTEGRATIONS),
        ("get", INTEGRATION),
        ("delete", INTEGRATION),
        ("get", SECRETS),
        ("post", SECRETS),
        ("delete", SECRET),
        ("post", ACTIVATE),
        ("post", DEACTIVATE),
        ("get", CLIENT_ROLES),
    ];
    let everything = [this[0], this[1], ("clientId", id.as_str())];
    let nothing = [("apiServiceId", "0oaNone"), ("secretId", "ocsNone"), ("clientId", "0oaNone")];
    for (method, template) in operations {
        if template != CLIENT_ROLES {
            spec.check(method, template, &call(&sandbox, false, method, template, &everything));
        }
        // Creating a secret has no 404 in the published file, although there is nothing else to answer.
        if template.contains('{') && (method, template) != ("post", SECRETS) {
            assert_eq!(good(method, template, &nothing).status, 404);
        }
        sandbox.set(json!({"okta_role": null}));
        assert_eq!(good(method, template, &everything).status, 403);
        sandbox.set(json!({"okta_role": "SUPER_ADMIN", "okta_rate_limit_per_minute": 0}));
        assert_eq!(good(method, template, &everything).status, 429);
        assert_eq!(good("get", ORGANIZATION, &[]).status, 429);
        sandbox.set(json!({"okta_rate_limit_per_minute": 600}));
    }
    assert_eq!(good("delete", SECRET, &this).status, 204);
    assert_eq!(good("delete", INTEGRATION, &here).status, 204);

    let assign_role = |answer: &String| !answer.starts_with(&format!("post {CLIENT_ROLES}"));
    assert_eq!(spec.unseen().into_iter().filter(assign_role).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn the_okta_token_endpoint() {
    let spec = OpenApi::load("oauth-token.openapi.yaml");
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let check = |status: u16, answer: Answer| {
        assert_eq!(answer.status, status);
        spec.check("post", TOKEN, &answer);
    };
    // The published example has a refresh and an ID token, which this flow does not give.
    let token = sandbox.okta_token(&installed.id, &installed.secret, SCOPES[0]);
    assert_eq!(token.status, 200);
    spec.check_schema("post", TOKEN, &token);
    check(400, sandbox.okta_token(&installed.id, &installed.secret, ""));
    check(400, sandbox.okta_token(&installed.id, &installed.secret, "okta.logs.read"));
    check(401, sandbox.okta_token(&installed.id, "wrong", SCOPES[0]));
    sandbox.set(json!({"okta_rate_limit_per_minute": 0}));
    check(429, sandbox.okta_token(&installed.id, &installed.secret, SCOPES[0]));

    // No network zones here, and no CORS.
    let absent = |answer: &String| answer.starts_with("post") && !answer.ends_with("403");
    assert_eq!(spec.unseen().into_iter().filter(absent).collect::<Vec<_>>(), Vec::<String>::new());
}

/// Where the sandbox has to answer what the published files leave out. Okta's error is in the body all the same.
#[test]
fn the_answers_that_the_files_do_not_list_are_these() {
    let spec = OpenApi::load("management-api-services.openapi.yaml");
    let sandbox = Sandbox::start();
    let id = sandbox.install().id;
    let secret = sandbox.okta_get(&format!("{API_SERVICES}/{id}/credentials/secrets")).text("/0/id");
    let answers = [
        // There is nothing else to answer.
        ("post", SECRETS, 404, sandbox.okta_post(&format!("{API_SERVICES}/none/credentials/secrets"), &Value::Null)),
        // "You can only delete an inactive Secret", by the description.
        ("delete", SECRET, 400, sandbox.okta_delete(&format!("{API_SERVICES}/{id}/credentials/secrets/{secret}"))),
        // A cursor that was never issued.
        ("get", INTEGRATIONS, 400, sandbox.okta_get(&format!("{API_SERVICES}?after=none"))),
    ];
    for (method, template, status, answer) in answers {
        assert_eq!(answer.status, status, "{method} {template} {}", answer.body);
        assert!(!spec.lists(method, template, status), "{method} {template} {status}");
        let listed = Answer { status: 401, ..answer };
        spec.check_schema(method, template, &listed);
    }
}

#[test]
fn the_check_itself_is_strict() {
    let spec = OpenApi::load("management-api-services.openapi.yaml");
    let sandbox = Sandbox::start();
    let path = format!("{API_SERVICES}/{}", sandbox.install().id);
    let passes = |change: fn(&mut Answer)| {
        let mut answer = sandbox.okta_get(&path);
        change(&mut answer);
        let check = || spec.check("get", INTEGRATION, &answer);
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).is_ok()
    };
    assert!(passes(|_| {}));
    assert!(!passes(|answer| answer.body["clientSecret"] = "s".into()));
    assert!(!passes(|answer| answer.body["_links"]["edit"] = json!({"href": "x"})));
    assert!(!passes(|answer| answer.body["grantedScopes"] = "okta.users.read".into()));
    assert!(!passes(|answer| drop(answer.body.as_object_mut().unwrap().remove("createdAt"))));
    assert!(!passes(|answer| answer.status = 202));
}
