//! How often access tokens are fetched.

use serde_json::json;
use testkit::keys::Key;

use crate::lab::{BOTH, Lab};
use crate::service_apps::{PEM, lab};

const TOKEN: &str = "POST /oauth2/v1/token";

fn token_requests(lab: &Lab) -> usize {
    lab.sandbox.requests().iter().filter(|request| *request == TOKEN).count()
}

#[test]
fn many_resources_at_once_share_one_token() {
    let lab = lab(&Key::ec(), false, PEM);
    lab.sandbox.settings(json!({"lists_any_type": true}));
    lab.configure("resource \"druva_okta_integration\" \"many\" {\n  count = 12\n  type = \"druva_${count.index}\"\n}");
    lab.apply();
    lab.sandbox.clear_requests();
    // Slow enough for all of them to want one before there is one.
    lab.sandbox.fault(json!({"side": "okta", "path": "/token$", "do": {"delay_ms": 1000}}));
    lab.run(&["plan", "-parallelism=12"]).expect_success();
    assert_eq!(token_requests(&lab), 1);
    assert!(lab.sandbox.requests().len() > 12);
}

#[test]
fn tokens_that_live_shorter_than_an_operation_are_renewed() {
    let lab = lab(&Key::ec(), false, PEM);
    lab.sandbox.settings(json!({"okta_token_lifetime_seconds": 2}));
    lab.configure(BOTH);
    lab.sandbox.fault(json!({"side": "okta", "path": "/api-services", "times": 4, "do": {"delay_ms": 1200}}));
    lab.apply();
    assert!(token_requests(&lab) > 3, "{:?}", lab.sandbox.requests());
    lab.plan_is_empty();
    lab.destroy();
}
