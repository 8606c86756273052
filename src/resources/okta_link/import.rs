//! Links that come into the state without having been made by it.

use std::collections::BTreeSet;

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::{Model, problems, with_own_defaults};
use crate::diagnostics::DruvaOperation;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;
use crate::framework::Report;
use crate::redaction::looks_like_an_id;
use crate::resources::client_secrets::NOT_HELD;
use crate::{diagnostics, druva};

/// By domain, if the text is one, else by id. No id is taken for a domain: a domain has a dot or a port, or is `localhost`.
pub(super) async fn find(druva: &druva::Client, id: &str, diags: &mut Diagnostics) -> Option<Link> {
    let outcome = match OktaDomain::parse(id) {
        Ok(domain) => druva.find_listed_link(domain.host()).await,
        Err(_) if looks_like_an_id(id) => match druva.get_listed_link(id).await {
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
            let what = format!("a link with the id or domain \"{id}\"");
            diagnostics::no_such_link(diags, druva, &what, AttributePath::root());
            None
        }
        Err(error) => {
            diagnostics::druva(diags, DruvaOperation::ReadLink(id), &error, AttributePath::root());
            None
        }
    }
}

/// The state of a link whose secret nobody here knows.
pub(crate) fn state(link: &Link) -> Model {
    let blank = Model {
        client_secret_status: Value::Value(NOT_HELD.to_owned()),
        superseded_secret_ids: Value::Value(BTreeSet::new()),
        ..with_own_defaults(Model::default(), &Model::default())
    };
    blank.observed(link)
}
