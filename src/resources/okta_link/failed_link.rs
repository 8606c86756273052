//! When linking fails: what is there, and how to get on.

use reqwest::StatusCode;
use terraform_plugin::catalog::{Error, Title};
use terraform_plugin::{Report, Reported};
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::planned::Planned;
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics::{ADDRESS_IS_ABOVE, DruvaOperation};
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;
use crate::linking::handover::Handover;
use crate::{diagnostics, druva};

/// Why there is no new link.
pub(super) struct FailedLink {
    /// The error.
    pub reported: Reported,
    /// Druva's id of a link that is there after a lost answer: it may have the secret.
    pub doubtful_link_id: Option<String>,
}

/// Says why no link came into being, and what is there.
pub(super) async fn report(handover: &Handover<'_>, error: &druva::Error, diags: &mut Diagnostics) -> FailedLink {
    let Handover { druva, domain, .. } = *handover;
    let linking = DruvaOperation::Link(domain);
    if error.status() == Some(StatusCode::CONFLICT) {
        let reported = match find_id(druva, domain, error).await {
            Some(id) => {
                refuse(problems::linked_already(), &format!("Druva has the link {id} for {domain}"), &id, diags)
            }
            None => diagnostics::druva(diags, linking, error, AttributePath::new("okta_domain")),
        };
        return FailedLink { reported, doubtful_link_id: None };
    }
    let reported = diagnostics::druva(diags, linking, error, handover.attribute(error));
    if !error.may_have_acted() {
        return FailedLink { reported, doubtful_link_id: None };
    }
    let doubtful_link_id = find_id(druva, domain, error).await;
    match &doubtful_link_id {
        Some(id) => {
            let what = format!("Druva's answer got lost, and Druva has the link {id} for {domain}");
            refuse(problems::linked_all_the_same(), &what, id, diags);
        }
        None => diags.warn_as_listed(problems::probably_not_linked(), AttributePath::root()),
    }
    FailedLink { reported, doubtful_link_id }
}

/// Druva's id of the link of the org. Where Druva cannot be asked, its refusal may have told.
async fn find_id(druva: &druva::Client, domain: &OktaDomain, refusal: &druva::Error) -> Option<String> {
    // Also when Terraform says stop: what is there decides what becomes of a secret.
    match (druva.for_cleanup().find_link(domain.host()).await, refusal) {
        (Ok(found), _) => found.map(|link| link.id),
        (Err(_), druva::Error::Api(refusal)) => refusal.about_id.clone(),
        (Err(_), _) => None,
    }
}

/// Looks before a secret is minted or sent for nothing, least of all to an address where there is no such API.
///
/// # Errors
/// One that the org is linked already, or that Druva cannot be asked.
pub(super) async fn expect_none(
    druva: &druva::Client,
    domain: &OktaDomain,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    match druva.find_link(domain.host()).await {
        Ok(None) => Ok(()),
        Ok(Some(Link { id, .. })) => {
            Err(refuse(problems::linked_already(), &format!("Druva has the link {id} for {domain}"), &id, diags))
        }
        Err(error) => {
            let operation = DruvaOperation::LookBeforeLinking(domain);
            Err(diagnostics::druva(diags, operation, &error, AttributePath::root()))
        }
    }
}

/// [`expect_none`] for a plan, in which a link that is `removed` before does not count: whether there is one, with an error in
/// `found`, also where Druva cannot be asked.
pub(super) async fn foresee(
    clients: &SharedClients,
    config: &Model,
    removed: Option<&Planned>,
    found: &mut Diagnostics,
) -> bool {
    let Some(shared) = clients.get() else { return false };
    let domain = config.okta_domain.as_deref_option().map(OktaDomain::parse);
    let (Some(druva), Some(Ok(domain))) = (shared.druva.ready(), domain) else { return false };
    let link = match druva.find_listed_link(domain.host()).await {
        Ok(Some(link)) => link,
        Ok(None) => return false,
        Err(error) => {
            // The object that a replacement removes first cannot be removed either then.
            if removed.is_none() {
                diagnostics::druva(found, DruvaOperation::LookBeforeLinking(&domain), &error, AttributePath::root());
            }
            return false;
        }
    };
    if removed.is_some_and(|removed| removed.id.as_ref() == Some(&link.id)) {
        return false;
    }
    // Terraform plans a tainted object like a new one.
    let what = format!(
        "Druva has the link {} for {domain}. So the apply is refused. If Terraform says that this resource is tainted, the \
         apply removes that link first, and is not refused",
        link.id
    );
    refuse(problems::linked_already(), &what, &link.id, found);
    true
}

fn refuse(title: Title<Error>, what: &str, id: &str, diags: &mut Diagnostics) -> Reported {
    diags.fail(
        title,
        format!(
            "{what}.\n\nIf another state or workspace manages this link, stop here, and remove this resource. Otherwise \
             choose one of these:\n  - Manage the link with this resource:\n      terraform import ADDRESS {id}\n  - Unlink \
             the org in the Druva Cloud Platform Console (All Services > Okta), and apply again.\n\n{ADDRESS_IS_ABOVE}"
        ),
        AttributePath::new("okta_domain"),
    )
}
