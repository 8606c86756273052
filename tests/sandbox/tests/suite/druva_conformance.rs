//! Real answers of Druva's side, successes and errors alike, held against the assumed contract.

use crate::{
    openapi::OpenApi,
    sandbox::{Answer, Sandbox, send},
};
use reqwest::Method;
use serde_json::{Value, json};

const DOMAINS: &str = "/okta/v1/domains";
const DOMAIN: &str = "/okta/v1/domains/{id}";
const AUTHORIZE: &str = "/okta/v1/domains/{id}/authorize";
const BACKUPS: &str = "/okta/v1/domains/{id}/backups";

/// Those that need a token.
const OPERATIONS: [(&str, &str); 7] = [
    ("get", DOMAINS),
    ("post", DOMAINS),
    ("get", DOMAIN),
    ("patch", DOMAIN),
    ("delete", DOMAIN),
    ("post", AUTHORIZE),
    ("post", BACKUPS),
];

#[test]
fn the_druva_contract() {
    let spec = OpenApi::load("okta-links.openapi.yaml");
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let credentials = json!({"clientId": installed.id, "clientSecret": installed.secret});
    let link = json!({"oktaDomain": sandbox.okta, "clientId": installed.id, "clientSecret": installed.secret});
    let check = |status: u16, method: &str, template: &str, answer: Answer| {
        assert_eq!(answer.status, status, "{method} {template} {}", answer.body);
        spec.check(method, template, &answer);
        answer
    };

    check(200, "post", "/token", sandbox.druva_token());
    let wrong = sandbox.bare(Method::POST, &format!("{}/token", sandbox.druva)).basic_auth("wrong", Some("wrong"));
    check(401, "post", "/token", send(wrong.form(&[("grant_type", "client_credentials")])));

    check(400, "post", DOMAINS, sandbox.druva_post(DOMAINS, &json!({})));
    let id = check(201, "post", DOMAINS, sandbox.druva_post(DOMAINS, &link)).text("/id");
    check(409, "post", DOMAINS, sandbox.druva_post(DOMAINS, &link));
    for (status, template) in [(200, id.as_str()), (404, "none")].map(|(status, id)| (status, id.to_owned())) {
        let path = format!("{DOMAINS}/{template}");
        check(status, "get", DOMAIN, sandbox.druva_get(&path));
        check(status, "post", AUTHORIZE, sandbox.druva_post(&format!("{path}/authorize"), &credentials));
        let conflict = if status == 200 { 409 } else { 404 };
        check(conflict, "post", BACKUPS, sandbox.druva_post(&format!("{path}/backups"), &Value::Null));
        let switch = sandbox.druva(Method::PATCH, &path).json(&json!({"backupEnabled": true}));
        check(status, "patch", DOMAIN, send(switch));
        let started = if status == 200 { 202 } else { 404 };
        check(started, "post", BACKUPS, sandbox.druva_post(&format!("{path}/backups"), &Value::Null));
    }
    let path = format!("{DOMAINS}/{id}");
    let switch = |body: Value| send(sandbox.druva(Method::PATCH, &path).json(&body));
    check(422, "patch", DOMAIN, switch(json!({"storageRegion": "eu"})));
    check(200, "patch", DOMAIN, switch(json!({"cloudKeyManagementEnabled": true})));
    check(409, "patch", DOMAIN, switch(json!({"cloudKeyManagementEnabled": false})));
    let wrong = json!({"clientId": installed.id, "clientSecret": "wrong"});
    check(400, "post", AUTHORIZE, sandbox.druva_post(&format!("{path}/authorize"), &wrong));

    sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "token revoked"}));
    sandbox.drift(json!({"action": "link", "okta_domain": "other.okta.com", "client_id": "c", "client_secret": "s"}));
    sandbox.set(json!({"druva_page_size": 1}));
    let page = check(200, "get", DOMAINS, sandbox.druva_get(DOMAINS));
    assert!(!page.text("/nextPageToken").is_empty());

    let url = format!("{}{DOMAINS}", sandbox.druva);
    for status in [401, 403] {
        sandbox.set(json!({"expired_token_status": status}));
        check(status, "get", DOMAINS, send(sandbox.bare(Method::GET, &url).bearer_auth("wrong")));
        check(status, "post", DOMAINS, send(sandbox.bare(Method::POST, &url).bearer_auth("wrong").json(&link)));
    }
    sandbox.set(json!({"druva_role": "product_admin"}));
    check(403, "post", DOMAINS, sandbox.druva_post(DOMAINS, &link));
    sandbox.set(json!({"druva_role": "druva_cloud_admin"}));
    check(404, "delete", DOMAIN, send(sandbox.druva(Method::DELETE, &format!("{DOMAINS}/none"))));
    check(204, "delete", DOMAIN, send(sandbox.druva(Method::DELETE, &path)));

    let form = [("grant_type", "password")];
    let (client, secret) = &sandbox.druva_credentials;
    let url = format!("{}/token", sandbox.druva);
    check(400, "post", "/token", send(sandbox.bare(Method::POST, &url).basic_auth(client, Some(secret)).form(&form)));
    check(400, "get", DOMAINS, sandbox.druva_get(&format!("{DOMAINS}?pageToken=none")));
    for (method, template) in OPERATIONS {
        let path = template.replace("{id}", &id);
        let request = sandbox.bare(method.to_uppercase().parse().unwrap(), &format!("{}{path}", sandbox.druva));
        check(403, method, template, send(request.bearer_auth("wrong").json(&link)));
    }

    // Druva documents no limits: 429 is for faults to play, and so is a refusal to link with a status that is not listed.
    let is_a_fault = |answer: &String| answer.ends_with("429") || *answer == format!("post {DOMAINS} default");
    let unseen: Vec<String> = spec.unseen().into_iter().filter(|answer| !is_a_fault(answer)).collect();
    assert_eq!(unseen, Vec::<String>::new());
}

/// What differs from account to account, and from answer to answer.
#[test]
fn the_unkind_answers_are_in_the_contract_too() {
    let spec = OpenApi::load("okta-links.openapi.yaml");
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    sandbox.set(json!({"druva_expires_in": null, "not_connected_status": "NOT_LICENSED", "druva_page_size": 1}));
    for _ in 0..3 {
        spec.check_schema("post", "/token", &sandbox.druva_token());
    }
    for ids in ["text", "digits", "number"] {
        sandbox.set(json!({"link_ids": ids}));
        let linked = sandbox.link(&installed);
        assert_eq!(linked.status, 201, "{}", linked.body);
        spec.check("post", DOMAINS, &linked);
        let again = sandbox.link(&installed);
        assert_eq!((again.status, &again.body["data"]["id"]), (409, &linked.body["id"]));
        spec.check("post", DOMAINS, &again);
        let id = linked.body["id"].as_str().map_or_else(|| linked.body["id"].to_string(), str::to_owned);
        let path = format!("{DOMAINS}/{id}");
        sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "no licence"}));
        let read = sandbox.druva_get(&path);
        assert_eq!(read.text("/appStatus"), "NOT_LICENSED");
        spec.check("get", DOMAIN, &read);
        sandbox.drift(json!({"action": "delete_domain", "id": id}));
    }

    let refused = |message: &str, body: &Value| {
        for (method, template) in OPERATIONS {
            let request = sandbox.druva(method.to_uppercase().parse().unwrap(), &template.replace("{id}", "1"));
            let answer = send(request.json(body));
            assert_eq!((answer.status, answer.text("/message").as_str()), (403, message), "{method} {template}");
            spec.check(method, template, &answer);
        }
    };
    sandbox.set(json!({"druva_okta_api": false}));
    refused("Missing Authentication Token", &json!({}));
    sandbox.set(json!({"druva_okta_api": true, "druva_other_cloud": true}));
    refused("User is not authorized to access this resource with an explicit deny", &json!({}));
}
