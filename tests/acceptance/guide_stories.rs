//! What the guides tell, done with their own blocks: adopting, moving, and looking before the first apply.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::another_apply;
use crate::connections::ends_well;
use crate::documentation::block as section;
use crate::lab::{INTEGRATION, Lab, SCOPES, TYPE};
use crate::rotation::only_secret;

/// The block at this place among those of a guide.
fn block(guide: &str, place: usize) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/guides/{guide}.md.tmpl"));
    let text = std::fs::read_to_string(path).unwrap();
    let block = text.split("```hcl\n").nth(place + 1).unwrap_or_else(|| panic!("{guide} has no block {place}"));
    block.split_once("```").unwrap().0.to_owned()
}

/// A lab whose org somebody set up by hand, with another provider or in the consoles.
fn set_up_by_hand(scopes: &[&str]) -> (Lab, Value) {
    let lab = Lab::new("");
    let installed = lab.sandbox.install(TYPE, scopes);
    another_apply::link_org(&lab.sandbox, &installed);
    lab.sandbox.drift(json!({
        "action": "set_switch", "id": lab.sandbox.link()["id"], "backup_enabled": true, "cloud_key_management_enabled": true,
    }));
    (lab, installed)
}

/// A guide's block with the ids of this org instead of those of the example.
fn of_this_org(lab: &Lab, text: &str, installed: &Value) -> String {
    text.replace("0oa72lrepvp4WqEET1d9", installed["id"].as_str().unwrap())
        .replace("https://example.okta.com", &lab.sandbox.okta_url)
        .replace("example.okta.com", &lab.sandbox.okta_host())
}

#[test]
fn an_installation_by_hand_is_imported_and_gets_a_secret() {
    let (lab, installed) = set_up_by_hand(&SCOPES);
    lab.configure(&of_this_org(&lab, &block("adopting-an-existing-installation", 0), &installed));
    lab.sandbox.clear_requests();
    lab.apply().says(&["Plan: 2 to import, 0 to add, 0 to change, 0 to destroy."]);
    assert_eq!((lab.sandbox.changes_in_okta(), lab.sandbox.changes_at_druva()), (Vec::new(), Vec::new()));
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_status"], "NOT_HELD");
    let by_hand = lab.sandbox.secrets()[0].clone();

    lab.configure(&block("adopting-an-existing-installation", 2));
    lab.apply().says(&["Plan: 0 to add, 2 to change, 0 to destroy."]);
    assert_ne!(only_secret(&lab)["id"], by_hand["id"]);
    ends_well(&lab);
}

#[test]
fn an_installation_with_other_scopes_is_imported_with_those() {
    let (lab, installed) = set_up_by_hand(&["okta.groups.manage", "okta.users.manage"]);
    let import = of_this_org(&lab, &block("adopting-an-existing-installation", 0), &installed);
    lab.configure(&import);
    lab.plan().says(&["Plan: 2 to import, 0 to add, 0 to change, 0 to destroy."]);
    let configured = format!(
        "\"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n  granted_scopes = [\"okta.users.manage\"]\n}}"
    );
    lab.configure(&import.replace("\"druva_okta_integration\" \"this\" {}", &configured));
    lab.plan().says(&[
        "Warning: this will destroy the imported resource",
        "Plan: 2 to import, 1 to add, 1 to change, 1 to destroy.",
    ]);
    let blocks = import.split_once("resource ").unwrap().0;
    lab.configure(&(blocks.to_owned() + &block("adopting-an-existing-installation", 1)));
    lab.apply().says(&["Plan: 2 to import, 0 to add, 0 to change, 0 to destroy."]);
    assert_eq!(lab.sandbox.integration()["id"], installed["id"]);
    lab.plan_is_empty();
}

#[test]
fn an_installation_by_hand_is_adopted() {
    let (lab, installed) = set_up_by_hand(&SCOPES);
    let by_hand = lab.sandbox.secrets()[0].clone();
    lab.configure(&of_this_org(&lab, &block("adopting-an-existing-installation", 3), &installed));
    lab.apply()
        .says(&["Plan: 1 to import, 1 to add, 1 to change, 0 to destroy.", "An integration that exists is taken over"]);
    assert_eq!(lab.sandbox.integration()["id"], installed["id"]);
    assert_ne!(only_secret(&lab)["id"], by_hand["id"]);
    ends_well(&lab);
}

/// With a resource of ours in the place of the other provider's, which is not here.
#[test]
fn an_integration_moves_from_one_resource_to_another_and_takes_the_link_along() {
    let (lab, installed) = set_up_by_hand(&SCOPES);
    lab.configure("resource \"druva_okta_integration\" \"druva\" {}");
    lab.run(&["import", "druva_okta_integration.druva", installed["id"].as_str().unwrap()]).expect_success();
    let guide = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/guides/moving-from-the-okta-provider.md.tmpl"),
    );
    let guide = guide.unwrap();
    let removed = guide.split_once("```terraform\n").unwrap().1.split_once("\n\nimport").unwrap().0;
    let removed = removed.replace("okta_api_service_integration.druva", "druva_okta_integration.druva");
    let moved = of_this_org(&lab, &block("moving-from-the-okta-provider", 1), &installed);
    lab.configure(&format!("{removed}\n\n{moved}"));
    lab.apply().says(&[
        "druva_okta_integration.druva will no longer be managed by Terraform, but will not be destroyed",
        "Plan: 2 to import, 0 to add, 2 to change, 0 to destroy",
    ]);
    assert_eq!(lab.sandbox.integration()["id"], installed["id"]);
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn a_plan_that_could_not_be_applied_is_stopped_by_the_preflight() {
    let lab = Lab::for_documents(&section("pipelines-and-concurrency", "hcl", "Look before an apply", 0));
    lab.sandbox.settings(json!({"okta_role": "READ_ONLY_ADMIN"}));
    lab.plan_fails().says(&["Resource precondition failed", "has the role READ_ONLY_ADMIN in Okta"]);
    lab.sandbox.settings(json!({"okta_role": "SUPER_ADMIN"}));
    lab.apply();
    lab.plan_is_empty();
    lab.configure(&section("getting-started", "terraform", "5. Look before the first apply", 0));
    lab.apply();
    let problems = lab.output("problems");
    assert!(problems[0].as_str().unwrap().contains("has \"Druva Data Security Cloud\" already"), "{problems}");
}

/// The commands make what Okta takes: a public JWK that belongs to the private key.
#[test]
#[cfg(unix)]
fn the_commands_that_make_a_key_pair_work() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/guides/service-app-keys.md.tmpl");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```shell\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let scripts: Vec<&str> = blocks.filter(|block| block.contains("openssl genpkey")).collect();
    assert_eq!(scripts.len(), 2);
    for script in scripts {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("bash").args(["-euc", script]).current_dir(folder.path()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let jwk: Value = serde_json::from_slice(&made.stdout).unwrap();
        let sandbox = testkit::sandbox::Sandbox::start().list_under_the_guess();
        let scopes = ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"];
        let app = json!({"client_id": "0oaServiceApp", "jwk": jwk, "scopes": scopes, "role": "SUPER_ADMIN"});
        sandbox.control("POST", "service_apps", Some(app));
        let key = folder.path().join("terraform-druva.pem");
        let okta = format!(
            "okta {{\norg_url = \"{}\"\nclient_id = \"0oaServiceApp\"\nprivate_key = \"{}\"\nprivate_key_id = \"terraform-druva-1\"\n}}",
            sandbox.okta_url,
            key.display()
        );
        let lab = Lab::with_sandbox(sandbox, &format!("provider \"druva\" {{\n{okta}\n}}"), "");
        lab.configure("resource \"druva_okta_integration\" \"this\" {}");
        lab.apply();
        lab.destroy();
    }
}
