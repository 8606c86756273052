//! What becomes of a link that was made just now: it is not thrown away for what comes after it.
//!
//! Terraform taints what a failing creation leaves behind, and unlinks it with the next apply, which may cost backups. So a
//! link that Druva is still connecting is kept without an error, and so is one whose switches cannot be set. One that Druva
//! refuses to connect is unlinked again, where it is certain that nobody else has used it.

use std::time::Duration;

use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::connection::{self, Outcome};
use super::switches::{self, Unset};
use super::{Model, problems};
use crate::druva::okta_links::{AppStatus, Link};
use crate::framework::{Report, withdraw_checkpoint};
use crate::{diagnostics, druva};

/// How long is waited before the switches are tried again, at first and at most.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const SLOWEST_RETRY: Duration = Duration::from_secs(10);

/// Where a new link comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// This process received the answer that made it.
    Answered,
    /// It was found after that answer got lost.
    FoundAgain,
}

/// Waits until Druva is connected, and sets the switches. None, with an error, where the link was unlinked again.
pub(super) async fn complete(
    druva: &druva::Client,
    planned: &Model,
    (link, origin): (Link, Origin),
    new_until: Option<Instant>,
    diags: &mut Diagnostics,
) -> Option<Link> {
    match connection::settle(druva, link, new_until).await {
        Outcome::Connected(link) => Some(set_switches(druva, planned, link, diags).await),
        Outcome::Pending(link, error) => {
            warn_of_pending(&link, &diagnostics::sentence(&error.to_string()), diags);
            Some(link)
        }
        // A word that this provider does not know is no definite refusal.
        Outcome::Refused(link) if matches!(link.app_status, AppStatus::Other(_)) => {
            warn_of_pending(&link, "This provider does not know that status.", diags);
            Some(link)
        }
        Outcome::Refused(link) => match undo(druva, planned, &link, origin).await {
            Ok(()) => {
                withdraw_checkpoint();
                let next =
                    "The org was unlinked again, so that nothing is left of this attempt. Then run the command again.";
                connection::report_refused(&link, next, diags);
                None
            }
            Err(why) => {
                let next = format!("Then run the command again.\n\n{}", explain_taint(&link, &why));
                connection::report_refused(&link, &next, diags);
                Some(link)
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
            "The org is linked, and Druva's app status of the link {} was {} when the wait for it ended. {why}{reason}\n\nThe \
             link stays. The next plan shows status as a change, and applying that goes on where this apply stopped. Should it \
             take longer than timeouts.create and timeouts.update allow, raise them.",
            link.id,
            link.app_status.shown(),
        ),
        AttributePath::new("status"),
    );
}

/// Terraform taints the link, because there is an error.
fn explain_taint(link: &Link, why: &str) -> String {
    format!(
        "The link {} was not unlinked again: {why}. Terraform marks it as tainted, so that the next apply unlinks the org and \
         links it again. To keep the link and finish it in place, type before that (the resource's address stands above, \
         after \"with\"):\n  terraform untaint ADDRESS",
        link.id
    )
}

/// Unlinks a link that Druva refused to connect, or says why it is left.
async fn undo(druva: &druva::Client, planned: &Model, refused: &Link, origin: Origin) -> Result<(), String> {
    if origin == Origin::FoundAgain {
        return Err("Druva's answer to the linking got lost, so it is not certain that this apply made it".to_owned());
    }
    // Also when Terraform says stop: what was begun is put right.
    let druva = druva.for_cleanup();
    // What is not found a moment after it was made is not certain to be gone.
    let link = druva.get_link(&refused.id).await.map_err(|error| error.to_string())?;
    let has_our_client = Some(link.client_id.as_str()) == planned.client_id.as_deref_option();
    let is_connected = matches!(link.app_status, AppStatus::Connected | AppStatus::Connecting);
    if !has_our_client || is_connected || link.last_backup.is_some() {
        return Err("it has changed meanwhile".to_owned());
    }
    druva.delete_link(&link.id).await.map_err(|error| error.to_string())
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
            "The link {} stays, and the switch {} is not as planned. {}\n\nThe next plan shows the difference.",
            link.id,
            unset.attribute,
            unset.explain(&link.id)
        ),
        AttributePath::new(unset.attribute),
    );
}
