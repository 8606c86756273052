//! Rotations that Druva refuses: the old secret goes on working, and the next apply finishes.

use serde_json::json;

use crate::connections::{ends_well, never_lost};
use crate::druva_paths;
use crate::lab::Lab;
use crate::printed::Printed;
use crate::rotation::{ids, only_secret, refused, rotated, with_first};

/// An apply in which Druva refuses each authorization.
pub fn apply_refused(lab: &Lab) -> Printed {
    lab.sandbox.fault(json!({
        "side": "druva", "method": "POST", "path": druva_paths::authorize(), "times": 1000,
        "do": {"respond": {"status": 400, "body": {"code": "OKTA_AUTHORIZATION_FAILED", "message": "Not today."}}},
    }));
    let printed = lab.apply_fails();
    lab.sandbox.control("DELETE", "faults", None);
    printed
}

/// How many secrets were minted since the log was cleared.
fn minted(lab: &Lab) -> usize {
    lab.sandbox.changes_in_okta().iter().filter(|request| request.ends_with("/credentials/secrets")).count()
}

#[test]
fn druva_refuses_the_new_secret_and_the_next_apply_finishes() {
    let lab = with_first();
    let first = only_secret(&lab);
    lab.configure(&rotated("second"));
    let printed = apply_refused(&lab);
    printed.says(&[
        &format!("Cannot re-authorize the link {}", lab.sandbox.link()["id"].as_str().unwrap()),
        "Druva answered:",
        "Not today.",
        "with druva_okta_link.this",
    ]);
    let secrets = lab.sandbox.secrets();
    assert_eq!((secrets.len(), &secrets[0]["id"], &secrets[0]["status"]), (2, &first["id"], &json!("ACTIVE")));
    assert_eq!(lab.sandbox.link()["secret_hash"], first["secret_hash"]);
    never_lost(&lab);

    lab.sandbox.clear_requests();
    lab.apply().says(&["Plan: 0 to add, 1 to change, 0 to destroy."]);
    assert_eq!(minted(&lab), 0, "no third secret");
    assert_eq!(only_secret(&lab)["id"], secrets[1]["id"]);
    ends_well(&lab);
}

#[test]
fn after_a_refusal_another_rotation_is_refused() {
    let lab = with_first();
    let first = only_secret(&lab);
    lab.configure(&rotated("second"));
    apply_refused(&lab);
    lab.configure(&rotated("third"));
    refused(&lab);
    assert_eq!((&ids(&lab)[0], &lab.sandbox.secrets()[0]["status"]), (&first["id"], &json!("ACTIVE")));
    never_lost(&lab);

    // The way out that the text shows: finish the link first.
    lab.configure(&rotated("second"));
    lab.apply();
    lab.configure(&rotated("third"));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

/// Druva takes the secret and does not get in all the same. Nothing that the provider does can prevent that; but no
/// secret is lost by it.
#[test]
fn druva_does_not_get_in_with_the_new_secret_and_none_is_retired() {
    let lab = with_first();
    lab.sandbox.settings(json!({"connect_refused_reason": "The org blocks our network zone."}));
    lab.configure(&rotated("second"));
    lab.apply_fails().says(&["Druva cannot connect to the Okta org", "The org blocks our network zone."]);
    let secrets = lab.sandbox.secrets();
    assert!(secrets.len() == 2 && secrets.iter().all(|secret| secret["status"] == "ACTIVE"), "{secrets:?}");

    lab.sandbox.settings(json!({"connect_refused_reason": null}));
    lab.sandbox.clear_requests();
    lab.apply();
    assert_eq!(minted(&lab), 0, "no third secret");
    assert_eq!(only_secret(&lab)["id"], secrets[1]["id"]);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_secret_that_okta_does_not_accept_never_reaches_druva() {
    let lab = with_first();
    let first = only_secret(&lab);
    lab.sandbox.fault(json!({
        "side": "okta", "method": "POST", "path": "/oauth2/v1/token$", "times": 1000,
        "do": {"respond": {"status": 401, "body": {"error": "invalid_client", "error_description": "No."}}},
    }));
    lab.configure(&rotated("second"));
    lab.sandbox.clear_requests();
    lab.apply_fails().says(&["Okta does not accept the client secret", "Nothing was changed in Druva."]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    assert_eq!(lab.sandbox.link()["secret_hash"], first["secret_hash"]);
    lab.sandbox.control("DELETE", "faults", None);
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}
