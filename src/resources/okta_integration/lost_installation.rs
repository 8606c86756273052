//! When Okta's answer to an installation got lost: takes over what came of it, or says what is there.
//!
//! Okta takes nothing in the request that would mark it as ours. So an integration is taken over only if it is the one
//! of its type that was not there before, was installed by this credential while the request was under way, holds the one secret that it was
//! installed with, and nobody has linked it in Druva. Anything else may be another apply's, and is reported.
//!
//! Another apply with the same credential at that very moment looks the same, as long as it has not linked. That is why
//! the first secret is not deleted here: should somebody hold it, it goes on working.

use std::time::Duration;

use terraform_plugin::{Report, Reported, checkpoint};
use tf_provider::{AttributePath, Diagnostics};

use super::existing::{Org, installed, listed, ways_on};
use super::model::Model;
use super::problems;
use super::wanted::Wanted;
use crate::clients::SharedClients;
use crate::diagnostics::{ADDRESS_IS_ABOVE, OktaOperation};
use crate::http::Freshness;
use crate::linking::attempt::{Attempt, LostAttempt};
use crate::linking::recent;
use crate::linking::rotation::Minting;
use crate::okta::api_services::{Instance, Secret};
use crate::okta::sought::Sought;
use crate::redaction::ServerText;
use crate::{diagnostics, druva, okta};

/// How long after the first look a second one follows, if there was nothing to see: Okta may still be at work.
const SECOND_LOOK: Duration = Duration::from_secs(5);

/// Why nothing is taken over.
#[derive(Debug)]
enum Doubt {
    /// Nothing came of the request.
    Nothing,
    /// There are integrations of the type, and it is in doubt whose they are.
    Whose(Vec<Instance>),
    /// Okta could not be asked.
    Unknown,
}

/// The state of the integration that the lost request installed.
///
/// # Errors
/// Where there is none for certain.
pub(super) async fn recover(
    org: Org<'_>,
    (planned, wanted): (Model, &Wanted),
    attempt: Attempt,
    (installing, error): (OktaOperation<'_>, &okta::Error),
    diags: &mut Diagnostics,
) -> Result<Model, Reported> {
    // Also when Terraform says stop: what was installed must not be left behind.
    let okta = &org.okta.for_cleanup();
    let org = Org { okta, ..org };
    let attempt = attempt.settle().await;
    let mut found = look(org, wanted, attempt).await;
    if matches!(found, Err(Doubt::Nothing)) {
        tokio::time::sleep(SECOND_LOOK).await;
        found = look(org, wanted, attempt).await;
    }
    let doubt = match found {
        Ok((instance, first)) => return Ok(take_over(okta, planned, &instance, &first, error, diags).await),
        Err(doubt) => doubt,
    };
    let reported = diagnostics::okta(diags, installing, error, AttributePath::root());
    match doubt {
        Doubt::Nothing => {
            org.say_what_stands(diags);
            diags.warn_as_listed(problems::not_installed(), AttributePath::root());
        }
        Doubt::Whose(found) => {
            let detail = format!(
                "Okta's answer got lost. The org {} has now:\n{}\n\nThis apply or somebody else installed it at the same time: \
                 nothing tells which. So the provider leaves it alone.\n\n{}\n\n{ADDRESS_IS_ABOVE}",
                okta.domain(),
                listed(&found),
                ways_on(&found)
            );
            diags.fail(problems::there_now(), detail, AttributePath::new("type"));
        }
        Doubt::Unknown => diags.warn_as_listed(problems::unknown_whether_installed(), AttributePath::root()),
    }
    Err(reported)
}

/// The integration that came of the request, and the secret that it was installed with, which got lost.
async fn look(org: Org<'_>, wanted: &Wanted, attempt: LostAttempt) -> Result<(Instance, Secret), Doubt> {
    let okta = org.okta;
    let (sought, mut unsaid) = (Sought::Type(&wanted.kind), Diagnostics::default());
    let found = installed(okta, &sought, Freshness::now(), &mut unsaid).await.map_err(|_| Doubt::Unknown)?;
    let only = the_new_one(found, org.others)?;
    let since_then = |created: &ServerText| attempt.may_have_created(created, |here| okta.server_time(here));
    let is_new = wanted.is(&only) && only.created_at.as_ref().is_some_and(since_then);
    if !is_new || !was_created_by_us(okta, &only).await || is_linked(org.clients, &only).await {
        return Err(Doubt::Whose(vec![only]));
    }
    let is_seen = |list: &Result<_, okta::Error>| !matches!(list, Err(error) if error.is_not_found());
    let secrets = recent::look_again(okta.http(), || okta.list_secrets(&only.id, Freshness::now()), is_seen).await;
    match secrets.map(<[Secret; 1]>::try_from) {
        Ok(Ok([first])) if since_then(&first.created) => Ok((only, first)),
        _ => Err(Doubt::Whose(vec![only])),
    }
}

/// The only one that was not there `before`.
fn the_new_one(mut found: Vec<Instance>, before: &[Instance]) -> Result<Instance, Doubt> {
    found.retain(|instance| before.iter().all(|other| other.id != instance.id));
    match <[Instance; 1]>::try_from(found) {
        Ok([only]) => Ok(only),
        Err(none) if none.is_empty() => Err(Doubt::Nothing),
        Err(several) => Err(Doubt::Whose(several)),
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
        "{} The org has {id} now. It is the only new integration of its type. It has the configured scopes, and this \
         credential installed it while this apply asked for it. So this apply goes on with it.",
        diagnostics::sentence(&error.to_string())
    );
    let otherwise = format!(
        "Another apply with the same credential may have installed it at that very moment. Then it belongs to \
        that apply. Take it out of this state:\n  terraform state rm ADDRESS\n\n{ADDRESS_IS_ABOVE}"
    );
    let title = problems::installed_all_the_same();
    if !planned.stores_secret() {
        diags.warn(title, format!("{happened}\n\n{otherwise}"), AttributePath::root());
        return state;
    }
    let policy = planned.policy(None);
    let minting = Minting { okta, instance_id: id, secrets: std::slice::from_ref(first), policy, probe: None };
    let Ok(minted) = minting.mint(diags).await else {
        return state;
    };
    let detail = format!(
        "{happened}\n\nThe secret in the lost answer cannot be read back, so the provider minted another one. The \
         druva_okta_link that uses the new one retires the lost one, {}. If there is no link, delete the lost one in the \
         Okta Admin Console (Applications > API Service Integrations).\n\n{otherwise}",
        first.id
    );
    diags.warn(title, detail, AttributePath::root());
    state.with_minted(minted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_that_was_not_there_before_can_be_ours() {
        let instances = |ids: &[&str]| -> Vec<Instance> {
            let instance = |id: &&str| serde_json::from_value(serde_json::json!({"id": id, "type": "t"})).unwrap();
            ids.iter().map(instance).collect()
        };
        let table: [(&str, &[&str], &[&str], &str); 6] = [
            ("an empty list", &[], &[], "nothing"),
            ("what was there before", &["0oa1"], &["0oa1"], "nothing"),
            ("a new one", &[], &["0oa1"], "0oa1"),
            ("a new one beside an old one", &["0oa1"], &["0oa1", "0oa2"], "0oa2"),
            ("a new one instead of an old one", &["0oa1"], &["0oa2"], "0oa2"),
            ("two new ones", &["0oa1"], &["0oa1", "0oa2", "0oa3"], "in doubt: 2"),
        ];
        for (name, before, found, expected) in table {
            let outcome = match the_new_one(instances(found), &instances(before)) {
                Ok(only) => only.id,
                Err(Doubt::Nothing) => "nothing".to_owned(),
                Err(Doubt::Whose(several)) => format!("in doubt: {}", several.len()),
                Err(Doubt::Unknown) => "unknown".to_owned(),
            };
            assert_eq!(outcome, expected, "{name}");
        }
    }
}
