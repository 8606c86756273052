//! Each kind of fault, and which requests it strikes.

use crate::sandbox::{API_SERVICES, Answer, SCOPES, Sandbox, TYPE, send, try_send, wait};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn install(sandbox: &Sandbox) -> RequestBuilder {
    sandbox.okta(Method::POST, API_SERVICES).json(&json!({"type": TYPE, "grantedScopes": SCOPES}))
}

fn installed(sandbox: &Sandbox) -> usize {
    sandbox.ask("state")["okta"]["integrations"].as_array().unwrap().len()
}

fn last_request(sandbox: &Sandbox) -> Value {
    sandbox.ask("requests").as_array().unwrap().last().unwrap().clone()
}

#[test]
fn an_answer_of_its_own_before_or_after_acting() {
    let sandbox = Sandbox::start();
    let respond = |after: bool| {
        let respond = json!({"status": 503, "headers": {"Retry-After": "1"}, "body": {"busy": true},
                             "after_acting": after});
        sandbox.fault(json!({"side": "okta", "method": "POST", "path": "api-services$", "do": {"respond": respond}}));
    };
    let check = |answer: Answer| {
        assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
        assert_eq!(answer.body, json!({"busy": true}));
    };
    respond(false);
    check(send(install(&sandbox)));
    assert_eq!(installed(&sandbox), 0);
    assert_eq!(last_request(&sandbox)["acted"], false);
    respond(true);
    check(send(install(&sandbox)));
    assert_eq!(installed(&sandbox), 1);
    assert_eq!(last_request(&sandbox)["acted"], true);
    assert_eq!(send(install(&sandbox)).status, 201);
}

#[test]
fn a_string_is_sent_as_it_is() {
    let sandbox = Sandbox::start();
    let respond = json!({"status": 502, "headers": {"Content-Type": "text/html"}, "body": "<html>Bad Gateway</html>"});
    sandbox.fault(json!({"path": ".", "do": {"respond": respond}}));
    let answer = sandbox.okta_get(API_SERVICES);
    assert_eq!(answer.body, "<html>Bad Gateway</html>");
    assert_eq!(answer.header("content-type"), "text/html");
}

#[test]
fn a_connection_is_dropped_before_or_after_acting() {
    let sandbox = Sandbox::start();
    for (close, expected) in [("before", 0), ("after", 1)] {
        sandbox.fault(json!({"method": "POST", "path": "/api-services$", "do": {"close": close}}));
        let error = try_send(install(&sandbox)).err().expect("no answer");
        assert!(error.is_request(), "{error:?}");
        assert_eq!(installed(&sandbox), expected, "{close}");
        assert_eq!(last_request(&sandbox)["acted"], close == "after");
        assert_eq!(last_request(&sandbox)["status"], Value::Null);
    }
}

#[test]
fn an_answer_is_cut_short() {
    let sandbox = Sandbox::start();
    sandbox.fault(json!({"method": "POST", "path": "/api-services$", "do": {"truncate": true}}));
    wait(async {
        let response = install(&sandbox).send().await.expect("a status line");
        assert_eq!(response.status(), 201);
        let announced = response.content_length().unwrap();
        assert!(announced > 100, "{announced}");
        response.text().await.expect_err("half a body");
    });
    assert_eq!(installed(&sandbox), 1);
}

#[test]
fn a_client_that_gives_up_does_not_undo_its_request() {
    let sandbox = Sandbox::start();
    for after in [false, true] {
        sandbox.fault(json!({"path": "/api-services$", "do": {"delay_ms": 400, "after_acting": after}}));
        let begun = Instant::now();
        let error = try_send(install(&sandbox).timeout(Duration::from_millis(150))).err().expect("too slow");
        assert!(error.is_timeout() && begun.elapsed() < Duration::from_millis(390), "{error:?}");
        assert_eq!(installed(&sandbox), usize::from(after) * 2);
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(installed(&sandbox), usize::from(after) + 1);
    }
}

#[test]
fn a_delay_goes_with_another_effect() {
    let sandbox = Sandbox::start();
    sandbox.fault(json!({"path": "/api-services$", "do": {"delay_ms": 200, "respond": {"status": 500}}}));
    let begun = Instant::now();
    assert_eq!(send(install(&sandbox)).status, 500);
    assert!(begun.elapsed() >= Duration::from_millis(200));
    assert_eq!(installed(&sandbox), 0);
}

#[test]
fn the_nth_request_is_struck_as_often_as_told() {
    let sandbox = Sandbox::start();
    sandbox.fault(json!({"side": "okta", "path": "^/integrations", "nth": 2, "times": 2,
                         "do": {"respond": {"status": 500}}}));
    sandbox.druva_get("/okta/v1/domains");
    let statuses: Vec<u16> = (0..4).map(|_| sandbox.okta_get(API_SERVICES).status).collect();
    assert_eq!(statuses, [200, 500, 500, 200]);
    let fault = sandbox.ask("faults")[0].clone();
    assert_eq!((&fault["matched"], &fault["hits"]), (&json!(4), &json!(2)));
    assert_eq!(fault["path"], "^/integrations");

    sandbox.fault(json!({"path": ".", "times": 100, "do": {"respond": {"status": 500}}}));
    sandbox.control(Method::DELETE, "faults", &Value::Null);
    assert_eq!(sandbox.okta_get(API_SERVICES).status, 200);
}

#[test]
fn control_calls_are_never_struck_and_bad_faults_are_refused() {
    let sandbox = Sandbox::start();
    let arm = |fault: Value| sandbox.control(Method::POST, "faults", &fault).status;
    assert_eq!(arm(json!({"path": ".", "times": 100, "do": {"close": "before"}})), 201);
    assert_eq!(arm(json!({"path": "(", "do": {"close": "before"}})), 400);
    assert_eq!(arm(json!({"path": ".", "do": {}})), 400);
    assert_eq!(arm(json!({"path": ".", "do": {"close": "before", "truncate": true}})), 400);
    assert_eq!(arm(json!({"path": ".", "do": {"respond": {"status": 99}}})), 400);
    assert_eq!(arm(json!({"path": ".", "where": 1, "do": {"close": "before"}})), 400);
    try_send(sandbox.okta(Method::GET, API_SERVICES)).err().expect("no answer");
    let side = sandbox.bare(Method::GET, &format!("{}/_sandbox/state", sandbox.druva));
    assert_eq!(send(side).status, 200);
}
