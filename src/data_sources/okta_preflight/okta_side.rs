//! What can be found out about the Okta org and our credential for it, by reading.

use std::collections::BTreeSet;

use reqwest::StatusCode;

use super::check::Check;
use crate::clients::{Availability, Clients};
use crate::diagnostics::{OktaOperation, explain_okta, sentence};
use crate::http::Freshness;
use crate::okta::api_services::{DRUVA_NAME, DRUVA_TYPE, Instance};
use crate::okta::caller::{MANAGE, READ, SUPER_ADMIN, Scopes};
use crate::okta::organization::{Organization, organization};
use crate::okta::sought::Sought;
use crate::{http, okta};

/// What is said where an answer has to wait for apply.
pub(super) const NOT_YET: &str = "An argument of the provider block is only known after apply.";

/// The checks of this side.
pub(super) struct OktaSide {
    pub org: Check,
    pub credential: Check,
    pub role: Check,
    pub scopes: Check,
    pub integration_type: Check,
    pub integration_absent: Check,
    /// The roles, if Okta told.
    pub roles: Option<BTreeSet<String>>,
}

impl OktaSide {
    /// Looks at everything at the same time. `kind` is the type, where the configuration gives one.
    pub async fn look(clients: &Clients, kind: Option<&str>) -> Self {
        let okta = match &clients.okta {
            Availability::Ready(okta) => okta,
            Availability::Missing => return Self::without(clients, kind, Check::failed(&clients.missing.okta)).await,
            Availability::Unknown => return Self::without(clients, kind, Check::unknown(NOT_YET)).await,
        };
        let (org, instances, roles) = tokio::join!(org(clients), okta.list_instances(Freshness::Cached), okta.roles());
        // What is found should read the same in each plan where nothing changed.
        let (instances, roles) = (instances.map_err(okta::Error::without_ids), roles.map_err(okta::Error::without_ids));
        Self {
            org,
            credential: credential(&instances),
            role: role(&okta.scopes(), &roles, &instances),
            scopes: scopes(&okta.scopes(), &instances),
            integration_type: integration_type(instances.as_deref().unwrap_or_default(), kind),
            integration_absent: integration_absent(&instances, kind),
            roles: roles.ok(),
        }
    }

    /// Without a credential there is only the org to be looked at.
    async fn without(clients: &Clients, kind: Option<&str>, credential: Check) -> Self {
        let unknown = || Check::unknown("Needs a credential for Okta.");
        Self {
            org: org(clients).await,
            credential,
            role: unknown(),
            scopes: unknown(),
            integration_type: integration_type(&[], kind),
            integration_absent: unknown(),
            roles: None,
        }
    }
}

async fn org(clients: &Clients) -> Check {
    let domain = match &clients.org {
        Availability::Ready(domain) => domain,
        Availability::Missing => {
            return Check::failed("The provider block does not say which org: set okta.org_url (OKTA_ORG_URL).");
        }
        Availability::Unknown => return Check::unknown(NOT_YET),
    };
    match organization(&clients.http, domain).await.map_err(okta::Error::without_ids) {
        Ok(Organization { id }) => Check::passed(format!("{domain} answers; its id is {id}.")),
        Err(error @ okta::Error::Http(http::Error::Connect { .. })) => {
            Check::failed(explain_okta(OktaOperation::ReadOrganization, &error))
        }
        Err(error @ okta::Error::Http(_)) => Check::open(explain_okta(OktaOperation::ReadOrganization, &error)),
        Err(error) if error.status().is_some_and(|status| status != StatusCode::NOT_FOUND) => Check::open(format!(
            "{domain} does not say who it is. {}",
            explain_okta(OktaOperation::ReadOrganization, &error)
        )),
        Err(error) => Check::failed(format!(
            "{domain} answers, but not as an Okta org does: {} Check okta.org_url, and the proxy if there is one.",
            sentence(&error.to_string())
        )),
    }
}

type Instances = Result<Vec<Instance>, okta::Error>;

/// Whether Okta knows whose credential it is, whatever that one may do.
fn credential(instances: &Instances) -> Check {
    let accepted = || Check::passed("Okta accepts the credential.");
    match instances {
        Ok(_) => accepted(),
        Err(okta::Error::Token { error, .. }) if error == "invalid_scope" => accepted(),
        Err(error @ okta::Error::Token { status, .. }) if status.is_client_error() => {
            Check::failed(explain_okta(OktaOperation::ListIntegrations, error))
        }
        Err(error @ (okta::Error::BoundToken(_) | okta::Error::Clock { .. })) => {
            Check::failed(explain_okta(OktaOperation::ListIntegrations, error))
        }
        Err(error) => match error.status() {
            Some(StatusCode::UNAUTHORIZED) => Check::failed(explain_okta(OktaOperation::ListIntegrations, error)),
            Some(StatusCode::FORBIDDEN) => accepted(),
            _ => Check::open(explain_okta(OktaOperation::ListIntegrations, error)),
        },
    }
}

fn role(granted: &Scopes<'_>, roles: &Result<BTreeSet<String>, okta::Error>, instances: &Instances) -> Check {
    const NEEDED: &str = "installing an integration, granting its scopes and minting its secrets needs the Super \
        Administrator role.";
    let error = match roles {
        Ok(roles) if roles.contains(SUPER_ADMIN) => {
            return Check::passed("The owner of the credential is a Super Administrator.");
        }
        Ok(roles) if roles.is_empty() => {
            return Check::failed(format!("The owner of the credential has no admin role in Okta: {NEEDED}"));
        }
        Ok(roles) => {
            let found = roles.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Check::failed(format!("The owner of the credential has the role {found} in Okta: {NEEDED}"));
        }
        Err(error) => error,
    };
    // Whatever the role is, it is not enough where not even looking is allowed.
    if let Err(refusal) = instances
        && refusal.status() == Some(StatusCode::FORBIDDEN)
    {
        let said = sentence(&refusal.to_string());
        return Check::failed(format!(
            "Okta does not let the credential list the installed integrations. {said} Besides, {NEEDED}"
        ));
    }
    let is_app = matches!(granted, Scopes::Are(_));
    let advice = if is_app && error.status() == Some(StatusCode::FORBIDDEN) {
        " A service app needs the scope okta.roles.read for this look-up: grant it, and add it to okta.scopes."
    } else {
        ""
    };
    Check::unknown(format!(
        "Okta does not tell the role of the credential's owner. {}{advice}",
        sentence(&error.to_string())
    ))
}

fn scopes(granted: &Scopes<'_>, instances: &Instances) -> Check {
    let asked = match granted {
        Scopes::Unlimited => return Check::passed("An API token is not limited by scopes."),
        Scopes::Are(asked) => asked,
        Scopes::Unknown => {
            return Check::unknown(format!("The access token does not tell its scopes. It needs {MANAGE} and {READ}."));
        }
    };
    let missing: Vec<_> =
        [MANAGE, READ].into_iter().filter(|scope| !asked.iter().any(|asked| asked == scope)).collect();
    match instances {
        Err(error @ okta::Error::Token { error: code, .. }) if code == "invalid_scope" => {
            Check::failed(explain_okta(OktaOperation::ListIntegrations, error))
        }
        _ if !missing.is_empty() => Check::failed(format!(
            "okta.scopes lacks {}: add what is missing there, and grant it to the service app.",
            missing.join(" and ")
        )),
        // A token is issued only with all scopes that were asked for.
        Ok(_) => Check::passed(format!("The service app was granted {}.", asked.join(", "))),
        Err(error) if error.status() == Some(StatusCode::FORBIDDEN) && error.oauth_code().is_none() => {
            Check::passed(format!("The service app was granted {}.", asked.join(", ")))
        }
        Err(_) => Check::unknown("Okta has not issued a token to the service app."),
    }
}

/// Whether Okta knows the type, as far as what is installed shows. Only an installation tells that it does not.
fn integration_type(instances: &[Instance], kind: Option<&str>) -> Check {
    let with_type = |kind| instances.iter().find(|instance| instance.kind == kind);
    let Some(kind) = kind else {
        let druvas = with_type(DRUVA_TYPE).or_else(|| instances.iter().find(|instance| is_druvas(instance)));
        return match druvas {
            Some(Instance { id, kind, .. }) if kind == DRUVA_TYPE => {
                Check::passed(format!("Okta knows the type {DRUVA_TYPE}: {id} has it."))
            }
            Some(Instance { id, kind, .. }) => Check::unknown(format!(
                "type is not set, and its default, {DRUVA_TYPE}, is a guess. In this org {id}, \"{DRUVA_NAME}\", has \
                 the type {kind}: set type = \"{kind}\" to install it elsewhere."
            )),
            None => Check::unknown(format!(
                "type is not set, and its default, {DRUVA_TYPE}, is a guess: Druva has not published the key that \
                 Okta gave to its integration. If Okta does not know it, nothing is installed, and the error says \
                 how to get on. To be sure, install the integration once by hand (Okta Admin Console > Applications \
                 > API Service Integrations > Add Integration > {DRUVA_NAME}), and set adopt_existing = true on \
                 druva_okta_integration."
            )),
        };
    };
    match with_type(kind) {
        Some(instance) => Check::passed(format!("Okta knows the type {kind}: {} has it.", instance.id)),
        None => Check::unknown(format!(
            "No installed integration has the type {kind}. Only an installation shows whether Okta knows it."
        )),
    }
}

/// Its name is published, its type is not.
fn is_druvas(instance: &Instance) -> bool {
    instance.name.as_ref().is_some_and(|name| name.is(DRUVA_NAME))
}

fn integration_absent(instances: &Instances, kind: Option<&str>) -> Check {
    let sought = Sought::by(kind);
    let found: Vec<_> = match instances {
        Ok(instances) => instances.iter().filter(|instance| sought.is(instance)).collect(),
        Err(error) => {
            let said = sentence(&error.to_string());
            return Check::unknown(format!("The installed integrations cannot be listed. {said}"));
        }
    };
    let what = kind.map_or_else(|| format!("\"{DRUVA_NAME}\""), |kind| format!("an integration of the type {kind}"));
    if found.is_empty() {
        return Check::passed(format!("The org does not have {what}."));
    }
    let ids = found.iter().map(|instance| instance.id.as_str()).collect::<Vec<_>>().join(", ");
    Check::failed(format!(
        "The org has {what} already: {ids}. If Terraform does not manage it, set adopt_existing = true on \
         druva_okta_integration, or import it."
    ))
}

#[cfg(test)]
mod tests;
