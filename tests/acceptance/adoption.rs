//! Taking over an integration that somebody else installed.

use serde_json::{Value, json};

use crate::lab::{INTEGRATION, LINK, Lab, SCOPES, TYPE, both};

/// A lab whose org has the integration already, with these scopes.
fn with_existing(scopes: &[&str]) -> (Lab, Value) {
    let lab = Lab::new(&both("adopt_existing = true", ""));
    let existing = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": scopes}));
    (lab, existing)
}

#[test]
fn an_existing_integration_with_the_same_scopes_gets_a_secret_of_ours_and_the_one_before_is_retired() {
    let (lab, existing) = with_existing(&SCOPES);
    let first = lab.sandbox.secrets()[0].clone();
    lab.apply().says(&["Resources: 2 added, 0 changed, 0 destroyed."]);
    assert_eq!(lab.sandbox.integration()["id"], existing["id"]);
    let secrets = lab.sandbox.secrets();
    assert_eq!(secrets.len(), 1, "{secrets:?}");
    assert_ne!(secrets[0]["id"], first["id"], "Druva does not use the one that was there");
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_id"], secrets[0]["id"]);
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_status"], "ACTIVE");
    assert_eq!(lab.attributes(LINK)["superseded_secret_ids"], json!([]));
    assert_eq!(lab.sandbox.link()["secret_hash"], secrets[0]["secret_hash"]);
    lab.plan_is_empty();
    lab.destroy();
}

/// A lab that adopts, whose configuration says more about the integration.
fn configured(lab: &Lab, arguments: &str) {
    lab.configure(&both(&format!("adopt_existing = true\n{arguments}"), ""));
}

#[test]
fn an_existing_integration_with_other_scopes_than_the_configured_ones_is_left_alone() {
    let mut scopes = SCOPES[1..].to_vec();
    scopes.push("okta.logs.read");
    let (lab, existing) = with_existing(&scopes);
    configured(&lab, &format!("granted_scopes = {SCOPES:?}"));
    let before = lab.sandbox.state();
    let says = [
        "The existing integration is not the configured one",
        &format!("adopt_existing cannot take over the integration {}", existing["id"].as_str().unwrap()),
        "Scopes that it lacks: okta.users.manage.",
        "Scopes that are not configured: okta.logs.read.",
        "- Configure what it has, or leave these arguments out to keep what it has.",
    ];
    lab.plan().says(&says).says(&["Warning: The existing integration is not the configured one"]);
    lab.apply_fails()
        .says(&says)
        .diagnostics_are("Error: The existing integration", "the_existing_integration_differs");
    assert_eq!(lab.sandbox.state(), before);
    assert!(!lab.is_in_state(INTEGRATION));
}

#[test]
fn an_existing_integration_with_other_properties_than_the_configured_ones_is_left_alone() {
    let (lab, existing) = with_existing(&SCOPES);
    configured(&lab, "properties = {}");
    lab.sandbox.drift(json!({"action": "set_property", "id": existing["id"], "name": "region", "value": "eu"}));
    let before = lab.sandbox.state();
    lab.apply_fails().says(&["The existing integration is not the configured one", "region", "eu"]);
    assert_eq!(lab.sandbox.state(), before);
}

#[test]
fn two_active_secrets_leave_no_room_for_ours_and_both_are_listed() {
    let (lab, existing) = with_existing(&SCOPES);
    lab.sandbox.mint(existing["id"].as_str().unwrap());
    let before = lab.sandbox.state();
    let secrets = lab.sandbox.secrets();
    let printed = lab.apply_fails();
    for secret in &secrets {
        printed.says(&[&format!(
            "- {}, created {}",
            secret["id"].as_str().unwrap(),
            secret["created"].as_str().unwrap()
        )]);
    }
    printed.says(&[
        "Both secrets of the integration may be in use",
        &format!(
            "Okta allows two secrets for an integration. {} has two, and both are active:",
            existing["id"].as_str().unwrap()
        ),
        "Druva may use either, so the provider touches neither.",
        "Deactivate it in the Okta Admin Console",
        "Set replace_oldest_secret = true on the druva_okta_integration.",
    ]);
    assert_eq!(lab.sandbox.state(), before);

    lab.sandbox.drift(json!({"action": "deactivate_secret", "id": existing["id"], "secret_id": secrets[0]["id"]}));
    lab.apply();
    let ours = lab.attributes(INTEGRATION)["client_secret_id"].clone();
    let left: Vec<Value> = lab.sandbox.secrets().iter().map(|secret| secret["id"].clone()).collect();
    assert_eq!(left, [ours], "the inactive one made room, and the older one is retired");
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn nothing_to_adopt_means_installing() {
    let lab = Lab::new(&both("adopt_existing = true", ""));
    lab.full_loop();
}
