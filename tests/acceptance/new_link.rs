//! A link that was made just now: it is kept whatever comes after it, or undone, and never left tainted for nothing.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::connections::never_lost;
use crate::druva_paths;
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both};
use crate::minted::{FORGETFUL, link_with};
use crate::rotation::only_secret;

const REASON: &str = "A scope is missing: okta.roles.read";

#[test]
fn a_link_that_is_still_connecting_at_the_timeout_is_kept_without_an_error_and_waited_for() {
    let lab = Lab::new(&both("", "timeouts {\n create = \"3s\"\n update = \"3s\"\n}"));
    lab.sandbox.settings(json!({"connect_delay_ms": 3_600_000}));
    lab.apply()
        .says(&[
            "Warning: Druva is not connected yet",
            "app status of the link",
            "was CONNECTING when the wait ended",
            "Apply complete! Resources: 2 added",
        ])
        .diagnostics_are("Warning: Druva is not", "druva_is_not_connected_yet");
    let linked = lab.sandbox.link();
    assert!(!lab.is_tainted(LINK));
    assert_eq!(lab.attributes(LINK)["status"], AppStatus::CONNECTING);
    assert_eq!(lab.attributes(LINK)["client_secret_hash"], linked["secret_hash"]);

    // The next plan waits, and neither re-authorizes nor mints; in an update, the end of the time is an error.
    lab.sandbox.clear_requests();
    lab.plan().says(&[
        "~ status",
        "\"CONNECTING\" -> (known after apply)",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    lab.apply_fails().says(&["Error: Cannot wait until Druva is connected", "raise the value in the timeouts block"]);
    assert_eq!((lab.sandbox.changes_at_druva(), lab.sandbox.changes_in_okta()), (vec![], vec![]));
    assert!(!lab.is_tainted(LINK));

    lab.sandbox.connect_now();
    lab.apply().says(&["Apply complete! Resources: 0 added, 1 changed, 0 destroyed."]);
    assert_eq!(lab.sandbox.link()["id"], linked["id"]);
    assert_eq!(lab.sandbox.link()["backupEnabled"], true);
    only_secret(&lab);
    lab.plan_is_empty();
    never_lost(&lab);
    lab.destroy();
}

#[test]
fn a_link_that_druva_refuses_to_connect_is_undone() {
    for (configuration, secrets) in
        [(BOTH.to_owned(), 1), (FORGETFUL.to_owned() + &link_with("mint_client_secret = true"), 1)]
    {
        let lab = Lab::new(&configuration);
        lab.sandbox.settings(json!({"connect_refused_reason": REASON}));
        lab.apply_fails()
            .says(&[
                "Error: Druva cannot connect to the Okta org",
                &format!("Its app status is NOT_CONNECTED. Druva's reason: {REASON}"),
                "The provider unlinked the org again, so nothing is left of this attempt.",
            ])
            .diagnostics_are("Error: Druva cannot", "druva_cannot_connect")
            .does_not_say(&["untaint"]);
        assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
        assert_eq!(lab.sandbox.secrets().len(), secrets, "what was minted for it is gone");
        assert!(!lab.is_in_state(LINK) && lab.is_in_state(INTEGRATION));

        lab.sandbox.settings(json!({"connect_refused_reason": null}));
        lab.apply();
        only_secret(&lab);
        lab.plan_is_empty();
        lab.destroy();
    }
}

#[test]
fn another_word_than_the_known_ones_is_shown_and_is_no_connection() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"connect_refused_reason": null, "not_connected_status": "NOT_LICENSED"}));
    lab.apply();
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": lab.sandbox.link()["id"], "reason": "No licence"}));
    lab.plan().says(&[
        "Warning: Druva is not connected to the Okta org",
        "No licence",
        "\"NOT_LICENSED\" -> (known after apply)",
    ]);
    lab.apply();
    lab.plan_is_empty();
    lab.sandbox.settings(json!({"connect_refused_reason": "No licence"}));
    lab.destroy();
    // It is no definite refusal either: a new link with it is kept.
    lab.apply().says(&[
        "app status of the link",
        "was NOT_LICENSED when the wait ended",
        "Druva's reason: No licence.",
    ]);
    assert_eq!((lab.is_tainted(LINK), &lab.attributes(LINK)["status"]), (false, &json!("NOT_LICENSED")));
}

/// A link that somebody has changed meanwhile, or that cannot be unlinked, stays; only then the message speaks of untaint.
#[test]
fn where_undoing_fails_the_message_ends_with_how_to_keep_the_link() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"connect_refused_reason": REASON}));
    lab.sandbox.fault(json!({
        "side": "druva", "method": "DELETE", "path": druva_paths::link(), "times": 1000, "do": {"respond": {"status": 503}},
    }));
    let printed = lab.apply_fails();
    printed.says(&["was not unlinked again", "type before the next apply", "  terraform untaint ADDRESS"]);
    lab.sandbox.control("DELETE", "faults", None);
    assert!(lab.is_tainted(LINK));
    let id = lab.sandbox.link()["id"].clone();
    lab.sandbox.settings(json!({"connect_refused_reason": null}));
    lab.run(&["untaint", LINK]).expect_success();
    lab.apply();
    assert_eq!(lab.sandbox.link()["id"], id);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_switch_that_cannot_be_set_is_a_warning_and_the_next_plan_shows_it() {
    let lab = Lab::new(&both("", "timeouts { create = \"20s\" }"));
    lab.sandbox.fault(json!({
        "side": "druva", "method": "PATCH", "path": druva_paths::link(), "times": 1000,
        "do": {"respond": {"status": 422, "body": {"code": "NOT_NOW", "message": "Backups cannot be enabled now"}}},
    }));
    lab.apply().says(&["Warning: The switch backup_enabled could not be set", "Backups cannot be enabled now"]);
    lab.sandbox.control("DELETE", "faults", None);
    assert!(!lab.is_tainted(LINK));
    lab.plan().says(&["~ backup_enabled", "false -> true", "Plan: 0 to add, 1 to change, 0 to destroy."]);
    lab.apply();
    lab.plan_is_empty();
    never_lost(&lab);
    lab.destroy();
}

#[test]
fn a_switch_is_set_again_and_again_until_druva_answers() {
    let lab = Lab::with_arguments("max_retries = 0", BOTH);
    lab.sandbox.fault(json!({
        "side": "druva", "method": "PATCH", "path": druva_paths::link(), "times": 2, "do": {"respond": {"status": 503}},
    }));
    lab.apply().does_not_say(&["Warning: The switch"]);
    lab.plan_is_empty();
    lab.destroy();
}
