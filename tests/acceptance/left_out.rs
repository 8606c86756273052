//! Arguments that the configuration leaves out: what was installed, imported or adopted stays wanted.

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::{self, INTEGRATION, LINK, Lab, SCOPES};

/// Druva's integration under another key than ours, with two more scopes, and a property.
const KEY: &str = "druvaapiservice";
const MORE: [&str; 2] = ["okta.devices.read", "okta.logs.read"];

/// [`lab::both`] without a type.
fn both(integration: &str, link: &str) -> String {
    lab::both(integration, link).replace(&format!("  type = \"{}\"\n", lab::TYPE), "")
}

/// Installs it as an admin does, in an org that lists it under that key.
fn install_by_hand(lab: &Lab) -> Value {
    lab.sandbox.settings(json!({"druva_type": KEY}));
    let scopes = [&SCOPES[..], &MORE].concat();
    let installed = lab.sandbox.drift(json!({
        "action": "install", "type": KEY, "scopes": scopes, "name": "Druva Data Security Cloud",
    }));
    lab.sandbox.drift(json!({"action": "set_property", "id": installed["id"], "name": "region", "value": "eu"}));
    installed
}

fn imported() -> Lab {
    let lab = Lab::new(&both("rotate_when_changed = { imported = \"yes\" }", ""));
    let id = install_by_hand(&lab)["id"].as_str().unwrap().to_owned();
    lab.run(&["import", INTEGRATION, &id]).expect_success();
    lab
}

fn adopted() -> Lab {
    let lab = Lab::new(&both("adopt_existing = true", ""));
    install_by_hand(&lab);
    lab.plan().says(&[
        "Warning: An integration that exists is taken over",
        "It installs nothing, unless it also removes that integration.",
        &format!("\"Druva Data Security Cloud\" (type {KEY})"),
        "okta.logs.read",
        "+ granted_scopes = (known after apply)",
    ]);
    lab
}

/// Applies, and nothing is replaced, now or later.
fn stays(lab: &Lab) {
    let before = lab.sandbox.integration();
    lab.apply().does_not_say(&["must be replaced"]);
    let after = lab.sandbox.integration();
    assert_eq!((&after["id"], &after["type"]), (&before["id"], &json!(KEY)));
    let attributes = lab.attributes(INTEGRATION);
    assert_eq!(attributes["type"], KEY);
    assert_eq!(attributes["granted_scopes"].as_array().unwrap().len(), SCOPES.len() + MORE.len());
    assert_eq!(attributes["properties"], json!({"region": "eu"}));
    lab.plan_is_empty();
}

/// A scope that is dropped in Okta afterwards is drift, which nothing is removed for; with the printed lines it is repaired.
fn drift_is_told_and_repaired(lab: &Lab, arguments: &str) {
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "drop_scope", "id": id, "scope": "okta.groups.manage"}));
    let says = [
        "The configuration does not say how to install this integration anew",
        "So the apply is refused, and nothing is removed.",
        "type = \"druvaapiservice\"",
        "granted_scopes = [",
        "properties = {",
    ];
    let planned = lab.plan();
    planned
        .says(&says)
        .says(&["Warning: The configuration does", "druva_okta_integration.this will be updated in-place"])
        .says(&["+ \"okta.groups.manage\""])
        .does_not_say(&["forces replacement"]);
    lab.sandbox.clear_requests();
    lab.apply_fails().says(&says).says(&["Error: The configuration does"]);
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
    // It is drift until somebody decides.
    lab.plan().says(&["+ \"okta.groups.manage\""]);

    let lines = printed_lines(&planned.text);
    lab.configure(&both(&format!("{arguments}\n{lines}"), ""));
    lab.apply().says(&["druva_okta_integration.this must be replaced", "Plan: 1 to add, 1 to change, 1 to destroy."]);
    let anew = lab.sandbox.integration();
    assert_ne!(anew["id"], id);
    assert_eq!((&anew["type"], &anew["properties"]), (&json!(KEY), &json!({"region": "eu"})));
    assert_eq!(anew["grantedScopes"].as_array().unwrap().len(), SCOPES.len() + MORE.len());
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lab.plan_is_empty();
    lab.destroy();
}

/// The lines of configuration in a diagnostic, without Terraform's frame.
fn printed_lines(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start_matches(['│', ' ']));
    let from = lines.skip_while(|line| !line.starts_with("type = "));
    from.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_imported_integration_stays_and_its_drift_is_told() {
    let lab = imported();
    stays(&lab);
    drift_is_told_and_repaired(&lab, "rotate_when_changed = { imported = \"yes\" }");
}

#[test]
fn an_adopted_integration_stays_and_its_drift_is_told() {
    let lab = adopted();
    stays(&lab);
    drift_is_told_and_repaired(&lab, "adopt_existing = true");
}

/// Terraform plans a tainted object like a new one: nothing can be refused, but the plan says what will be lost.
#[test]
fn a_tainted_one_is_planned_with_the_lines_that_keep_what_it_has() {
    let lab = adopted();
    stays(&lab);
    lab.run(&["taint", INTEGRATION]).expect_success();
    lab.plan().says(&[
        "the apply removes it first, and installs another one with the defaults for what the configuration leaves out.",
        "type = \"druvaapiservice\"",
        "terraform untaint ADDRESS",
    ]);
    lab.run(&["untaint", INTEGRATION]).expect_success();
    lab.plan_is_empty();
}

#[test]
fn a_dead_secret_is_told_of_beside_drift_that_is_refused() {
    let lab = adopted();
    stays(&lab);
    let (id, secret) = (lab.sandbox.integration()["id"].clone(), lab.sandbox.secrets()[0]["id"].clone());
    lab.sandbox.drift(json!({"action": "drop_scope", "id": id, "scope": "okta.groups.manage"}));
    lab.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": secret}));
    lab.plan().says(&["Warning: The configuration does not say", "Warning: The client secret no longer works"]);
}

#[test]
fn without_adopting_it_is_refused_whatever_its_type_is() {
    let lab = Lab::new(&both("", ""));
    let id = install_by_hand(&lab)["id"].as_str().unwrap().to_owned();
    let before = lab.sandbox.state();
    lab.plan().says(&["Warning: Okta already has this integration", &id]);
    lab.apply_fails().says(&["Error: Okta already has this integration", &id]);
    assert_eq!(lab.sandbox.state(), before);
}

#[test]
fn a_replacement_that_somebody_asks_for_is_refused_at_plan_and_destroying_is_not() {
    let lab = imported();
    stays(&lab);
    let before = lab.sandbox.state();
    for more in ["", "type = \"druvaapiservice\"\n"] {
        lab.configure(&both(&format!("rotate_when_changed = {{ imported = \"yes\" }}\n{more}"), ""));
        lab.run(&["plan", &format!("-replace={INTEGRATION}")]).expect_failure().says(&[
            "Error: The configuration does not say how to install this integration anew",
            "granted_scopes = [",
            "To destroy it instead: terraform destroy -refresh=false",
        ]);
    }
    // Something else that replaces: nothing is removed for that either, and what was refused is not remembered.
    let rotated = "rotate_when_changed = { imported = \"yes\" }";
    for other in ["properties = { region = \"us\" }", "type = \"another\"", "granted_scopes = [\"okta.users.read\"]"] {
        lab.configure(&both(&format!("{rotated}\n{other}"), ""));
        lab.plan().says(&["Warning: The configuration does not say"]).does_not_say(&["must be replaced"]);
        lab.apply_fails().says(&["Error: The configuration does not say"]);
        assert_eq!(lab.sandbox.state(), before);
        lab.configure(&both(rotated, ""));
        lab.plan_is_empty();
    }
    lab.run(&["destroy", "-auto-approve", "-refresh=false"]).expect_success();
    assert_eq!(lab.sandbox.state()["okta"]["integrations"], json!([]));
}

/// As after an upgrade to a version of the provider that documents one scope more: with what that version remembered, and
/// with a state of a version that remembered nothing.
#[test]
fn a_newer_default_replaces_nothing() {
    let lab = Lab::for_documents(&both(&format!("granted_scopes = {:?}", &SCOPES[1..]), ""));
    lab.apply();
    lab.configure(&both("", ""));
    lab.plan_is_empty();
    let mut state = lab.state_file();
    for resource in state["resources"].as_array_mut().unwrap() {
        resource["instances"][0].as_object_mut().unwrap().remove("private");
    }
    lab.write("terraform.tfstate", &state.to_string());
    lab.plan_is_empty();
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "drop_scope", "id": id, "scope": "okta.groups.manage"}));
    lab.plan().says(&["+ \"okta.groups.manage\"", "Warning: The configuration does not say"]);
    assert!(lab.is_in_state(LINK));
}
