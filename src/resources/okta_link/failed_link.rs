//! When linking fails: what is there, and how to get on.

use tf_provider::{AttributePath, Diagnostics};

use super::authorization::{self, SecretSource};
use super::{Model, Planned, problems};
use crate::clients::SharedClients;
use crate::diagnostics::DruvaOperation;
use crate::domain::OktaDomain;
use crate::framework::catalog::{Error, Title};
use crate::framework::{Report, Reported};
use crate::{diagnostics, druva};

/// Says why no link came into being, and what is there. Returns the id of the link that is there.
pub(super) async fn report(
    druva: &druva::Client,
    domain: &OktaDomain,
    error: &druva::Error,
    source: SecretSource,
    diags: &mut Diagnostics,
) -> Option<String> {
    let is_conflict = error.status().is_some_and(|status| status.as_u16() == 409);
    let linking = DruvaOperation::Link(domain);
    if !is_conflict {
        diagnostics::druva(diags, linking, error, authorization::attribute(error, source));
        if !error.may_have_acted() {
            return None;
        }
    }
    // Also when Terraform says stop: what is there decides what becomes of a secret.
    let id = match (druva.for_cleanup().find_link(domain.host()).await, error) {
        (Ok(found), _) => found.map(|link| link.id),
        (Err(_), druva::Error::Api(error)) => error.about_id.clone(),
        (Err(_), _) => None,
    };
    match &id {
        Some(id) if is_conflict => {
            refuse(problems::linked_already(), &format!("Druva has the link {id} for {domain}"), id, diags);
        }
        Some(id) => {
            let what = format!("Druva's answer got lost, but it has the link {id} for {domain}");
            refuse(problems::linked_all_the_same(), &what, id, diags);
        }
        None if is_conflict => {
            diagnostics::druva(diags, linking, error, AttributePath::new("okta_domain"));
        }
        None => diags.warn(
            problems::probably_not_linked(),
            "Druva's list of links does not show it: it is safe to apply again.",
            AttributePath::root(),
        ),
    }
    id
}

/// An error if the org is linked already, and if Druva cannot be asked: no secret is minted or sent in vain then, least of
/// all to an address where there is no such API.
pub(super) async fn expect_none(druva: &druva::Client, domain: &OktaDomain, diags: &mut Diagnostics) -> Option<()> {
    match druva.find_link(domain.host()).await {
        Ok(None) => return Some(()),
        Ok(Some(link)) => {
            refuse(
                problems::linked_already(),
                &format!("Druva has the link {} for {domain}", link.id),
                &link.id,
                diags,
            );
        }
        Err(error) => {
            diagnostics::druva(diags, DruvaOperation::LookBeforeLinking(domain), &error, AttributePath::root());
        }
    }
    None
}

/// [`expect_none`] for a plan, in which a link that is `removed` before does not count. Where Druva cannot be asked yet,
/// apply says why.
pub(super) async fn foresee(
    clients: &SharedClients,
    config: &Model,
    removed: Option<&Planned>,
    found: &mut Diagnostics,
) -> bool {
    let Some(shared) = clients.get() else { return false };
    let domain = config.okta_domain.as_deref_option().map(OktaDomain::parse);
    let (Some(druva), Some(Ok(domain))) = (shared.druva.ready(), domain) else { return false };
    let Ok(Some(link)) = druva.find_listed_link(domain.host()).await else { return false };
    if removed.is_some_and(|removed| removed.id.as_ref() == Some(&link.id)) {
        return false;
    }
    // Terraform plans a tainted object like a new one.
    let what = format!(
        "Druva has the link {} for {domain}. Unless Terraform says that this resource is tainted, so that the apply removes \
         it first, the apply is refused",
        link.id
    );
    refuse(problems::linked_already(), &what, &link.id, found);
    true
}

fn refuse(title: Title<Error>, what: &str, id: &str, diags: &mut Diagnostics) -> Reported {
    diags.fail(
        title,
        format!(
            "{what}. To manage it with Terraform, import it (the resource's address stands above, after \"with\"):\n  \
             terraform import ADDRESS {id}\n\nOr unlink the org in the Druva Cloud Platform Console (All Services > \
             Okta) and apply again."
        ),
        AttributePath::new("okta_domain"),
    )
}
