//! Service apps on a machine whose clock is wrong.

use serde_json::json;

use crate::keys::Key;
use crate::lab::Lab;
use crate::service_apps::{PEM, lab, whole_life};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" {}";

/// A lab whose Okta is ahead of this machine, which is therefore slow.
fn with_clock_ahead(seconds: i64, demands_dpop: bool) -> Lab {
    let lab = lab(&Key::ec(), demands_dpop, PEM);
    lab.sandbox.settings(json!({"clock_ahead_seconds": seconds}));
    lab
}

/// How often Okta was asked for a token.
fn token_requests(lab: &Lab) -> usize {
    let log = lab.sandbox.control("GET", "requests", None);
    log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/oauth2/v1/token").count()
}

#[test]
fn row_l_a_slow_clock_does_no_harm() {
    whole_life(&with_clock_ahead(90, false));
}

#[test]
fn row_l_a_slow_clock_does_no_harm_with_dpop() {
    whole_life(&with_clock_ahead(400, true));
}

#[test]
fn row_l_a_fast_clock_does_no_harm() {
    whole_life(&with_clock_ahead(-90, false));
}

#[test]
fn row_l_a_fast_clock_does_no_harm_with_dpop() {
    whole_life(&with_clock_ahead(-400, true));
}

#[test]
fn row_l_the_clock_is_named_where_oktas_time_does_not_help() {
    for (seconds, difference) in [(90, "s behind Okta's"), (-90, "s ahead of Okta's")] {
        let lab = with_clock_ahead(seconds, false);
        lab.sandbox.fault(json!({
            "side": "okta", "method": "POST", "path": "/oauth2/v1/token$", "times": 2, "do": {"respond": {
                "status": 401, "body": {"error": "invalid_client", "error_description": "The token is expired."},
            }},
        }));
        lab.configure(ALONE);
        let printed = lab.plan_fails();
        printed.says(&["The clock of this machine is ", difference, "invalid_client: The token is expired."]);
        printed.says(&["Set the clock of this machine", "check okta.client_id, okta.private_key"]);
        assert_eq!(token_requests(&lab), 2, "once more, and no more");
    }
}
