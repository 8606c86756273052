//! Requests whose answer never came.

use std::process::Stdio;

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::{self, AppStatus};

use crate::another_apply;
use crate::connections::ends_well;
use crate::druva_paths;
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, SCOPES, TYPE};
use crate::minted::minting;
use crate::printed::Printed;
use crate::rotation::{only_secret, rotated, with_first};

/// A lab where the answer of the first POST to `path` is lost, before or after it had its effect.
fn losing(side: &str, path: &str, when: &str) -> Lab {
    let lab = Lab::new(BOTH);
    lab.sandbox.fault(json!({"side": side, "method": "POST", "path": path, "do": {"close": when}}));
    lab
}

/// What losing an answer looks like from here.
fn losses() -> [Value; 4] {
    [
        json!({"close": "after"}),
        json!({"truncate": true}),
        json!({"respond": {"status": 503, "after_acting": true}}),
        json!({"respond": {"status": 201, "body": "<html>Welcome</html>", "after_acting": true}}),
    ]
}

#[test]
fn a_lost_installation_is_taken_over_with_another_secret() {
    for loss in losses() {
        let lab = Lab::new(BOTH);
        lab.sandbox.fault(json!({"side": "okta", "method": "POST", "path": "/api-services$", "do": loss}));
        let printed = lab.apply();
        let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
        printed.says(&[
            "Okta's answer got lost, and the integration is installed",
            &format!("The org has {id} now. It is the only new integration of its type."),
            "so the provider minted another one.",
        ]);
        assert_eq!(lab.attributes(INTEGRATION)["id"], *id);
        let secrets = lab.sandbox.secrets();
        assert_eq!(secrets.len(), 1, "the link retired the lost one");
        assert_eq!(lab.attributes(INTEGRATION)["client_secret_id"], secrets[0]["id"]);
        assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
        lab.plan_is_empty();
        lab.destroy();
    }
}

/// Applies with a POST that does nothing and whose answer gets lost, while somebody else does `meanwhile`.
fn loses_while(lab: &Lab, side: &str, path: &str, meanwhile: impl FnOnce()) -> Printed {
    let fault = json!({"side": side, "method": "POST", "path": path, "do": {"delay_ms": 2000, "close": "before"}});
    lab.sandbox.fault(fault);
    let mut terraform = lab.terraform();
    terraform.args(["apply", "-auto-approve", "-no-color"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let apply = terraform.spawn().unwrap();
    lab.sandbox.wait_for(&format!("POST {path}"));
    meanwhile();
    lab.examine(&apply.wait_with_output().unwrap(), "apply").expect_failure()
}

const INSTALL: &str = "/integrations/api/v1/api-services";

fn is_left_alone(meanwhile: impl FnOnce(&Lab)) {
    let lab = Lab::new(BOTH);
    let printed = loses_while(&lab, "okta", INSTALL, || meanwhile(&lab));
    let theirs = lab.sandbox.integration();
    let id = theirs["id"].as_str().unwrap();
    printed.says(&[
        "The org has this integration now",
        "This apply or somebody else installed it at the same time: nothing tells which. So the provider leaves it alone.",
        &format!("terraform import ADDRESS {id}"),
        "set adopt_existing = true",
        "Set rotate_when_changed to get a new one, which a link needs:",
    ]);
    assert!(!lab.is_in_state(INTEGRATION));
    assert_eq!(lab.sandbox.secrets().len(), 1, "nothing was minted");

    lab.run(&["import", INTEGRATION, id]).expect_success();
}

#[test]
fn an_integration_that_another_administrator_installed_in_the_meantime_is_left_alone() {
    is_left_alone(|lab| {
        lab.sandbox
            .drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES, "created_by": "00uSomebodyElse"}));
    });
}

#[test]
fn an_integration_that_another_apply_installed_and_linked_in_the_meantime_is_left_alone() {
    is_left_alone(|lab| {
        let theirs = lab.sandbox.install(TYPE, &SCOPES);
        another_apply::link_org(&lab.sandbox, &theirs);
    });
}

#[test]
fn an_integration_with_other_scopes_that_came_in_the_meantime_is_left_alone() {
    is_left_alone(|lab| {
        lab.sandbox.install(TYPE, &SCOPES[1..]);
    });
}

#[test]
fn an_integration_whose_secret_somebody_rotated_in_the_meantime_is_left_alone() {
    let lab = Lab::new(BOTH);
    let printed = loses_while(&lab, "okta", INSTALL, || {
        let theirs = lab.sandbox.install(TYPE, &SCOPES);
        lab.sandbox.mint(theirs["id"].as_str().unwrap());
    });
    printed.says(&["So the provider leaves it alone."]);
    assert_eq!(lab.sandbox.secrets().len(), 2, "nothing was minted");
}

#[test]
fn an_installation_that_never_arrived_is_safe_to_apply_again() {
    let lab = losing("okta", "/api-services$", "before");
    lab.apply_fails().says(&[
        &format!("Cannot install the integration {TYPE}"),
        "The integration does not seem to be installed",
        "Apply again: the provider looks first, and installs no second one.",
    ]);
    assert_eq!(lab.sandbox.changes_in_okta().len(), 1, "it was not sent twice");
    lab.full_loop();
}

#[test]
fn a_lost_link_is_gone_on_with() {
    for loss in losses() {
        let lab = Lab::new(BOTH);
        lab.sandbox.fault(json!({"side": "druva", "method": "POST", "path": druva_paths::links(), "do": loss}));
        let printed = lab.apply();
        let link = lab.sandbox.link();
        printed.says(&[
            "Druva's answer got lost, and the org is linked",
            &format!("This apply made the link {} all the same", link["id"].as_str().unwrap()),
        ]);
        assert_eq!(lab.attributes(LINK)["id"], link["id"]);
        assert_eq!(link["backupEnabled"], true);
        lab.plan_is_empty();
        lab.destroy();
    }
}

#[test]
fn a_lost_link_with_a_minted_secret_keeps_that_secret() {
    let lab = Lab::new(&minting("first"));
    lab.sandbox
        .fault(json!({"side": "druva", "method": "POST", "path": druva_paths::links(), "do": {"close": "after"}}));
    lab.apply().says(&["Druva's answer got lost, and the org is linked"]);
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn a_link_with_another_client_that_came_in_the_meantime_is_left_alone() {
    let lab = Lab::new(BOTH);
    let printed = loses_while(&lab, "druva", &okta_links::create().full_path(), || {
        let other = lab.sandbox.drift(json!({"action": "install", "type": "another", "scopes": SCOPES}));
        another_apply::link_org(&lab.sandbox, &other);
    });
    let link = lab.sandbox.link();
    printed.says(&[
        &format!("Cannot link the Okta org {}", lab.sandbox.okta_url),
        "The Okta org was linked all the same",
        &format!("terraform import ADDRESS {}", link["id"].as_str().unwrap()),
    ]);
    assert_ne!(link["clientId"], lab.attributes(INTEGRATION)["client_id"]);
    assert!(!lab.is_in_state(LINK));
}

#[test]
fn a_link_that_never_arrived_is_safe_to_apply_again() {
    let lab = losing("druva", &druva_paths::links(), "before");
    lab.apply_fails().says(&["The org was probably not linked", "safe to apply again"]);
    assert_eq!(lab.sandbox.changes_at_druva().len(), 1, "it was not sent twice");
    lab.full_loop();
}

#[test]
fn a_lost_secret_is_deleted_and_another_one_is_minted() {
    for loss in losses() {
        let lab = with_first();
        let first = only_secret(&lab);
        lab.sandbox.fault(json!({"method": "POST", "path": "/secrets$", "do": loss}));
        lab.configure(&rotated("second"));
        lab.apply();
        assert_ne!(only_secret(&lab)["id"], first["id"]);
        let minted = "/credentials/secrets";
        let mints =
            lab.sandbox.requests().iter().filter(|line| line.starts_with("POST") && line.ends_with(minted)).count();
        assert_eq!(mints, 2);
        ends_well(&lab);
    }
}

#[test]
fn a_secret_that_was_not_minted_is_safe_to_mint_again() {
    let lab = with_first();
    lab.sandbox.fault(json!({"method": "POST", "path": "/secrets$", "do": {"close": "before"}}));
    lab.configure(&rotated("second"));
    lab.apply_fails().says(&["Cannot mint a client secret", "The secret was not minted", "safe to apply again"]);
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn answers_about_secrets_that_all_get_lost_leave_one_that_the_next_apply_replaces() {
    let lab = with_first();
    lab.sandbox.fault(json!({"method": "POST", "path": "/secrets$", "times": 2, "do": {"close": "after"}}));
    lab.configure(&rotated("second"));
    lab.apply_fails().says(&["Cannot mint a client secret", "Okta created a secret whose value was lost"]);
    assert_eq!(lab.sandbox.secrets().len(), 2);
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn an_installed_integration_is_kept_when_its_secrets_cannot_be_listed() {
    let lab = Lab::with_arguments("max_retries = 0", BOTH);
    lab.sandbox.fault(json!({
        "side": "okta", "method": "GET", "path": "/secrets$", "do": {"respond": {"status": 503}},
    }));
    lab.apply().says(&["The secret's id is not known yet", "The next plan or apply reads it again."]);
    assert!(lab.attributes(INTEGRATION)["client_secret"].is_string());
    lab.plan_is_empty();
    lab.destroy();
}
