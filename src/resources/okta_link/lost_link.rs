//! When Druva's answer to a new link got lost: goes on with the link that came of it.

use tf_provider::{AttributePath, Diagnostics};

use super::problems;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{Link, OktaClient};
use crate::framework::Report;
use crate::resources::attempt::Attempt;
use crate::{diagnostics, druva};

/// The link that the lost request made, which has this very client and secret. Otherwise the error as it was.
///
/// A link that was not made while the request was under way, or has another client, is somebody else's.
pub(super) async fn recover(
    druva: &druva::Client,
    domain: &OktaDomain,
    client: OktaClient<'_>,
    attempt: Attempt,
    error: druva::Error,
    diags: &mut Diagnostics,
) -> Result<Link, druva::Error> {
    // Also when Terraform says stop: what was linked must not be left behind.
    let druva = &druva.for_cleanup();
    let attempt = attempt.settle().await;
    let Ok(Some(link)) = druva.find_link(domain.host()).await else { return Err(error) };
    let is_new = attempt.may_have_created(&link.added_on, |here| druva.server_time(here));
    if !is_new || link.client_id != client.client_id {
        return Err(error);
    }
    // Certain that it has this secret: the same again has no further effect.
    let Ok(link) = druva.authorize_link(&link.id, client).await else { return Err(error) };
    let said = diagnostics::sentence(&error.to_string());
    diags.warn(
        problems::went_on(),
        format!("{said}\n\nThis apply made the link {} all the same, and goes on with it.", link.id),
        AttributePath::root(),
    );
    Ok(link)
}
