//! Whether the last backup of an org is older than it may be.

use std::time::{Duration, SystemTime};

use serde::Serialize;
use terraform_plugin::schema::{Attribute, boolean, string};
use terraform_plugin::timeouts::{parse_duration, validate_duration};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::druva::okta_links::Link;
use crate::instant_text::{nanos, nanos_of};
use crate::redaction::ServerText;

const MAX_AGE: &str = "max_backup_age";

/// What is known of it. Null without a `max_backup_age`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct BackupAge {
    backup_overdue: Value<bool>,
    backup_overdue_reason: Value<String>,
}

pub(super) fn attributes() -> [Attribute; 3] {
    [
        string(MAX_AGE).optional().describe(
            "How old the last good backup may be, as in `\"26h\"`. Give it two hours more than the time between two \
             backups, because a backup takes time. Sets `backup_overdue`.",
        ),
        boolean("backup_overdue").computed().describe(
            "Whether the last backup ended longer ago than `max_backup_age`, or did not end well. An org without a \
             backup is overdue when it was linked longer ago than that. Null without `max_backup_age`.",
        ),
        string("backup_overdue_reason").computed().describe(
            "A sentence that explains `backup_overdue`, for the error message of a check. Null without `max_backup_age`.",
        ),
    ]
}

/// Checks the argument, where it is known.
pub(super) fn validate(max_age: &Value<String>, diags: &mut Diagnostics) {
    validate_duration(max_age, MAX_AGE, AttributePath::new(MAX_AGE), diags);
}

impl BackupAge {
    /// Of `link` at `now`, by Druva's clock.
    pub fn of(link: &Link, max_age: &Value<String>, now: SystemTime) -> Self {
        let Some(text) = max_age.as_deref_option() else { return Self::default() };
        let Some(max_age) = parse_duration(text) else { return Self::default() };
        let (is_overdue, reason) = judge(link, text, max_age, now);
        Self { backup_overdue: Value::Value(is_overdue), backup_overdue_reason: Value::Value(reason) }
    }
}

/// `text` is how the user writes `max_age`.
fn judge(link: &Link, text: &str, max_age: Duration, now: SystemTime) -> (bool, String) {
    let is_older = |time: &ServerText| time.unix_nanos().map(|time| nanos_of(now) - time > nanos(max_age));
    let org = &link.okta_domain;
    let Some(backup) = &link.last_backup else {
        let linked = link.added_on.shown();
        return match is_older(&link.added_on) {
            Some(false) => {
                (false, format!("{org} has no backup yet. It was linked at {linked}, less than {text} ago."))
            }
            Some(true) => (true, format!("{org} has no backup. It was linked at {linked}, more than {text} ago.")),
            None => (true, format!("{org} has no backup. The time when it was linked cannot be read: {linked}.")),
        };
    };
    let finished = ServerText::shown_or(backup.finished_on.as_ref(), "not given");
    if !backup.is_success() {
        let status = ServerText::shown_or(backup.status.as_ref(), "none given");
        return (
            true,
            format!("The last backup of {org} did not end well. Its status: {status}. Its end: {finished}."),
        );
    }
    match backup.finished_on.as_ref().and_then(is_older) {
        Some(false) => (false, format!("The last backup of {org} ended at {finished}, less than {text} ago.")),
        Some(true) => (true, format!("The last backup of {org} ended at {finished}, more than {text} ago.")),
        None => (true, format!("The time when the last backup of {org} ended cannot be read: {finished}.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn link(added_on: &str, last_backup: &Json) -> Link {
        serde_json::from_value(json!({
            "id": "okd-1", "oktaDomain": "example.okta.com", "clientId": "0oa1", "appStatus": "CONNECTED",
            "backupEnabled": true, "cloudKeyManagementEnabled": true, "addedOn": added_on, "lastBackup": last_backup,
        }))
        .unwrap()
    }

    fn ended(status: &str, finished_on: &str) -> Json {
        json!({ "status": status, "finishedOn": finished_on })
    }

    #[test]
    fn the_last_good_backup_counts_or_else_the_time_of_the_link() {
        const DAY: &str = "2026-11-29T12:00:00.000Z";
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_796_040_000); // 2026-11-30T12:00:00Z
        for (name, added_on, last_backup, expected, reason) in [
            ("linked a minute ago", "2026-11-30T11:59:00Z", Json::Null, false, "no backup yet"),
            ("never backed up", "2026-11-29T11:00:00Z", Json::Null, true, "has no backup. It was linked at"),
            ("linked at a time that cannot be read", "lately", Json::Null, true, "was linked cannot be read: lately."),
            ("recent", DAY, ended("Successful", "2026-11-30T03:00:00.000Z"), false, "less than 24h ago"),
            ("on the limit", DAY, ended("Successful", DAY), false, "less than 24h ago"),
            ("too old", DAY, ended("Successful", "2026-11-29T11:59:59.999Z"), true, "more than 24h ago"),
            ("in the future", DAY, ended("Successful", "2026-12-01T00:00:00Z"), false, "less than 24h ago"),
            ("recent, and failed", DAY, ended("Failed", "2026-11-30T03:00:00Z"), true, "Its status: Failed."),
            ("without a status", DAY, json!({"finishedOn": DAY}), true, "Its status: none given."),
            ("without a time", DAY, json!({"status": "Successful"}), true, "cannot be read: not given."),
            ("at a time that cannot be read", DAY, ended("Successful", "soon"), true, "cannot be read: soon."),
        ] {
            let age = BackupAge::of(&link(added_on, &last_backup), &Value::Value("24h".to_owned()), now);
            assert_eq!(age.backup_overdue, Value::Value(expected), "{name}");
            let text = age.backup_overdue_reason.as_deref_option().unwrap();
            assert!(text.contains(reason) && text.contains("example.okta.com"), "{name}: {text}");
        }
    }

    #[test]
    fn nothing_is_said_without_an_age() {
        let link = link("2026-11-29T11:00:00Z", &Json::Null);
        assert_eq!(BackupAge::of(&link, &Value::Null, SystemTime::now()), BackupAge::default());
    }
}
