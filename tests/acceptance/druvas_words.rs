//! What Druva may word otherwise than this provider expects: statuses, ids and lifetimes are taken as they come.

use serde_json::json;

use crate::lab::{BOTH, LINK, Lab};

const LINKS: &str = r#"
data "druva_okta_links" "all" {}
data "druva_okta_link" "this" { okta_domain = druva_okta_link.this.okta_domain }
data "druva_okta_preflight" "this" { depends_on = [druva_okta_link.this] }
output "all" { value = data.druva_okta_links.all.links[*].status }
output "this" { value = data.druva_okta_link.this.status }
output "credential" { value = data.druva_okta_preflight.this.druva_credential.ok }
"#;

#[test]
fn row_n_a_status_that_is_not_known_is_shown_and_is_not_connected() {
    let lab = Lab::with_both();
    let id = lab.attributes(LINK)["id"].clone();
    lab.sandbox.settings(json!({"not_connected_status": "NOT_LICENSED"}));
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "The licence has ended."}));
    lab.plan().says(&["~ status = \"NOT_LICENSED\" -> ", "Plan: 0 to add, 1 to change, 0 to destroy."]);
    lab.run(&["apply", "-refresh-only", "-auto-approve"]).expect_success();
    assert_eq!(lab.attributes(LINK)["status"], "NOT_LICENSED");
    let link = lab.path("main.tf");
    let resources = std::fs::read_to_string(&link).unwrap();
    lab.configure(&(resources + LINKS));
    lab.run(&["apply", "-refresh-only", "-auto-approve"]).expect_success();
    assert_eq!(lab.output("all"), json!(["NOT_LICENSED"]));
    assert_eq!(lab.output("this"), "NOT_LICENSED");
    assert_eq!(lab.output("credential"), true);
}

#[test]
fn row_n_the_ids_of_links_may_be_numbers_or_texts() {
    for link_ids in ["number", "digits", "text"] {
        let lab = Lab::new(BOTH);
        lab.sandbox.settings(json!({"link_ids": link_ids, "druva_page_size": 1}));
        lab.full_loop();
    }
}

#[test]
fn row_i_the_lifetime_of_a_token_may_be_a_number_a_text_or_unsaid() {
    for expires_in in ["number", "text", "absent"] {
        let lab = Lab::new("data \"druva_okta_links\" \"all\" {}");
        lab.sandbox.settings(json!({"druva_expires_in": expires_in}));
        lab.plan();
    }
}
