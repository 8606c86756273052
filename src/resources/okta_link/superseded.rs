//! What Okta says about the secret in use, and the older ones that it has superseded.

use std::collections::BTreeSet;

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::authorization::Org;
use super::{Model, problems};
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::framework::Report;
use crate::http::Freshness;
use crate::okta::api_services::Secret;
use crate::resources::client_secrets::{self, NOT_HELD};
use crate::resources::rotation::{self, ConnectionProbe, Retired, is_older};

/// Whether what is not found of a client may only be new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClientAge {
    /// Druva was given the client a moment ago.
    MaybeNew,
    /// What is not found is gone.
    Settled,
}

/// The secrets of the link's client. None where there are no credentials for that org, or nothing is known of the secret
/// in use; and where the look-up is refused, which proves nothing.
pub(super) async fn look_up(
    clients: &SharedClients,
    state: &Model,
    freshness: Freshness,
    client: ClientAge,
) -> Option<Vec<Secret>> {
    if !state.knows_secret() {
        return None;
    }
    let domain = OktaDomain::parse(state.okta_domain.as_deref_option()?).ok()?;
    let client_id = state.client_id.as_deref_option().unwrap_or_default();
    let okta = Org::of(clients, &domain, client_id).await.ours()?;
    let secrets = match client {
        ClientAge::Settled => okta.list_secrets(client_id, freshness).await,
        ClientAge::MaybeNew => rotation::listed(&okta, client_id, freshness).await,
    };
    match secrets {
        Ok(secrets) => Some(secrets),
        Err(error) if error.is_not_found() => Some(Vec::new()),
        Err(error) => {
            tracing::info!("the secrets of client {client_id} cannot be listed: {error}");
            None
        }
    }
}

/// Whether what is left could be retired: without credentials for that very org, nothing is planned for it.
pub(super) async fn can_retire(clients: &SharedClients, plan: &Model) -> bool {
    let domain = plan.okta_domain.as_deref_option().map(OktaDomain::parse);
    let (Some(Ok(domain)), Some(client_id)) = (domain, plan.client_id.as_deref_option()) else { return false };
    Org::of(clients, &domain, client_id).await.ours().is_some()
}

/// Notes what was looked up of the secret in use, and of those beside it that it superseded: what was known to have been there
/// before it, and what is older. Neither the same second nor an order on a list tells anything. Without a look, what was known
/// stays.
pub(super) fn observe(secrets: Option<&[Secret]>, state: &mut Model, diags: &mut Diagnostics) {
    if state.superseded_secret_ids.is_null() {
        state.superseded_secret_ids = Value::Value(BTreeSet::new());
    }
    if !state.knows_secret() {
        state.client_secret_status = Value::Value(NOT_HELD.to_owned());
    }
    let Some(secrets) = secrets else { return };
    let (id, hash) = (state.client_secret_id.as_deref_option(), state.client_secret_hash.as_deref_option());
    let observed = client_secrets::observe(secrets, id, hash);
    client_secrets::warn_about_hash(diags, &observed);
    let known = state.superseded_secret_ids.as_ref_option().cloned().unwrap_or_default();
    let superseded = |secret: &&Secret, in_use: &Secret| {
        let was_there_before = known.contains(&Value::Value(secret.id.clone()));
        secret.id != in_use.id && (is_older(secret, in_use) || was_there_before && !is_older(in_use, secret))
    };
    let ids = match observed.found {
        Some(in_use) => secrets.iter().filter(|secret| superseded(secret, in_use)).map(id_of).collect(),
        None => BTreeSet::new(),
    };
    if let Some(status) = observed.status {
        state.client_secret_status = Value::Value(status.to_owned());
    }
    if let Some(secret) = observed.found {
        state.client_secret_id = Value::Value(secret.id.clone());
    }
    state.superseded_secret_ids = Value::Value(ids);
}

fn id_of(secret: &Secret) -> Value<String> {
    Value::Value(secret.id.clone())
}

/// Warns of secrets that were made in the same second as the one in use, and of which nothing else is known.
pub(super) fn name_undecided(secrets: &[Secret], state: &Model, diags: &mut Diagnostics) {
    let in_use = state.client_secret_id.as_deref_option();
    let Some(in_use) = secrets.iter().find(|secret| Some(secret.id.as_str()) == in_use) else { return };
    let superseded = state.superseded_secret_ids.as_ref_option();
    let is_superseded = |secret: &Secret| superseded.is_some_and(|ids| ids.contains(&id_of(secret)));
    for secret in secrets.iter().filter(|secret| secret.id != in_use.id && secret.created == in_use.created) {
        if !is_superseded(secret) {
            diags.warn(
                problems::of_the_same_second(),
                format!(
                    "Okta lists the secret {} beside {}, which Druva uses. Both were created in the same second, so it is not \
                     known which is the older one. {} is left as it is. If nobody uses it, deactivate it in the Okta Admin \
                     Console (Applications > API Service Integrations).",
                    secret.id, in_use.id, secret.id
                ),
                AttributePath::new("superseded_secret_ids"),
            );
        }
    }
}

/// Retires the older secrets, and the one that was minted for this link in its `prior` state. What is left stays in
/// `superseded_secret_ids`, so that the next plan takes it up again.
pub(super) async fn retire(
    clients: &SharedClients,
    domain: &OktaDomain,
    (state, secrets): (&mut Model, &[Secret]),
    prior: Option<&Model>,
    probe: ConnectionProbe<'_>,
    diags: &mut Diagnostics,
) {
    let in_use = state.client_secret_id.as_deref_option().map(str::to_owned);
    let minted = prior.filter(|prior| prior.mint_client_secret == Value::Value(true));
    let minted = minted.and_then(|prior| prior.client_secret_id.as_deref_option());
    let client_id = state.client_id.as_deref_option().unwrap_or_default().to_owned();
    let why = match Org::of(clients, domain, &client_id).await {
        Org::Ours(okta) => Ok(okta),
        Org::NoCredentials => Err("the provider has no credentials for the Okta org".to_owned()),
        Org::Another(provider_s) => {
            Err(format!("the link is of {domain}, and the provider's credentials are for another org, {provider_s}"))
        }
    };
    let okta = match why {
        Ok(okta) => okta,
        Err(why) => {
            if prior.is_some_and(|prior| prior.client_secret_hash != state.client_secret_hash) {
                diags.warn(
                    problems::superseded_stay(),
                    format!(
                        "Secrets that Druva no longer uses are not retired: {why}.\n\nDeactivate them in the Okta Admin \
                         Console (Applications > API Service Integrations), or set retire_superseded_secrets = false."
                    ),
                    AttributePath::new("retire_superseded_secrets"),
                );
            }
            return;
        }
    };
    let Value::Value(superseded) = &mut state.superseded_secret_ids else { return };
    let is_superseded =
        |secret: &&Secret| superseded.contains(&Value::Value(secret.id.clone())) || Some(secret.id.as_str()) == minted;
    let to_retire: Vec<&Secret> =
        secrets.iter().filter(is_superseded).filter(|secret| Some(&secret.id) != in_use.as_ref()).collect();
    for secret in to_retire {
        let problem = match rotation::retire(&okta, &client_id, secret, Some(probe)).await {
            Ok(Retired::Yes) => {
                superseded.remove(&Value::Value(secret.id.clone()));
                continue;
            }
            Ok(Retired::InUse) => "Druva lost its connection without it, so it is active again".to_owned(),
            Err(error) => error.to_string(),
        };
        diags.warn(
            problems::not_retired(),
            format!(
                "Druva uses the secret {}, and the older {} is still there: {problem}. The next apply tries again; or \
                 deactivate it in the Okta Admin Console (Applications > API Service Integrations).",
                in_use.as_deref().unwrap_or("of this link"),
                secret.id
            ),
            AttributePath::new("superseded_secret_ids"),
        );
    }
}
