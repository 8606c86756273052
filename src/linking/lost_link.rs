//! When Druva's answer to a new link got lost: finds the link that came of it.

use super::attempt::Attempt;
use crate::domain::OktaDomain;
use crate::druva;
use crate::druva::okta_links::{Link, OktaClient};

/// The link that the lost request made, given this very client and secret once more. None where there is none for certain.
///
/// A link that was not made while the request was under way, or has another client, is somebody else's.
pub async fn find(
    druva: &druva::Client,
    domain: &OktaDomain,
    client: OktaClient<'_>,
    attempt: Attempt,
) -> Option<Link> {
    // Also when Terraform says stop: what was linked must not be left behind.
    let druva = &druva.for_cleanup();
    let attempt = attempt.settle().await;
    let link = druva.find_link(domain.host()).await.ok()??;
    let is_new = attempt.may_have_created(&link.added_on, |here| druva.server_time(here));
    if !is_new || link.client_id != client.client_id {
        return None;
    }
    // Certain that it has this secret: the same again has no further effect.
    druva.authorize_link(&link.id, client).await.ok()
}
