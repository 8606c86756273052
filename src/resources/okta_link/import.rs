//! Links that come into the state without having been made by it.

use std::collections::BTreeSet;

use terraform_plugin::{ImportBy, Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::diagnostics::DruvaOperation;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;
use crate::linking::client_secrets::NOT_HELD;
use crate::redaction::looks_like_an_id;
use crate::{diagnostics, druva};

/// The link that an import names.
///
/// # Errors
/// One that there is no such link, or that Druva does not tell.
pub(super) async fn find(druva: &druva::Client, by: &ImportBy, diags: &mut Diagnostics) -> Result<Link, Reported> {
    let identity = match by {
        ImportBy::Id(domain_or_id) => return find_by(druva, domain_or_id.trim(), diags).await,
        ImportBy::Identity(identity) => identity,
    };
    let domain = identity.expect(diags, "okta_domain")?;
    let domain = diagnostics::parse_domain(diags, domain)?;
    let link = find_by(druva, &domain.origin(), diags).await?;
    match identity.get("id") {
        Some(id) if id != link.id => Err(diags.fail(
            diagnostics::problems::no_such_link(),
            format!(
                "The link of {domain} has the id {}, and the identity says {id}. Correct the id, or leave it out.",
                link.id
            ),
            AttributePath::new("id"),
        )),
        _ => Ok(link),
    }
}

/// By domain, if the text is one, else by id. No id is taken for a domain: a domain has a dot or a port, or is `localhost`.
async fn find_by(druva: &druva::Client, id: &str, diags: &mut Diagnostics) -> Result<Link, Reported> {
    let found = match OktaDomain::parse(id) {
        Ok(domain) => druva.find_listed_link(domain.host()).await,
        Err(_) if looks_like_an_id(id) => match druva.get_listed_link(id).await {
            Err(error) if error.is_not_found() => Ok(None),
            outcome => outcome.map(Some),
        },
        Err(_) => {
            return Err(diags.fail_as_listed(problems::not_a_link(), AttributePath::root()));
        }
    };
    match found {
        Ok(Some(link)) => Ok(link),
        Ok(None) => {
            let what = format!("a link with the id or domain \"{id}\"");
            Err(diagnostics::no_such_link(diags, druva, &what, AttributePath::root()).await)
        }
        Err(error) => Err(diagnostics::druva(diags, DruvaOperation::ReadLink(id), &error, AttributePath::root())),
    }
}

/// The state of a link whose secret nobody here knows.
pub(crate) fn state(link: &Link) -> Model {
    let blank = Model {
        client_secret_status: Value::Value(NOT_HELD.to_owned()),
        superseded_secret_ids: Value::Value(BTreeSet::new()),
        ..Model::default()
    };
    blank.observed(link)
}
