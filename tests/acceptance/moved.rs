//! An integration that Okta's own provider manages, taken over by a `moved` block.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::engine::engine;
use crate::lab::{INTEGRATION, Lab, SCOPES, TYPE, both};
use crate::terraform;

const MOVED: &str = r#"
moved {
  from = okta_api_service_integration.druva
  to   = druva_okta_integration.this
}
"#;

/// A lab whose state has an integration as Okta's provider writes it. Terraform wants to have that provider too, and asks
/// it nothing: ours stands in for it.
fn managed_by_okta_s_provider(source_type: &str) -> Lab {
    let mut lab = Lab::new("");
    let installed = lab.sandbox.install(TYPE, &SCOPES);
    let mirror = lab.path("mirror");
    let okta_s_provider = format!("{}/okta/okta", engine().registry());
    for source in [engine().source(), okta_s_provider.clone()] {
        let package = mirror.join(&source).join(terraform::VERSION).join(terraform::platform());
        std::fs::create_dir_all(&package).unwrap();
        let name = source.rsplit('/').next().unwrap();
        let built = env!("CARGO_BIN_EXE_terraform-provider-druva");
        std::fs::copy(built, package.join(format!("terraform-provider-{name}_v{}", terraform::VERSION))).unwrap();
    }
    lab.write(
        "cli.tfrc",
        &format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n"),
    );
    let config = lab.path("cli.tfrc");
    lab.set_environment("TF_CLI_CONFIG_FILE", config.to_str().unwrap());
    let scopes: Vec<_> = SCOPES.iter().map(|scope| json!({"scope": scope})).collect();
    let attributes = json!({
        "id": installed["id"], "type": TYPE, "name": "Druva Data Security Cloud", "granted_scopes": scopes,
        "config_guide_url": null, "created_at": null, "created_by": null,
    });
    let state = json!({
        "version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "a", "outputs": {},
        "resources": [{
            "mode": "managed", "type": source_type, "name": "druva",
            "provider": format!("provider[{okta_s_provider:?}]"),
            "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}],
        }],
    });
    lab.write("terraform.tfstate", &state.to_string());
    lab.run(&["init"]).expect_success();
    lab.sandbox.clear_requests();
    lab
}

#[test]
fn a_move_takes_over_without_touching_okta_and_the_secret_comes_by_rotation() {
    let guide = include_str!("../../templates/guides/moving-from-the-okta-provider.md.tmpl");
    assert!(guide.contains(MOVED), "the guide shows another block");
    let lab = managed_by_okta_s_provider("okta_api_service_integration");
    let id = lab.sandbox.integration()["id"].clone();
    lab.configure(&format!("resource \"druva_okta_integration\" \"this\" {{}}\n{MOVED}"));
    lab.plan().says(&[
        "okta_api_service_integration.druva has moved to druva_okta_integration.this",
        "The moved integration has no client secret",
        "Plan: 0 to add, 0 to change, 0 to destroy.",
    ]);
    lab.apply();
    lab.plan_is_empty();
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
    let attributes = lab.attributes(INTEGRATION);
    assert_eq!((&attributes["id"], &attributes["org_url"]), (&id, &json!(lab.sandbox.okta_url)));
    assert_eq!((&attributes["client_secret_status"], &attributes["client_secret"]), (&json!("NOT_HELD"), &json!(null)));

    let rotating = both("rotate_when_changed = { moved = \"yes\" }", "");
    lab.configure(&format!("{rotating}{MOVED}"));
    lab.apply();
    lab.plan_is_empty();
    assert_eq!(
        (&lab.sandbox.integration()["id"], &lab.sandbox.link()["appStatus"]),
        (&id, &json!(AppStatus::CONNECTED))
    );
    lab.destroy();
}

#[test]
fn a_move_from_another_type_is_refused() {
    let lab = managed_by_okta_s_provider("okta_app_oauth");
    let moved = MOVED.replace("okta_api_service_integration", "okta_app_oauth");
    lab.configure(&format!("resource \"druva_okta_integration\" \"this\" {{}}\n{moved}"));
    lab.plan_fails().says(&["Nothing can be moved from there", "cannot take over okta_app_oauth"]);
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
}
