//! Druva: tokens, links and the state of their connections.

use crate::sandbox::{API_SERVICES, Sandbox, send};
use reqwest::Method;
use serde_json::{Value, json};

const DOMAINS: &str = "/okta/v1/domains";

fn first_secret(sandbox: &Sandbox) -> String {
    sandbox.ask("state")["okta"]["integrations"][0]["secrets"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_link_starts_connected_with_everything_off() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let linked = sandbox.link(&installed);
    assert_eq!(linked.status, 201, "{}", linked.body);
    assert_eq!(linked.text("/oktaDomain"), sandbox.okta.trim_start_matches("http://"));
    assert_eq!(linked.text("/clientId"), installed.id);
    assert_eq!(linked.text("/appStatus"), "CONNECTED");
    assert_eq!(linked.body["appStatusReason"], Value::Null);
    assert_eq!(linked.body["backupEnabled"], false);
    assert_eq!(linked.body["cloudKeyManagementEnabled"], false);
    assert_eq!(linked.text("/storageRegion"), "us-east-1");
    assert_eq!(linked.text("/backupFrequency"), "Daily");
    assert_eq!(linked.text("/backupRetention"), "One year");
    assert!(!linked.header("x-request-id").is_empty());
}

#[test]
fn an_org_is_linked_once_however_it_is_spelled() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let id = sandbox.link(&installed).text("/id");
    let host = sandbox.okta.trim_start_matches("http://");
    for spelling in [host.to_owned(), format!("http://{host}/")] {
        let body = json!({"oktaDomain": spelling, "clientId": installed.id, "clientSecret": installed.secret});
        let again = sandbox.druva_post(DOMAINS, &body);
        assert_eq!((again.status, again.text("/data/id")), (409, id.clone()), "{spelling}");
    }
    // To Druva, another address of the org is another domain.
    let elsewhere = sandbox.okta.replace("127.0.0.1", "localhost");
    let body = json!({"oktaDomain": elsewhere, "clientId": installed.id, "clientSecret": installed.secret});
    assert_eq!(sandbox.druva_post(DOMAINS, &body).status, 201);
}

#[test]
fn credentials_are_really_checked_with_okta() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let other = "elsewhere.okta.com";
    let wrong = [
        (sandbox.okta.as_str(), installed.id.as_str(), "wrong"),
        (&sandbox.okta, "0oaUnknown", &installed.secret),
        (other, &installed.id, &installed.secret),
    ];
    for (domain, id, secret) in wrong {
        let body = json!({"oktaDomain": domain, "clientId": id, "clientSecret": secret});
        let refused = sandbox.druva_post(DOMAINS, &body);
        assert_eq!((refused.status, refused.text("/code").as_str()), (400, "OKTA_AUTHORIZATION_FAILED"), "{body}");
    }
    assert_eq!(sandbox.druva_get(DOMAINS).body, json!({"domains": []}));
}

#[test]
fn the_status_follows_what_okta_says_now() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let path = format!("{DOMAINS}/{}", sandbox.link(&installed).text("/id"));
    let secret_id = first_secret(&sandbox);

    sandbox.drift(json!({"action": "deactivate_secret", "id": installed.id, "secret_id": secret_id}));
    let down = sandbox.druva_get(&path);
    assert_eq!(down.text("/appStatus"), "NOT_CONNECTED");
    assert!(down.text("/appStatusReason").contains("secret"));
    sandbox.drift(json!({"action": "activate_secret", "id": installed.id, "secret_id": secret_id}));
    assert_eq!(sandbox.druva_get(&path).text("/appStatus"), "CONNECTED");
    sandbox.drift(json!({"action": "delete_integration", "id": installed.id}));
    assert_eq!(sandbox.druva_get(&path).text("/appStatus"), "NOT_CONNECTED");
}

#[test]
fn a_failed_authorization_keeps_the_previous_credentials() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let path = format!("{DOMAINS}/{}", sandbox.link(&installed).text("/id"));
    let authorize = |secret: &str| {
        sandbox.druva_post(&format!("{path}/authorize"), &json!({"clientId": installed.id, "clientSecret": secret}))
    };
    let held = || sandbox.ask("state")["druva"]["domains"][0]["secret_hash"].clone();
    let before = held();

    let refused = authorize("wrong");
    assert_eq!((refused.status, refused.text("/code").as_str()), (400, "OKTA_AUTHORIZATION_FAILED"));
    assert_eq!(held(), before);
    assert_eq!(sandbox.druva_get(&path).text("/appStatus"), "CONNECTED");

    let second = sandbox.okta_post(&format!("{API_SERVICES}/{}/credentials/secrets", installed.id), &Value::Null);
    assert_eq!(authorize(&second.text("/client_secret")).status, 200);
    assert_eq!(held(), second.body["secret_hash"]);
}

#[test]
fn a_connection_may_take_time_and_may_be_refused() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"connect_delay_ms": 400, "connect_refused_reason": "consent is missing"}));
    let installed = sandbox.install();
    let linked = sandbox.link(&installed);
    assert_eq!((linked.status, linked.text("/appStatus").as_str()), (201, "CONNECTING"));
    std::thread::sleep(std::time::Duration::from_millis(450));
    let path = format!("{DOMAINS}/{}", linked.text("/id"));
    let down = sandbox.druva_get(&path);
    assert_eq!(down.text("/appStatus"), "NOT_CONNECTED");
    assert_eq!(down.text("/appStatusReason"), "consent is missing");

    sandbox.set(json!({"connect_delay_ms": 0, "connect_refused_reason": null}));
    let body = json!({"clientId": installed.id, "clientSecret": installed.secret});
    assert_eq!(sandbox.druva_post(&format!("{path}/authorize"), &body).text("/appStatus"), "CONNECTED");
}

#[test]
fn the_history_shows_every_change_and_its_request() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let id = sandbox.link(&installed).text("/id");
    let secret = format!("{API_SERVICES}/{}/credentials/secrets/{}", installed.id, first_secret(&sandbox));
    sandbox.okta_post(&format!("{secret}/lifecycle/deactivate"), &Value::Null);
    sandbox.okta_post(&format!("{secret}/lifecycle/activate"), &Value::Null);

    let history = sandbox.ask("connection_history");
    let statuses: Vec<&Value> = history.as_array().unwrap().iter().map(|change| &change["status"]).collect();
    assert_eq!(statuses, ["CONNECTED", "NOT_CONNECTED", "CONNECTED"]);
    assert_eq!(history[0]["domain_id"], id);
    let requests = sandbox.ask("requests");
    let blamed = history[1]["after_request"].as_u64().unwrap() as usize - 1;
    assert!(requests[blamed]["path"].as_str().unwrap().ends_with("/lifecycle/deactivate"));
}

#[test]
fn switches_and_backups() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let path = format!("{DOMAINS}/{}", sandbox.link(&installed).text("/id"));
    let backups = format!("{path}/backups");
    assert_eq!(sandbox.druva_post(&backups, &Value::Null).status, 409);

    let on = send(sandbox.druva(Method::PATCH, &path).json(&json!({"backupEnabled": true})));
    assert_eq!((on.status, &on.body["backupEnabled"]), (200, &json!(true)));
    assert_eq!(on.body["cloudKeyManagementEnabled"], false);
    let started = sandbox.druva_post(&backups, &Value::Null);
    assert_eq!(started.status, 202);
    assert!(!started.text("/jobId").is_empty());
    assert_eq!(sandbox.druva_get(&path).text("/lastBackup/status"), "Successful");

    assert_eq!(send(sandbox.druva(Method::DELETE, &path)).status, 204);
    let gone = sandbox.druva_get(&path);
    assert_eq!((gone.status, gone.text("/code").as_str()), (404, "DOMAIN_NOT_FOUND"));
}

#[test]
fn the_list_is_paged_and_filtered() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"druva_page_size": 2}));
    let ids: Vec<Value> = (0..5)
        .map(|n| {
            let link = json!({"action": "link", "okta_domain": format!("org{n}.okta.com"), "client_id": "c",
                              "client_secret": "s"});
            sandbox.drift(link)["id"].clone()
        })
        .collect();

    let mut seen = Vec::new();
    let mut path = DOMAINS.to_owned();
    loop {
        let page = sandbox.druva_get(&path).body;
        seen.extend(page["domains"].as_array().unwrap().iter().map(|domain| domain["id"].clone()));
        let Some(token) = page.get("nextPageToken") else { break };
        path = format!("{DOMAINS}?pageToken={}", token.as_str().unwrap());
    }
    assert_eq!(seen, ids);

    let one = sandbox.druva_get(&format!("{DOMAINS}?oktaDomain=org3.okta.com")).body;
    assert_eq!(one["domains"].as_array().unwrap().len(), 1);
    assert_eq!(one["domains"][0]["id"], ids[3]);
    assert_eq!(sandbox.druva_get(&format!("{DOMAINS}?oktaDomain=org")).body, json!({"domains": []}));
}

#[test]
fn tokens_expire_with_the_status_that_is_set() {
    let sandbox = Sandbox::start();
    let list =
        |token: &str| send(sandbox.bare(Method::GET, &format!("{}{DOMAINS}", sandbox.druva)).bearer_auth(token)).status;
    let issued = sandbox.druva_token();
    assert_eq!(issued.body["expires_in"], 1800);
    let token = issued.text("/access_token");
    assert_eq!(list(&token), 200);
    sandbox.drift(json!({"action": "revoke_druva_tokens"}));
    assert_eq!(list(&token), 403);
    sandbox.set(json!({"expired_token_status": 401, "druva_token_lifetime_seconds": 0}));
    assert_eq!(list(&sandbox.druva_token().text("/access_token")), 401);

    let wrong = sandbox.bare(Method::POST, &format!("{}/token", sandbox.druva)).basic_auth("wrong", Some("wrong"));
    let wrong = send(wrong.form(&[("grant_type", "client_credentials")]));
    assert_eq!((wrong.status, wrong.text("/code").as_str()), (401, "INVALID_CREDENTIALS"));
}

#[test]
fn a_product_admin_only_watches() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let path = format!("{DOMAINS}/{}", sandbox.link(&installed).text("/id"));
    sandbox.set(json!({"druva_role": "product_admin"}));
    assert_eq!(sandbox.druva_get(&path).status, 200);
    let refused = send(sandbox.druva(Method::DELETE, &path));
    assert_eq!((refused.status, refused.text("/code").as_str()), (403, "FORBIDDEN"));
}

#[test]
fn the_api_may_not_exist_for_the_account() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"druva_okta_api": false}));
    for path in [DOMAINS, "/okta/v1/domains/x", "/okta/v1/else"] {
        let answer = sandbox.druva_get(path);
        assert_eq!((answer.status, &answer.body), (403, &json!({"message": "Missing Authentication Token"})), "{path}");
    }
}
