//! A first apply that is killed before Terraform has written the state, as with every remote backend: what it made is there, and
//! the state is empty. From there to an empty plan leads what is printed alone.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::connections::{lost_at_most_in_one_recovery, never_lost};
use crate::held::{At, CONNECTED, Held, INSTALLED, LINKED, MINTED, PROVED};
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both};
use crate::minted::minting;

/// A lab whose first apply was killed, with an empty state.
fn killed(resources: &str, at: At) -> Lab {
    let lab = Lab::with_state_server(resources);
    Held::apply(&lab, at).kill_all(&lab);
    assert_eq!(lab.state_file(), json!({}), "Terraform has written the state");
    assert_eq!(lab.sandbox.state()["okta"]["integrations"].as_array().unwrap().len(), 1);
    lab
}

/// Walks to an empty plan. At the end there is one of each, and no secret but the one that Druva uses.
fn converges(resources: &str, at: At, expected: &[&str]) {
    let lab = killed(resources, at);
    let typed = lab.walk();
    let (integration, link) = (lab.sandbox.integration(), lab.sandbox.link());
    let names = |typed: &String| {
        let words: Vec<&str> = typed.split(' ').take(3).collect();
        words.join(" ")
    };
    assert_eq!(typed.iter().map(names).collect::<Vec<_>>(), expected);
    let secrets = integration["secrets"].as_array().unwrap();
    assert_eq!((secrets.len(), &secrets[0]["status"]), (1, &json!("ACTIVE")), "{secrets:?}");
    assert_eq!((&link["appStatus"], &link["secret_hash"]), (&json!(AppStatus::CONNECTED), &secrets[0]["secret_hash"]));
    assert_eq!((&link["clientId"], &link["backupEnabled"]), (&integration["id"], &json!(true)));
    // Nobody knows a minted secret: only trying can tell which one Druva uses, where Okta's times do not.
    if typed.iter().any(|typed| typed.contains(LINK)) && resources.contains("mint_client_secret") {
        lost_at_most_in_one_recovery(&lab);
    } else {
        never_lost(&lab);
    }
    lab.destroy();
}

const IMPORT_INTEGRATION: &str = "terraform import druva_okta_integration.this";
const IMPORT_LINK: &str = "terraform import druva_okta_link.this";
const INSTALL_ANEW: &str = "terraform apply -replace=druva_okta_integration.this";

#[test]
fn with_a_stored_secret_and_installed() {
    converges(BOTH, INSTALLED, &[IMPORT_INTEGRATION, INSTALL_ANEW]);
}

#[test]
fn with_a_stored_secret_and_proved() {
    converges(BOTH, PROVED, &[IMPORT_INTEGRATION, INSTALL_ANEW]);
}

#[test]
fn with_a_stored_secret_and_linked() {
    converges(BOTH, LINKED, &[IMPORT_INTEGRATION, IMPORT_LINK]);
}

#[test]
fn with_a_stored_secret_and_connected() {
    converges(BOTH, CONNECTED, &[IMPORT_INTEGRATION, IMPORT_LINK]);
}

#[test]
fn with_a_minted_secret_and_installed() {
    converges(&minting("first"), INSTALLED, &[IMPORT_INTEGRATION]);
}

#[test]
fn with_a_minted_secret_and_minted() {
    converges(&minting("first"), MINTED, &[IMPORT_INTEGRATION, INSTALL_ANEW]);
}

#[test]
fn with_a_minted_secret_and_proved() {
    converges(&minting("first"), PROVED, &[IMPORT_INTEGRATION, INSTALL_ANEW]);
}

#[test]
fn with_a_minted_secret_and_linked() {
    converges(&minting("first"), LINKED, &[IMPORT_INTEGRATION, IMPORT_LINK]);
}

#[test]
fn with_a_minted_secret_and_connected() {
    converges(&minting("first"), CONNECTED, &[IMPORT_INTEGRATION, IMPORT_LINK]);
}

/// The plan is of a new one beside it, which nobody may want: so it is told, with the way to take it over.
#[test]
fn with_a_second_installation_allowed_and_installed() {
    let lab = killed(&both("allow_second_installation = true", ""), INSTALLED);
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let import = format!("terraform import {INTEGRATION} {id}");
    assert!(lab.plan().commands().contains(&import), "the plan does not tell what is there");
    lab.type_in(&import).expect_success();
    assert_eq!(lab.attributes(INTEGRATION)["id"], *id);
    assert_eq!(lab.walk(), [INSTALL_ANEW]);
    assert_eq!(lab.sandbox.secrets().len(), 1);
    lab.destroy();
}

#[test]
fn commands_that_change_the_state_do_so_at_the_server() {
    let lab = Lab::with_state_server(BOTH);
    lab.apply();
    let server = lab.state_server().unwrap();
    assert_eq!((server.lock(), lab.path("terraform.tfstate").exists()), (None, false));
    let id = lab.attributes(LINK)["id"].as_str().unwrap().to_owned();
    lab.plan_is_empty();
    lab.run(&["taint", LINK]).expect_success();
    assert!(lab.is_tainted(LINK));
    lab.run(&["untaint", LINK]).expect_success();
    assert!(!lab.is_tainted(LINK));
    lab.run(&["state", "rm", LINK]).expect_success();
    assert!(!lab.is_in_state(LINK) && lab.is_in_state(INTEGRATION));
    lab.run(&["import", LINK, &id]).expect_success();
    lab.apply();
    lab.plan_is_empty();
    lab.destroy();
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
}
