//! What cannot change in place.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, SCOPES, TYPE, both};

/// Applies the next configuration of the integration, and checks that it is replaced while the link follows in place.
fn replaces_the_integration(lab: &Lab, arguments: &str, because: &[&str]) {
    let (installed, link) = (lab.sandbox.integration(), lab.sandbox.link());
    lab.configure(&both(arguments, ""));
    lab.apply()
        .says(&[
            "druva_okta_integration.this must be replaced",
            "# forces replacement",
            "druva_okta_link.this will be updated in-place",
            "Plan: 1 to add, 1 to change, 1 to destroy.",
        ])
        .says(because);
    assert_ne!(lab.sandbox.integration()["id"], installed["id"]);
    assert_eq!(lab.sandbox.link()["id"], link["id"]);
    assert_eq!(lab.sandbox.link()["clientId"], lab.sandbox.integration()["id"]);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
}

/// Takes the arguments out of the configuration: what is installed stays.
fn stays_when_they_are_left_out(lab: &Lab) {
    lab.configure(&BOTH.replace(&format!("  type = \"{TYPE}\"\n"), ""));
    lab.plan_is_empty();
}

#[test]
fn another_type_replaces_the_integration_and_re_authorizes_the_link() {
    let lab = Lab::with_both();
    replaces_the_integration(&lab, "type = \"anzennaapiservice\"", &[&format!("\"{TYPE}\" -> \"anzennaapiservice\"")]);
    assert_eq!(lab.sandbox.integration()["type"], "anzennaapiservice");
    stays_when_they_are_left_out(&lab);
    let back = format!("type = \"{TYPE}\"");
    replaces_the_integration(&lab, &back, &[&format!("\"anzennaapiservice\" -> \"{TYPE}\"")]);
    assert_eq!(lab.sandbox.integration()["type"], TYPE);
    lab.destroy();
}

#[test]
fn other_scopes_replace_the_integration_and_re_authorize_the_link() {
    let lab = Lab::with_both();
    let scopes = "granted_scopes = [\"okta.users.manage\", \"okta.logs.read\"]";
    replaces_the_integration(&lab, scopes, &["- \"okta.groups.manage\"", "+ \"okta.logs.read\""]);
    assert_eq!(lab.sandbox.integration()["grantedScopes"].as_array().unwrap().len(), 2);
    // The same set in another order, with one of them twice.
    lab.configure(&both("granted_scopes = [\"okta.logs.read\", \"okta.users.manage\", \"okta.logs.read\"]", ""));
    lab.plan_is_empty();
    stays_when_they_are_left_out(&lab);
    let back = format!("granted_scopes = {SCOPES:?}");
    replaces_the_integration(&lab, &back, &["+ \"okta.groups.manage\"", "- \"okta.logs.read\""]);
    assert_eq!(lab.sandbox.integration()["grantedScopes"].as_array().unwrap().len(), SCOPES.len());
    stays_when_they_are_left_out(&lab);
    lab.destroy();
}

#[test]
fn other_properties_replace_the_integration_and_re_authorize_the_link() {
    let lab = Lab::with_both();
    replaces_the_integration(&lab, "properties = { region = \"eu\" }", &["+ \"region\" = \"eu\""]);
    assert_eq!(lab.sandbox.integration()["properties"], json!({"region": "eu"}));
    stays_when_they_are_left_out(&lab);
    replaces_the_integration(&lab, "properties = {}", &["- \"region\" = \"eu\""]);
    assert_eq!(lab.sandbox.integration()["properties"], json!({}));
    // None at all and an empty map are the same in Okta.
    stays_when_they_are_left_out(&lab);
    lab.destroy();
}

#[test]
fn another_org_replaces_the_link() {
    let lab = Lab::with_both();
    let before = lab.sandbox.link()["id"].clone();
    let other = format!("http://{}", lab.sandbox.other_okta_host());
    lab.configure(&BOTH.replace("druva_okta_integration.this.org_url", &format!("\"{other}\"")));
    lab.apply().says(&[
        "druva_okta_link.this must be replaced",
        "# forces replacement",
        "Plan: 1 to add, 0 to change, 1 to destroy.",
    ]);
    assert_ne!(lab.sandbox.link()["id"], before);
    assert_eq!(lab.sandbox.link()["oktaDomain"], lab.sandbox.other_okta_host());
    assert_eq!(lab.attributes(LINK)["okta_domain"], *other);
    assert!(lab.is_in_state(INTEGRATION));
    lab.plan_is_empty();
    lab.destroy();
}
