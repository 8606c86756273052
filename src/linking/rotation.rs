//! Two live secrets: minting one beside the one in use.
//!
//! Okta allows two secrets for an integration. The slot for another one is that of a secret which the [`Policy`] lets go.

use terraform_plugin::{Report, Reported};
use tf_provider::{AttributePath, Diagnostics};

use super::attempt::Attempt;
use super::connection_probe::ConnectionProbe;
use super::policy::{Policy, Slot};
use super::problems::of_secrets as problems;
use super::recent;
use super::retirement::{Retired, retire, retire_for_cleanup};
use crate::diagnostics::{OktaOperation, Retirement};
use crate::http::Freshness;
use crate::okta::api_services::{NewSecret, Secret};
use crate::{diagnostics, okta};

/// Another secret for an integration.
#[derive(Clone, Copy)]
pub struct Minting<'a> {
    /// The client of the org.
    pub okta: &'a okta::Client,
    /// Okta's id of the integration.
    pub instance_id: &'a str,
    /// The secrets that there are.
    pub secrets: &'a [Secret],
    /// Which of them may go.
    pub policy: Policy<'a>,
    /// Tells whether one was in use.
    pub probe: Option<ConnectionProbe<'a>>,
}

impl Minting<'_> {
    /// Mints it, once there is a slot for it.
    ///
    /// # Errors
    /// One that says why there is none, and what is there.
    pub async fn mint(self, diags: &mut Diagnostics) -> Result<NewSecret, Reported> {
        match self.policy.slot(self.secrets) {
            Some(Slot::Free) => {}
            Some(Slot::InPlaceOf(candidates)) => self.free_slot(&candidates, diags).await?,
            None => return Err(refuse(self.instance_id, self.secrets, diags)),
        }
        let attempt = Attempt::begin();
        let error = match self.okta.create_secret(self.instance_id, self.secrets).await {
            Ok(minted) => return Ok(minted),
            Err(error) => error,
        };
        if error.may_have_acted()
            && let Some(minted) = self.mint_again(attempt, diags).await
        {
            return Ok(minted);
        }
        Err(diagnostics::okta(diags, OktaOperation::Mint, &error, AttributePath::new("client_secret")))
    }

    /// Retires the first of the candidates that is not in use.
    async fn free_slot(&self, candidates: &[&Secret], diags: &mut Diagnostics) -> Result<(), Reported> {
        let instance_id = self.instance_id;
        for secret in candidates {
            tracing::info!("retiring the secret {} of {instance_id}, so that Okta can create another one", secret.id);
            match retire(self.okta, instance_id, secret, self.probe).await {
                Ok(Retired::Yes) => return Ok(()),
                Ok(Retired::InUse) => {}
                Err(error) => return Err(error.report(diags, Retirement::ToFreeASlot(&secret.id))),
            }
        }
        Err(diags.fail(
            problems::none_retired(),
            format!(
                "Druva lost its connection whenever one of the secrets of {instance_id} was deactivated. So the provider \
                 activated each of them again. Look at the link in the Druva Cloud Platform Console (All Services > Okta), \
                 and apply again."
            ),
            AttributePath::new("client_secret"),
        ))
    }

    /// After a lost answer: the secret that came of it is known to nobody, so it is deleted, and another one is minted.
    ///
    /// None, with a warning that says what is there, where nothing came of it or it is in doubt whose the new secret is.
    async fn mint_again(&self, attempt: Attempt, diags: &mut Diagnostics) -> Option<NewSecret> {
        // Also when Terraform says stop: a secret that works and that nobody knows must not be left behind.
        let okta = &self.okta.for_cleanup();
        let attempt = attempt.settle().await;
        let Ok(mut after) = okta.list_secrets(self.instance_id, Freshness::now()).await else {
            diags.warn_as_listed(problems::unknown_whether_minted(), AttributePath::new("client_secret"));
            return None;
        };
        after.retain(|secret| !self.secrets.iter().any(|known| known.id == secret.id));
        let is_ours = |secret: &Secret| attempt.may_have_created(&secret.created, |here| okta.server_time(here));
        let unknown = match after.as_slice() {
            [] => {
                diags.warn_as_listed(problems::not_minted(), AttributePath::new("client_secret"));
                return None;
            }
            [only] if is_ours(only) => only,
            several => {
                several.iter().for_each(|secret| warn_of_unknown(secret, diags));
                return None;
            }
        };
        tracing::warn!("Okta's answer with the secret {} got lost: deleting it, and minting another one", unknown.id);
        let minted = match retire_for_cleanup(okta, self.instance_id, unknown, self.probe).await {
            Ok(Retired::Yes) => okta.create_secret(self.instance_id, self.secrets).await.ok(),
            Ok(Retired::InUse) | Err(_) => None,
        };
        if minted.is_none() {
            warn_of_unknown(unknown, diags);
        }
        minted
    }
}

/// The secrets of an integration. One that is not found may only be new, so it is looked for again.
///
/// # Errors
/// See [`okta::Error`].
pub async fn listed(okta: &okta::Client, instance_id: &str, freshness: Freshness) -> Result<Vec<Secret>, okta::Error> {
    let is_there = |listed: &Result<_, okta::Error>| !listed.as_ref().is_err_and(okta::Error::is_not_found);
    recent::look_again(okta.http(), || okta.list_secrets(instance_id, freshness), is_there).await
}

/// [`listed`], with an error that is reported.
///
/// # Errors
/// One that they cannot be listed.
pub async fn list(
    okta: &okta::Client,
    instance_id: &str,
    freshness: Freshness,
    diags: &mut Diagnostics,
) -> Result<Vec<Secret>, Reported> {
    listed(okta, instance_id, freshness).await.map_err(|error| {
        diagnostics::okta(diags, OktaOperation::ListSecrets(instance_id), &error, AttributePath::root())
    })
}

/// Lets a plan go on where an apply could mint another secret, as far as Okta's list shows.
///
/// # Errors
/// One that each secret may be in use, or that Okta does not list them.
pub async fn expect_slot(
    okta: &okta::Client,
    instance_id: &str,
    policy: Policy<'_>,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    let secrets = list(okta, instance_id, Freshness::Cached, diags).await?;
    if policy.slot(&secrets).is_some() { Ok(()) } else { Err(refuse(instance_id, &secrets, diags)) }
}

/// An error that names the two secrets, either of which may be in use.
pub fn refuse(instance_id: &str, secrets: &[Secret], diags: &mut Diagnostics) -> Reported {
    let listed: Vec<String> =
        secrets.iter().map(|secret| format!("  - {}, created {}", secret.id, secret.created)).collect();
    diags.fail(
        problems::both_in_use(),
        format!(
            "Okta allows two secrets for an integration. {instance_id} has two, and both are active:\n{}\n\nDruva may use \
             either, so the provider touches neither. Find your case:\n  - A rotation is not finished. Set \
             rotate_when_changed back to the value of that rotation. The apply moves the link to the newer secret, and \
             retires the older one:\n      terraform apply\n  - You know which secret is not in use. Deactivate it in the \
             Okta Admin Console (Applications > API Service Integrations > the integration > Client secrets). The apply \
             deletes an inactive secret, and mints another one:\n      terraform apply\n  - The integration is linked \
             elsewhere, and the older secret is not in use. Set replace_oldest_secret = true on the druva_okta_integration. \
             The apply replaces the older one:\n      terraform apply\n  - Druva uses neither, as after an apply that was \
             interrupted before it linked the org. Install the integration anew. ADDRESS is that of the \
             druva_okta_integration:\n      terraform apply -replace=ADDRESS",
            listed.join("\n")
        ),
        AttributePath::new("client_secret"),
    )
}

/// After a lost answer: a secret came into being that may be known to nobody.
fn warn_of_unknown(secret: &Secret, diags: &mut Diagnostics) {
    diags.warn(
        problems::minted_unknown(),
        format!(
            "Okta created the secret {}, and its answer with the value was lost. So nobody knows the value. Apply again: \
             the provider deletes that secret, and mints another one.",
            secret.id
        ),
        AttributePath::new("client_secret"),
    );
}
