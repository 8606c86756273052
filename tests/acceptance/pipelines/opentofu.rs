//! What OpenTofu alone can: providers by `for_each`, and state and plan files that are encrypted.

use std::fs;

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use super::tenants::{repository, with_service_app};
use super::{Clone, files};
use crate::documentation::root;

/// As the guide "Many tenants" has it: a tenant leaves in two steps.
#[test]
#[ignore = "needs OpenTofu"]
fn tenants_by_for_each() {
    let mut lab = repository().0;
    let (globex, key) = (Sandbox::start().list_under_the_guess(), Key::ec());
    let (mut tenants, mut credentials, mut urls) = (json!({}), json!({}), json!({}));
    for (name, client, sandbox) in [("acme", "0oa1", &lab.sandbox), ("globex", "0oa2", &globex)] {
        let key_id = format!("{name}-1");
        tenants[name] =
            json!({"okta_org_url": sandbox.okta_url, "okta_client_id": client, "okta_private_key_id": key_id});
        credentials[name] = with_service_app(sandbox, name, client, &key);
        urls[name] = json!(sandbox.druva_url);
    }
    key.secret_texts().for_each(|text| lab.plant(text));
    globex.all_secret_texts().iter().for_each(|text| lab.plant(text));
    let text = fs::read_to_string(lab.path("for-each/main.tofu")).unwrap();
    let block = "  for_each = var.tenants\n\n  client_id ";
    assert!(text.contains(block), "{text}");
    let with_urls =
        text.replace(block, "  for_each = var.tenants\n\n  api_url = var.druva_urls[each.key]\n  client_id ");
    lab.write("for-each/main.tofu", &with_urls);
    lab.write("for-each/sandbox.tofu", "variable \"druva_urls\" {\n  type = map(string)\n}\n");
    lab.set_environment("TF_VAR_credentials", &credentials.to_string());
    lab.set_environment("TF_VAR_druva_urls", &urls.to_string());
    let run = |tenants: &serde_json::Value, arguments: &[&str]| {
        let mut command = lab.terraform();
        command.arg("-chdir=for-each").args(arguments).arg("-no-color").env("TF_VAR_tenants", tenants.to_string());
        lab.examine(&command.output().unwrap(), arguments[0])
    };
    run(&tenants, &["init"]).expect_success();
    run(&tenants, &["apply", "-auto-approve"]).expect_success().says(&["4 added, 0 changed, 0 destroyed"]);
    assert_eq!(run(&tenants, &["plan", "-detailed-exitcode"]).code, 0);
    for sandbox in [&lab.sandbox, &globex] {
        assert_eq!(sandbox.link()["appStatus"], AppStatus::CONNECTED);
        assert_eq!(sandbox.link()["oktaDomain"], sandbox.okta_host());
    }

    tenants["globex"]["active"] = json!(false);
    run(&tenants, &["apply", "-auto-approve"]).expect_success().says(&["0 added, 0 changed, 2 destroyed"]);
    assert_eq!(globex.state()["druva"]["domains"], json!([]));
    tenants.as_object_mut().unwrap().remove("globex");
    assert_eq!(run(&tenants, &["plan", "-detailed-exitcode"]).code, 0);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
}

/// The file that the guide "Secrets and state" shows, with the jobs of the example pipeline.
#[test]
#[ignore = "needs OpenTofu"]
fn state_and_plan_are_encrypted() {
    const PASSPHRASE: &str = "correct-horse-battery-staple";
    let mut clone = Clone::new();
    let shown = fs::read_to_string(root().join("examples/encryption/encryption.tofu")).unwrap();
    let passphrase = "passphrase = var.state_passphrase\n";
    assert!(shown.contains(passphrase), "{shown}");
    // The fewest that OpenTofu takes: each command derives the key, some more than once.
    let fast = shown.replace(passphrase, &format!("{passphrase}iterations = 200000\n"));
    clone.0.write("encryption.tofu", &fast);
    clone.0.set_environment("TF_VAR_state_passphrase", PASSPHRASE);
    clone.0.plant(PASSPHRASE);
    clone.0.run(&["init"]).expect_success();
    clone.converge();
    assert_eq!(clone.pipeline("drift").code, 0);
    assert_eq!(clone.0.sandbox.link()["appStatus"], AppStatus::CONNECTED);

    clone.0.run(&["plan", "-out=saved.plan"]).expect_success();
    // The state has the client secret of way 1, and no file shows it.
    let shown = String::from_utf8(clone.0.terraform().args(["state", "pull"]).output().unwrap().stdout).unwrap();
    let secrets = clone.0.sandbox.all_secret_texts();
    assert!(secrets.iter().any(|secret| shown.contains(secret.as_str())), "the state has no secret");
    for file in files(&clone.0.path("")) {
        let bytes = fs::read(&file).unwrap();
        clone.0.assert_no_secret_in(&String::from_utf8_lossy(&bytes), &file.display().to_string());
    }
    let state = fs::read_to_string(clone.0.path("terraform.tfstate")).unwrap();
    assert!(state.contains("encrypted_data") && !state.contains("druva_okta_link"), "{state}");

    clone.0.set_environment("TF_VAR_state_passphrase", "another-passphrase-than-that-one");
    clone.pipeline("drift").expect_failure();
}
