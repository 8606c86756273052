//! Answers that lead elsewhere: nobody follows them, least of all a credential.

use serde_json::json;
use testkit::keys::Key;
use testkit::servers::Recorder;

use crate::druva_paths;
use crate::lab::{BOTH, Lab};
use crate::service_apps::{PEM, lab};

const ELSEWHERE: &str = "/elsewhere";

fn redirect(lab: &Lab, side: &str, path: &str, status: u16, location: &str) {
    lab.sandbox.fault(json!({"side": side, "path": path, "times": 9, "do": {"respond": {
        "status": status, "headers": {"Location": location},
    }}}));
}

/// Fails unless the apply ends with these words wherever the answer leads to, and nothing arrives there.
fn is_refused(lab: &Lab, side: &str, path: &str, says: &[&str]) {
    let recorder = Recorder::start();
    let same = if side == "okta" { &lab.sandbox.okta_url } else { &lab.sandbox.druva_url };
    let other = format!("http://localhost:{}{ELSEWHERE}", recorder.address.port());
    for (status, location) in [(302, other.as_str()), (307, &other), (308, &format!("{same}{ELSEWHERE}"))] {
        redirect(lab, side, path, status, location);
        lab.apply_fails().says(says).says(&[&format!("status {status} ")]);
        lab.sandbox.control("DELETE", "faults", None);
    }
    assert_eq!(recorder.received(), [""; 0]);
    assert!(!lab.sandbox.requests().iter().any(|request| request.ends_with(ELSEWHERE)));
}

const OKTA_ADVICE: &str = "The answer redirects to another address. The provider does not send credentials there. Set \
    okta.org_url to the address of the org itself.";
const DRUVA_ADVICE: &str = "The answer redirects to another address. The provider does not send credentials there. Check cloud \
    and api_url.";

#[test]
fn oktas_api_is_not_followed() {
    let lab = Lab::new(BOTH);
    is_refused(&lab, "okta", "/api-services$", &["Cannot list the installed integrations", OKTA_ADVICE]);
}

#[test]
fn oktas_token_endpoint_is_not_followed() {
    let lab = lab(&Key::ec(), false, PEM);
    lab.configure(BOTH);
    is_refused(&lab, "okta", "/token$", &["Cannot list the installed integrations", OKTA_ADVICE]);
}

#[test]
fn druvas_api_is_not_followed() {
    let lab = Lab::new(BOTH);
    is_refused(&lab, "druva", &druva_paths::links(), &["Cannot ", "Druva answered: ", DRUVA_ADVICE]);
}

#[test]
fn druvas_token_endpoint_is_not_followed() {
    let lab = Lab::new(BOTH);
    is_refused(&lab, "druva", "/token$", &["Druva's token endpoint answered: ", DRUVA_ADVICE]);
}

/// That the recorder would have heard it.
#[test]
fn what_follows_a_redirect_arrives() {
    let recorder = Recorder::start();
    let answer = ureq::get(format!("http://{}{ELSEWHERE}", recorder.address)).header("authorization", "SSWS x").call();
    assert!(answer.is_err());
    assert!(recorder.received()[0].contains("SSWS x"));
}
