//! A secret beside those that an integration has: whether another one fits, and how it is made.

use tf_provider::{AttributePath, Diagnostics};

use crate::diagnostics::OktaOperation;
use crate::framework::{Report, Reported};
use crate::http::Freshness;
use crate::okta::api_services::{NewSecret, Secret};
use crate::resources::rotation::{self, ConnectionProbe, Policy};
use crate::{diagnostics, okta};

/// The secrets of an integration.
///
/// # Errors
/// One that Okta does not list them.
pub(super) async fn secrets(
    okta: &okta::Client,
    id: &str,
    freshness: Freshness,
    diags: &mut Diagnostics,
) -> Result<Vec<Secret>, Reported> {
    let listed = rotation::listed(okta, id, freshness).await;
    listed.map_err(|error| diagnostics::okta(diags, OktaOperation::ListSecrets(id), &error, AttributePath::root()))
}

/// Lets a plan go on where an apply could mint another secret, as far as Okta's list shows.
///
/// # Errors
/// One that each secret may be in use, or that Okta does not list them.
pub(super) async fn expect_slot(
    okta: &okta::Client,
    id: &str,
    policy: Policy<'_>,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    let secrets = secrets(okta, id, Freshness::Cached, diags).await?;
    if policy.slot(&secrets).is_some() {
        return Ok(());
    }
    rotation::refuse(id, &secrets, diags);
    diags.check()
}

/// Mints a secret beside `secrets`, those that there are.
///
/// # Errors
/// Where none is minted, or none that is known.
pub(super) async fn mint(
    okta: &okta::Client,
    id: &str,
    secrets: &[Secret],
    policy: Policy<'_>,
    probe: Option<ConnectionProbe<'_>>,
    diags: &mut Diagnostics,
) -> Result<NewSecret, Reported> {
    let minted = rotation::mint(okta, id, secrets, policy, probe, diags).await;
    minted.ok_or_else(|| diags.check().expect_err("whoever mints no secret says why"))
}
