//! When Okta's answer to an installation got lost: takes over what came of it, or says what is there.
//!
//! Okta takes nothing in the request that would mark it as ours. So an integration is taken over only if it is the one
//! of its type that was not there before, was installed by this credential while the request was under way, holds the one secret that it was
//! installed with, and nobody has linked it in Druva. Anything else may be another apply's, and is reported.
//!
//! Another apply with the same credential at that very moment looks the same, as long as it has not linked. That is why
//! the first secret is not deleted here: should somebody hold it, it goes on working.

use std::time::Duration;

use tf_provider::{AttributePath, Diagnostics};

use super::installation::{Org, how_to_get_on, installed};
use super::model::Wanted;
use super::{Model, problems};
use crate::clients::SharedClients;
use crate::diagnostics::OktaOperation;
use crate::framework::{Report, checkpoint};
use crate::http::Freshness;
use crate::okta::api_services::{Instance, Secret};
use crate::okta::sought::Sought;
use crate::redaction::ServerText;
use crate::resources::attempt::{Attempt, LostAttempt};
use crate::resources::{recent, rotation};
use crate::{diagnostics, druva, okta};

/// How long after the first look a second one follows, if there was nothing to see: Okta may still be at work.
const SECOND_LOOK: Duration = Duration::from_secs(5);

/// What came of the request.
enum Outcome {
    Nothing,
    /// This integration, which still has the secret that got lost.
    Ours(Box<Instance>, Secret),
    /// There are integrations of the type, and it is in doubt whose they are.
    Doubtful(Vec<Instance>),
    Unknown,
}

/// The state of the integration that the lost request installed. None, with an error, where there is none for certain.
pub(super) async fn recover(
    org: Org<'_>,
    (planned, wanted): (Model, &Wanted),
    attempt: Attempt,
    (installing, error): (OktaOperation<'_>, &okta::Error),
    diags: &mut Diagnostics,
) -> Option<Model> {
    // Also when Terraform says stop: what was installed must not be left behind.
    let okta = &org.okta.for_cleanup();
    let org = Org { okta, ..org };
    let attempt = attempt.settle().await;
    let mut outcome = look(org, wanted, attempt).await;
    if matches!(outcome, Outcome::Nothing) {
        tokio::time::sleep(SECOND_LOOK).await;
        outcome = look(org, wanted, attempt).await;
    }
    if !matches!(outcome, Outcome::Ours(..)) {
        diagnostics::okta(diags, installing, error, AttributePath::root());
    }
    match outcome {
        Outcome::Ours(instance, first) => {
            return Some(take_over(okta, planned, &instance, &first, error, diags).await);
        }
        Outcome::Nothing => diags.warn(
            problems::not_installed(),
            "Okta's list of integrations does not have it. Apply again: the provider looks first, and installs no second \
             one. If Okta was slow rather than unreachable, wait some minutes, because it may still be at work.",
            AttributePath::root(),
        ),
        Outcome::Doubtful(found) => {
            let what = format!(
                "Okta's answer got lost, and the org {} has the integration now. Whether this apply installed it or \
                 somebody else did at the same time cannot be told, so it is left alone",
                okta.domain()
            );
            let title = problems::there_now();
            diags.fail(title, how_to_get_on(&what, &found), AttributePath::new("type"));
        }
        Outcome::Unknown => diags.warn(
            problems::unknown_whether_installed(),
            "Okta could not be asked. Apply again: the provider looks first, and installs no second one.",
            AttributePath::root(),
        ),
    }
    None
}

async fn look(org: Org<'_>, wanted: &Wanted, attempt: LostAttempt) -> Outcome {
    let okta = org.okta;
    let Some(mut found) =
        installed(okta, &Sought::Type(&wanted.kind), Freshness::now(), &mut Diagnostics::default()).await
    else {
        return Outcome::Unknown;
    };
    found.retain(|instance| !org.had(instance));
    let only = match <[Instance; 1]>::try_from(found) {
        Ok([only]) => only,
        Err(none) if none.is_empty() => return Outcome::Nothing,
        Err(several) => return Outcome::Doubtful(several),
    };
    let since_then = |created: &ServerText| attempt.may_have_created(created, |here| okta.server_time(here));
    let is_new = wanted.is(&only) && only.created_at.as_ref().is_some_and(since_then);
    if !is_new || !was_created_by_us(okta, &only).await || is_linked(org.clients, &only).await {
        return Outcome::Doubtful(vec![only]);
    }
    let is_seen = |list: &Result<_, okta::Error>| !matches!(list, Err(error) if error.is_not_found());
    let secrets = recent::look_again(okta.http(), || okta.list_secrets(&only.id, Freshness::now()), is_seen).await;
    match secrets.map(<[Secret; 1]>::try_from) {
        Ok(Ok([first])) if since_then(&first.created) => Outcome::Ours(Box::new(only), first),
        _ => Outcome::Doubtful(vec![only]),
    }
}

async fn was_created_by_us(okta: &okta::Client, instance: &Instance) -> bool {
    match okta.creator_id().await {
        Ok(us) => us.zip(instance.created_by.as_ref()).is_some_and(|(us, by)| by.is(&us)),
        Err(error) => {
            tracing::info!("the caller's own id is not known: {error}");
            false
        }
    }
}

/// Whether Druva may use it: then somebody has its secret. Where there is no way to ask, nothing speaks for that; where
/// asking fails, it is in doubt.
async fn is_linked(clients: &SharedClients, instance: &Instance) -> bool {
    let clients = clients.get();
    let Some(druva) = clients.as_ref().and_then(|clients| clients.druva.ready()) else { return false };
    // Also when Terraform says stop: it belongs to putting right what was begun.
    match druva.for_cleanup().find_link_of(instance.client_id()).await {
        Ok(link) => link.is_some(),
        Err(error) => !matches!(error, druva::Error::ApiMissing { .. }),
    }
}

/// Mints a secret instead of the `first`, which got lost with the answer.
async fn take_over(
    okta: &okta::Client,
    planned: Model,
    instance: &Instance,
    first: &Secret,
    error: &okta::Error,
    diags: &mut Diagnostics,
) -> Model {
    let id = &instance.id;
    let state = planned.observed(instance, okta);
    checkpoint(&state);
    let happened = format!(
        "{} The org has {id} now: the only new integration of its type, with the configured scopes, installed by this \
         credential while this apply asked for it. So this apply goes on with it.",
        diagnostics::sentence(&error.to_string())
    );
    let otherwise = "Should another apply have installed it at that very moment with the same credential, it is not this \
        resource's. Take it out of the state then (the resource's address stands above, after \"with\"):\n  terraform state \
        rm ADDRESS";
    let title = problems::installed_all_the_same();
    if !planned.stores_secret() {
        diags.warn(title, format!("{happened}\n\n{otherwise}"), AttributePath::root());
        return state;
    }
    let policy = planned.policy(None);
    let Some(minted) = rotation::mint(okta, id, std::slice::from_ref(first), policy, None, diags).await else {
        return state;
    };
    let detail = format!(
        "{happened}\n\nThe secret in the lost answer cannot be read back, so another one was minted. The lost one, {}, is \
         retired by the druva_okta_link that uses the new one; without a link, delete it in the Okta Admin Console \
         (Applications > API Service Integrations).\n\n{otherwise}",
        first.id
    );
    diags.warn(title, detail, AttributePath::root());
    state.with_minted(minted)
}
