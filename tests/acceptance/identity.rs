//! What says which remote object a resource is. `tests/compat/run` runs these with each Terraform that knows identities.

use serde_json::{Value, json};

use crate::lab::{BOTH, INTEGRATION, LINK, Lab};
use crate::rotation::rotated;

fn identity(lab: &Lab, address: &str) -> Value {
    let state = lab.state_file();
    let resources = state["resources"].as_array().unwrap();
    let found = resources
        .iter()
        .find(|found| format!("{}.{}", found["type"].as_str().unwrap(), found["name"].as_str().unwrap()) == address);
    found.unwrap()["instances"][0]["identity"].clone()
}

fn import_block(to: &str, identity: &str) -> String {
    format!("import {{\n  to = {to}\n  identity = {{\n{identity}\n  }}\n}}\n")
}

#[test]
#[ignore = "needs Terraform 1.12"]
fn an_identity_is_kept_and_outlasts_a_rotation() {
    let lab = Lab::new(&rotated("first"));
    lab.apply();
    let (integration, link) = (identity(&lab, INTEGRATION), identity(&lab, LINK));
    assert_eq!(integration, json!({"org_url": lab.sandbox.okta_url, "id": lab.sandbox.integration()["id"]}));
    assert_eq!(link, json!({"okta_domain": lab.sandbox.okta_url, "id": lab.sandbox.link()["id"]}));
    lab.configure(&rotated("second"));
    lab.apply();
    lab.plan_is_empty();
    assert_eq!((identity(&lab, INTEGRATION), identity(&lab, LINK)), (integration, link));
    lab.destroy();
}

#[test]
#[ignore = "needs Terraform 1.12"]
fn an_import_by_identity_changes_nothing() {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    let (id, link) = (lab.sandbox.integration()["id"].clone(), lab.sandbox.link()["id"].clone());
    let whole = [
        (INTEGRATION, format!("org_url = \"{}\"\nid = {id}", lab.sandbox.okta_url)),
        (LINK, format!("okta_domain = \"{}\"\nid = {link}", lab.sandbox.okta_host())),
    ];
    // The examples of the documentation give the least and the most.
    let id = id.as_str().unwrap();
    let example = |text: &str| {
        text.replace("https://example.okta.com", &lab.sandbox.okta_url).replace("0oa72lrepvp4WqEET1d9", id)
    };
    let examples = example(include_str!("../../examples/resources/druva_okta_integration/import-by-identity.tf"))
        + &example(include_str!("../../examples/resources/druva_okta_link/import-by-identity.tf"));
    let whole = whole.iter().map(|(to, identity)| import_block(to, identity)).collect();
    lab.sandbox.clear_requests();
    for blocks in [whole, examples] {
        lab.configure(&format!("{BOTH}{blocks}"));
        lab.apply().says(&["2 imported, 0 added, 0 changed, 0 destroyed"]);
        lab.plan_is_empty();
        assert_eq!((lab.sandbox.changes_in_okta(), lab.sandbox.changes_at_druva()), (vec![], vec![]));
        lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    }
}

#[test]
#[ignore = "needs Terraform 1.12"]
fn an_identity_that_names_something_else_is_refused() {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    let id = lab.sandbox.integration()["id"].clone();
    for (to, identity, complaint) in [
        (INTEGRATION, format!("org_url = \"https://example.okta.com\"\nid = {id}"), "lives in another org"),
        (INTEGRATION, "id = \"0oaNone\"".to_owned(), "There is no such integration"),
        (
            LINK,
            format!("okta_domain = \"{}\"\nid = \"okd-none\"", lab.sandbox.okta_host()),
            "the identity says okd-none",
        ),
        (LINK, "okta_domain = \"https://example.okta.com\"".to_owned(), "There is no such link"),
        (LINK, "okta_domain = \"http://example.okta.com\"".to_owned(), "Invalid Okta domain"),
    ] {
        lab.configure(&format!("{BOTH}{}", import_block(to, &identity)));
        lab.plan_fails().says(&[complaint]);
    }
}
