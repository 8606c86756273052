//! Two live secrets: minting one beside the one in use, and retiring one without cutting Druva off.
//!
//! Okta allows two secrets for an integration, and nobody reports which one Druva uses. So room is made only by what is
//! certainly not in use, or by trying: a secret is deactivated, which can be undone, the link's status is read, and
//! only if Druva is still connected the secret is deleted.

use tf_provider::{AttributePath, Diagnostics};

use crate::diagnostics::{DruvaOperation, OktaOperation, Retirement};
use crate::druva::okta_links::AppStatus;
use crate::framework::{Report, Reported};
use crate::http::Freshness;
use crate::okta::api_services::{MAX_SECRETS, NewSecret, Secret, SecretStatus};
use crate::resources::attempt::Attempt;
use crate::resources::problems;
use crate::resources::recent;
use crate::{diagnostics, druva, okta};

/// A link whose status tells whether a secret was in use.
#[derive(Clone, Copy)]
pub struct ConnectionProbe<'a> {
    /// The client of Druva.
    pub druva: &'a druva::Client,
    /// The link's id.
    pub link_id: &'a str,
}

/// What has to go before another secret fits.
#[derive(Debug)]
pub enum Slot<'a> {
    /// Nothing.
    Free,
    /// The first of these that is not in use. Inactive ones certainly are not.
    InPlaceOf(Vec<&'a Secret>),
}

/// Which of the two secrets must not be touched.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// Okta's id of the secret in the state, if it holds one.
    pub ours: Option<&'a str>,
    /// The user said that the oldest may go.
    pub replace_oldest: bool,
    /// A link can show which secret Druva uses, so that trying does no harm.
    pub has_probe: bool,
}

impl Policy<'_> {
    /// How room is made among `secrets`. None where each may be the one in use.
    #[must_use]
    pub fn slot<'a>(&self, secrets: &'a [Secret]) -> Option<Slot<'a>> {
        if secrets.len() < MAX_SECRETS {
            return Some(Slot::Free);
        }
        if let Some(inactive) = secrets.iter().find(|secret| secret.status == SecretStatus::Inactive) {
            return Some(Slot::InPlaceOf(vec![inactive]));
        }
        let mut by_age: Vec<&Secret> = secrets.iter().collect();
        // Of two that were made within one second, ours is the last to go: neither time nor order tells more.
        let is_ours = |secret: &Secret| Some(secret.id.as_str()) == self.ours;
        by_age.sort_by(|one, other| one.created.cmp(&other.created).then(is_ours(one).cmp(&is_ours(other))));
        let ours = by_age.iter().copied().find(|secret| is_ours(secret));
        if let Some(ours) = ours {
            // Minted by a run that was interrupted. Should Druva use it after all, ours is the one that is not in use.
            let newer = by_age.iter().copied().find(|secret| is_older(ours, secret));
            if let Some(newer) = newer {
                return Some(Slot::InPlaceOf(vec![newer, ours]));
            }
        }
        // Which is the oldest has to be certain.
        let has_oldest =
            ours.is_some() || by_age.first().zip(by_age.get(1)).is_some_and(|(one, other)| is_older(one, other));
        ((self.replace_oldest && has_oldest) || self.has_probe).then_some(Slot::InPlaceOf(by_age))
    }
}

/// Whether `one` was created before `other`, as far as Okta's whole seconds tell. Its timestamps are ISO 8601 in UTC, so that
/// text order is time order.
#[must_use]
pub fn is_older(one: &Secret, other: &Secret) -> bool {
    one.id != other.id && one.created < other.created
}

/// Mints a secret beside `secrets`, those that there are, after making room for it.
pub async fn mint(
    okta: &okta::Client,
    instance_id: &str,
    secrets: &[Secret],
    policy: Policy<'_>,
    probe: Option<ConnectionProbe<'_>>,
    diags: &mut Diagnostics,
) -> Option<NewSecret> {
    match policy.slot(secrets) {
        Some(Slot::Free) => {}
        Some(Slot::InPlaceOf(candidates)) => make_room(okta, instance_id, &candidates, probe, diags).await?,
        None => {
            refuse(instance_id, secrets, diags);
            return None;
        }
    }
    let attempt = Attempt::begin();
    let error = match okta.create_secret(instance_id, secrets).await {
        Ok(minted) => return Some(minted),
        Err(error) => error,
    };
    if error.may_have_acted()
        && let Some(minted) = mint_again(okta, instance_id, secrets, probe, attempt, diags).await
    {
        return Some(minted);
    }
    diagnostics::okta(diags, OktaOperation::Mint, &error, AttributePath::new("client_secret"));
    None
}

/// After a lost answer: the secret that came of it is known to nobody, so it is deleted, and another one is minted.
///
/// None, with a warning that says what is there, where nothing came of it or it is in doubt whose the new secret is.
async fn mint_again(
    okta: &okta::Client,
    instance_id: &str,
    before: &[Secret],
    probe: Option<ConnectionProbe<'_>>,
    attempt: Attempt,
    diags: &mut Diagnostics,
) -> Option<NewSecret> {
    // Also when Terraform says stop: a secret that works and that nobody knows must not be left behind.
    let okta = &okta.for_cleanup();
    let druva = probe.map(|probe| probe.druva.for_cleanup());
    let probe = probe.zip(druva.as_ref()).map(|(probe, druva)| ConnectionProbe { druva, ..probe });
    let attempt = attempt.settle().await;
    let Ok(mut after) = okta.list_secrets(instance_id, Freshness::now()).await else {
        diags.warn(
            problems::unknown_whether_minted(),
            "Okta could not be asked. Apply again: the provider makes room for a secret that nobody knows.",
            AttributePath::new("client_secret"),
        );
        return None;
    };
    after.retain(|secret| !before.iter().any(|known| known.id == secret.id));
    let is_ours = |secret: &Secret| attempt.may_have_created(&secret.created, |here| okta.server_time(here));
    let unknown = match after.as_slice() {
        [] => {
            diags.warn(
                problems::not_minted(),
                "Okta's list of secrets does not show another one: it is safe to apply again.",
                AttributePath::new("client_secret"),
            );
            return None;
        }
        [only] if is_ours(only) => only,
        several => {
            several.iter().for_each(|secret| report_unknown(secret, diags));
            return None;
        }
    };
    tracing::warn!("Okta's answer with the secret {} got lost: deleting it, and minting another one", unknown.id);
    let retired = retire(okta, instance_id, unknown, probe).await;
    let minted = match retired {
        Ok(Retired::Yes) => okta.create_secret(instance_id, before).await.ok(),
        Ok(Retired::InUse) | Err(_) => None,
    };
    if minted.is_none() {
        report_unknown(unknown, diags);
    }
    minted
}

/// The secrets of an integration. One that is not found may only be new, so it is looked for again.
///
/// # Errors
/// See [`okta::Error`].
pub async fn listed(okta: &okta::Client, instance_id: &str, freshness: Freshness) -> Result<Vec<Secret>, okta::Error> {
    let is_there = |listed: &Result<_, okta::Error>| !listed.as_ref().is_err_and(okta::Error::is_not_found);
    recent::look_again(okta.http(), || okta.list_secrets(instance_id, freshness), is_there).await
}

/// The secrets of an integration, or an error.
pub async fn list(
    okta: &okta::Client,
    instance_id: &str,
    freshness: Freshness,
    diags: &mut Diagnostics,
) -> Option<Vec<Secret>> {
    match listed(okta, instance_id, freshness).await {
        Ok(secrets) => Some(secrets),
        Err(error) => {
            diagnostics::okta(diags, OktaOperation::ListSecrets(instance_id), &error, AttributePath::root());
            None
        }
    }
}

async fn make_room(
    okta: &okta::Client,
    instance_id: &str,
    candidates: &[&Secret],
    probe: Option<ConnectionProbe<'_>>,
    diags: &mut Diagnostics,
) -> Option<()> {
    for secret in candidates {
        tracing::info!("retiring the secret {} of {instance_id} to make room for a new one", secret.id);
        match retire(okta, instance_id, secret, probe).await {
            Ok(Retired::Yes) => return Some(()),
            Ok(Retired::InUse) => {}
            Err(error) => {
                error.report(diags, Retirement::ToMakeRoom(&secret.id));
                return None;
            }
        }
    }
    diags.fail(
        problems::none_retired(),
        format!(
            "Druva lost its connection whenever one of the secrets of {instance_id} was deactivated, so each is active \
             again. Look at the link in the Druva Cloud Platform Console, and apply again."
        ),
        AttributePath::new("client_secret"),
    );
    None
}

/// What became of a secret that was to be retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// It is deleted.
    Yes,
    /// Druva lost its connection without it, so it is active again.
    InUse,
}

/// Why a secret could not be retired.
#[derive(Debug, thiserror::Error)]
pub enum RetireError {
    /// Okta refused.
    #[error(transparent)]
    Okta(#[from] okta::Error),
    /// The link's status could not be read; the secret is active again.
    #[error(transparent)]
    Druva(#[from] druva::Error),
}

impl RetireError {
    /// Adds an error.
    pub fn report(&self, diags: &mut Diagnostics, retirement: Retirement<'_>) -> Reported {
        match self {
            Self::Okta(error) => {
                diagnostics::okta(diags, OktaOperation::Retire(retirement), error, AttributePath::root())
            }
            Self::Druva(error) => {
                diagnostics::druva(diags, DruvaOperation::WatchRetirement(retirement), error, AttributePath::root())
            }
        }
    }
}

/// Deactivates a secret, looks whether Druva is still connected, and only then deletes it.
///
/// # Errors
/// When Okta refuses, or the link's status cannot be read. A secret that is gone already counts as retired.
pub async fn retire(
    okta: &okta::Client,
    instance_id: &str,
    secret: &Secret,
    probe: Option<ConnectionProbe<'_>>,
) -> Result<Retired, RetireError> {
    if secret.status == SecretStatus::Active {
        let was_connected = match probe {
            Some(probe) => probe.is_connected().await?,
            None => false,
        };
        match okta.deactivate_secret(instance_id, &secret.id).await {
            Err(error) if error.is_not_found() => return Ok(Retired::Yes),
            outcome => outcome?,
        }
        if let Some(probe) = probe.filter(|_| was_connected) {
            // Also when Terraform says stop: backups depend on it.
            let druva = &probe.druva.for_cleanup();
            let still_connected = ConnectionProbe { druva, ..probe }.is_connected().await;
            if !matches!(still_connected, Ok(true)) {
                okta.for_cleanup().activate_secret(instance_id, &secret.id).await?;
                tracing::warn!("Druva may use the secret {}: it is active again", secret.id);
                still_connected?;
                return Ok(Retired::InUse);
            }
        }
    }
    okta.delete_secret(instance_id, &secret.id).await?;
    Ok(Retired::Yes)
}

impl ConnectionProbe<'_> {
    async fn is_connected(&self) -> Result<bool, druva::Error> {
        Ok(self.druva.get_link(self.link_id).await?.app_status == AppStatus::Connected)
    }
}

/// An error that names the two secrets, either of which may be in use.
pub fn refuse(instance_id: &str, secrets: &[Secret], diags: &mut Diagnostics) {
    let listed: Vec<String> =
        secrets.iter().map(|secret| format!("  - {} created {}", secret.id, secret.created)).collect();
    diags.fail(
        problems::both_in_use(),
        format!(
            "Okta allows {MAX_SECRETS} secrets for an integration, and {instance_id} has as many, all active:\n{}\n\n\
             Either may be the one that Druva uses, so none is touched. If a rotation is not finished, set \
             rotate_when_changed back to the value of that rotation and apply: the link moves to the newer secret, and the \
             older one is retired. Otherwise deactivate the one that is not in use in the Okta Admin Console \
             (Applications > API Service Integrations > the integration > Client secrets): an inactive secret is deleted \
             to make room. For an integration that is linked elsewhere, replace_oldest_secret = true on \
             druva_okta_integration gives up the older one. If Druva uses neither, as after an apply that was interrupted \
             before it linked the org, install the integration anew. ADDRESS is that of the druva_okta_integration:\n  \
             terraform apply -replace=ADDRESS",
            listed.join("\n")
        ),
        AttributePath::new("client_secret"),
    );
}

/// After a lost answer: a secret came into being that may be known to nobody.
fn report_unknown(secret: &Secret, diags: &mut Diagnostics) {
    diags.warn(
        problems::minted_unknown(),
        format!(
            "Okta created the secret {} although its answer got lost, so its value is not known to anybody. Apply \
             again: the provider makes room by retiring it, and mints another one.",
            secret.id
        ),
        AttributePath::new("client_secret"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(id: &str, status: SecretStatus, second: u8) -> Secret {
        Secret {
            id: id.into(),
            status,
            secret_hash: id.into(),
            created: format!("2023-02-21T20:08:{second:02}.000Z").as_str().into(),
        }
    }

    fn policy(ours: Option<&str>) -> Policy<'_> {
        Policy { ours, replace_oldest: false, has_probe: false }
    }

    fn ids(slot: Option<Slot<'_>>) -> Vec<&str> {
        match slot {
            Some(Slot::InPlaceOf(secrets)) => secrets.into_iter().map(|secret| secret.id.as_str()).collect(),
            Some(Slot::Free) => vec!["free"],
            None => vec!["refused"],
        }
    }

    #[test]
    fn an_inactive_secret_goes_first_also_our_own() {
        let secrets = [secret("ours", SecretStatus::Inactive, 1), secret("other", SecretStatus::Active, 2)];
        assert_eq!(ids(policy(Some("ours")).slot(&secrets)), ["ours"]);
        assert_eq!(ids(policy(Some("ours")).slot(&secrets[..1])), ["free"]);
    }

    #[test]
    fn a_newer_unknown_secret_goes_before_ours() {
        let secrets = [secret("unknown", SecretStatus::Active, 2), secret("ours", SecretStatus::Active, 1)];
        assert_eq!(ids(policy(Some("ours")).slot(&secrets)), ["unknown", "ours"]);
    }

    #[test]
    fn an_older_active_secret_may_be_in_use() {
        let secrets = [secret("ours", SecretStatus::Active, 2), secret("older", SecretStatus::Active, 1)];
        assert_eq!(ids(policy(Some("ours")).slot(&secrets)), ["refused"]);
        assert_eq!(ids(policy(None).slot(&secrets)), ["refused"]);
        let same_second = [secret("ours", SecretStatus::Active, 1), secret("other", SecretStatus::Active, 1)];
        assert_eq!(ids(policy(Some("ours")).slot(&same_second)), ["refused"]);
        let told = Policy { replace_oldest: true, ..policy(Some("ours")) };
        assert_eq!(ids(told.slot(&secrets)), ["older", "ours"]);
        let watched = Policy { has_probe: true, ..policy(None) };
        assert_eq!(ids(watched.slot(&secrets)), ["older", "ours"]);
    }
}
