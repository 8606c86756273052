//! A secret that is rotated by the calendar: a helper resource is replaced when the day has come, a job of its own applies that, and
//! the job at night raises no alarm.

use std::fs;

use serde_json::json;

use super::{Clone, INTEGRATION, LINK};

/// Replaced when its file says another quarter, as time_rotating is when its days are over.
const CALENDAR: &str =
    "resource \"terraform_data\" \"quarter\" {\n  triggers_replace = trimspace(file(\"quarter.txt\"))\n}\n";
const CALENDAR_S: &str = "terraform_data.quarter";

fn with_helper(rotates: bool) -> Clone {
    let clone = Clone::new();
    clone.0.write("calendar.tf", CALENDAR);
    clone.0.write("quarter.txt", "2026-Q4\n");
    if rotates {
        clone.edit("# rotation       = \"2026-11\"", "rotation = terraform_data.quarter.id");
    }
    clone.converge();
    clone.0.write("quarter.txt", "2027-Q1\n");
    clone
}

/// The summary of the job at night, after it ended like this.
fn summary(clone: &Clone, code: i32) -> String {
    let job = clone.pipeline("drift");
    assert_eq!(job.code, code, "{}", job.text);
    clone.read("summary.md")
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "\"{part}\" is not in:\n{text}");
    }
}

#[test]
fn a_rotation_that_is_due_is_no_drift_and_is_applied_once_it_was_read() {
    let clone = with_helper(true);
    let first = clone.0.sandbox.secrets()[0]["id"].clone();
    let due = summary(&clone, 0);
    eprintln!("{due}");
    has(
        &due,
        &[
            "# Druva's backup of Okta: as configured, and a rotation is due\n",
            "The calendar asks for another client secret: the job \"rotate\" applies that.",
            "## Other changes, which this report does not judge\n\n- `terraform_data.quarter`: replace",
        ],
    );

    // The job: plan, somebody approves, plan again and apply.
    fs::remove_file(clone.out("reviewed.json")).unwrap();
    clone.pipeline("plan").expect_success();
    assert!(!clone.read("comment.md").contains("Druva makes no backups"), "{}", clone.read("comment.md"));
    clone.pipeline("apply").expect_failure().says(&["no reviewed plan to compare it with"]);
    fs::rename(clone.out("plan.json"), clone.out("reviewed.json")).unwrap();
    clone.pipeline("apply").expect_success().says(&["1 added, 2 changed, 1 destroyed"]);
    let secrets = clone.0.sandbox.secrets();
    assert_eq!(secrets.len(), 1);
    assert_ne!(secrets[0]["id"], first);
    assert!(summary(&clone, 0).starts_with("# Druva's backup of Okta: as configured\n"));
}

#[test]
fn a_helper_that_nothing_refers_to_is_not_judged() {
    let summary = summary(&with_helper(false), 0);
    has(
        &summary,
        &[
            "# Druva's backup of Okta: as configured\n",
            "No resource of this provider differs, and no check fails.",
            "- `terraform_data.quarter`: replace",
        ],
    );
}

/// What differs besides is drift, on whichever side, and a state that an earlier run wrote down too.
#[test]
fn drift_is_found_on_the_day_of_a_rotation() {
    let clone = with_helper(true);
    let (id, link) = (clone.0.sandbox.integration()["id"].clone(), clone.0.sandbox.link()["id"].clone());
    clone.0.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": false}));
    let off = summary(&clone, 2);
    has(
        &off,
        &[
            "# Druva's backup of Okta: drift, 1 failing check\n",
            "2 to update in place.",
            "`backup_enabled`: `true` → `false`",
        ],
    );
    assert!(
        !off.contains("Druva makes no backups while it is missing"),
        "the helper's replacement is not the integration's"
    );
    clone.0.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": true}));
    has(&summary(&clone, 0), &["a rotation is due"]);

    let secret = clone.0.sandbox.secrets()[0]["id"].clone();
    clone.0.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": secret}));
    clone.0.write("checks.tf", "");
    has(&summary(&clone, 2), &["# Druva's backup of Okta: drift\n", INTEGRATION, LINK]);
    clone.0.run(&["apply", "-refresh-only", "-auto-approve"]).expect_success();
    has(&summary(&clone, 2), &["# Druva's backup of Okta: not as configured\n", CALENDAR_S]);
}
