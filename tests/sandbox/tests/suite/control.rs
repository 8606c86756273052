//! The other control calls, and how the program ends.

use crate::sandbox::{API_SERVICES, Sandbox, TYPE, strings};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
    time::Instant,
};

#[test]
fn every_secret_is_known_even_after_it_is_gone() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let second = sandbox
        .okta_post(&format!("{API_SERVICES}/{}/credentials/secrets", installed.id), &Value::Null)
        .text("/client_secret");
    let okta_token = sandbox.okta_token(&installed.id, &installed.secret, "okta.users.manage").text("/access_token");
    let druva_token = sandbox.druva_token().text("/access_token");
    sandbox.okta_delete(&format!("{API_SERVICES}/{}", installed.id));
    sandbox.control(Method::POST, "reset", &Value::Null);

    let known = strings(&sandbox.ask("secrets"));
    let (_, druva_secret) = &sandbox.druva_credentials;
    for secret in [&installed.secret, &second, &okta_token, &druva_token, &sandbox.api_token, druva_secret] {
        assert!(known.contains(secret));
    }
    assert_eq!(strings(&sandbox.ask("secrets?from=2")), known[2..]);
}

#[test]
fn a_reset_forgets_all_but_the_credentials() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"okta_page_size": 1}));
    let installed = sandbox.install();
    sandbox.link(&installed);
    sandbox.fault(json!({"path": ".", "do": {"close": "before"}}));
    sandbox.control(Method::POST, "reset", &Value::Null);
    assert_eq!(sandbox.ask("state"), json!({"okta": {"integrations": []}, "druva": {"domains": []}}));
    assert_eq!(sandbox.ask("faults"), json!([]));
    assert_eq!(sandbox.ask("requests"), json!([]));
    assert_eq!(sandbox.ask("connection_history"), json!([]));
    assert_eq!(sandbox.ask("settings")["okta_page_size"], 20);
    assert_eq!(sandbox.okta_get(API_SERVICES).status, 200);
}

#[test]
fn a_snapshot_can_be_returned_to_again_and_again() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    sandbox.link(&installed);
    sandbox.set(json!({"okta_page_size": 1}));
    let before = ["state", "settings", "connection_history"].map(|what| sandbox.ask(what));
    sandbox.control(Method::PUT, "snapshots/linked", &Value::Null);
    for _ in 0..2 {
        sandbox.okta_delete(&format!("{API_SERVICES}/{}", installed.id));
        sandbox.fault(json!({"path": ".", "do": {"close": "before"}}));
        sandbox.control(Method::POST, "reset", &Value::Null);
        assert_eq!(sandbox.control(Method::POST, "snapshots/linked", &Value::Null).status, 200);
        assert_eq!(["state", "settings", "connection_history"].map(|what| sandbox.ask(what)), before);
        assert_eq!((sandbox.ask("faults"), sandbox.ask("requests")), (json!([]), json!([])));
    }
    assert_eq!(sandbox.control(Method::POST, "snapshots/other", &Value::Null).status, 404);
}

#[test]
fn the_log_counts_on_after_a_reset() {
    let sandbox = Sandbox::start();
    sandbox.okta_get(API_SERVICES);
    sandbox.control(Method::POST, "reset", &Value::Null);
    sandbox.okta_get(API_SERVICES);
    assert_eq!(sandbox.ask("requests")[0]["n"], 2);
}

#[test]
fn unknown_or_unfit_settings_are_refused() {
    let sandbox = Sandbox::start();
    let before = sandbox.ask("settings");
    let bad = [
        json!({"okta_pagesize": 1}),
        json!({"okta_page_size": 0}),
        json!({"expired_token_status": 500}),
        json!({"okta_role": "KING"}),
        json!({"druva_role": null}),
        json!([]),
    ];
    for settings in bad {
        let answer = sandbox.control(Method::PATCH, "settings", &settings);
        assert_eq!(answer.status, 400, "{settings}");
        assert!(!answer.text("/message").is_empty());
    }
    assert_eq!(sandbox.ask("settings"), before);
}

#[test]
fn latency_is_the_same_for_each_request_and_is_not_queued_for() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"latency_ms": 400}));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| sandbox.okta_get(API_SERVICES));
            scope.spawn(|| sandbox.druva_token());
        }
    });
    // Seven of eight would be late if they waited for each other.
    assert!((400..2000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    // Control calls do not wait: the client gives up after ten seconds.
    sandbox.set(json!({"latency_ms": 60_000}));
    sandbox.set(json!({"latency_ms": 0}));
    assert_eq!(sandbox.okta_get(API_SERVICES).status, 200);
}

#[test]
fn requests_are_logged_for_both_sides() {
    let sandbox = Sandbox::start();
    sandbox.okta_get(&format!("{API_SERVICES}?after="));
    sandbox.druva_token();
    let requests = sandbox.ask("requests");
    assert_eq!(requests.as_array().unwrap().len(), 2);
    assert_eq!((&requests[0]["n"], &requests[0]["side"]), (&json!(1), &json!("okta")));
    assert_eq!((&requests[0]["path"], &requests[0]["query"]), (&json!(API_SERVICES), &json!("after=")));
    assert_eq!((&requests[1]["side"], &requests[1]["method"]), (&json!("druva"), &json!("POST")));
    assert_eq!((&requests[1]["status"], &requests[1]["acted"]), (&json!(200), &json!(true)));
    sandbox.control(Method::DELETE, "requests", &Value::Null);
    assert_eq!(sandbox.ask("requests"), json!([]));
}

/// All bytes of the connection, heads included. Calls of the control interface do not count.
#[test]
fn bytes_are_counted_for_both_sides() {
    let sandbox = Sandbox::start();
    let request = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut answer = Vec::new();
    let mut stream = TcpStream::connect(sandbox.okta.trim_start_matches("http://")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.read_to_end(&mut answer).unwrap();
    sandbox.druva_token();

    let traffic = sandbox.ask("traffic");
    assert_eq!(traffic["okta"], json!({"requests": 1, "received": request.len(), "sent": answer.len()}));
    assert_eq!(traffic["druva"]["requests"], 1);
    assert!(traffic["druva"]["received"].as_u64() > Some(100) && traffic["druva"]["sent"].as_u64() > Some(100));
    sandbox.control(Method::DELETE, "requests", &Value::Null);
    assert_eq!(sandbox.ask("traffic")["okta"], json!({"requests": 0, "received": 0, "sent": 0}));
}

#[test]
fn the_state_holds_hashes_instead_of_secrets() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    sandbox.link(&installed);
    let state = sandbox.ask("state");
    assert_eq!(state["okta"]["integrations"][0]["type"], TYPE);
    let hash = &state["okta"]["integrations"][0]["secrets"][0]["secret_hash"];
    assert_eq!(&state["druva"]["domains"][0]["secret_hash"], hash);
    assert!(!state.to_string().contains(&installed.secret));
}

#[test]
fn it_ends_with_its_standard_input() {
    assert!(Sandbox::start().ends_with_stdin());
}

#[cfg(unix)]
#[test]
fn it_ends_when_told_to() {
    for signal in ["TERM", "INT"] {
        assert!(Sandbox::start().ends_on(signal), "{signal}");
    }
}

#[test]
fn it_listens_on_loopback_only() {
    let program = env!("CARGO_BIN_EXE_druva-okta-sandbox");
    for option in ["--okta-listen", "--druva-listen"] {
        let output = Command::new(program).args([option, "0.0.0.0:0"]).output().unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("loopback"));
    }
    assert!(Command::new(program).arg("--help").output().unwrap().status.success());
}
