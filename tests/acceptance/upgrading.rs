//! The guide on upgrading, done with its own commands: two releases in a folder, a state of the older one, and back.

use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::environment::built_beside_the_provider;

use crate::documentation::{block, files};
use crate::engine::{self, engine};
use crate::lab::{BOTH, INTEGRATION, LINK, Lab};
use crate::printed::Printed;
use crate::terraform::{self, VERSION, platform};

const NEWER_VERSION: &str = "Resource instance managed by newer provider version";

/// A lab that installs from the folder of its user, which has the releases that the guide names: the built provider under both
/// versions for this platform, and none for another one.
fn with_two_releases() -> Lab {
    let mut lab = Lab::new(BOTH);
    let plugins = lab.path(".terraform.d/plugins");
    let packages = plugins.join(engine().source());
    std::fs::create_dir_all(&packages).unwrap();
    let built = terraform::cli_config().with_file_name("mirror").join(engine().source()).join(VERSION);
    let built = built.join(platform()).join(format!("terraform-provider-druva_v{VERSION}"));
    lab.write("other", "no provider");
    for version in ["0.1.0", "0.2.0"] {
        for (platform, binary) in [("darwin_arm64".to_owned(), lab.path("other")), (platform(), built.clone())] {
            let mut pack = Command::new(built_beside_the_provider("druva-provider-pack"));
            pack.args(["zip", "--version", version, "--platform", &platform, "--modified", "1700000000"]);
            pack.arg("--binary").arg(binary).arg("--output").arg(&packages);
            let _ = Printed::from(&pack.output().unwrap()).expect_success();
        }
    }
    lab.write(
        "folder.rc",
        &format!("provider_installation {{\n  filesystem_mirror {{\n    path = {plugins:?}\n  }}\n}}\n"),
    );
    lab.set_environment("TF_CLI_CONFIG_FILE", lab.path("folder.rc").to_str().unwrap());
    lab.set_environment("HOME", lab.path("").to_str().unwrap());
    std::fs::remove_dir_all(lab.path(".terraform")).unwrap();
    std::fs::remove_file(lab.path(".terraform.lock.hcl")).unwrap();
    wants(&lab, "~> 0.1.0");
    lab.run(&["init"]).expect_success().says(&["Installed druva-community/druva v0.1.0"]);
    lab
}

/// The configuration names a version as the guide does.
fn wants(lab: &Lab, version: &str) {
    let text = block("upgrading", "terraform", "Upgrade", 0);
    assert!(text.contains("\"~> 0.2.0\""), "{text}");
    lab.write("versions.tf", &text.replace("~> 0.2.0", version));
}

/// What somebody types: the commands of a block below a heading, each of which must succeed.
fn types(lab: &Lab, heading: &str, place: usize) -> Printed {
    let text = block("upgrading", "shell", heading, place).replace("linux_amd64", &platform());
    let program = engine::program();
    let typed = text.replace("terraform ", &format!("'{}' ", program.display()));
    let output = lab.command("bash").args(["-euo", "pipefail", "-c", &typed]).output().unwrap();
    lab.examine(&output, heading).expect_success()
}

fn locked(lab: &Lab, version: &str) {
    let lock = std::fs::read_to_string(lab.path(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!("version     = \"{version}\"")), "{lock}");
    assert!(lock.matches("\"h1:").count() >= 1, "{lock}");
}

/// Edits the stored instances of both resources.
fn rewrite(lab: &Lab, edit: impl Fn(&mut Value)) {
    let mut state = lab.state_file();
    for resource in state["resources"].as_array_mut().unwrap() {
        edit(&mut resource["instances"][0]);
    }
    lab.write("terraform.tfstate", &state.to_string());
}

/// What another release remembered beside the state, and this one knows nothing of.
fn remember_more(instance: &mut Value) {
    let Some(private) = instance["private"].as_str() else { return };
    let stored = BASE64_STANDARD.decode(private).unwrap();
    let mut private = rmpv::decode::read_value(&mut &stored[..]).unwrap();
    let rmpv::Value::Map(entries) = &mut private else { panic!("not by name: {private}") };
    entries.push(("of_another_release".into(), "something".into()));
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &private).unwrap();
    instance["private"] = json!(BASE64_STANDARD.encode(bytes));
}

#[test]
fn an_upgrade_and_the_way_back_change_nothing() {
    let lab = with_two_releases();
    lab.apply();
    let lock = std::fs::read(lab.path(".terraform.lock.hcl")).unwrap();
    let secret = lab.attributes(INTEGRATION)["client_secret_id"].clone();
    rewrite(&lab, |instance| {
        let attributes = instance["attributes"].as_object_mut().unwrap();
        for name in ["client_secret_status", "config_guide_url", "storage_region", "timeouts"] {
            attributes.remove(name);
        }
        attributes.insert("attribute_that_is_gone".to_owned(), json!("x"));
    });
    lab.run(&["plan", "-out=plan"]).expect_success();
    lab.sandbox.clear_requests();

    wants(&lab, "~> 0.2.0");
    lab.run(&["init"]).expect_failure().says(&["does not match configured version constraint ~> 0.2.0"]);
    types(&lab, "Upgrade", 1).says(&["Installed druva-community/druva v0.2.0", "No changes."]);
    locked(&lab, "0.2.0");
    lab.run(&["apply", "plan"]).expect_failure().says(&["Inconsistent dependency lock file"]);
    lab.apply();

    // The newer release has written what the older one does not know.
    rewrite(&lab, |instance| {
        instance["attributes"]["attribute_of_a_newer_release"] = json!(["new"]);
        remember_more(instance);
    });
    wants(&lab, "0.1.0");
    types(&lab, "Go back", 0).says(&["Installed druva-community/druva v0.1.0", "No changes."]);
    locked(&lab, "0.1.0");
    lab.apply();
    // With the lock file of before.
    std::fs::remove_dir_all(lab.path(".terraform")).unwrap();
    std::fs::write(lab.path(".terraform.lock.hcl"), lock).unwrap();
    lab.run(&["init"]).expect_success().says(&["Installed druva-community/druva v0.1.0"]);
    lab.plan_is_empty();
    assert_eq!((lab.sandbox.changes_in_okta(), lab.sandbox.changes_at_druva()), (Vec::new(), Vec::new()));
    assert_eq!(lab.attributes(INTEGRATION)["client_secret_id"], secret);
    assert!(lab.is_in_state(LINK));
    lab.destroy();
}

#[test]
fn terraform_refuses_a_state_with_a_higher_version_of_the_schema_and_changes_nothing() {
    let page = files()["docs/guides/upgrading.md"].split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains(NEWER_VERSION) && page.contains("It is 0 for all resources"));
    let lab = Lab::with_both();
    let schema = lab.run(&["providers", "schema", "-json"]).expect_success();
    let schema: Value = serde_json::from_str(&schema.text).unwrap();
    let schemas = schema["provider_schemas"][engine().source()]["resource_schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        assert_eq!(schema["version"], 0, "{name}: the guide says that no version was raised so far");
    }
    assert!(page.contains("nothing is marked as deprecated") && !schema.to_string().contains("\"deprecated\":true"));
    types(&lab, "Upgrade", 0);
    let before = lab.sandbox.state();
    rewrite(&lab, |instance| instance["schema_version"] = json!(1));
    for arguments in [&["plan"][..], &["apply", "-auto-approve"], &["destroy", "-auto-approve"]] {
        lab.run(arguments).expect_failure().says(&[NEWER_VERSION]);
    }
    types(&lab, "Go back", 1).says(&["No changes."]);
    assert_eq!(lab.sandbox.state(), before);
}
