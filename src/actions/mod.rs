//! What Terraform does on request, and what leaves no object behind: one file an action, named after it.

pub mod okta_backup;
pub mod okta_reauthorize;
pub(crate) mod problems;

use tf_provider::schema::{Attribute, AttributeType};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::clients::SharedClients;
use crate::diagnostics::DruvaOperation;
use crate::druva::okta_links::Link;
use crate::framework::attribute::required;
use crate::{diagnostics, druva};

const LINK_ID: &str = "link_id";

/// The argument that says which link is meant.
fn link_id() -> (&'static str, Attribute) {
    (LINK_ID, required(AttributeType::String, "Druva's id of the link: the `id` of a `druva_okta_link`."))
}

fn validate_link_id(link_id: &Value<String>, diags: &mut Diagnostics) {
    if let Value::Value(id) = link_id {
        let _ = diagnostics::expect_link_id(diags, id, AttributePath::new(LINK_ID));
    }
}

/// The link as it is now, and the client that found it. An error where there is none.
async fn link(
    clients: &SharedClients,
    link_id: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<(druva::Client, Link)> {
    let druva = clients.druva(diags).ok()?;
    let id = known_id(link_id, diags)?;
    let outcome = druva.get_link(id).await;
    let link = found(&druva, id, outcome, diags)?;
    Some((druva, link))
}

/// The link as the refresh of this plan saw it, or None where it is not known yet. An error where there is none.
async fn planned_link(
    clients: &SharedClients,
    link_id: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<Option<Link>> {
    clients.expect_druva(diags).ok()?;
    if clients.druva_is_unknown() || link_id.is_unknown() {
        return Some(None);
    }
    let druva = clients.druva(diags).ok()?;
    let id = known_id(link_id, diags)?;
    let outcome = druva.get_listed_link(id).await;
    found(&druva, id, outcome, diags).map(Some)
}

fn known_id<'a>(link_id: &'a Value<String>, diags: &mut Diagnostics) -> Option<&'a str> {
    let id = link_id.as_deref_option().unwrap_or_default();
    diagnostics::expect_link_id(diags, id, AttributePath::new(LINK_ID)).ok()?;
    Some(id)
}

fn found(
    druva: &druva::Client,
    id: &str,
    outcome: Result<Link, druva::Error>,
    diags: &mut Diagnostics,
) -> Option<Link> {
    let attribute = AttributePath::new(LINK_ID);
    match outcome {
        Ok(link) => return Some(link),
        Err(error) if error.is_not_found() => {
            diagnostics::no_such_link(diags, druva, &format!("the link {id}"), attribute);
        }
        Err(error) => {
            diagnostics::druva(diags, DruvaOperation::ReadLink(id), &error, attribute);
        }
    }
    None
}
