//! Cloud Key Management: one choice for the whole Druva account, which cannot be undone.

use serde_json::json;

use crate::lab::{BOTH, LINK, Lab, both};

const UNSET: &str = "  cloud_key_management_enabled = true\n";

/// [`BOTH`] without a word about it.
fn unset() -> String {
    let text = BOTH.replace(UNSET, "");
    assert_ne!(text, BOTH);
    text
}

fn is_on(lab: &Lab) -> bool {
    lab.sandbox.link()["cloudKeyManagementEnabled"] == true
}

#[test]
fn left_out_it_stays_as_it_is_with_a_warning_where_it_is_off() {
    let lab = Lab::new(&unset());
    const OFF: &str = "Scheduled backups do not start without it, unless the account has keys of its own.";
    lab.plan()
        .says(&["+ cloud_key_management_enabled = (known after apply)"])
        .does_not_say(&["cannot be switched off again"]);
    lab.apply().says(&["Warning: Cloud Key Management is off", OFF]);
    assert!(!is_on(&lab));
    lab.plan().says(&["No changes.", OFF]);
    // Somebody switches it on: that is no drift.
    let id = lab.sandbox.link()["id"].clone();
    lab.sandbox.drift(json!({"action": "set_switch", "id": id, "cloud_key_management_enabled": true}));
    lab.plan_is_empty();
    assert!(is_on(&lab));
    lab.destroy();
}

#[test]
fn switching_it_on_is_announced_as_what_cannot_be_undone() {
    const UNDONE: &str = "Warning: Cloud Key Management cannot be switched off again";
    let lab = Lab::new(BOTH);
    lab.plan().says(&[UNDONE, "unless it is on already"]).diagnostics_are(UNDONE, "key_management_cannot_be_undone");
    lab.apply();
    assert!(is_on(&lab));
    lab.plan().does_not_say(&[UNDONE]);

    let lab = Lab::new(&unset());
    lab.apply();
    lab.configure(BOTH);
    lab.plan().says(&[UNDONE, "~ cloud_key_management_enabled", "false -> true"]);
    lab.apply();
    assert!(is_on(&lab));
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn switching_it_off_is_a_warning_at_plan_and_an_error_before_anything_is_touched() {
    let lab = Lab::with_both();
    lab.configure(&both("", "cloud_key_management_enabled = false\nbackup_enabled = false"));
    lab.plan().says(&["Warning: Cloud Key Management cannot be switched off", "Nothing was changed."]);
    lab.sandbox.clear_requests();
    lab.apply_fails().diagnostics_are("Error: ", "key_management_stays_on");
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    assert!(!lab.is_tainted(LINK) && lab.sandbox.link()["backupEnabled"] == true);
}

#[test]
fn a_new_link_that_wants_it_off_where_the_account_has_it_on_is_refused_before_a_secret_is_sent() {
    let lab = Lab::new("");
    lab.sandbox.drift(json!({
        "action": "link", "okta_domain": "other.okta.com", "client_id": "c", "client_secret": "s",
        "cloud_key_management_enabled": true,
    }));
    lab.configure(&both("", "cloud_key_management_enabled = false"));
    lab.plan().says(&["Warning: Cloud Key Management cannot be switched off"]);
    lab.apply_fails().says(&["Error: Cloud Key Management cannot be switched off"]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
}

#[test]
fn an_account_with_keys_of_its_own_is_linked_all_the_same_and_the_next_plan_says_it() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"own_keys": true}));
    lab.apply()
        .says(&[
            "Warning: The switch cloud_key_management_enabled could not be set",
            "The account manages its keys itself",
        ])
        .diagnostics_are("Warning: The switch", "a_switch_cannot_be_set");
    assert!(!lab.is_tainted(LINK));
    assert_eq!((is_on(&lab), &lab.sandbox.link()["backupEnabled"]), (false, &json!(true)));
    lab.plan().says(&["~ cloud_key_management_enabled", "false -> true"]);
    lab.apply().says(&["Warning: The switch cloud_key_management_enabled could not be set"]);

    lab.configure(&both("", "cloud_key_management_enabled = false"));
    lab.apply();
    lab.plan_is_empty();
    lab.destroy();
}
