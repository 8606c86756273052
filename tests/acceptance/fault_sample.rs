//! One case of each row of the fault matrix (`tests/fault_matrix`), through the real Terraform.
//!
//! Each fault makes the first run fail, or leave something undone; the next one, with the fault gone, finishes it.

use serde_json::{Value, json};

use crate::connections::{ends_well, never_lost};
use crate::druva_paths;
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both};
use crate::minted::{minting, with_minted};
use crate::printed::Printed;
use crate::rotation::{only_secret, rotated, with_first};

const LOGIN_PAGE: &str = "<html><body>Please sign in.</body></html>";

/// A proxy's login page in the place of the server.
fn login_page() -> Value {
    json!({"respond": {"status": 200, "headers": {"content-type": "text/html"}, "body": LOGIN_PAGE}})
}

/// A success whose body says nothing.
fn not_json() -> Value {
    json!({"respond": {"status": 200, "body": "The operation was accepted", "after_acting": true}})
}

fn forbidden() -> Value {
    let summary = "You do not have permission to perform the requested action";
    json!({"respond": {"status": 403, "body": {"errorCode": "E0000006", "errorSummary": summary}}})
}

/// Runs Terraform with each such request struck.
fn struck(lab: &Lab, method: &str, path: &str, effect: Value, arguments: &[&str]) -> Printed {
    lab.sandbox.fault(json!({"method": method, "path": path, "times": 99, "do": effect}));
    let printed = lab.run(arguments);
    let faults = lab.sandbox.control("GET", "faults", None);
    assert_ne!(faults[0]["hits"], 0, "the fault did not strike");
    lab.sandbox.control("DELETE", "faults", None);
    printed
}

const APPLY: [&str; 2] = ["apply", "-auto-approve"];
const NOT_JSON: &str = "it is not JSON, as if a proxy or a login page had answered";

#[test]
fn create() {
    let lab = Lab::new(BOTH);
    let printed = struck(&lab, "POST", "^/token$", login_page(), &APPLY).expect_failure();
    printed.says(&["Cannot link the Okta org", NOT_JSON]);
    assert!(lab.is_in_state(INTEGRATION) && !lab.is_in_state(LINK));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn update() {
    let lab = Lab::with_both();
    lab.configure(&both("replace_oldest_secret = true", "backup_enabled = false"));
    let printed = struck(&lab, "PATCH", &druva_paths::link(), not_json(), &APPLY).expect_failure();
    printed.says(&["Cannot set backup_enabled and cloud_key_management_enabled of the link", NOT_JSON]);
    lab.apply();
    assert_eq!(lab.sandbox.link()["backupEnabled"], false);
    ends_well(&lab);
}

#[test]
fn rotate() {
    let lab = with_first();
    let first = only_secret(&lab);
    lab.configure(&rotated("second"));
    let printed = struck(&lab, "POST", &druva_paths::authorize(), not_json(), &APPLY).expect_failure();
    printed.says(&["Cannot re-authorize the link", NOT_JSON]);
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}

#[test]
fn reauthorize() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "The access was revoked"}));
    let printed = struck(&lab, "POST", &druva_paths::authorize(), login_page(), &APPLY).expect_failure();
    printed.says(&["Cannot re-authorize the link", NOT_JSON]);
    lab.apply();
    only_secret(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn read() {
    let lab = Lab::with_both();
    let printed = struck(&lab, "GET", "/api-services$", forbidden(), &["plan"]).expect_failure();
    printed.says(&["Cannot read the integration", "[403 E0000006"]);
    assert!(lab.is_in_state(INTEGRATION));
    ends_well(&lab);
}

#[test]
fn destroy() {
    let lab = Lab::with_both();
    let arguments = ["destroy", "-auto-approve"];
    let printed = struck(&lab, "DELETE", "/api-services/", forbidden(), &arguments).expect_failure();
    printed.says(&["Cannot remove the integration", "[403 E0000006"]);
    assert!(lab.is_in_state(INTEGRATION) && !lab.is_in_state(LINK));
    never_lost(&lab);
    lab.destroy();
}

#[test]
fn import() {
    let lab = Lab::with_both();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    for address in [INTEGRATION, LINK] {
        lab.run(&["state", "rm", address]).expect_success();
    }
    let arguments = ["import", INTEGRATION, &id];
    let printed = struck(&lab, "GET", "/secrets$", forbidden(), &arguments).expect_failure();
    printed.says(&["Cannot list the secrets", "[403 E0000006"]);
    assert!(!lab.is_in_state(INTEGRATION));
    lab.run(&arguments).expect_success();
    lab.run(&["import", LINK, &lab.sandbox.okta_host()]).expect_success();
    ends_well(&lab);
}

#[test]
fn create_minted() {
    let lab = Lab::new(&minting("first"));
    let refusal = json!({"respond": {"status": 400, "body": {"code": "OKTA_UNREACHABLE", "message": "Not today."}}});
    let printed = struck(&lab, "POST", &druva_paths::links(), refusal, &APPLY).expect_failure();
    printed.says(&["Cannot link the Okta org", "Not today. [400 OKTA_UNREACHABLE"]);
    assert_eq!(lab.sandbox.secrets().len(), 1, "the one that was minted in vain is gone");
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn rotate_minted() {
    let lab = with_minted();
    let first = only_secret(&lab);
    lab.configure(&minting("second"));
    let printed = struck(&lab, "POST", "/lifecycle/deactivate$", forbidden(), &APPLY).expect_success();
    printed.says(&["Warning: A superseded secret could not be retired", "[403 E0000006"]);
    assert_eq!(lab.sandbox.secrets().len(), 2);
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}
