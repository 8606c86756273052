//! The Okta half alone, for accounts without Druva's assumed API: `examples/by-hand`, and the guide "Linking by hand" walked
//! from one end to the other, with its own commands. What somebody does in Druva's console the sandbox plays.

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use druva_docs::markdown::{CodeBlock, code_blocks};
use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::sandbox::{SEEN_EVERYWHERE, Sandbox, text_of};
use testkit::servers::Recorder;

use crate::another_apply;
use crate::connections::{ends_well, never_lost};
use crate::documentation::files;
use crate::engine;
use crate::lab::{INTEGRATION, LINK, Lab, SCOPES, TYPE, provider_block};
use crate::printed::Printed;
use crate::rotation;

const MINTS: &str = "Plan: 0 to add, 1 to change, 0 to destroy.";

fn example() -> String {
    files()["examples/by-hand/main.tf"].clone()
}

/// The blocks of the guide under a heading, in one of the languages.
fn blocks(heading: &str, language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/guides/linking-by-hand.md.tmpl");
    let is_meant = |block: &CodeBlock| block.language == language && block.heading.starts_with(heading);
    let all = code_blocks(&std::fs::read_to_string(path).unwrap());
    let found: Vec<String> = all.into_iter().filter(is_meant).map(|block| block.text).collect();
    assert!(!found.is_empty(), "{heading} has no block of {language}");
    found
}

/// The example as it is, in an environment that has Okta's credential and none of Druva's, whose API for Okta is not there.
fn lab() -> Lab {
    let mut lab = lab_without_type();
    lab.set_environment("TF_VAR_type", TYPE);
    lab
}

/// The same with the default of the type, which Okta does not know.
fn lab_without_type() -> Lab {
    let sandbox = Sandbox::start();
    sandbox.settings(json!({"druva_okta_api": false}));
    let environment = [
        ("OKTA_ORG_URL", sandbox.okta_url.clone()),
        ("OKTA_API_TOKEN", sandbox.okta_api_token.clone()),
        ("TERRAFORM", engine::program().to_str().unwrap().to_owned()),
    ];
    let mut lab = Lab::with_sandbox(sandbox, "", "");
    environment.iter().for_each(|(name, value)| lab.set_environment(name, value));
    lab.write("versions.tf", "");
    lab.configure(&example());
    lab
}

/// Commands of the guide, as somebody types them.
fn bash(lab: &Lab, commands: &str) -> Output {
    let script = format!("terraform() {{ command \"$TERRAFORM\" \"$@\"; }}\n{commands}");
    let output = lab.command("bash").args(["-euo", "pipefail", "-c", &script]).output().unwrap();
    assert!(output.status.success(), "{commands}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn type_in(lab: &Lab, commands: &str) -> Printed {
    lab.examine(&bash(lab, commands), "a command of the guide")
}

/// What the commands of the hand-over print, which is for nobody else's eyes: domain, client id and secret.
fn handed_over(lab: &Lab) -> [String; 3] {
    // Nobody is faster than this.
    std::thread::sleep(SEEN_EVERYWHERE);
    ["okta_domain", "client_id", "client_secret"].map(|name| {
        let printed = bash(lab, &format!("terraform output -raw {name}")).stdout;
        String::from_utf8(printed).unwrap()
    })
}

/// Authorize, the Cloud Key Management System, Configure Backup.
fn authorize_by_hand(lab: &Lab) {
    let [okta_domain, client_id, client_secret] = handed_over(lab);
    lab.sandbox.drift(json!({
        "action": "link", "okta_domain": okta_domain, "client_id": client_id, "client_secret": client_secret,
        "backup_enabled": true, "cloud_key_management_enabled": true,
    }));
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
}

/// Re-Authorize App. The console needs no API: that is there for this call only.
fn re_authorize_by_hand(lab: &Lab) {
    let [_, client_id, client_secret] = handed_over(lab);
    lab.sandbox.settings(json!({"druva_okta_api": true}));
    let link = text_of(&lab.sandbox.link()["id"]);
    another_apply::authorize(&lab.sandbox, &link, &json!({"id": client_id, "client_secret": client_secret}));
    lab.sandbox.settings(json!({"druva_okta_api": false}));
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
}

/// What the check of the guide prints.
fn check(lab: &Lab) -> String {
    type_in(lab, &blocks("3. Check", "shell")[0]).text.trim().to_owned()
}

/// The same for a secret that is new, which is not known everywhere at once.
fn is_alive(lab: &Lab) {
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        match check(lab).as_str() {
            "200" => return,
            "401" if Instant::now() < patience => std::thread::sleep(Duration::from_millis(500)),
            other => panic!("the check prints {other}"),
        }
    }
}

/// An org that was set up by the guide up to here.
fn linked() -> Lab {
    let lab = lab();
    lab.apply();
    is_alive(&lab);
    authorize_by_hand(&lab);
    lab
}

/// The secrets' ids with their status, the older one first.
fn secrets(lab: &Lab) -> Vec<(String, String)> {
    let text = |secret: &Value, name: &str| secret[name].as_str().unwrap().to_owned();
    lab.sandbox.secrets().iter().map(|secret| (text(secret, "id"), text(secret, "status"))).collect()
}

/// The only secret's id.
fn only_secret(lab: &Lab) -> String {
    let [(id, status)] = <[_; 1]>::try_from(secrets(lab)).unwrap();
    assert_eq!(status, "ACTIVE");
    id
}

fn statuses(lab: &Lab) -> Vec<String> {
    secrets(lab).into_iter().map(|(_, status)| status).collect()
}

fn change_secret(lab: &Lab, action: &str, secret_id: &str) {
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": action, "id": id, "secret_id": secret_id}));
}

fn requests_at_druva(lab: &Lab) -> usize {
    let log = lab.sandbox.control("GET", "requests", None);
    log.as_array().unwrap().iter().filter(|entry| entry["side"] == "druva").count()
}

#[test]
fn the_example_gives_what_druvas_console_asks_for_and_asks_druva_nothing() {
    let lab = lab();
    lab.apply().says(&["client_secret = <sensitive>", "client_secret_status = \"ACTIVE\""]);
    lab.plan_is_empty();
    let known = lab.attributes(INTEGRATION);
    let expected = ["org_url", "client_id", "client_secret"].map(|name| known[name].as_str().unwrap().to_owned());
    assert_eq!(handed_over(&lab), expected);
    assert_eq!(expected[0], lab.sandbox.okta_url);
    assert_eq!(lab.output("client_secret_id"), only_secret(&lab).as_str());
    assert_eq!(requests_at_druva(&lab), 0);
    lab.run(&["destroy", "-auto-approve"]).expect_failure().says(&["Instance cannot be destroyed"]);
    lab.configure(&example().replace("prevent_destroy = true", "prevent_destroy = false"));
    lab.destroy();
}

#[test]
fn where_okta_does_not_know_the_default_type_what_was_installed_by_hand_is_adopted() {
    let lab = lab_without_type();
    lab.apply_fails().says(&["Cannot install the integration", "adopt_existing = true"]);
    let by_hand = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    lab.configure(&example().replace("  type = var.type\n", "  adopt_existing = true\n"));
    lab.apply().says(&["An integration that exists is taken over"]);
    assert_eq!(lab.output("integration_id"), by_hand["id"]);
    assert_eq!(statuses(&lab), ["ACTIVE", "ACTIVE"], "that of the dialog, and ours");
    is_alive(&lab);
    authorize_by_hand(&lab);
    lab.plan_is_empty();
}

#[test]
fn the_guide_is_walked_from_the_installation_to_the_second_rotation() {
    let mut lab = lab();
    let commands: Vec<String> = blocks("1. Install", "shell");
    let (_, apply) = commands[0].split_once("terraform init\n").unwrap();
    type_in(&lab, &apply.replace("apply", "apply -no-color -auto-approve"))
        .says(&["Apply complete! Resources: 1 added"]);
    is_alive(&lab);
    authorize_by_hand(&lab);
    type_in(&lab, &blocks("3. Check", "shell")[1].replace("plan", "plan -no-color")).says(&["No changes."]);

    let rotation = blocks("4. Rotate", "shell");
    let [rotate, deactivate, delete] = &rotation[..] else { panic!("{rotation:?}") };
    let first = only_secret(&lab);
    type_in(&lab, &rotate.replace("apply", "apply -no-color -auto-approve")).says(&[MINTS, "~ client_secret_id"]);
    lab.set_environment("TF_VAR_rotation", "second");
    assert_eq!(statuses(&lab), ["ACTIVE", "ACTIVE"]);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED, "Druva goes on with the first one");
    is_alive(&lab);
    re_authorize_by_hand(&lab);

    type_in(&lab, deactivate).says(&[&first, "ACTIVE", "INACTIVE"]);
    let old = secrets(&lab).into_iter().find(|(id, _)| *id == first).unwrap();
    assert_eq!(old.1, "INACTIVE");
    lab.plan_is_empty();
    let helpers: Vec<&str> =
        deactivate.lines().filter(|line| !line.contains("jq -r '.[]") && !line.contains("POST")).collect();
    type_in(&lab, &format!("{}\n{delete}", helpers.join("\n")));
    assert_ne!(only_secret(&lab), first);
    assert_eq!(lab.output("client_secret_id"), only_secret(&lab).as_str());
    never_lost(&lab);
    lab.plan_is_empty();

    lab.set_environment("TF_VAR_rotation", "third");
    lab.apply().says(&[MINTS]);
    assert_eq!(statuses(&lab), ["ACTIVE", "ACTIVE"]);
    assert_eq!(requests_at_druva(&lab), 2, "a token and the re-authorization, both of them by hand");
}

/// Whatever a `.curlrc` says of redirects.
#[test]
fn no_command_of_the_guide_sends_a_credential_to_another_host() {
    let mut lab = lab();
    lab.apply();
    let home = lab.path("").to_string_lossy().into_owned();
    lab.set_environment("HOME", &home);
    lab.write(".curlrc", "location-trusted\n");
    let other = Recorder::start();
    let elsewhere = format!("http://localhost:{}/elsewhere", other.address.port());
    lab.sandbox.fault(json!({"side": "okta", "path": "", "times": 9, "do": {"respond": {
        "status": 307, "headers": {"Location": elsewhere},
    }}}));
    assert_eq!(check(&lab), "307");
    let commands = &blocks("4. Rotate", "shell")[1];
    let (asks, _) = commands.split_once("old=").unwrap();
    let says = bash(&lab, asks);
    assert_eq!(String::from_utf8(says.stderr).unwrap(), elsewhere);
    assert_eq!((says.stdout, other.received()), (Vec::new(), Vec::new()));
}

#[test]
fn an_inactive_secret_makes_room_and_an_active_one_does_not_unless_it_is_given_up() {
    let mut lab = linked();
    lab.set_environment("TF_VAR_rotation", "second");
    lab.apply();
    lab.set_environment("TF_VAR_rotation", "third");
    lab.apply_fails()
        .says(&["Both secrets of the integration may be in use", "replace_oldest_secret = true"])
        .diagnostics_are("Error: Both", "both_secrets_may_be_in_use");
    let before = secrets(&lab);
    let first = lab.sandbox.link()["secret_hash"].clone();

    let old = lab.sandbox.secrets().into_iter().find(|secret| secret["secret_hash"] == first).unwrap();
    let old = old["id"].as_str().unwrap().to_owned();
    re_authorize_by_hand(&lab);
    change_secret(&lab, "deactivate_secret", &old);
    lab.apply();
    let after = secrets(&lab);
    assert!(after.len() == 2 && !after.iter().any(|(id, _)| *id == old), "{before:?} {after:?}");
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);

    re_authorize_by_hand(&lab);
    lab.configure(
        &example()
            .replace("  type = var.type\n", "  type                  = var.type\n  replace_oldest_secret = true\n"),
    );
    lab.set_environment("TF_VAR_rotation", "fourth");
    lab.apply();
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED, "the one that Druva has is not the oldest");
    never_lost(&lab);
}

#[test]
fn what_somebody_does_in_okta_shows_as_the_guide_says() {
    let mut lab = linked();
    let held = only_secret(&lab);
    let minting = ["The client secret no longer works", MINTS, "~ client_secret_id"];

    change_secret(&lab, "deactivate_secret", &held);
    assert_eq!(check(&lab), "401");
    lab.plan().says(&minting);
    change_secret(&lab, "activate_secret", &held);
    lab.plan_is_empty();

    let id = lab.sandbox.integration()["id"].clone();
    let scope = lab.output("granted_scopes")[0].clone();
    lab.sandbox.drift(json!({"action": "drop_scope", "id": id, "scope": scope}));
    assert_eq!(check(&lab), "400");
    lab.plan_fails().says(&["Instance cannot be destroyed"]);
    lab.sandbox.drift(json!({"action": "add_scope", "id": id, "scope": scope}));
    assert_eq!(check(&lab), "200");
    lab.plan_is_empty();

    let link = text_of(&lab.sandbox.link()["id"]);
    lab.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": false}));
    lab.plan_is_empty();

    change_secret(&lab, "delete_secret", &held);
    lab.plan().says(&minting);
    lab.apply();
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::NOT_CONNECTED);
    is_alive(&lab);
    re_authorize_by_hand(&lab);

    lab.set_environment("TF_VAR_rotation", "second");
    lab.apply();
    let other = secrets(&lab).into_iter().find(|(id, _)| lab.output("client_secret_id") != id.as_str()).unwrap();
    change_secret(&lab, "delete_secret", &other.0);
    lab.plan_is_empty();

    lab.sandbox.drift(json!({"action": "delete_integration", "id": id}));
    // What is younger than five minutes is looked for again.
    lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    lab.plan().says(&["Plan: 1 to add, 0 to change, 0 to destroy.", "client_id"]);
    lab.apply();
    assert_ne!(lab.sandbox.integration()["id"], id);
}

#[test]
fn a_link_that_was_made_by_hand_is_taken_over_later_without_a_new_secret() {
    let mut lab = linked();
    lab.set_environment("TF_VAR_rotation", "second");
    lab.apply();
    is_alive(&lab);
    re_authorize_by_hand(&lab);
    let known = lab.output("client_secret_id");

    lab.sandbox.settings(json!({"druva_okta_api": true}));
    let block = &blocks("Move to druva_okta_link later", "hcl")[0];
    let example = example().replace("provider \"druva\" {}", &provider_block(&lab.sandbox, ""));
    let example = example.replace("prevent_destroy = true", "prevent_destroy = false");
    lab.configure(&format!("{example}\n{}", block.replace("example.okta.com", &lab.sandbox.okta_host())));
    lab.sandbox.clear_requests();
    lab.apply().says(&["Plan: 1 to import, 0 to add, 1 to change, 0 to destroy."]);
    let minted = |request: &String| request.starts_with("POST") && request.ends_with("/credentials/secrets");
    assert!(!lab.sandbox.requests().iter().any(minted), "{:?}", lab.sandbox.requests());
    assert_eq!(rotation::only_secret(&lab)["id"], known, "the older one is retired");
    assert_eq!(lab.attributes(LINK)["client_secret_id"], known);
    ends_well(&lab);
}
