//! What can be found out about the Druva account and our credential for it, by reading.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].

use reqwest::StatusCode;

use super::check::Check;
use super::okta_side::NOT_YET;
use crate::clients::{Availability, Clients};
use crate::diagnostics::{DruvaOperation, explain_druva, sentence};
use crate::druva::Error;
use crate::druva::okta_links::Link;
use crate::http;

/// The checks of this side.
pub(super) struct DruvaSide {
    pub cloud: Check,
    pub credential: Check,
    pub okta_api: Check,
    pub role: Check,
    pub link_absent: Check,
}

/// What one look at the list of links brought: the link of our org, if it is known which that is.
type Links = Result<Option<Link>, Error>;

impl DruvaSide {
    pub async fn look(clients: &Clients) -> Self {
        let druva = match &clients.druva {
            Availability::Ready(druva) => druva,
            Availability::Missing => return Self::without(Check::failed(&clients.missing.druva)),
            Availability::Unknown => return Self::without(Check::unknown(NOT_YET)),
        };
        let org = clients.org.ready();
        let links = match org {
            Some(org) => druva.find_listed_link(org.host()).await,
            None => druva.list_links().await.map(|_| None),
        };
        let links = links.map_err(Error::without_ids);
        Self {
            cloud: cloud(&links, druva.api_url().host_str().unwrap_or_default()),
            credential: credential(&links, druva.holds_token_only()),
            okta_api: okta_api(&links),
            role: role(&links),
            link_absent: match org {
                Some(org) => link_absent(&links, org.host()),
                None => Check::unknown("The provider block names no org: set okta.org_url."),
            },
        }
    }

    fn without(credential: Check) -> Self {
        let unknown = || Check::unknown("Needs API credentials of Druva.");
        Self { cloud: unknown(), credential, okta_api: unknown(), role: unknown(), link_absent: unknown() }
    }
}

fn cloud(links: &Links, host: &str) -> Check {
    match transport_error(links) {
        Some(error @ Error::Http(http::Error::Connect { .. })) => {
            Check::failed(explain_druva(DruvaOperation::ListLinks, error))
        }
        Some(error) => Check::open(explain_druva(DruvaOperation::ListLinks, error)),
        None => Check::passed(format!("{host} answers.")),
    }
}

/// Why no answer came, be it for the token or for the list.
fn transport_error(links: &Links) -> Option<&Error> {
    match links {
        Err(error @ Error::Http(_)) => Some(error),
        _ => None,
    }
}

/// Whether the cloud knows the credentials, whatever they may do.
fn credential(links: &Links, is_token: bool) -> Check {
    let what = if is_token { "access token" } else { "API credentials" };
    let accepted = || Check::passed(format!("Druva accepts the {what}."));
    let refusals = [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    match links {
        Ok(_) | Err(Error::ApiMissing { .. }) => accepted(),
        Err(error @ Error::Token(refusal)) if refusal.status().is_some_and(|status| refusals.contains(&status)) => {
            Check::failed(explain_druva(DruvaOperation::ListLinks, error))
        }
        Err(error) => match error.status() {
            Some(StatusCode::UNAUTHORIZED) => Check::failed(explain_druva(DruvaOperation::ListLinks, error)),
            // Either they belong to another cloud, or they do not suffice: whichever it is stands in the way.
            Some(StatusCode::FORBIDDEN) if error.is_explicit_deny() => {
                Check::open(explain_druva(DruvaOperation::ListLinks, error))
            }
            // It may have expired, or be for another customer.
            Some(StatusCode::FORBIDDEN) if is_token => Check::open(explain_druva(DruvaOperation::ListLinks, error)),
            Some(StatusCode::FORBIDDEN) => accepted(),
            _ => Check::open(explain_druva(DruvaOperation::ListLinks, error)),
        },
    }
}

fn okta_api(links: &Links) -> Check {
    match links {
        Ok(_) => Check::passed("Druva's API for Okta, which this provider assumes, is there."),
        Err(error @ Error::ApiMissing { .. }) => Check::failed(explain_druva(DruvaOperation::ListLinks, error)),
        Err(error) => Check::unknown(format!("Druva cannot be asked. {}", sentence(&error.to_string()))),
    }
}

/// Never known to be enough: Druva publishes no way to look up a role.
fn role(links: &Links) -> Check {
    const NEEDED: &str = "Linking an org and changing its settings needs a Druva Cloud Administrator. A Product \
        Administrator can only watch. Druva publishes no way to look up the role of API credentials.";
    match links {
        Ok(_) => Check::unknown(format!("Reading works, which every role may do. {NEEDED}")),
        // Whatever the role is, it is not enough where not even looking is allowed.
        Err(error @ (Error::Api(_) | Error::Unexpected { .. }))
            if error.status() == Some(StatusCode::FORBIDDEN) && !error.is_explicit_deny() =>
        {
            Check::failed(format!(
                "Druva does not let the credentials list the links. {}",
                explain_druva(DruvaOperation::ListLinks, error)
            ))
        }
        Err(error) => Check::unknown(format!("Reading does not work. {} {NEEDED}", sentence(&error.to_string()))),
    }
}

fn link_absent(links: &Links, host: &str) -> Check {
    match links {
        Ok(None) => Check::passed(format!("{host} is not linked in Druva.")),
        Ok(Some(link)) => Check::failed(format!(
            "{host} is linked in Druva already: {}, with the client {}. If Terraform does not manage the link, import it.",
            link.id, link.client_id
        )),
        Err(error) => Check::unknown(format!("The links cannot be listed. {}", sentence(&error.to_string()))),
    }
}

#[cfg(test)]
mod tests;
