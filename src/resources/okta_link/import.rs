//! Finding the link that is to be imported.

use tf_provider::{AttributePath, Diagnostics};

use super::problems;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{self, Link};
use crate::framework::Report;
use crate::{diagnostics, druva};

/// By domain, if the text is one, else by id.
pub(super) async fn find(druva: &druva::Client, id: &str, diags: &mut Diagnostics) -> Option<Link> {
    let outcome = match OktaDomain::parse(id) {
        Ok(domain) => druva.find_listed_link(domain.host()).await,
        Err(_) if okta_links::is_id(id) => match druva.get_listed_link(id).await {
            Err(error) if error.is_not_found() => Ok(None),
            outcome => outcome.map(Some),
        },
        Err(_) => {
            diags.fail(
                problems::not_a_link(),
                "Import by Druva's id of the link, or by the org's address, as in \"example.okta.com\".",
                AttributePath::root(),
            );
            return None;
        }
    };
    match outcome {
        Ok(Some(link)) => Some(link),
        Ok(None) => {
            diags.fail(
                diagnostics::problems::no_such_link(),
                format!(
                    "The Druva account behind {} has no link with the id or domain \"{id}\".",
                    druva.api_url().origin().ascii_serialization()
                ),
                AttributePath::root(),
            );
            None
        }
        Err(error) => {
            diagnostics::druva(diags, &format!("read the link {id}"), &error, AttributePath::root());
            None
        }
    }
}
