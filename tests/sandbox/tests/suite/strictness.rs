//! What the sandbox is strict about by default, each with the fact that it follows.

use crate::sandbox::{API_SERVICES, Answer, OTHER_TYPE, SCOPES, Sandbox, TYPE, send};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const DOMAINS: &str = "/okta/v1/domains";

fn install(sandbox: &Sandbox, kind: &str, scopes: &[&str]) -> Answer {
    sandbox.okta_post(API_SERVICES, &json!({"type": kind, "grantedScopes": scopes}))
}

fn cause(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.text("/errorCode").as_str()), (400, "E0000001"), "{}", answer.body);
    answer.text("/errorCauses/0/errorSummary")
}

/// How long until `seen` says so.
fn until(seen: impl Fn() -> bool) -> Duration {
    let start = Instant::now();
    while !seen() {
        assert!(start.elapsed() < Duration::from_secs(5), "it never came");
        std::thread::sleep(Duration::from_millis(20));
    }
    start.elapsed()
}

/// Keys cannot be derived from names; each listing takes its own scopes.
#[test]
fn only_what_is_listed_can_be_installed() {
    let sandbox = Sandbox::start();
    assert!(cause(&install(&sandbox, "druva_data_security_cloud", &SCOPES)).starts_with("type:"));
    assert!(cause(&install(&sandbox, TYPE, &["okta.apiTokens.manage"])).starts_with("grantedScopes:"));
    assert_eq!(install(&sandbox, OTHER_TYPE, &["okta.apiTokens.manage"]).status, 201);
    let installed = install(&sandbox, TYPE, &SCOPES);
    assert_eq!(installed.text("/name"), "Druva Data Security Cloud");
    assert_eq!(install(&sandbox, TYPE, &SCOPES).status, 201, "Okta's own tests install one type three times");

    sandbox.set(json!({"unlisted_type_status": 404, "all_scopes_required": true}));
    assert_eq!(install(&sandbox, "druva_data_security_cloud", &SCOPES).text("/errorCode"), "E0000007");
    assert!(cause(&install(&sandbox, TYPE, &SCOPES)).contains("is missing"));
    sandbox.set(json!({"druva_type": "druva_data_security_cloud", "all_scopes_required": false}));
    assert_eq!(install(&sandbox, "druva_data_security_cloud", &SCOPES).status, 201);
}

#[test]
fn properties_are_an_object_of_texts_or_of_named_values() {
    let sandbox = Sandbox::start();
    let with = |properties: Value| {
        let body = json!({"type": TYPE, "grantedScopes": SCOPES, "properties": properties});
        sandbox.okta_post(API_SERVICES, &body)
    };
    for wrong in [
        json!(null),
        json!([]),
        json!("eu"),
        json!({"region": 1}),
        json!({"region": null}),
        json!({"region": ["eu"]}),
        json!({"region": {"value": 1}}),
        json!({"region": {"name": ["region"]}}),
    ] {
        assert_eq!(with(wrong.clone()).text("/errorCode"), "E0000003", "{wrong}");
    }
    for right in [json!({}), json!({"region": "eu"}), json!({"region": {"name": "region", "value": "eu"}})] {
        assert_eq!(with(right.clone()).body["properties"], right);
    }
}

#[test]
fn what_is_new_takes_its_time_for_each_who_looks() {
    let sandbox = Sandbox::strict(&["--speed", "5"]);
    sandbox.set(json!({"link_ids": "text"}));
    let installed = sandbox.install();
    let path = format!("{API_SERVICES}/{}", installed.id);
    assert_eq!(sandbox.okta_get(&path).status, 404);
    assert_eq!(sandbox.okta_get(&format!("{path}/credentials/secrets")).status, 404);
    assert_eq!(sandbox.okta_get(API_SERVICES).body, json!([]));
    let proof = || sandbox.okta_token(&installed.id, &installed.secret, SCOPES[0]);
    assert_eq!((proof().status, proof().text("/error").as_str()), (401, "invalid_client"));
    let linked = sandbox.link(&installed);
    assert_eq!((linked.status, linked.text("/code").as_str()), (400, "OKTA_AUTHORIZATION_FAILED"));

    let waited = until(|| sandbox.okta_get(&path).status == 200);
    assert!(waited < Duration::from_millis(1500), "one to two seconds of its own clock: {waited:?}");
    until(|| proof().status == 200);
    until(|| sandbox.link(&installed).status == 201);
    assert_eq!(sandbox.okta_get(API_SERVICES).body.as_array().unwrap().len(), 1);
}

#[test]
fn secrets_are_long_in_any_order_and_of_whole_seconds() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    assert_eq!(installed.secret.len(), 64);
    let path = format!("{API_SERVICES}/{}/credentials/secrets", installed.id);
    sandbox.okta_post(&path, &Value::Null);
    let orders: BTreeSet<String> = (0..40).map(|_| sandbox.okta_get(&path).text("/0/id")).collect();
    assert_eq!(orders.len(), 2, "each of them comes first at times");
    for at in ["/0/created", "/1/lastUpdated"] {
        assert!(sandbox.okta_get(&path).text(at).ends_with(".000Z"));
    }
}

/// As `[docs]` has it of both: what stands before the servers wants to know the length.
#[test]
fn a_post_without_body_and_length_is_411() {
    use std::io::{Read as _, Write as _};
    let sandbox = Sandbox::start();
    for (url, path) in [(&sandbox.okta, API_SERVICES), (&sandbox.druva, DOMAINS)] {
        let host = url.trim_start_matches("http://");
        let status = |length: &str| {
            let mut stream = std::net::TcpStream::connect(host).unwrap();
            write!(stream, "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{length}\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer.split(' ').nth(1).unwrap().to_owned()
        };
        assert_eq!((status("").as_str(), status("Content-Length: 0\r\n").as_str()), ("411", "401"), "{path}");
    }
}

#[test]
fn the_clock_can_be_moved() {
    let sandbox = Sandbox::start();
    let date = || httpdate::parse_http_date(sandbox.okta_get(API_SERVICES).header("date")).unwrap();
    let before = date();
    sandbox.set(json!({"clock_ahead_seconds": 600}));
    let ahead = date().duration_since(before).unwrap();
    assert!((600..605).contains(&ahead.as_secs()), "{ahead:?}");
    sandbox.set(json!({"clock_ahead_seconds": -600}));
    assert!(date() < before);
}

#[test]
fn an_unrouted_path_or_method_is_a_missing_token_to_druvas_gateway() {
    let sandbox = Sandbox::start();
    let answers = [
        send(sandbox.bare(Method::GET, &format!("{}/nothing", sandbox.druva))),
        send(sandbox.druva(Method::PUT, DOMAINS).json(&json!({}))),
    ];
    for answer in answers {
        assert_eq!((answer.status, &answer.body), (403, &json!({"message": "Missing Authentication Token"})));
    }
    sandbox.set(json!({"druva_other_cloud": true}));
    let denied = sandbox.druva_get(DOMAINS);
    let message = "User is not authorized to access this resource with an explicit deny";
    assert_eq!((denied.status, denied.body), (403, json!({"message": message, "errorCode": "4294971402"})));
}

#[test]
fn druvas_tokens_say_when_they_expire_in_three_ways() {
    let sandbox = Sandbox::strict(&[]);
    let ways: BTreeSet<String> = (0..3).map(|_| sandbox.druva_token().body["expires_in"].to_string()).collect();
    assert_eq!(ways, ["1800", "\"1800\"", "null"].map(str::to_owned).into());
}

#[test]
fn the_id_of_a_link_is_a_text_or_a_number() {
    let sandbox = Sandbox::start();
    for (kind, is_right) in [
        (
            "text",
            Box::new(|id: &Value| id.as_str().is_some_and(|id| id.starts_with("okd-"))) as Box<dyn Fn(&Value) -> bool>,
        ),
        ("digits", Box::new(|id: &Value| id.as_str().is_some_and(|id| id.parse::<u64>().is_ok()))),
        ("number", Box::new(|id: &Value| id.is_u64())),
    ] {
        sandbox.set(json!({"link_ids": kind}));
        let installed = sandbox.install();
        let linked = sandbox.link(&installed);
        let id = &linked.body["id"];
        assert!(is_right(id), "{kind}: {id}");
        let path = format!("{DOMAINS}/{}", id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        assert_eq!(sandbox.druva_get(&path).body["id"], *id);
        assert_eq!(sandbox.link(&installed).body["data"]["id"], *id);
        assert_eq!(send(sandbox.druva(Method::DELETE, &path)).status, 204);
    }
    let drawn: BTreeSet<String> = (0..30)
        .map(|_| {
            sandbox.control(Method::POST, "reset", &Value::Null);
            sandbox.ask("settings")["link_ids"].to_string()
        })
        .collect();
    assert_eq!(drawn.len(), 3);
}

#[test]
fn cloud_key_management_is_the_accounts_and_stays_on() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let path = format!("{DOMAINS}/{}", sandbox.link(&installed).text("/id"));
    let switch = |body: Value| send(sandbox.druva(Method::PATCH, &path).json(&body));
    assert_eq!(switch(json!({"cloudKeyManagementEnabled": false})).status, 200);
    sandbox.set(json!({"own_keys": true}));
    assert_eq!(switch(json!({"cloudKeyManagementEnabled": true})).text("/code"), "ENTERPRISE_KEY_MANAGEMENT");
    sandbox.set(json!({"own_keys": false}));
    assert_eq!(switch(json!({"cloudKeyManagementEnabled": true})).body["cloudKeyManagementEnabled"], true);
    let off = switch(json!({"cloudKeyManagementEnabled": false, "backupEnabled": true}));
    assert_eq!((off.status, off.text("/code").as_str()), (409, "CLOUD_KEY_MANAGEMENT_ON"));
    assert_eq!(sandbox.druva_get(&path).body["backupEnabled"], false, "a refused change changes nothing");
    let other = json!({"action": "link", "okta_domain": "org.okta.com", "client_id": "c", "client_secret": "s"});
    sandbox.drift(other);
    let all = sandbox.druva_get(DOMAINS).body;
    assert!(all["domains"].as_array().unwrap().iter().all(|link| link["cloudKeyManagementEnabled"] == true));
    assert_eq!(switch(json!({"storageRegion": "eu"})).status, 422);
}

#[test]
fn a_status_may_be_another_word() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"connect_refused_reason": "no licence", "not_connected_status": "NOT_LICENSED"}));
    assert_eq!(sandbox.link(&sandbox.install()).text("/appStatus"), "NOT_LICENSED");
}

#[test]
fn an_org_with_two_addresses_has_one_id() {
    let sandbox = Sandbox::start_with(&["--loopback-addresses", "1"]);
    let id = |address: &str| {
        let base = sandbox.okta.replace("127.0.0.1", address);
        send(sandbox.bare(Method::GET, &format!("{base}/.well-known/okta-organization"))).text("/id")
    };
    assert_eq!(id("127.0.0.1"), id("localhost"));
    assert_ne!(id("127.0.0.1"), id("127.0.0.2"));
}

#[test]
fn a_page_token_and_a_filter_do_not_go_together() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"druva_page_size": 1}));
    for n in 0..2 {
        let link = json!({"action": "link", "okta_domain": format!("org{n}.okta.com"), "client_id": "c", "client_secret": "s"});
        sandbox.drift(link);
    }
    let token = sandbox.druva_get(DOMAINS).text("/nextPageToken");
    assert_eq!(sandbox.druva_get(&format!("{DOMAINS}?pageToken={token}")).status, 200);
    assert_eq!(sandbox.druva_get(&format!("{DOMAINS}?pageToken={token}&oktaDomain=org1.okta.com")).status, 400);
}
