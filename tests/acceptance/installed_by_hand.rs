//! What an admin installed by hand, under the key that Okta's catalogue has and nobody can guess.

use serde_json::{Value, json};

use crate::lab::{BOTH, INTEGRATION, Lab, SCOPES, TYPE, both};

/// A lab whose configuration leaves the type out, and the integration that an admin installed in its org.
fn without_type(arguments: &str, scopes: &[&str]) -> (Lab, Value) {
    let resources = both(arguments, "").replace(&format!("type = \"{TYPE}\""), "");
    let lab = Lab::new(&resources);
    let existing = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": scopes}));
    (lab, existing["id"].clone())
}

fn described(id: &str) -> String {
    format!("- {id} \"Druva Data Security Cloud\" (type {TYPE}), installed")
}

#[test]
fn it_is_recognized_by_its_name_where_the_type_is_not_set() {
    let (lab, id) = without_type("", &SCOPES);
    let id = id.as_str().unwrap();
    let import = format!("terraform import ADDRESS {id}");
    let described = described(id);
    lab.plan().says(&["Warning: Okta already has this integration", &described]).says_to_type(&import);
    let printed = lab.apply_fails();
    printed.says(&["Error: Okta already has this integration", &described]).says_to_type(&import);
    printed.diagnostics_are("Error: ", "an_integration_is_installed_already");
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);

    // The import line works, and what is imported stays, whatever its type is.
    lab.configure(&both("rotate_when_changed = { first = 1 }", "").replace(&format!("type = \"{TYPE}\""), ""));
    lab.run(&["import", INTEGRATION, id]).expect_success();
    lab.apply().does_not_say(&["forces replacement"]);
    assert_eq!(lab.sandbox.integration()["id"], *id);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn it_is_adopted_by_its_name_and_the_plan_shows_its_type() {
    let (lab, id) = without_type("adopt_existing = true", &SCOPES);
    lab.plan()
        .says(&[
            &format!("+ type = \"{TYPE}\""),
            "Warning: An integration that exists is taken over",
            &described(id.as_str().unwrap())[2..],
        ])
        .diagnostics_are("Warning: An integration that exists", "an_integration_is_taken_over");
    lab.apply().says(&["Resources: 2 added, 0 changed, 0 destroyed."]);
    assert_eq!(lab.sandbox.integration()["id"], id);
    assert_eq!(lab.attributes(INTEGRATION)["type"], TYPE);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn of_several_with_that_name_none_is_adopted_and_all_are_listed() {
    let (lab, first) = without_type("adopt_existing = true", &SCOPES);
    let second = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}))["id"].clone();
    let lists = [first, second].map(|id| described(id.as_str().unwrap()));
    let before = lab.sandbox.state();
    let says = [&lists[0], &lists[1], "adopt_existing takes over an integration where there is exactly one."];
    lab.plan().says(&says).says(&["Warning: Okta already has this integration"]);
    lab.apply_fails().says(&says).says(&["Error: Okta already has this integration"]);
    assert_eq!(lab.sandbox.state(), before);
}

#[test]
fn where_the_type_is_set_only_that_type_counts() {
    let lab = Lab::new(BOTH);
    // The same name, under another key.
    lab.sandbox.drift(json!({
        "action": "install", "type": "another", "scopes": SCOPES, "name": "Druva Data Security Cloud",
    }));
    lab.plan().does_not_say(&["already has this integration"]);
    lab.apply().says(&["Resources: 2 added, 0 changed, 0 destroyed."]);
    assert_eq!(lab.attributes(INTEGRATION)["type"], TYPE);
    lab.plan_is_empty();
}

#[test]
fn a_tainted_one_that_was_adopted_by_its_name_is_installed_anew_under_the_same_type() {
    let (lab, id) = without_type("adopt_existing = true", &SCOPES);
    lab.apply();
    lab.run(&["taint", INTEGRATION]).expect_success();
    lab.plan().says(&[&format!("type = \"{TYPE}\""), "It installs nothing, unless it also removes that integration."]);
    lab.apply();
    assert_ne!(lab.sandbox.integration()["id"], id);
    assert_eq!(lab.sandbox.integration()["type"], TYPE);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_type_is_any_text_without_blanks() {
    for kind in ["", "Druva Cloud", "druva\\tcloud", "druva\\n"] {
        let lab = Lab::new(&both(&format!("type = \"{kind}\""), ""));
        lab.validate_fails().says(&["Invalid type of integration", "a text without blanks", "on main.tf line"]);
    }
    for kind in ["x-Y_1", "druva/cloud", "ドルバ"] {
        Lab::new(&both(&format!("type = \"{kind}\""), "")).run(&["validate"]).expect_success();
    }
}

#[test]
fn a_fresh_installation_that_is_not_seen_everywhere_yet_is_waited_for() {
    let lab = Lab::new(&format!("resource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n}}"));
    // Two seconds, as the sandbox's clock passes ten times as fast.
    lab.sandbox.settings(json!({"propagation_ms": 20_000}));
    lab.apply().does_not_say(&["Warning:"]);
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_id"], lab.sandbox.secrets()[0]["id"]);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn what_was_installed_a_moment_ago_and_is_not_found_is_an_error_and_stays_in_the_state() {
    let lab = Lab::new(&format!("resource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n}}"));
    lab.apply();
    let id = lab.attributes(INTEGRATION)["id"].as_str().unwrap().to_owned();
    lab.sandbox.drift(json!({"action": "delete_integration", "id": id}));
    lab.plan_fails().says(&[
        "What was just created is not found",
        &format!("The integration {id} was created at"),
        "less than five minutes ago",
    ]);
    assert!(lab.is_in_state(INTEGRATION));
    // Five minutes later it is gone.
    lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    lab.plan().says(&["druva_okta_integration.this will be created"]);
}
