//! Arguments about the secret that contradict each other.

use crate::connections::ends_well;
use crate::lab::{INTEGRATION, LINK, Lab, both};
use crate::minted::{FORGETFUL, link_with};
use crate::rotation::{only_secret, rotate};

/// A link with these arguments is refused by `validate`.
fn refused(arguments: &str, said: &[&str]) {
    let lab = Lab::new(&(FORGETFUL.to_owned() + &link_with(arguments)));
    lab.validate_fails().says(said).says(&["with druva_okta_link.this"]);
}

#[test]
fn more_than_one_way_is_refused_and_those_that_were_found_are_named() {
    let title = "Conflicting sources of the client secret";
    let (stored, write_only, minted) = (
        "client_secret = \"stored-secret\"\n",
        "client_secret_wo = \"other-secret\"\nclient_secret_wo_version = 1\n",
        "mint_client_secret = true\n",
    );
    refused(
        &(stored.to_owned() + write_only),
        &[title, "Found client_secret and client_secret_wo: leave exactly one."],
    );
    refused(&(stored.to_owned() + minted), &[title, "Found client_secret and mint_client_secret: leave exactly one."]);
    refused(&(write_only.to_owned() + minted), &[title, "Found client_secret_wo and mint_client_secret:"]);
    refused(
        &(stored.to_owned() + write_only + minted),
        &[title, "Found client_secret and client_secret_wo and mint_client_secret:"],
    );
}

#[test]
fn a_write_only_secret_needs_its_version() {
    refused(
        "client_secret_wo = \"other-secret\"",
        &["The version of the write-only secret is missing", "as in client_secret_wo_version = 1"],
    );
}

#[test]
fn rotating_needs_something_to_rotate() {
    refused(
        &("client_secret = \"stored-secret\"\n".to_owned() + &rotate("first")),
        &["Nothing to rotate", "needs mint_client_secret = true"],
    );
    let lab = Lab::new(&both(&format!("store_client_secret = false\n{}", rotate("first")), ""));
    lab.validate_fails().says(&[
        "Nothing to rotate",
        "store_client_secret is false, so this resource has no secret to rotate.",
        "Set rotate_when_changed on the druva_okta_link, beside mint_client_secret = true.",
        "with druva_okta_integration.this",
    ]);
}

/// At validation every variable is unknown: it may turn out to be null.
#[test]
fn what_is_unknown_neither_counts_nor_clears() {
    let variables = "variable \"stored\" {\n  default = null\n}\nvariable \"mints\" {\n  default = true\n}\n";
    let arguments = "client_secret = var.stored\nmint_client_secret = var.mints";
    let lab = Lab::new(&(variables.to_owned() + FORGETFUL + &link_with(arguments)));
    lab.run(&["validate"]).expect_success();
    lab.apply();
    only_secret(&lab);
    lab.plan_is_empty();
    let set = "-var=stored=stored-secret";
    lab.run(&["plan", set]).expect_failure().says(&["Found client_secret and mint_client_secret: leave exactly one."]);
    // Two that are known are too many, whatever a third one turns out to be.
    let two = "client_secret = var.stored\nmint_client_secret = true\nclient_secret_wo = \"other-secret\"\n\
               client_secret_wo_version = 1";
    lab.configure(&(variables.to_owned() + FORGETFUL + &link_with(two)));
    lab.validate_fails().says(&["Found client_secret_wo and mint_client_secret: leave exactly one."]);
    lab.configure(&(variables.to_owned() + FORGETFUL + &link_with(arguments)));
    ends_well(&lab);
}

#[test]
fn no_way_at_all_is_an_error_only_where_a_secret_is_needed() {
    let lab = Lab::new(&(FORGETFUL.to_owned() + &link_with("")));
    lab.run(&["validate"]).expect_success();
    let needed = ["A client secret is needed", "Linking an Okta org needs a client secret, and none is given."];
    lab.plan().says(&needed);
    lab.apply_fails().says(&needed);
    assert!(!lab.is_in_state(LINK));

    // The secret of an integration that keeps none is none.
    let null = format!("client_secret = {INTEGRATION}.client_secret");
    lab.configure(&(FORGETFUL.to_owned() + &link_with(&null)));
    lab.apply_fails().says(&["Error: A client secret is needed"]);

    lab.configure(&(FORGETFUL.to_owned() + &link_with("mint_client_secret = true")));
    lab.apply();
    let minted = only_secret(&lab);
    // A link that works needs none; the secret that was minted for it stays.
    lab.configure(&(FORGETFUL.to_owned() + &link_with("")));
    lab.run(&["validate"]).expect_success();
    lab.apply();
    assert_eq!(only_secret(&lab), minted);
    ends_well(&lab);
}
