//! From each of the three ways to a secret to each other one: in place, and never without a connection.

use serde_json::json;

use crate::connections::ends_well;
use crate::lab::{BOTH, LINK, Lab};
use crate::minted::{FORGETFUL, link_with, minting};
use crate::rotation::only_secret;
use crate::write_only::{mint_into_the_vault, put_into_the_vault, write_only};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Stored,
    WriteOnly,
    Minted,
}

/// Configures a way, with what the user does outside of Terraform for it.
fn take(lab: &mut Lab, way: Way) {
    match way {
        Way::Stored => lab.configure(BOTH),
        Way::WriteOnly => {
            mint_into_the_vault(lab);
            lab.configure(&write_only(1));
        }
        Way::Minted => lab.configure(&minting("first")),
    }
}

fn switched(from: Way, to: Way) {
    let mut lab = Lab::new(FORGETFUL);
    if from == Way::WriteOnly {
        lab.apply();
    }
    take(&mut lab, from);
    lab.apply();
    let first = only_secret(&lab);
    lab.plan_is_empty();
    take(&mut lab, to);
    lab.plan()
        .says(&["druva_okta_link.this will be updated in-place", "0 to add,", "0 to destroy."])
        .does_not_say(&["forces replacement"]);
    lab.apply();
    let second = only_secret(&lab);
    assert_ne!(first["id"], second["id"]);
    ends_well(&lab);
}

#[test]
fn from_the_state_to_a_vault() {
    switched(Way::Stored, Way::WriteOnly);
}

#[test]
fn from_the_state_to_a_minted_one() {
    switched(Way::Stored, Way::Minted);
}

#[test]
fn from_a_vault_to_the_state() {
    switched(Way::WriteOnly, Way::Stored);
}

#[test]
fn from_a_vault_to_a_minted_one() {
    switched(Way::WriteOnly, Way::Minted);
}

#[test]
fn from_a_minted_one_to_the_state() {
    switched(Way::Minted, Way::Stored);
}

#[test]
fn from_a_minted_one_to_a_vault() {
    switched(Way::Minted, Way::WriteOnly);
}

/// The value that the state kept so far goes into the vault: Druva is told once more, and nothing is minted.
#[test]
fn the_same_secret_from_the_state_to_a_vault_and_back() {
    let mut lab = Lab::new(BOTH);
    lab.apply();
    let first = only_secret(&lab);
    let secret = lab.attributes(LINK)["client_secret"].as_str().unwrap().to_owned();
    put_into_the_vault(&mut lab, &secret);
    let stored = &BOTH[..BOTH.find("resource \"druva_okta_link\"").unwrap()];
    let from_vault = write_only(1).replace(FORGETFUL, stored);
    lab.configure(&from_vault);
    lab.sandbox.clear_requests();
    lab.apply().says(&["Plan: 0 to add, 1 to change, 0 to destroy."]);
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
    assert_eq!(lab.attributes(LINK)["client_secret_id"], first["id"]);
    assert_eq!(lab.attributes(LINK)["client_secret"], json!(null));
    lab.plan_is_empty();

    lab.configure(BOTH);
    lab.sandbox.clear_requests();
    lab.apply().says(&["Plan: 0 to add, 1 to change, 0 to destroy."]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0], "Druva has this secret");
    assert_eq!(only_secret(&lab), first);
    ends_well(&lab);
}

/// While migrating: an integration that keeps a secret of its own beside a link that mints one.
#[test]
fn a_minted_secret_beside_a_stored_one_retires_it_and_another_one_is_stored() {
    let stored = &BOTH[..BOTH.find("resource \"druva_okta_link\"").unwrap()];
    let lab = Lab::new(BOTH);
    lab.apply();
    let first = only_secret(&lab);
    lab.configure(&(stored.to_owned() + &link_with("mint_client_secret = true")));
    lab.apply();
    let minted = lab.sandbox.secrets()[0].clone();
    assert_eq!(lab.sandbox.secrets().len(), 1);
    assert_ne!(minted["id"], first["id"]);
    assert_eq!(lab.sandbox.link()["secret_hash"], minted["secret_hash"]);
    // As the guide says: the integration mints another one, which nobody uses.
    lab.apply().says(&["The client secret no longer works", "Plan: 0 to add, 1 to change, 0 to destroy."]);
    assert_eq!(lab.sandbox.secrets().len(), 2);
    assert_eq!(lab.sandbox.link()["secret_hash"], minted["secret_hash"]);
    ends_well(&lab);
}
