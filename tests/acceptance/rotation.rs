//! Another secret in the place of the one that Druva uses, while Druva uses it.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::{self, AppStatus};

use crate::connections::{ends_well, never_lost};
use crate::lab::{INTEGRATION, LINK, Lab, SCOPES, TYPE, both};

/// [`crate::lab::BOTH`], rotated as often as `rotation` changes.
pub fn rotated(rotation: &str) -> String {
    both(&rotate(rotation), "")
}

/// The argument that rotates.
pub fn rotate(rotation: &str) -> String {
    format!("rotate_when_changed = {{ rotation = \"{rotation}\" }}")
}

/// A lab where the first secret is in use.
pub fn with_first() -> Lab {
    let lab = Lab::new(&rotated("first"));
    lab.apply();
    lab
}

/// The only secret of the integration, after checking that it is active and that Druva and both states name it.
pub fn only_secret(lab: &Lab) -> Value {
    let secrets = lab.sandbox.secrets();
    assert_eq!((secrets.len(), &secrets[0]["status"]), (1, &json!("ACTIVE")), "{secrets:?}");
    assert_eq!(lab.sandbox.link()["secret_hash"], secrets[0]["secret_hash"], "Druva has another one");
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    let link = lab.attributes(LINK);
    assert_eq!(link["client_secret_id"], secrets[0]["id"]);
    assert_eq!(link["client_secret_hash"], secrets[0]["secret_hash"]);
    assert_eq!((&link["client_secret_status"], &link["superseded_secret_ids"]), (&json!("ACTIVE"), &json!([])));
    let integration = lab.attributes(INTEGRATION);
    if integration["store_client_secret"] == true && link["mint_client_secret"] == false {
        assert_eq!(integration["client_secret_id"], secrets[0]["id"]);
        assert_eq!(integration["client_secret"], link["client_secret"]);
    }
    secrets[0].clone()
}

/// The ids of the integration's secrets, in Okta's order.
pub fn ids(lab: &Lab) -> Vec<Value> {
    lab.sandbox.secrets().iter().map(|secret| secret["id"].clone()).collect()
}

/// Mints a secret by hand. Returns its id.
fn mint_by_hand(lab: &Lab) -> Value {
    lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    ids(lab).last().unwrap().clone()
}

#[test]
fn a_rotation_is_in_place_and_ends_with_one_secret_the_new_one() {
    let lab = with_first();
    let first = only_secret(&lab);
    lab.configure(&rotated("second"));
    lab.plan()
        .says(&[
            "druva_okta_integration.this will be updated in-place",
            "druva_okta_link.this will be updated in-place",
            "~ \"rotation\" = \"first\" -> \"second\"",
            "Plan: 0 to add, 2 to change, 0 to destroy.",
        ])
        .does_not_say(&["forces replacement", "Warning"]);
    lab.sandbox.clear_requests();
    lab.apply().does_not_say(&["Warning"]);
    let second = only_secret(&lab);
    assert_ne!(first["id"], second["id"]);
    let secrets = format!("/integrations/api/v1/api-services/{}/credentials/secrets", text(&lab, "id"));
    let gone = format!("{secrets}/{}", first["id"].as_str().unwrap());
    assert_eq!(
        lab.sandbox.changes_in_okta(),
        [format!("POST {secrets}"), format!("POST {gone}/lifecycle/deactivate"), format!("DELETE {gone}")]
    );
    let requests = lab.sandbox.requests();
    let place = |wanted: &str| requests.iter().position(|request| request.contains(wanted)).unwrap();
    let authorize = okta_links::authorize(lab.sandbox.link()["id"].as_str().unwrap()).path;
    assert!(place("/oauth2/v1/token") < place(&authorize), "the new one was proved before Druva was given it");
    assert!(place(&authorize) < place("/deactivate"), "Druva was given the new one before the old one went");
    ends_well(&lab);
}

fn text(lab: &Lab, name: &str) -> String {
    lab.sandbox.integration()[name].as_str().unwrap().to_owned()
}

#[test]
fn rotating_twice_gives_two_more_secrets_one_after_the_other() {
    let lab = with_first();
    let mut seen = vec![only_secret(&lab)["id"].clone()];
    for rotation in ["second", "third"] {
        lab.configure(&rotated(rotation));
        lab.apply();
        let id = only_secret(&lab)["id"].clone();
        assert!(!seen.contains(&id));
        seen.push(id);
        lab.plan_is_empty();
    }
    // Taken out of the configuration, it mints nothing.
    lab.configure(&both("", ""));
    lab.apply();
    assert_eq!(ids(&lab), [seen[2].clone()]);
    ends_well(&lab);
}

#[test]
fn a_value_that_is_unknown_until_apply_rotates() {
    let clocked = |time: &str| {
        let clock = format!("resource \"terraform_data\" \"clock\" {{\n  triggers_replace = \"{time}\"\n}}\n");
        clock + &both("rotate_when_changed = { at = terraform_data.clock.id }", "")
    };
    let lab = Lab::new(&clocked("noon"));
    lab.apply();
    let first = only_secret(&lab);
    lab.plan_is_empty();
    lab.configure(&clocked("midnight"));
    lab.apply().says(&["-> (known after apply)", "Plan: 1 to add, 2 to change, 1 to destroy."]);
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}

#[test]
fn without_a_link_the_old_secret_stays_and_a_second_rotation_is_refused_until_told_otherwise() {
    let alone =
        |more: &str| format!("resource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n{more}\n}}");
    let lab = Lab::new(&alone(&rotate("first")));
    lab.apply();
    let first = ids(&lab);
    lab.configure(&alone(&rotate("second")));
    lab.apply().says(&["Resources: 0 added, 1 changed, 0 destroyed."]);
    let two = lab.sandbox.secrets();
    assert_eq!((two.len(), &two[0]["id"]), (2, &first[0]));
    assert!(two.iter().all(|secret| secret["status"] == "ACTIVE"), "{two:?}");
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_id"], two[1]["id"]);
    lab.plan_is_empty();

    lab.configure(&alone(&rotate("third")));
    refused(&lab);

    lab.configure(&alone(&(rotate("third") + "\nreplace_oldest_secret = true")));
    lab.apply();
    let now = ids(&lab);
    assert_eq!((now.len(), &now[0]), (2, &two[1]["id"]), "the oldest is gone");
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_id"], now[1]);
    lab.plan_is_empty();
    lab.destroy();
}

/// Plans, and checks that both secrets are listed, what is advised, and that nothing was touched.
pub fn refused(lab: &Lab) {
    let (before, secrets) = (lab.sandbox.state(), lab.sandbox.secrets());
    lab.sandbox.clear_requests();
    lab.plan().says(&["Warning: Both secrets of the integration may be in use"]);
    let printed = lab.apply_fails();
    for secret in &secrets {
        let listed = format!("- {}, created {}", secret["id"].as_str().unwrap(), secret["created"].as_str().unwrap());
        printed.says(&[&listed]);
    }
    printed.says(&[
        "Error: Both secrets of the integration may be in use",
        "Okta allows two secrets for an integration.",
        "Druva may use either, so the provider touches neither.",
        "- A rotation is not finished. Set rotate_when_changed back to the value of that rotation.",
        "Set replace_oldest_secret = true on the druva_okta_integration.",
    ]);
    assert_eq!(lab.sandbox.state(), before);
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
}

#[test]
fn druva_is_given_ours_before_the_oldest_which_it_uses_goes() {
    let alone =
        |more: &str| format!("resource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n{more}\n}}");
    let lab = Lab::new(&alone(""));
    lab.apply();
    let state = lab.attributes(INTEGRATION);
    lab.sandbox.drift(json!({
        "action": "link", "client_id": state["client_id"], "client_secret": state["client_secret"],
    }));
    lab.configure(&alone(&rotate("second")));
    lab.apply();
    let two = ids(&lab);
    lab.configure(&alone(&(rotate("third") + "\nreplace_oldest_secret = true")));
    lab.apply();
    let now = ids(&lab);
    assert_eq!((now.len(), &now[0]), (2, &two[1]), "the oldest is gone");
    assert_eq!(lab.sandbox.link()["secret_hash"], lab.sandbox.secrets()[0]["secret_hash"]);
    never_lost(&lab);
    lab.plan_is_empty();
}

#[test]
fn an_inactive_secret_makes_room() {
    let lab = with_first();
    let second = mint_by_hand(&lab);
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": second}));
    lab.configure(&rotated("third"));
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], second);
    ends_well(&lab);
}

#[test]
fn an_active_secret_that_is_newer_and_unknown_makes_room() {
    let lab = with_first();
    let unknown = mint_by_hand(&lab);
    lab.configure(&rotated("third"));
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], unknown);
    ends_well(&lab);
}

#[test]
fn an_active_secret_that_is_older_than_ours_is_not_touched() {
    let keeping = |rotation: &str| {
        both(&format!("adopt_existing = true\n{}", rotate(rotation)), "retire_superseded_secrets = false")
    };
    let lab = Lab::new(&keeping("first"));
    lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    lab.apply();
    assert_eq!(ids(&lab).len(), 2);
    lab.plan_is_empty();
    lab.configure(&keeping("second"));
    refused(&lab);
    never_lost(&lab);
}

#[test]
fn an_imported_pair_that_was_made_by_hand_is_rotated_to_a_secret_of_ours() {
    let lab = Lab::new("");
    let by_hand = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    let linked = lab.sandbox.drift(json!({
        "action": "link", "client_id": by_hand["id"], "client_secret": by_hand["client_secret"],
        "backup_enabled": true, "cloud_key_management_enabled": true,
    }));
    let first = ids(&lab);
    lab.configure(&both("", ""));
    lab.run(&["import", INTEGRATION, by_hand["id"].as_str().unwrap()]).expect_success().says(&[
        "The imported integration has no client secret",
        "To get a secret of your own, set rotate_when_changed to any values, and apply.",
    ]);
    lab.run(&["import", LINK, &lab.sandbox.okta_host()]).expect_success();
    lab.plan_is_empty();

    lab.configure(&rotated("first"));
    lab.apply().says(&["Plan: 0 to add, 2 to change, 0 to destroy."]);
    assert_ne!(only_secret(&lab)["id"], first[0], "the hand-made one is retired");
    assert_eq!(lab.sandbox.link()["id"], linked["id"]);
    ends_well(&lab);
}
