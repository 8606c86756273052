//! Service apps on a machine whose clock is wrong.

use serde_json::json;
use testkit::keys::Key;

use crate::lab::{BOTH, Lab};
use crate::printed::Printed;
use crate::service_apps::{PEM, lab};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";

/// A lab whose Okta is ahead of this machine, which is therefore slow.
fn with_clock_ahead(seconds: i64, demands_dpop: bool) -> Lab {
    let lab = lab(&Key::ec(), demands_dpop, PEM);
    lab.sandbox.settings(json!({"clock_ahead_seconds": seconds}));
    lab.configure(BOTH);
    lab
}

#[test]
fn row_l_a_slow_clock_does_no_harm() {
    with_clock_ahead(90, false).full_loop();
}

#[test]
fn row_l_a_slow_clock_does_no_harm_with_dpop() {
    with_clock_ahead(400, true).full_loop();
}

#[test]
fn row_l_a_fast_clock_does_no_harm() {
    with_clock_ahead(-90, false).full_loop();
}

#[test]
fn row_l_a_fast_clock_does_no_harm_with_dpop() {
    with_clock_ahead(-400, true).full_loop();
}

#[test]
fn row_l_the_clock_is_named_where_oktas_time_does_not_help() {
    for (seconds, difference) in [(90, "s behind Okta's"), (-90, "s ahead of Okta's")] {
        let lab = with_clock_ahead(seconds, false);
        lab.sandbox.fault(json!({
            "side": "okta", "method": "POST", "path": "/oauth2/v1/token$", "times": 1000, "do": {"respond": {
                "status": 401, "body": {"error": "invalid_client", "error_description": "The token is expired."},
            }},
        }));
        lab.configure(ALONE);
        let printed = lab.apply_fails();
        printed.says(&["The clock of this machine is ", difference, "invalid_client: The token is expired."]);
        printed.says(&["Then set the clock of this machine", "check these first: okta.client_id, okta.private_key"]);
        // Whole seconds, of which one may pass.
        let text = ["89 s ", "91 s "].iter().fold(printed.text.clone(), |text, near| text.replace(near, "90 s "));
        let name = if seconds > 0 { "the_clock_is_behind" } else { "the_clock_is_ahead" };
        Printed { text, ..printed }.diagnostics_are("Error: ", name);
    }
}
