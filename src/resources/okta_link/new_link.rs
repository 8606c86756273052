//! What becomes of a link that was made just now: it is kept, also where what comes after it fails.
//!
//! Terraform taints what a failing creation leaves behind, and unlinks it with the next apply, which may cost backups. So a
//! link that Druva is still connecting is kept without an error, and so is one whose switches cannot be set. One that Druva
//! refuses to connect is unlinked again, where it is certain that nobody else has used it.

use std::time::Duration;

use terraform_plugin::{Report, Reported, withdraw_checkpoint};
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::model::Model;
use super::problems;
use super::switches::{self, Unset};
use crate::diagnostics::ADDRESS_IS_ABOVE;
use crate::druva::okta_links::{AppStatus, Link};
use crate::linking::connection::{self, Outcome};
use crate::linking::handover::MadeLink;
use crate::{diagnostics, druva};

/// How long is waited before the switches are tried again, at first and at most.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const SLOWEST_RETRY: Duration = Duration::from_secs(10);

/// Waits until Druva is connected, and sets the switches.
///
/// # Errors
/// One that says why the link was unlinked again.
pub(super) async fn complete(
    druva: &druva::Client,
    planned: &Model,
    made: MadeLink,
    new_until: Option<Instant>,
    diags: &mut Diagnostics,
) -> Result<Link, Reported> {
    let is_certainly_ours = made.lost_answer.is_none();
    match connection::settle(druva, made.link, new_until).await {
        Outcome::Connected(link) => Ok(set_switches(druva, planned, link, diags).await),
        Outcome::Pending(link, error) => {
            warn_of_pending(&link, &diagnostics::sentence(&error.to_string()), diags);
            Ok(link)
        }
        // A word that this provider does not know is no definite refusal.
        Outcome::Refused(link) if matches!(link.app_status, AppStatus::Other(_)) => {
            warn_of_pending(&link, "This provider does not know that status.", diags);
            Ok(link)
        }
        Outcome::Refused(link) => match undo(druva, planned, &link, is_certainly_ours).await {
            Ok(()) => {
                withdraw_checkpoint();
                let next = "Then run the command again. The provider unlinked the org again, so nothing is left of this attempt.";
                Err(connection::report_refused(&link, next, diags))
            }
            Err(why) => {
                let next = format!("Then run the command again.\n\n{}", explain_taint(&link, &why));
                connection::report_refused(&link, &next, diags);
                Ok(link)
            }
        },
    }
}

/// A warning: the link is kept although Druva is not connected. `why` the wait for it ended.
fn warn_of_pending(link: &Link, why: &str, diags: &mut Diagnostics) {
    let reason = link
        .app_status_reason
        .as_ref()
        .map_or_else(String::new, |reason| format!(" Druva's reason: {}", diagnostics::sentence(&reason.shown())));
    diags.warn(
        problems::still_connecting(),
        format!(
            "The org is linked. Druva's app status of the link {} was {} when the wait ended. {why}{reason}\n\nThe link \
             stays. The next plan shows status as a change, and its apply waits again. If Druva takes longer than \
             timeouts.create and timeouts.update allow, raise them.",
            link.id,
            link.app_status.shown(),
        ),
        AttributePath::new("status"),
    );
}

/// Terraform taints the link, because there is an error.
fn explain_taint(link: &Link, why: &str) -> String {
    format!(
        "The link {} was not unlinked again: {why}. Terraform marks it as tainted, so the next apply would unlink the org \
         and link it again. To keep the link, type before the next apply:\n  terraform untaint ADDRESS\n\n{ADDRESS_IS_ABOVE}",
        link.id
    )
}

/// Unlinks a link that Druva refused to connect, or says why it is left.
async fn undo(druva: &druva::Client, planned: &Model, refused: &Link, is_certainly_ours: bool) -> Result<(), String> {
    if !is_certainly_ours {
        return Err("Druva's answer to the linking got lost, so this apply may not have made it".to_owned());
    }
    // Also when Terraform says stop: what was begun is put right.
    let druva = druva.for_cleanup();
    // What is not found a moment after it was made is not certain to be gone.
    let link = druva.get_link(&refused.id).await.map_err(|error| error.to_string())?;
    if has_changed(planned, &link) {
        return Err("somebody has changed it meanwhile".to_owned());
    }
    druva.delete_link(&link.id).await.map_err(|error| error.to_string())
}

/// Whether a link that Druva refused to connect has another client by `now`, is connected after all, or has a backup.
fn has_changed(planned: &Model, now: &Link) -> bool {
    let has_our_client = Some(now.client_id.as_str()) == planned.client_id.as_deref_option();
    let is_connected = matches!(now.app_status, AppStatus::Connected | AppStatus::Connecting);
    !has_our_client || is_connected || now.last_backup.is_some()
}

/// Sets the switches, again and again until the timeout. What cannot be set is a warning: the next plan shows it.
async fn set_switches(druva: &druva::Client, planned: &Model, mut link: Link, diags: &mut Diagnostics) -> Link {
    let mut pause = FIRST_RETRY;
    loop {
        let unset = switches::set(druva, planned, &mut link).await;
        let Some(unset) = unset else { return link };
        if unset.is_final() || druva.http().pause(pause).await.is_err() {
            warn_of_unset(&link, &unset, diags);
            return link;
        }
        pause = (pause * 2).min(SLOWEST_RETRY);
    }
}

/// Warns that a switch is not as planned. The planned value is kept, so that the next plan shows the difference.
pub(super) fn warn_of_unset(link: &Link, unset: &Unset, diags: &mut Diagnostics) {
    diags.warn(
        problems::not_switched(unset.attribute),
        format!(
            "The link {} stays. The switch {} is not as planned. {}\n\nThe next plan shows the difference.",
            link.id,
            unset.attribute,
            unset.explain(link)
        ),
        AttributePath::new(unset.attribute),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tf_provider::value::Value;

    use super::*;

    #[test]
    fn only_a_link_that_nobody_has_touched_is_unlinked_again() {
        let backup = json!({ "status": "Successful", "finishedOn": "2023-02-21T20:08:24.000Z" });
        let rows = [
            ("as it was refused", json!({}), false),
            ("another word", json!({ "appStatus": "SUSPENDED" }), false),
            ("connected", json!({ "appStatus": "CONNECTED" }), true),
            ("connecting", json!({ "appStatus": "CONNECTING" }), true),
            ("another client", json!({ "clientId": "0oa2" }), true),
            ("a backup", json!({ "lastBackup": backup }), true),
        ];
        let planned = Model { client_id: Value::Value("0oa1".to_owned()), ..Model::default() };
        for (name, change, expected) in rows {
            let mut link = json!({
                "id": "17", "oktaDomain": "example.okta.com", "clientId": "0oa1", "appStatus": "NOT_CONNECTED",
                "backupEnabled": true, "cloudKeyManagementEnabled": true, "addedOn": "2023-02-21T20:08:24.000Z",
            });
            let fields = link.as_object_mut().expect("an object");
            fields.extend(change.as_object().expect("an object").clone());
            let now: Link = serde_json::from_value(link).expect("a link");
            assert_eq!(has_changed(&planned, &now), expected, "{name}");
        }
    }
}
