//! A change of scopes, with the new integration installed beside the old one.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::connections::never_lost;
use crate::lab::{INTEGRATION, LINK, Lab, TYPE, both};

const BESIDE: &str = "allow_second_installation = true\nlifecycle {\n  create_before_destroy = true\n}";
/// What a plan warns of that cuts Druva off.
const NO_ACCESS: &str = "Druva has no access while the integration is replaced";
const FEWER: &str = "granted_scopes = [\"okta.users.manage\", \"okta.groups.manage\"]";

fn beside(more: &str) -> String {
    both(&format!("{BESIDE}\n{more}"), "")
}

/// A lab where the integration and the link were applied, with the lifecycle that changes scopes without a gap.
fn applied() -> Lab {
    let lab = Lab::new(&beside(""));
    lab.apply();
    lab.plan_is_empty();
    lab
}

fn installed(lab: &Lab) -> Vec<String> {
    let state = lab.sandbox.state();
    let integrations = state["okta"]["integrations"].as_array().unwrap().iter();
    integrations.map(|integration| integration["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_change_of_scopes_never_disconnects() {
    let lab = applied();
    let (old, link) = (lab.sandbox.integration()["id"].clone(), lab.sandbox.link());
    lab.configure(&beside(FEWER));
    lab.plan()
        .says(&[
            "druva_okta_integration.this must be replaced",
            "+/- create replacement and then destroy",
            "druva_okta_link.this will be updated in-place",
            "Plan: 1 to add, 1 to change, 1 to destroy.",
        ])
        .does_not_say(&["Warning:"]);
    lab.apply().says(&["Resources: 1 added, 1 changed, 1 destroyed."]).does_not_say(&[NO_ACCESS]);
    let (new, moved) = (lab.sandbox.integration(), lab.sandbox.link());
    assert_ne!(new["id"], old);
    assert_eq!(new["grantedScopes"].as_array().unwrap().len(), 2);
    assert_eq!((&moved["id"], &moved["clientId"]), (&link["id"], &new["id"]));
    never_lost(&lab);
    lab.plan_is_empty();
    never_lost(&lab);
    lab.destroy();
}

#[test]
fn a_scope_that_is_written_wrongly_is_told_at_plan_and_what_is_gone_at_apply() {
    let lab = Lab::with_both();
    let old = lab.attributes(INTEGRATION)["id"].as_str().unwrap().to_owned();
    lab.configure(&both("granted_scopes = [\"okta.user.manage\", \"okta.groups.manage\"]", ""));
    lab.plan().diagnostics_are("Warning: ", "a_scope_is_written_wrongly");
    lab.apply_fails()
        .says(&[&format!("this apply removed {old} first")])
        .diagnostics_are("Error: ", "nothing_is_installed_now");
    lab.configure(&both("granted_scopes = [\"okta.users.manage\", \"okta.groups.manage\"]", ""));
    lab.plan().does_not_say(&["in no list"]);
    lab.apply();
    lab.plan_is_empty();
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
}

#[test]
fn a_refused_scope_leaves_the_old_integration_connected_and_nothing_else() {
    let lab = applied();
    let before = lab.sandbox.state();
    lab.configure(&beside("granted_scopes = [\"okta.users.manage\", \"okta.idps.manage\"]"));
    lab.apply_fails().says(&[
        "grantedScopes: 'okta.idps.manage' is not a valid scope",
        &format!(
            "Nothing was removed: {} is installed as before.",
            lab.attributes(INTEGRATION)["id"].as_str().unwrap()
        ),
    ]);
    assert_eq!(lab.sandbox.state(), before);
    never_lost(&lab);
    lab.configure(&beside(""));
    lab.plan_is_empty();
    never_lost(&lab);
    lab.destroy();
}

#[test]
fn an_org_that_refuses_a_second_installation_keeps_the_old_one() {
    let lab = applied();
    lab.sandbox.settings(json!({"duplicate_installs": "refuse"}));
    let before = lab.sandbox.state();
    lab.configure(&beside(FEWER));
    lab.apply_fails().says(&[
        &format!("Cannot install the integration {TYPE}"),
        &format!("type: '{TYPE}' is installed already"),
        &format!(
            "Nothing was removed: {} is installed as before.",
            lab.attributes(INTEGRATION)["id"].as_str().unwrap()
        ),
        "this org allows one installation at a time: take allow_second_installation and create_before_destroy out.",
    ]);
    assert_eq!(lab.sandbox.state(), before);
    never_lost(&lab);

    // What the error advises works.
    lab.configure(&both(FEWER, ""));
    lab.plan().says(&[NO_ACCESS]);
    lab.apply().says(&["Resources: 1 added, 1 changed, 1 destroyed."]);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_replacement_that_cuts_druva_off_says_so_and_how_to_avoid_it() {
    let lab = Lab::with_both();
    lab.configure(&both(FEWER, ""));
    lab.plan().says(&[
        &format!("Warning: {NO_ACCESS}"),
        "Druva has no access from the removal until the druva_okta_link has moved.",
        "allow_second_installation = true",
        "create_before_destroy = true",
    ]);
    // Both at once: the lifecycle may come with the very change.
    lab.configure(&beside(FEWER));
    lab.plan().does_not_say(&[NO_ACCESS]);
    lab.apply();
    never_lost(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn two_others_are_refused_and_listed() {
    let lab = applied();
    let ours = lab.attributes(INTEGRATION)["id"].as_str().unwrap().to_owned();
    let theirs = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": ["okta.users.manage"]}));
    let theirs = theirs["id"].as_str().unwrap();
    lab.plan_is_empty();
    let before = lab.sandbox.state();
    lab.configure(&beside(FEWER));
    let lists = [format!("- {ours} \""), format!("- {theirs} \"")];
    let says =
        [&lists[0], &lists[1], "Okta already has this integration", "allow_second_installation allows one other"];
    lab.plan().says(&says).says(&["Warning: Okta already has this integration"]);
    lab.apply_fails().says(&says).says(&["Error: Okta already has this integration"]);
    assert_eq!(lab.sandbox.state(), before);
    never_lost(&lab);

    lab.sandbox.drift(json!({"action": "delete_integration", "id": theirs}));
    lab.apply();
    never_lost(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_plan_that_replaces_nothing_tells_of_the_one_that_is_there() {
    let lab = Lab::new(&beside(""));
    let there = lab.sandbox.install(TYPE, &["okta.users.manage"]);
    let id = there["id"].as_str().unwrap();
    lab.plan()
        .says(&[
            "Warning: Another integration is installed beside one that exists",
            &format!("{id} \"Druva Data Security Cloud\" (type {TYPE})"),
        ])
        .diagnostics_are("Warning: Another", "another_is_installed_beside_it")
        .says_to_type(&format!("terraform import ADDRESS {id}"));
    // What it prints works.
    lab.configure(&both(
        &format!("{BESIDE}\ngranted_scopes = [\"okta.users.manage\"]\nrotate_when_changed = {{ a = 1 }}"),
        "",
    ));
    lab.run(&["import", INTEGRATION, id]).expect_success();
    lab.apply();
    assert_eq!(installed(&lab), [id]);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_link_that_cannot_move_keeps_the_old_integration_until_it_can() {
    let lab = applied();
    let old = lab.attributes(INTEGRATION)["id"].clone();
    lab.configure(&beside(FEWER));
    lab.sandbox.settings(json!({"druva_role": "product_admin"}));
    lab.apply_fails();
    assert_eq!(lab.sandbox.link()["clientId"], old);
    assert_eq!(installed(&lab).len(), 2, "the old one waits for the link");
    never_lost(&lab);
    lab.sandbox.settings(json!({"druva_role": "druva_cloud_admin"}));
    lab.apply();
    assert_eq!(lab.sandbox.link()["clientId"], lab.sandbox.integration()["id"]);
    never_lost(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn adopting_and_installing_beside_it_exclude_each_other() {
    let lab = Lab::new(&both("adopt_existing = true\nallow_second_installation = true", ""));
    lab.validate_fails().says(&["Adopting and installing beside it exclude each other", "on main.tf line"]);
    assert_eq!(lab.sandbox.requests(), [""; 0]);
}

#[test]
fn an_integration_that_this_apply_adopted_is_not_removed_by_it() {
    let cycle = |more: &str| both(&format!("adopt_existing = true\n{more}"), "");
    let lab = Lab::new(&cycle("lifecycle {\n  create_before_destroy = true\n}"));
    lab.apply();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let printed = lab.run(&["apply", "-auto-approve", &format!("-replace={INTEGRATION}")]).expect_failure();
    printed
        .says(&[
            "An integration that was just taken over is not removed",
            &format!("This apply took over the integration {id}"),
        ])
        .diagnostics_are("Error: An integration", "what_was_taken_over_is_not_removed")
        .says_to_type("terraform state rm ADDRESS")
        .says_to_type(&format!("terraform import ADDRESS {id}"));
    assert_eq!(lab.sandbox.integration()["id"], *id, "it stands");
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);

    // What it prints works.
    lab.configure(&cycle(""));
    lab.run(&["state", "rm", INTEGRATION]).expect_success();
    lab.run(&["import", INTEGRATION, &id]).expect_success();
    lab.apply();
    assert_eq!(lab.sandbox.integration()["id"], *id);
    assert_eq!(lab.attributes(LINK)["status"], AppStatus::CONNECTED);
    never_lost(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

/// The ids of both, to tell that neither is another one.
fn ids(lab: &Lab) -> (Value, Value) {
    (lab.sandbox.integration()["id"].clone(), lab.sandbox.link()["id"].clone())
}

#[test]
fn the_lifecycle_alone_changes_nothing() {
    let lab = Lab::with_both();
    let before = ids(&lab);
    lab.configure(&beside(""));
    lab.apply().says(&["~ allow_second_installation", "false -> true"]);
    assert_eq!(ids(&lab), before);
    lab.plan_is_empty();
    lab.destroy();
}
