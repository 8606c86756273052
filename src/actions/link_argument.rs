//! `link_id`: the argument that says which link an action is about.

use terraform_plugin::Reported;
use terraform_plugin::schema::{Attribute, string};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::clients::SharedClients;
use crate::diagnostics::DruvaOperation;
use crate::druva::okta_links::Link;
use crate::{diagnostics, druva};

/// Its name.
pub(super) const LINK_ID: &str = "link_id";

/// The argument in a schema.
pub(super) fn link_id() -> Attribute {
    string(LINK_ID).required().describe("Druva's id of the link: the `id` of a `druva_okta_link`.")
}

/// Checks it, where it is known.
pub(super) fn validate_link_id(link_id: &Value<String>, diags: &mut Diagnostics) {
    if let Value::Value(id) = link_id {
        let _ = diagnostics::expect_link_id(diags, id, AttributePath::new(LINK_ID));
    }
}

/// The link as it is now, and the client that found it.
///
/// # Errors
/// One that there is none, or that Druva does not tell.
pub(super) async fn link(
    clients: &SharedClients,
    link_id: &Value<String>,
    diags: &mut Diagnostics,
) -> Result<(druva::Client, Link), Reported> {
    let druva = clients.druva(diags)?;
    let id = known_id(link_id, diags)?;
    let outcome = druva.get_link(id).await;
    let link = found(&druva, id, outcome, diags).await?;
    Ok((druva, link))
}

/// The link as the refresh of this plan saw it, or None where it is not known yet.
///
/// # Errors
/// As for [`link`].
pub(super) async fn planned_link(
    clients: &SharedClients,
    link_id: &Value<String>,
    diags: &mut Diagnostics,
) -> Result<Option<Link>, Reported> {
    clients.expect_druva(diags)?;
    if clients.druva_is_unknown() || link_id.is_unknown() {
        return Ok(None);
    }
    let druva = clients.druva(diags)?;
    let id = known_id(link_id, diags)?;
    let outcome = druva.get_listed_link(id).await;
    found(&druva, id, outcome, diags).await.map(Some)
}

fn known_id<'a>(link_id: &'a Value<String>, diags: &mut Diagnostics) -> Result<&'a str, Reported> {
    let id = link_id.as_deref_option().unwrap_or_default();
    diagnostics::expect_link_id(diags, id, AttributePath::new(LINK_ID))?;
    Ok(id)
}

async fn found(
    druva: &druva::Client,
    id: &str,
    outcome: Result<Link, druva::Error>,
    diags: &mut Diagnostics,
) -> Result<Link, Reported> {
    let attribute = AttributePath::new(LINK_ID);
    match outcome {
        Ok(link) => Ok(link),
        Err(error) if error.is_not_found() => {
            Err(diagnostics::no_such_link(diags, druva, &format!("the link {id}"), attribute).await)
        }
        Err(error) => Err(diagnostics::druva(diags, DruvaOperation::ReadLink(id), &error, attribute)),
    }
}
