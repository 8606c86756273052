//! Looking up what is there, whoever made it.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::lab::{BOTH, Lab, SCOPES, TYPE};

/// [`BOTH`], and everything that can be looked up about it.
const ALL: &str = r#"
data "druva_okta_integration" "by_id" {
  id = druva_okta_integration.this.id
}

data "druva_okta_integration" "by_type" {
  type = druva_okta_integration.this.type
}

data "druva_okta_integrations" "all" {
  depends_on = [druva_okta_link.this]
}

data "druva_okta_link" "by_id" {
  id = druva_okta_link.this.id
}

data "druva_okta_link" "by_domain" {
  okta_domain = druva_okta_link.this.okta_domain
}

data "druva_okta_link" "of_the_provider" {
  depends_on = [druva_okta_link.this]
}

data "druva_okta_links" "all" {
  depends_on = [druva_okta_link.this]
}

output "integration" { value = data.druva_okta_integration.by_id }
output "integration_by_type" { value = data.druva_okta_integration.by_type }
output "integrations" { value = data.druva_okta_integrations.all }
output "link" { value = data.druva_okta_link.by_id }
output "link_by_domain" { value = data.druva_okta_link.by_domain }
output "own_link" { value = data.druva_okta_link.of_the_provider }
output "links" { value = data.druva_okta_links.all }
"#;

#[test]
fn what_was_set_up_can_be_looked_up() {
    let lab = Lab::new(&format!("{BOTH}{ALL}"));
    lab.sandbox.drift(json!({"action": "install", "type": "another_type", "scopes": ["okta.logs.read"]}));
    lab.apply();
    lab.plan_is_empty();
    let there = lab.sandbox.state()["okta"]["integrations"].as_array().unwrap().clone();
    let ours = there.iter().find(|integration| integration["type"] == TYPE).unwrap();

    let integration = lab.output("integration");
    assert_eq!(integration["id"], ours["id"]);
    assert_eq!(integration["client_id"], ours["id"]);
    assert_eq!(integration["name"], ours["name"]);
    assert_eq!(integration["type"], TYPE);
    assert_eq!(integration["org_url"], *lab.sandbox.okta_url);
    assert_eq!(integration["granted_scopes"].as_array().unwrap().len(), SCOPES.len());
    assert_eq!(integration["secrets"][0]["id"], ours["secrets"][0]["id"]);
    assert_eq!(integration["secrets"][0]["status"], "ACTIVE");
    assert_eq!(integration["secrets"][0].as_object().unwrap().len(), 4, "id, status, hash and date, and no secret");
    assert_eq!(lab.output("integration_by_type"), integration);
    let all = lab.output("integrations");
    assert_eq!(all["integrations"].as_array().unwrap().len(), 2);
    assert_eq!(all["ids"].as_array().unwrap().len(), 2);

    let there = lab.sandbox.link();
    let link = lab.output("link");
    assert_eq!(link["id"], there["id"]);
    assert_eq!((&link["status"], &link["protected"]), (&json!(AppStatus::CONNECTED), &json!(true)));
    assert_eq!(link["last_backup"], json!(null));
    assert_eq!(link["added_on"], there["addedOn"]);
    // The domain is as the user spelled it, the rest is the same.
    assert_eq!(lab.output("link_by_domain")["okta_domain"], *lab.sandbox.okta_url);
    assert_eq!(lab.output("own_link"), link);
    assert_eq!(lab.output("links")["links"].as_array().unwrap().len(), 1);
    assert_eq!(lab.output("links")["links"][0]["id"], there["id"]);
    assert_eq!(lab.output("links")["ids"], json!([there["id"]]));
}

const LINK: &str = r#"
data "druva_okta_link" "this" {}
output "link" { value = data.druva_okta_link.this }
"#;

#[test]
fn a_link_tells_of_its_last_backup_and_whether_the_next_one_can_start() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    let finished = "2026-11-22T03:00:00.000Z";
    lab.sandbox.drift(json!({"action": "finish_backup", "id": id, "status": "Successful", "finished_on": finished}));
    lab.sandbox.drift(json!({"action": "set_switch", "id": id, "cloud_key_management_enabled": false}));
    lab.configure(LINK);
    lab.run(&["apply", "-refresh-only", "-auto-approve"]).expect_success();
    let link = lab.output("link");
    assert_eq!(link["last_backup"], json!({"status": "Successful", "finished_on": finished}));
    assert_eq!((&link["backup_enabled"], &link["protected"]), (&json!(true), &json!(false)));
}

/// The check of the guide on drift.
const FRESHNESS: &str = r#"
data "druva_okta_link" "this" { max_backup_age = "26h" }
check "okta_is_backed_up" {
  assert {
    condition     = !data.druva_okta_link.this.backup_overdue
    error_message = data.druva_okta_link.this.backup_overdue_reason
  }
}
output "link" { value = data.druva_okta_link.this }
"#;

#[test]
fn a_backup_that_is_too_old_is_overdue_and_a_new_link_is_not() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    lab.configure(FRESHNESS);
    let finish = |status: &str, finished_on: &str| {
        lab.sandbox.drift(json!({"action": "finish_backup", "id": id, "status": status, "finished_on": finished_on}));
    };
    let overdue = |expected: bool, words: &str| {
        let printed = lab.run(&["apply", "-refresh-only", "-auto-approve"]).expect_success();
        let link = lab.output("link");
        assert_eq!(link["backup_overdue"], json!(expected), "{link}");
        let reason = link["backup_overdue_reason"].as_str().unwrap();
        assert!(reason.contains(words), "{reason}");
        let complaint = ["Check block assertion failed"];
        if expected {
            printed.says(&complaint)
        } else {
            printed.does_not_say(&complaint)
        };
    };
    overdue(false, "has no backup yet. It was linked at");
    // Druva's clock counts: ours may be wrong.
    lab.sandbox.settings(json!({"clock_ahead_seconds": 27 * 3600}));
    overdue(true, "has no backup. It was linked at");
    lab.sandbox.settings(json!({"clock_ahead_seconds": 0}));
    finish("Successful", "2026-11-22T03:00:00.000Z");
    overdue(true, "ended at 2026-11-22T03:00:00.000Z, more than 26h ago");
    finish("Failed", "2999-11-22T03:00:00.000Z");
    overdue(true, "did not end well. Its status: Failed.");
    finish("Successful", "2999-11-22T03:00:00.000Z");
    overdue(false, "less than 26h ago");
}

#[test]
fn a_wrong_age_is_refused_before_anybody_is_asked() {
    let lab = Lab::new(r#"data "druva_okta_link" "this" { max_backup_age = "one day" }"#);
    let refused = lab.run(&["validate"]).expect_failure();
    refused.says(&["Invalid duration", "max_backup_age is \"one day\""]);
}

#[test]
fn what_is_not_there_is_an_error_for_one_and_an_empty_list_for_all() {
    let lab = Lab::new(
        r#"
data "druva_okta_integrations" "all" { type = "druvainc-IdpVault_api_2" }
data "druva_okta_links" "all" {}
output "found" { value = concat(data.druva_okta_integrations.all.integrations[*].id, tolist(data.druva_okta_links.all.ids)) }
"#,
    );
    lab.apply();
    assert_eq!(lab.state_file()["outputs"]["found"]["value"], json!([]));
    for (block, complaint) in [
        ("data \"druva_okta_integration\" \"this\" {}", "has no API service integration with the name"),
        (
            "data \"druva_okta_integration\" \"this\" {\nid = \"0oaNone\"\n}",
            "no API service integration with the id 0oaNone",
        ),
        ("data \"druva_okta_link\" \"this\" {}", "does not have the link of"),
        ("data \"druva_okta_link\" \"this\" {\nid = \"okd-none\"\n}", "does not have the link okd-none"),
    ] {
        lab.configure(block);
        lab.plan_fails().says(&["There is no such", complaint]);
    }
}

#[test]
fn what_is_not_there_is_said_with_what_there_is() {
    let lab = Lab::with_both();
    lab.configure("data \"druva_okta_link\" \"this\" { id = \"okd-none\" }");
    let id = lab.sandbox.link()["id"].as_str().unwrap().to_owned();
    lab.plan_fails()
        .says(&[&format!("It has links for: - {} ({id})", lab.sandbox.okta_host())])
        .diagnostics_are("Error: There is no such link", "there_is_no_such_link");
}

#[test]
fn a_type_that_occurs_twice_is_not_one() {
    let lab = Lab::new("data \"druva_okta_integration\" \"this\" {}");
    let install = json!({"action": "install", "type": TYPE, "scopes": ["okta.logs.read"]});
    let ids = [lab.sandbox.drift(install.clone())["id"].clone(), lab.sandbox.drift(install)["id"].clone()];
    let printed = lab.plan_fails();
    printed.says(&["Several integrations of this type", "Choose one by its id", "on main.tf line 1"]);
    printed.says(&ids.iter().map(|id| id.as_str().unwrap()).collect::<Vec<_>>());
}

#[test]
fn bad_arguments_are_refused_at_validate() {
    let lab = Lab::new("");
    for (block, complaint) in [
        ("data \"druva_okta_integration\" \"this\" {\nid = \"0oa1\"\ntype = \"t\"\n}", "An id and a type"),
        (
            "data \"druva_okta_link\" \"this\" {\nid = \"x\"\nokta_domain = \"example.okta.com\"\n}",
            "An id and a domain",
        ),
        ("data \"druva_okta_link\" \"this\" {\nokta_domain = \"http://example.okta.com\"\n}", "Invalid Okta domain"),
        ("data \"druva_okta_scopes\" \"this\" {\naccess = \"write\"\n}", "it must be \"manage\" or \"read\""),
        ("data \"druva_okta_scopes\" \"this\" {\ngroups = [\"user\"]\n}", "There is no group \"user\""),
        ("data \"druva_okta_scopes\" \"this\" {\ngroups = []\n}", "Leave it out for all groups"),
        ("data \"druva_okta_scopes\" \"this\" {\ngroups = [\"users\", null]\n}", "holds a null"),
        ("data \"druva_okta_integration\" \"this\" {\nid = \"\"\n}", "Not the id of an integration"),
        ("data \"druva_okta_link\" \"this\" {\nid = \"a/b\"\n}", "Not the id of a link"),
        ("data \"druva_okta_preflight\" \"this\" {\ntype = \"My Type\"\n}", "Invalid type of integration"),
        ("data \"druva_okta_links\" \"this\" {\ntimeouts { read = \"soon\" }\n}", "Invalid duration"),
        ("data \"druva_okta_links\" \"this\" {\nids = []\n}", "ids"),
    ] {
        lab.configure(block);
        lab.validate_fails().says(&[complaint, "on main.tf line"]);
    }
}

#[test]
fn the_documented_scopes_can_be_filtered() {
    let lab = Lab::new(
        r#"
data "druva_okta_scopes" "all" {}
data "druva_okta_scopes" "some" {
  access = "manage"
  groups = ["applications", "users"]
}
resource "druva_okta_integration" "this" {
  type = "druvainc-IdpVault_api_2"
  granted_scopes = data.druva_okta_scopes.some.names
}
output "all" { value = data.druva_okta_scopes.all }
output "some" { value = data.druva_okta_scopes.some }
"#,
    );
    lab.apply();
    let all = lab.output("all");
    let names: Vec<_> = all["scopes"].as_array().unwrap().iter().map(|scope| scope["name"].clone()).collect();
    assert_eq!(names, SCOPES);
    assert!(all["note"].as_str().unwrap().contains("may be incomplete"));
    let some = lab.output("some");
    let scopes = some["scopes"].as_array().unwrap();
    assert_eq!(scopes.len(), 4, "{scopes:?}");
    assert_eq!(
        scopes[0],
        json!({"name": "okta.users.manage", "group": "users", "access": "manage", "reason": "create, update and delete user accounts"})
    );
    assert_eq!(lab.sandbox.integration()["grantedScopes"].as_array().unwrap().len(), 4);
}

/// The first one is asked in the middle of a wait, which no write of ours ends.
#[test]
fn a_link_that_was_waited_for_is_asked_for_again() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    lab.sandbox.settings(json!({"connect_delay_ms": 3000}));
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "the access was revoked"}));
    lab.configure(&format!(
        r#"{BOTH}
resource "terraform_data" "early" {{
  provisioner "local-exec" {{
    command = "sleep 1.5"
  }}
}}

data "druva_okta_links" "early" {{
  depends_on = [terraform_data.early]
}}

data "druva_okta_link" "late" {{
  depends_on = [druva_okta_link.this, data.druva_okta_links.early]
}}

output "statuses" {{
  value = [data.druva_okta_links.early.links[0].status, data.druva_okta_link.late.status]
}}
"#
    ));
    lab.apply();
    assert_eq!(lab.output("statuses"), json!([AppStatus::CONNECTING, AppStatus::CONNECTED]));
}
