//! Servers that take their time, or say nothing at all.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::sandbox::Sandbox;
use testkit::servers::silent;

use crate::lab::{BOTH, Lab, okta_block};

#[test]
fn a_server_that_says_nothing_is_given_up_after_the_timeout() {
    let address = silent();
    let okta = okta_block(&format!("http://{address}"), "api_token = \"00not-a-token\"");
    let provider = format!("provider \"druva\" {{\n{okta}\nmax_retries = 1\nrequest_timeout_seconds = 2\n}}");
    let lab = Lab::with_sandbox(
        Sandbox::start(),
        &provider,
        "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }",
    );
    let start = Instant::now();
    lab.apply_fails().says(&[
        "Cannot list the installed integrations",
        &format!("{address} did not answer in time (request_timeout_seconds)."),
        "Run the command again, or raise request_timeout_seconds.",
    ]);
    let elapsed = start.elapsed();
    assert!(elapsed >= Duration::from_secs(4), "two tries of two seconds: {elapsed:?}");
    assert!(elapsed < Duration::from_secs(30), "{elapsed:?}");
}

#[test]
fn a_late_answer_is_asked_for_again() {
    let lab = Lab::with_arguments("request_timeout_seconds = 2", BOTH);
    for (side, method, path) in
        [("okta", "GET", "/api-services$"), ("okta", "POST", "/token$"), ("druva", "POST", "/token$")]
    {
        lab.sandbox.fault(json!({"side": side, "method": method, "path": path, "do": {"delay_ms": 3000}}));
    }
    lab.apply();
    lab.plan_is_empty();
    lab.destroy();
}
