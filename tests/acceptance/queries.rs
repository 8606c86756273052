//! What `terraform query` finds. `tests/compat/run` runs these with each Terraform that knows queries.

use serde_json::json;

use crate::druva_paths;
use crate::lab::{INTEGRATION, LINK, Lab};

const INTEGRATIONS: &str =
    include_str!("../../examples/list-resources/druva_okta_integration/list-resource.tfquery.hcl");
const LINKS: &str = include_str!("../../examples/list-resources/druva_okta_link/list-resource.tfquery.hcl");

/// An org that was set up, and that no state knows.
fn found() -> Lab {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    lab.configure("");
    lab.write("found.tfquery.hcl", &format!("{INTEGRATIONS}\n{LINKS}"));
    lab
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn what_no_state_knows_is_found_imported_and_planned_without_a_change() {
    let lab = found();
    let (id, link) = (lab.sandbox.integration()["id"].clone(), lab.sandbox.link()["id"].clone());
    lab.sandbox.clear_requests();
    let (url, host) = (&lab.sandbox.okta_url, lab.sandbox.okta_host());
    lab.run(&["query"]).expect_success().says(&[
        "list.druva_okta_integration.installed",
        &format!("id={},org_url={url}", id.as_str().unwrap()),
        &format!("Druva Data Security Cloud in {host}"),
        "list.druva_okta_link.linked",
        &format!("id={},okta_domain={host}", link.as_str().unwrap()),
    ]);
    lab.run(&["query", "-generate-config-out=generated.tf"]).expect_success();
    lab.apply().says(&["2 imported, 0 added, 0 changed, 0 destroyed"]);
    lab.plan_is_empty();
    assert_eq!((lab.sandbox.changes_in_okta(), lab.sandbox.changes_at_druva()), (vec![], vec![]));
    assert_eq!(lab.attributes("druva_okta_integration.installed_0")["id"], id);
    assert_eq!(lab.attributes("druva_okta_link.linked_0")["id"], link);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_query_keeps_to_its_type_and_its_limit() {
    let lab = found();
    lab.sandbox.install("my_app_cie", &["okta.users.read"]);
    for n in 0..3 {
        let domain = format!("org{n}.okta.com");
        lab.sandbox.drift(json!({"action": "link", "okta_domain": domain, "client_id": "c", "client_secret": "s"}));
    }
    lab.run(&["query"])
        .expect_success()
        .says(&["org0.okta.com", "org2.okta.com"])
        .does_not_say(&["My App Cloud Identity Engine"]);
    lab.write(
        "found.tfquery.hcl",
        "list \"druva_okta_integration\" \"other\" {\n  provider = druva\n  config {\n    type = \
         \"my_app_cie\"\n  }\n}\n\nlist \"druva_okta_link\" \"two\" {\n  provider = druva\n  limit = 2\n}\n",
    );
    let printed = lab.run(&["query"]).expect_success();
    assert_eq!(printed.text.matches("list.druva_okta_integration.other").count(), 1, "{}", printed.text);
    assert_eq!(printed.text.matches("list.druva_okta_link.two").count(), 2, "{}", printed.text);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn a_query_that_cannot_be_answered_says_why() {
    let lab = found();
    lab.write(
        "found.tfquery.hcl",
        "list \"druva_okta_integration\" \"wrong\" {\n  provider = druva\n  config {\n    type = \"Not A Type\"\n  }\n}\n",
    );
    lab.run(&["query"]).expect_failure().says(&["Invalid type of integration"]);
    lab.write("found.tfquery.hcl", LINKS);
    lab.sandbox.fault(json!({"side": "druva", "path": druva_paths::links(), "times": 9, "do": {"respond": {"status": 403, "body": {"code": "FORBIDDEN", "message": "No way"}}}}));
    lab.run(&["query"]).expect_failure().says(&["Cannot list the linked Okta orgs", "403"]);
}
