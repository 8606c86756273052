//! Slow answers, refused rates, and timeouts.

use std::time::{Duration, Instant};

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::druva_paths;
use crate::lab::{BOTH, LINK, Lab, both};

#[test]
fn creating_waits_until_druva_is_connected() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"connect_delay_ms": 1200}));
    lab.apply();
    assert_eq!(lab.attributes(LINK)["status"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_rate_limit_is_waited_for_as_told_also_where_something_is_created() {
    let lab = Lab::with_arguments("max_retries = 0", BOTH);
    let limited = |side: &str, path: &str| {
        lab.sandbox.fault(json!({
            "side": side, "method": "POST", "path": path,
            "do": {"respond": {"status": 429, "headers": {"Retry-After": "2"}, "body": {
                "errorCode": "E0000047", "errorSummary": "API call exceeded rate limit due to too many requests.",
            }}},
        }));
    };
    limited("okta", "/api-services$");
    limited("druva", &druva_paths::links());
    let start = Instant::now();
    lab.apply();
    assert!(start.elapsed() >= Duration::from_secs(4), "it waited twice");
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.destroy();
}

#[test]
fn a_rate_limit_that_lasts_longer_than_the_timeout_is_an_error_that_says_so() {
    let lab = Lab::new(&both("timeouts { create = \"10s\" }", ""));
    lab.sandbox.fault(json!({
        "side": "okta", "method": "POST", "path": "/api-services$",
        "do": {"respond": {"status": 429, "headers": {"Retry-After": "120"}}},
    }));
    let start = Instant::now();
    lab.apply_fails().says(&[
        "Cannot install the integration",
        "limits the rate of requests and asks to wait 120 s, which is longer than the operation may take",
        "raise the value in the timeouts block",
    ]);
    assert!(start.elapsed() < Duration::from_secs(10), "waiting is pointless");
}

#[test]
fn two_bad_answers_are_repeated_where_that_is_safe() {
    let lab = Lab::new(BOTH);
    let link = druva_paths::link();
    for (side, method, path) in [
        ("okta", "GET", "/api-services$"),
        ("okta", "POST", "/token$"),
        ("druva", "POST", "/token$"),
        ("druva", "PATCH", link.as_str()),
    ] {
        lab.sandbox.fault(json!({
            "side": side, "method": method, "path": path, "times": 2,
            "do": {"respond": {"status": 503, "body": "<html>Bad gateway</html>"}},
        }));
    }
    lab.apply();
    lab.plan_is_empty();
    lab.sandbox.fault(json!({
        "method": "DELETE", "path": ".", "times": 2, "do": {"respond": {"status": 503, "after_acting": true}},
    }));
    lab.destroy();
}

#[test]
fn a_druva_token_that_expires_on_the_way_is_renewed() {
    let lab = Lab::new(BOTH);
    for status in [403, 401] {
        lab.sandbox.settings(json!({"expired_token_status": status, "connect_delay_ms": 1500}));
        lab.sandbox.fault(json!({
            "side": "druva", "method": "GET", "path": druva_paths::link(),
            "do": {"respond": {"status": status, "body": {"code": status, "message": "The incoming token has expired"}}},
        }));
        lab.apply();
        assert_eq!(lab.attributes(LINK)["status"], AppStatus::CONNECTED);
        lab.destroy();
    }
}
