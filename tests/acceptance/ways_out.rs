//! What the remote side makes wrong is a warning at plan: it takes no way out away. Where the old object would be removed
//! first, it is an error in time.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, SCOPES, TYPE, both, link};
use crate::minted::{minting, with_minted};
use crate::rotation::{only_secret, rotated, with_first};
use crate::rotation_failures::apply_refused;

/// A lab whose rotation Druva refused: two active secrets, and another rotation is configured.
fn unfinished_rotation() -> Lab {
    let lab = with_first();
    lab.configure(&rotated("second"));
    apply_refused(&lab);
    lab.configure(&rotated("third"));
    lab
}

/// A lab whose link was imported without a secret.
fn imported_link() -> Lab {
    let lab = Lab::with_both();
    let (client, id) = (lab.sandbox.integration(), lab.sandbox.link()["id"].as_str().unwrap().to_owned());
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    lab.configure(&without_secret(&lab.sandbox.okta_url, client["id"].as_str().unwrap()));
    lab.run(&["import", LINK, &id]).expect_success();
    lab.apply();
    lab
}

fn without_secret(domain: &str, client_id: &str) -> String {
    link(domain, client_id, "null", "")
}

#[test]
fn changed_scopes_replace_an_integration_both_of_whose_secrets_may_be_in_use() {
    let lab = unfinished_rotation();
    let scopes = format!("granted_scopes = {:?}\nrotate_when_changed = {{ rotation = \"third\" }}", &SCOPES[1..]);
    lab.configure(&both(&scopes, ""));
    lab.apply().says(&["druva_okta_integration.this must be replaced"]);
    only_secret(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_replacement_that_is_asked_for_works_in_an_unfinished_rotation() {
    let lab = unfinished_rotation();
    lab.plan().says(&["Both secrets of the integration may be in use"]);
    lab.run(&["apply", "-auto-approve", &format!("-replace={INTEGRATION}")]).expect_success();
    only_secret(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_tainted_integration_is_installed_anew() {
    let lab = Lab::with_both();
    lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    lab.run(&["taint", INTEGRATION]).expect_success();
    lab.plan().says(&[
        "Warning: Okta already has this integration",
        "is its integration, the apply removes it first, and installs another one.",
        "terraform untaint ADDRESS",
    ]);
    lab.apply().says(&["is tainted, so"]);
    only_secret(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_tainted_link_is_made_anew() {
    let lab = with_minted();
    lab.run(&["taint", LINK]).expect_success();
    lab.plan().says(&[
        "Warning: The Okta org is linked in Druva already",
        "If Terraform says that this resource is tainted, the apply removes that link first, and is not refused.",
    ]);
    lab.apply().says(&["is tainted, so"]);
    only_secret(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn destroying_after_a_refused_create() {
    let lab = Lab::new(&format!("resource \"terraform_data\" \"other\" {{}}\n{BOTH}"));
    lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    let before = lab.sandbox.state();
    lab.apply_fails().says(&["Error: Okta already has this integration"]);
    lab.run(&["destroy", "-auto-approve"]).expect_success().says(&["Destroy complete! Resources: 1 destroyed."]);
    assert_eq!(lab.sandbox.state(), before);
}

#[test]
fn destroying_in_an_unfinished_rotation() {
    let lab = unfinished_rotation();
    lab.plan().says(&["Warning: Both secrets of the integration may be in use"]);
    lab.destroy();
}

#[test]
fn destroying_an_imported_link_without_a_secret_that_lost_its_connection_or_is_gone() {
    for action in ["disconnect_domain", "delete_domain"] {
        let lab = imported_link();
        let id = lab.sandbox.link()["id"].clone();
        match action {
            "delete_domain" => {
                lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
                lab.sandbox.drift(json!({"action": action, "id": id}))
            }
            _ => lab.sandbox.drift(json!({"action": action, "id": id, "reason": "The org changed its mind."})),
        };
        lab.plan().says(&["Warning: A client secret is needed"]);
        lab.run(&["destroy", "-auto-approve"]).expect_success();
        assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
    }
}

#[test]
fn replacing_a_link_without_a_secret_is_refused_at_plan_and_the_link_stands() {
    let lab = imported_link();
    let before = lab.sandbox.link();
    let says = ["Error: A client secret is needed", "To destroy it instead: terraform destroy -refresh=false"];
    lab.run(&["apply", "-auto-approve", &format!("-replace={LINK}")]).expect_failure().says(&says);
    let client = before["clientId"].as_str().unwrap();
    lab.configure(&without_secret(&format!("http://{}", lab.sandbox.other_okta_host()), client));
    lab.apply_fails().says(&says);
    assert_eq!(lab.sandbox.link(), before);
    lab.run(&["destroy", "-auto-approve"]).expect_failure().says(&says);
    lab.run(&["destroy", "-auto-approve", "-refresh=false"]).expect_success();
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
}

#[test]
fn replacing_an_integration_beside_another_one_is_refused_at_plan_and_it_stands() {
    let lab = Lab::with_both();
    let other = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    let before = lab.sandbox.state();
    lab.run(&["apply", "-auto-approve", &format!("-replace={INTEGRATION}")]).expect_failure().says(&[
        "Error: Okta already has this integration",
        &format!("- {} ", other["id"].as_str().unwrap()),
        "To destroy it instead: terraform destroy -refresh=false",
    ]);
    lab.plan_is_empty();
    assert_eq!(lab.sandbox.state(), before);
}

#[test]
fn a_link_whose_secret_was_minted_is_replaced_with_another_one() {
    let lab = with_minted();
    let first = only_secret(&lab);
    // One that somebody uses elsewhere: with the one of the old link there would be no room, and that one goes with it.
    lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    lab.configure(&minting("first"));
    lab.run(&["apply", "-auto-approve", &format!("-replace={LINK}")]).expect_success();
    assert_ne!(lab.sandbox.link()["secret_hash"], first["secret_hash"]);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.destroy();
}
