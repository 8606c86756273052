//! Waiting for Druva to be connected.

use std::time::Duration;

use terraform_plugin::{Report, Reported};
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::problems::of_links as problems;
use crate::diagnostics::DruvaOperation;
use crate::druva::okta_links::{AppStatus, Link};
use crate::redaction::ServerText;
use crate::{diagnostics, druva};

/// How often Druva is asked whether it is connected, at first and at most.
const FIRST_POLL: Duration = Duration::from_millis(500);
const SLOWEST_POLL: Duration = Duration::from_secs(10);
/// At most, where Druva says that it is not connected and that may only mean that the secret is new.
const SLOWEST_POLL_OF_NEW: Duration = Duration::from_secs(2);

/// How a wait for Druva ended. Each has the link as it was seen last.
pub enum Outcome {
    /// Druva is connected.
    Connected(Link),
    /// Druva says that it is not.
    Refused(Link),
    /// The wait ended before Druva said either, or it could not be asked.
    Pending(Link, druva::Error),
}

/// Waits while Druva is connecting. Until `new_until`, not being connected may only mean that the secret is new.
pub async fn settle(druva: &druva::Client, mut link: Link, new_until: Option<Instant>) -> Outcome {
    let mut pause = FIRST_POLL;
    let _awaited = (link.app_status != AppStatus::Connected).then(|| druva.awaited());
    loop {
        let slowest = match link.app_status {
            AppStatus::Connected => return Outcome::Connected(link),
            AppStatus::Connecting => SLOWEST_POLL,
            _ if new_until.is_some_and(|until| Instant::now() < until) => SLOWEST_POLL_OF_NEW,
            _ => return Outcome::Refused(link),
        };
        let polled = match druva.http().pause(pause.min(slowest)).await {
            Ok(()) => druva.get_link(&link.id).await,
            Err(error) => Err(error.into()),
        };
        match polled {
            Ok(fresh) => link = fresh,
            Err(error) => return Outcome::Pending(link, error),
        }
        pause = (pause * 2).min(SLOWEST_POLL);
    }
}

/// A wait that ended without a connection, which was reported.
#[derive(Clone, Debug)]
pub struct NotConnected {
    /// The link as it was seen last.
    pub link: Link,
    /// The error.
    pub reported: Reported,
}

/// [`settle`]; anything but a connection is an error.
///
/// # Errors
/// One that says why Druva is not connected.
pub async fn wait(
    druva: &druva::Client,
    link: Link,
    new_until: Option<Instant>,
    diags: &mut Diagnostics,
) -> Result<Link, Box<NotConnected>> {
    match settle(druva, link, new_until).await {
        Outcome::Connected(link) => Ok(link),
        Outcome::Refused(link) => {
            let reported = report_refused(&link, "Then run the command again.", diags);
            Err(Box::new(NotConnected { link, reported }))
        }
        Outcome::Pending(link, error) => {
            let attribute = AttributePath::new("status");
            let reported = diagnostics::druva(diags, DruvaOperation::WaitUntilConnected, &error, attribute);
            Err(Box::new(NotConnected { link, reported }))
        }
    }
}

/// An error: Druva says that it is not connected. `next` is what to do at last.
pub fn report_refused(link: &Link, next: &str, diags: &mut Diagnostics) -> Reported {
    let reason = ServerText::shown_or(link.app_status_reason.as_ref(), "none given");
    diags.fail(
        problems::not_let_in(),
        format!(
            "Druva has the client and its secret. Its app status is {}. Druva's reason: {reason}\n\nCheck the integration's \
             granted scopes and secrets in the Okta Admin Console (Applications > API Service Integrations). {next}",
            link.app_status.shown()
        ),
        AttributePath::new("status"),
    )
}
