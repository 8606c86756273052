//! A secret from an ephemeral value, which nobody keeps.

use serde_json::json;

use crate::connections::{ends_well, never_lost};
use crate::lab::{LINK, Lab};
use crate::minted::{FORGETFUL, link_with};
use crate::rotation::{ids, only_secret};

const VARIABLE: &str = "variable \"secret\" {\n  type      = string\n  ephemeral = true\n  sensitive = true\n}\n";

/// Both resources; the secret is the ephemeral variable `secret`.
pub fn write_only(version: u32) -> String {
    let link = link_with(&format!("client_secret_wo = var.secret\nclient_secret_wo_version = {version}"));
    VARIABLE.to_owned() + FORGETFUL + &link
}

/// Gives the variable a value, as a vault would.
pub fn put_into_the_vault(lab: &mut Lab, secret: &str) {
    lab.set_environment("TF_VAR_secret", secret);
}

/// Mints a secret by hand and puts it into the vault.
pub fn mint_into_the_vault(lab: &mut Lab) {
    let secret = lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    put_into_the_vault(lab, &secret);
}

/// A lab where the first secret from the vault is in use.
pub fn with_write_only() -> Lab {
    let mut lab = Lab::new(FORGETFUL);
    lab.apply();
    mint_into_the_vault(&mut lab);
    lab.configure(&write_only(1));
    lab.apply();
    lab
}

#[test]
fn a_write_only_secret_is_used_and_kept_nowhere() {
    let mut lab = Lab::new(FORGETFUL);
    lab.apply();
    let installation = ids(&lab)[0].clone();
    mint_into_the_vault(&mut lab);
    lab.configure(&write_only(1));
    lab.plan().says(&["+ client_secret_wo = (write-only attribute)", "+ client_secret_wo_version = 1"]);
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], installation, "that of the installation is superseded");
    let link = lab.attributes(LINK);
    assert_eq!((&link["client_secret_wo"], &link["client_secret"]), (&json!(null), &json!(null)));
    ends_well(&lab);
}

#[test]
fn another_version_re_authorizes_and_the_same_one_does_nothing() {
    let mut lab = with_write_only();
    let first = only_secret(&lab)["id"].clone();
    mint_into_the_vault(&mut lab);
    lab.plan_is_empty();

    lab.configure(&write_only(2));
    lab.plan().says(&[
        "~ client_secret_wo_version = 1 -> 2",
        "druva_okta_link.this will be updated in-place",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first);
    ends_well(&lab);
}

#[test]
fn a_write_only_secret_that_somebody_deactivated_is_seen() {
    let lab = with_write_only();
    let secret = only_secret(&lab);
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": secret["id"]}));
    lab.run(&["plan", "-refresh-only"]).expect_success().says(&[
        "~ client_secret_status = \"ACTIVE\" -> \"INACTIVE\"",
        "~ status = \"CONNECTED\" -> \"NOT_CONNECTED\"",
    ]);
    lab.plan().says(&["Druva is not connected to the Okta org", "Plan: 0 to add, 1 to change, 0 to destroy."]);
    // The vault still has the dead one: Druva is not given it.
    lab.sandbox.clear_requests();
    lab.apply_fails().says(&[
        "Okta does not accept the client secret",
        "The secret is wrong or inactive",
        "Nothing was changed in Druva.",
    ]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    lab.sandbox.drift(json!({"action": "activate_secret", "id": id, "secret_id": secret["id"]}));
    lab.apply();
    only_secret(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_wrong_write_only_secret_is_refused_before_druva_is_touched() {
    let mut lab = with_write_only();
    let first = only_secret(&lab);
    put_into_the_vault(&mut lab, "notTheSecretThatOktaKnows");
    lab.plant("notTheSecretThatOktaKnows");
    lab.configure(&write_only(2));
    lab.sandbox.clear_requests();
    lab.apply_fails().says(&[
        "Okta does not accept the client secret",
        "This is about client_secret_wo.",
        "Nothing was changed in Druva.",
    ]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    assert_eq!(only_secret(&lab), first);
    never_lost(&lab);
    mint_into_the_vault(&mut lab);
    lab.apply();
    ends_well(&lab);
}
