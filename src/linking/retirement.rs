//! Retiring a secret without cutting Druva off.
//!
//! Nobody reports which secret Druva uses, so it is tried: the secret is deactivated, which can be undone, the link's status
//! is read, and only if Druva is still connected the secret is deleted.

use terraform_plugin::Reported;
use tf_provider::{AttributePath, Diagnostics};

use super::connection_probe::ConnectionProbe;
use crate::diagnostics::{DruvaOperation, OktaOperation, Retirement};
use crate::okta::api_services::{Secret, SecretStatus};
use crate::{diagnostics, druva, okta};

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

/// Deactivates a secret of an integration, looks whether Druva is still connected, and only then deletes it. Where Druva was
/// not connected before, the link cannot tell, and the secret goes.
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
            let still_connected = probe.is_connected_for_cleanup().await;
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

/// [`retire`], also when Terraform says stop: a secret that nobody needs must not be left behind.
///
/// # Errors
/// As for [`retire`].
pub async fn retire_for_cleanup(
    okta: &okta::Client,
    instance_id: &str,
    secret: &Secret,
    probe: Option<ConnectionProbe<'_>>,
) -> Result<Retired, RetireError> {
    let druva = probe.map(|probe| probe.druva.for_cleanup());
    let probe = probe.zip(druva.as_ref()).map(|(probe, druva)| ConnectionProbe { druva, ..probe });
    retire(&okta.for_cleanup(), instance_id, secret, probe).await
}
