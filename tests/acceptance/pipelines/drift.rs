//! What the nightly job writes into its issue. `cargo test --test acceptance pipelines::drift -- --nocapture` shows it.

use serde_json::json;

use super::Clone;
use crate::engine::engine;
use crate::printed::Printed;

/// The job at night, which finds something. Returns what a person reads.
fn found(clone: &Clone, code: i32) -> Printed {
    let job = clone.pipeline("drift");
    assert_eq!(job.code, code, "{}", job.text);
    let summary = clone.read("summary.md");
    eprintln!("{summary}\n{}", "─".repeat(80));
    assert!(job.text.contains(&summary), "the job's log has the summary too");
    Printed { text: summary, ..job }
}

#[test]
fn a_secret_that_somebody_deactivated_in_okta() {
    let clone = Clone::applied();
    let (id, secret) = (clone.0.sandbox.integration()["id"].clone(), clone.0.sandbox.secrets()[0]["id"].clone());
    clone.0.sandbox.drift(json!({"action": "deactivate_secret", "id": id, "secret_id": secret}));
    found(&clone, 2)
        .says(&[
            "# Druva's backup of Okta: drift, 1 failing check",
            "`terraform apply` would make it as configured: 2 to update in place.",
            &format!("with `{:?} 1.", engine()),
            "## Checks that fail - `check.okta_is_backed_up`: `Druva is not connected to the org: its status is NOT_CONNECTED.`",
            "## What somebody changed - `module.okta_backup.druva_okta_integration.this` (the integration in Okta): \
             - `client_secret_status`: `\"ACTIVE\"` → `\"INACTIVE\"`",
            "`module.okta_backup.druva_okta_link.this` (the link in Druva): - `client_secret_status`: `\"ACTIVE\"` → `\"INACTIVE\"` \
             - `status`: `\"CONNECTED\"` → `\"NOT_CONNECTED\"`",
            "## What `terraform apply` would do - `module.okta_backup.druva_okta_integration.this`: **update in place** - new \
             values, known after the apply: `client_secret`, `client_secret_hash`",
            "- `The client secret no longer works` (`module.okta_backup.druva_okta_integration.this`) `Somebody deactivated",
            "it mints a new secret",
        ])
        .does_not_say(&["destroyed"]);
    clone.converge();
    found(&clone, 0).says(&["as configured"]);
}

#[test]
fn backups_that_somebody_switched_off_in_druva() {
    let clone = Clone::applied();
    let link = clone.0.sandbox.link()["id"].clone();
    clone.0.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": false}));
    found(&clone, 2)
        .says(&[
            "`terraform apply` would make it as configured: 1 to update in place.",
            "## Checks that fail - `check.okta_is_backed_up`: `Backups are switched off in Druva.`",
            "## What somebody changed - `module.okta_backup.druva_okta_link.this` (the link in Druva): - `backup_enabled`: `true` → `false`",
            "## What `terraform apply` would do - `module.okta_backup.druva_okta_link.this`: **update in place** - \
             `backup_enabled`: `false` → `true`",
        ])
        .does_not_say(&["druva_okta_integration"]);
    clone.converge();
    found(&clone, 0);
}

#[test]
fn scopes_that_somebody_changed_in_okta_and_a_link_that_somebody_removed_in_druva() {
    let clone = Clone::applied();
    let (id, link) = (clone.0.sandbox.integration()["id"].clone(), clone.0.sandbox.link()["id"].clone());
    clone.0.sandbox.drift(json!({"action": "drop_scope", "id": id, "scope": "okta.groups.manage"}));
    clone.0.sandbox.drift(json!({"action": "add_scope", "id": id, "scope": "okta.apiTokens.manage"}));
    // What is not found is gone only if it is not new.
    clone.0.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    clone.0.sandbox.drift(json!({"action": "delete_domain", "id": link}));
    found(&clone, 2).says(&[
        "1 to create, 1 to replace (destroy, then create).",
        "Something is destroyed or replaced. Druva makes no backups while it is missing.",
        "## Checks that fail - `check.okta_is_backed_up`: `Druva had no link to the org when this was planned.`",
        "- `granted_scopes`: without `\"okta.groups.manage\"`; with `\"okta.apiTokens.manage\"`",
        "- `module.okta_backup.druva_okta_link.this` (the link in Druva) is gone: somebody removed it.",
        "- `module.okta_backup.druva_okta_integration.this`: **replace (destroy, then create)**, because of `granted_scopes` - \
         `granted_scopes`: without `\"okta.apiTokens.manage\"`; with `\"okta.groups.manage\"`",
        "- `module.okta_backup.druva_okta_link.this`: **create**",
    ]);
    clone.converge();
    found(&clone, 0);
}

#[test]
fn what_was_merged_and_not_applied_is_not_called_drift() {
    let clone = Clone::applied();
    clone.edit("# rotation       =", "rotation =");
    found(&clone, 2).says(&[
        "# Druva's backup of Okta: not as configured",
        "Nothing since the last apply. Either a change of the configuration was not applied, or an earlier run put the drift into the state.",
    ]);
}

#[test]
fn an_outage_is_not_called_drift() {
    let mut clone = Clone::applied();
    clone.0.set_environment("OKTA_ORG_URL", "http://127.0.0.1:1");
    clone.edit("provider \"druva\" {}", "provider \"druva\" {\n  max_retries = 0\n}");
    found(&clone, 1)
        .says(&[
            "# Druva's backup of Okta: could not look for drift",
            "nothing is known: neither that something differs nor that nothing does",
            "- `Cannot read the integration",
            "Connection refused",
        ])
        .does_not_say(&["What somebody changed", "What `terraform apply` would do"]);
    // Before Terraform plans, too.
    clone.0.write("broken.tf", "terraform {");
    found(&clone, 1).says(&["could not look for drift", "see the job's log"]);
}

/// Nothing differs, and Terraform itself only warns.
#[test]
fn a_backup_that_is_too_old_fails_the_job() {
    let clone = Clone::applied();
    let link = clone.0.sandbox.link()["id"].clone();
    let backup = |finished_on: String| json!({"action": "finish_backup", "id": link, "status": "Successful", "finished_on": finished_on});
    clone.0.sandbox.drift(backup("2026-11-20T03:00:00.000Z".to_owned()));
    found(&clone, 2)
        .says(&[
            "# Druva's backup of Okta: 1 failing check `terraform apply` would change nothing.",
            "- `check.okta_is_backed_up`: `The last backup finished at 2026-11-20T03:00:00.000Z, more than 24h ago, or at no time that can be read.`",
            "## Last backup - `127.0.0.1",
            "`Successful`, finished at `2026-11-20T03:00:00.000Z`",
        ])
        .does_not_say(&["What somebody changed", "What `terraform apply` would do"]);

    let added = clone.0.sandbox.link()["addedOn"].as_str().unwrap().to_owned();
    clone.0.sandbox.drift(backup(added));
    found(&clone, 0).says(&["as configured"]);
}

/// Everything is as configured, the time is a good one, and Druva says that the backup failed.
#[test]
fn a_backup_that_failed_fails_the_job_and_a_date_that_is_none_stops_no_repair() {
    let clone = Clone::applied();
    let link = clone.0.sandbox.link()["id"].clone();
    let added = clone.0.sandbox.link()["addedOn"].clone();
    clone.0.sandbox.drift(json!({"action": "finish_backup", "id": link, "status": "FAILED", "finished_on": added}));
    found(&clone, 2).says(&[
        "# Druva's backup of Okta: 1 failing check `terraform apply` would change nothing.",
        "- `check.okta_is_backed_up`: `The last backup did not end well: its status is FAILED.`",
        "`FAILED`, finished at",
    ]);

    clone
        .0
        .sandbox
        .drift(json!({"action": "finish_backup", "id": link, "status": "FAILED", "finished_on": "yesterday"}));
    clone.0.sandbox.drift(json!({"action": "set_switch", "id": link, "backup_enabled": false}));
    found(&clone, 2).says(&[
        "or at no time that can be read",
        "`FAILED`, finished at `yesterday`",
        "1 to update in place",
    ]);
    clone.converge();
    assert_eq!(clone.0.sandbox.link()["backupEnabled"], true);
}

/// What Terraform itself ends with is what the job ends with: an example that always differs would hide drift.
#[test]
fn terraform_itself_finds_nothing_where_nothing_differs() {
    let clone = Clone::applied();
    clone.0.plan_is_empty();
}
