//! States that another version of the provider wrote.

use serde_json::{Value, json};

use crate::lab::{INTEGRATION, LINK, Lab};

/// Edits the stored instances of both resources.
fn rewrite(lab: &Lab, edit: impl Fn(&str, &mut Value)) {
    let mut state = lab.state_file();
    for resource in state["resources"].as_array_mut().unwrap() {
        let kind = resource["type"].as_str().unwrap().to_owned();
        edit(&kind, &mut resource["instances"][0]);
    }
    lab.write("terraform.tfstate", &state.to_string());
}

#[test]
fn a_state_that_lacks_attributes_and_has_others_loads_and_changes_nothing() {
    let lab = Lab::with_both();
    let before = (lab.attributes(INTEGRATION), lab.attributes(LINK));
    rewrite(&lab, |kind, instance| {
        let attributes = instance["attributes"].as_object_mut().unwrap();
        let missing = match kind {
            "druva_okta_integration" => [
                "adopt_existing",
                "client_secret_id",
                "client_secret_hash",
                "client_secret_status",
                "config_guide_url",
                "timeouts",
            ],
            _ => [
                "verify_client_secret",
                "client_secret_id",
                "client_secret_status",
                "storage_region",
                "status_reason",
                "timeouts",
            ],
        };
        for name in missing {
            assert!(attributes.remove(name).is_some(), "{name}");
        }
        attributes.insert("attribute_of_an_older_version".to_owned(), json!(["gone"]));
    });
    lab.run(&["plan", "-detailed-exitcode"]).expect_success().says(&["No changes."]);
    lab.run(&["apply", "-auto-approve", "-refresh-only"]).expect_success();
    assert_eq!((lab.attributes(INTEGRATION), lab.attributes(LINK)), before);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_state_of_a_newer_version_is_refused() {
    let lab = Lab::with_both();
    rewrite(&lab, |_, instance| instance["schema_version"] = json!(7));
    lab.plan_fails().says(&[
        "Resource instance managed by newer provider version",
        "was created by a newer provider version than is currently selected",
    ]);
}
