//! Waiting for Druva to be connected, and its switches.

use std::time::Duration;

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::{Model, problems};
use crate::diagnostics::DruvaOperation;
use crate::druva::okta_links::{AppStatus, Link, Switches};
use crate::framework::Report;
use crate::{diagnostics, druva};

/// How often Druva is asked whether it is connected, at first and at most.
const FIRST_POLL: Duration = Duration::from_millis(500);
const SLOWEST_POLL: Duration = Duration::from_secs(10);

/// Waits while Druva is still connecting. None, with an error, when the wait was cut short.
pub(crate) async fn settle(druva: &druva::Client, mut link: Link, diags: &mut Diagnostics) -> Option<Link> {
    let mut pause = FIRST_POLL;
    let _awaited = (link.app_status == AppStatus::Connecting).then(|| druva.awaited());
    while link.app_status == AppStatus::Connecting {
        let polled = match druva.http().pause(pause).await {
            Ok(()) => druva.get_link(&link.id).await,
            Err(error) => Err(error.into()),
        };
        match polled {
            Ok(fresh) => link = fresh,
            Err(error) => {
                diagnostics::druva(diags, DruvaOperation::WaitUntilConnected, &error, AttributePath::new("status"));
                return None;
            }
        }
        pause = (pause * 2).min(SLOWEST_POLL);
    }
    Some(link)
}

/// Waits until Druva is connected, then sets the switches. Returns the link as it was seen last.
pub(super) async fn complete(druva: &druva::Client, planned: &Model, link: Link, diags: &mut Diagnostics) -> Link {
    let link = wait(druva, link, diags).await;
    if diags.errors.is_empty() { set_switches(druva, planned, link, diags).await } else { link }
}

/// After a link was created and something else failed: what Terraform makes of it is not what the user wants.
pub(super) fn explain_taint(diags: &mut Diagnostics) {
    diags.warn(
        problems::tainted(),
        "The next apply would unlink the org and link it again. To finish the link in place instead, type `terraform \
         untaint <ADDRESS>` first (the resource's address stands above, after \"with\").",
        AttributePath::root(),
    );
}

/// Waits until Druva is connected; what is not connected in the end is an error. Returns the link as it was seen last.
pub(crate) async fn wait(druva: &druva::Client, link: Link, diags: &mut Diagnostics) -> Link {
    let Some(settled) = settle(druva, link.clone(), diags).await else {
        return link;
    };
    if settled.app_status != AppStatus::Connected {
        let reason = settled.app_status_reason.as_deref().unwrap_or("none given");
        diags.fail(
            problems::no_way_in(),
            format!(
                "Druva has the client and its secret, and its app status is {}. Druva's reason: {reason}\n\nCheck the \
                 integration in the Okta Admin Console (Applications > API Service Integrations): its granted scopes \
                 and its secrets. Then run the command again.",
                settled.app_status.as_str()
            ),
            AttributePath::new("status"),
        );
    }
    settled
}

/// Flips the switches that are not as planned. Returns the link as it was seen last.
async fn set_switches(druva: &druva::Client, planned: &Model, link: Link, diags: &mut Diagnostics) -> Link {
    let wanted = |planned: Value<bool>, actual: bool| planned.as_option().filter(|planned| *planned != actual);
    let switches = Switches {
        backup_enabled: wanted(planned.backup_enabled, link.backup_enabled),
        cloud_key_management_enabled: wanted(planned.cloud_key_management_enabled, link.cloud_key_management_enabled),
    };
    if switches == Switches::default() {
        return link;
    }
    match druva.set_switches(&link.id, switches).await {
        Ok(fresh) => fresh,
        Err(error) => {
            let attribute =
                if switches.backup_enabled.is_some() { "backup_enabled" } else { "cloud_key_management_enabled" };
            diagnostics::druva(diags, DruvaOperation::SetSwitches(&link.id), &error, AttributePath::new(attribute));
            link
        }
    }
}
