//! What Okta says about the secret in use, and the older ones that it has superseded.

use std::collections::BTreeSet;

use terraform_plugin::Report;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::http::Freshness;
use crate::linking::client_secrets::{self, NOT_HELD};
use crate::linking::handover::Handover;
use crate::linking::org::Org;
use crate::linking::policy::is_older;
use crate::linking::retirement::Retired;
use crate::linking::rotation;
use crate::okta::api_services::Secret;

/// Okta's ids of secrets.
type Ids = BTreeSet<Value<String>>;

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
    let client_id = state.known_client_id();
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

/// Notes what was looked up of the secret in use, and of those beside it that it superseded. Without a look, what was known
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
    let superseded = observed.found.map(|in_use| superseded_by(in_use, secrets, &known));
    if let Some(status) = observed.status {
        state.client_secret_status = Value::Value(status.to_owned());
    }
    if let Some(secret) = observed.found {
        state.client_secret_id = Value::Value(secret.id.clone());
    }
    state.superseded_secret_ids = Value::Value(superseded.unwrap_or_default());
}

/// Those of `secrets` that the one `in_use` superseded: what is `known` to have been there before it, and what is older.
/// Neither the same second nor an order on a list tells anything.
fn superseded_by(in_use: &Secret, secrets: &[Secret], known: &Ids) -> Ids {
    let is_superseded = |secret: &&Secret| {
        secret.id != in_use.id && (is_older(secret, in_use) || has(known, secret) && !is_older(in_use, secret))
    };
    secrets.iter().filter(is_superseded).map(|secret| Value::Value(secret.id.clone())).collect()
}

/// Those of `secrets` that were made in the same second as the one in use of `state`, and of which nothing else is known.
fn undecided<'a>(state: &Model, secrets: &'a [Secret]) -> Vec<&'a Secret> {
    let Some(in_use) = in_use(state, secrets) else { return Vec::new() };
    let superseded = state.superseded_secret_ids.as_ref_option();
    let is_undecided = |secret: &&Secret| {
        secret.id != in_use.id
            && secret.created == in_use.created
            && !superseded.is_some_and(|superseded| has(superseded, secret))
    };
    secrets.iter().filter(is_undecided).collect()
}

/// Those of `secrets` that go: the ones that are superseded, and the one that was minted for this link in its `prior` state.
fn to_retire<'a>(state: &Model, secrets: &'a [Secret], prior: Option<&Model>) -> Vec<&'a Secret> {
    let Some(superseded) = state.superseded_secret_ids.as_ref_option() else { return Vec::new() };
    let minted = prior.filter(|prior| prior.is_minted()).and_then(|prior| prior.client_secret_id.as_deref_option());
    let goes = |secret: &&Secret| {
        let is_in_use = Some(secret.id.as_str()) == state.client_secret_id.as_deref_option();
        !is_in_use && (has(superseded, secret) || Some(secret.id.as_str()) == minted)
    };
    secrets.iter().filter(goes).collect()
}

fn has(ids: &Ids, secret: &Secret) -> bool {
    ids.contains(&Value::Value(secret.id.clone()))
}

fn in_use<'a>(state: &Model, secrets: &'a [Secret]) -> Option<&'a Secret> {
    let id = state.client_secret_id.as_deref_option()?;
    secrets.iter().find(|secret| secret.id == id)
}

/// Warns of secrets that were made in the same second as the one in use, and of which nothing else is known.
pub(super) fn warn_of_undecided(state: &Model, secrets: &[Secret], diags: &mut Diagnostics) {
    let in_use = state.client_secret_id.as_deref_option().unwrap_or_default();
    for Secret { id, .. } in undecided(state, secrets) {
        diags.warn(
            problems::of_the_same_second(),
            format!(
                "Okta lists the secret {id} beside {in_use}, which Druva uses. Both were created in the same second, so \
                 nothing tells which one is older. {id} stays. If nobody uses it, deactivate it in the Okta Admin Console \
                 (Applications > API Service Integrations)."
            ),
            AttributePath::new("superseded_secret_ids"),
        );
    }
}

/// Retires the older secrets, and the one that was minted for this link in its `prior` state. What is left stays in
/// `superseded_secret_ids`, so that the next plan takes it up again.
pub(super) async fn retire(
    handover: &Handover<'_>,
    state: &mut Model,
    secrets: &[Secret],
    prior: Option<&Model>,
    diags: &mut Diagnostics,
) {
    // As Druva shows it now: another one's secrets are not ours to retire.
    let client_id = state.known_client_id().to_owned();
    let handover = Handover { client_id: &client_id, ..*handover };
    let domain = handover.domain;
    let okta = match handover.org().await {
        Org::Ours(okta) => okta,
        Org::NoCredentials => {
            return warn_of_stay(state, prior, "the provider has no credentials for the Okta org", diags);
        }
        Org::Another(other) => {
            let why = format!("the link is of {domain}, and the provider's credentials are for another org, {other}");
            return warn_of_stay(state, prior, &why, diags);
        }
    };
    for secret in to_retire(state, secrets, prior) {
        let why = match handover.retire(&okta, secret, state.link_id()).await {
            Ok(Retired::Yes) => {
                if let Value::Value(superseded) = &mut state.superseded_secret_ids {
                    superseded.remove(&Value::Value(secret.id.clone()));
                }
                continue;
            }
            Ok(Retired::InUse) => "Druva lost its connection without it, so it is active again".to_owned(),
            Err(error) => error.to_string(),
        };
        let in_use = state.client_secret_id.as_deref_option().unwrap_or("of this link");
        diags.warn(
            problems::not_retired(),
            format!(
                "Druva uses the secret {in_use}. The older secret {} could not be retired: {why}. The next apply tries \
                 again. You can also deactivate it in the Okta Admin Console (Applications > API Service Integrations).",
                secret.id
            ),
            AttributePath::new("superseded_secret_ids"),
        );
    }
}

/// Warns, where Druva was given another secret, that the older ones are not retired, and `why`.
fn warn_of_stay(state: &Model, prior: Option<&Model>, why: &str, diags: &mut Diagnostics) {
    if prior.is_some_and(|prior| prior.client_secret_hash != state.client_secret_hash) {
        diags.warn(
            problems::superseded_stay(),
            format!(
                "Secrets that Druva no longer uses stay active in Okta: {why}. Choose one of these:\n  - Give the provider \
                 credentials for the Okta org.\n  - Deactivate the secrets in the Okta Admin Console (Applications > API \
                 Service Integrations).\n  - Set retire_superseded_secrets = false, and this warning goes."
            ),
            AttributePath::new("retire_superseded_secrets"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::okta::api_services::SecretStatus;

    type List = &'static [&'static str];

    /// `id@second`; its hash is `#id`.
    fn secret(text: &str) -> Secret {
        let (id, second) = text.split_once('@').expect("id@second");
        Secret {
            id: id.into(),
            status: SecretStatus::Active,
            secret_hash: format!("#{id}"),
            created: format!("2023-02-21T20:08:0{second}.000Z").as_str().into(),
        }
    }

    fn secrets(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| secret(text)).collect()
    }

    fn text(text: &str) -> Value<String> {
        Value::Value(text.to_owned())
    }

    fn ids(texts: &[&str]) -> Ids {
        texts.iter().map(|id| text(id)).collect()
    }

    fn of<'a>(secrets: &[&'a Secret]) -> Vec<&'a str> {
        secrets.iter().map(|secret| secret.id.as_str()).collect()
    }

    #[test]
    fn what_is_older_or_known_before_is_superseded() {
        let rows: [(&str, List, List, List); 9] = [
            ("alone", &["ours@2"], &[], &[]),
            ("an older one", &["ours@2", "a@1"], &[], &["a"]),
            ("a newer one", &["ours@2", "a@3"], &[], &[]),
            ("one of the same second", &["a@2", "ours@2"], &[], &[]),
            ("one of the same second that was there before", &["a@2", "ours@2"], &["a"], &["a"]),
            ("a newer one that is said to have been there before", &["a@3", "ours@2"], &["a"], &[]),
            ("a known one that is gone", &["ours@2"], &["a"], &[]),
            ("ours is among the known ones", &["ours@2"], &["ours"], &[]),
            ("an older and a newer one", &["a@1", "ours@2", "b@3"], &["b"], &["a"]),
        ];
        for (name, listed, known, expected) in rows {
            assert_eq!(superseded_by(&secret("ours@2"), &secrets(listed), &ids(known)), ids(expected), "{name}");
        }
    }

    #[test]
    fn a_look_at_the_secrets_is_noted() {
        let known = || Model {
            client_secret_id: text("ours"),
            client_secret_hash: text("#ours"),
            client_secret_status: text("before"),
            superseded_secret_ids: Value::Value(ids(&["a"])),
            ..Model::default()
        };
        let by_hash = || Model { client_secret_id: Value::Null, ..known() };
        let blank = Model::default();
        let row = |status, id, superseded: &[&str], warnings| (status, id, Value::Value(ids(superseded)), warnings);
        let rows: [(&str, Model, Option<List>, _); 11] = [
            ("not looked", known(), None, row(text("before"), text("ours"), &["a"], 0)),
            ("nothing is known", blank.clone(), None, row(text(NOT_HELD), Value::Null, &[], 0)),
            (
                "nothing is known, although it was looked",
                blank,
                Some(&["a@1"]),
                row(text(NOT_HELD), Value::Null, &[], 0),
            ),
            ("there", known(), Some(&["ours@2"]), row(text("ACTIVE"), text("ours"), &[], 0)),
            ("beside an older one", known(), Some(&["ours@2", "a@1"]), row(text("ACTIVE"), text("ours"), &["a"], 0)),
            ("found by its hash", by_hash(), Some(&["b@1", "ours@2"]), row(text("ACTIVE"), text("ours"), &["b"], 0)),
            ("gone", known(), Some(&["a@1"]), row(text("MISSING"), text("ours"), &[], 0)),
            ("all are gone", known(), Some(&[]), row(text("MISSING"), text("ours"), &[], 0)),
            ("all are gone, known by its hash", by_hash(), Some(&[]), row(text("MISSING"), Value::Null, &[], 0)),
            ("no such hash, which proves nothing", by_hash(), Some(&["b@1"]), row(text("before"), Value::Null, &[], 1)),
            (
                "another hash",
                Model { client_secret_hash: text("#other"), ..known() },
                Some(&["ours@2"]),
                row(text("ACTIVE"), text("ours"), &[], 1),
            ),
        ];
        for (name, mut state, listed, expected) in rows {
            let mut diags = Diagnostics::default();
            let listed = listed.map(secrets);
            observe(listed.as_deref(), &mut state, &mut diags);
            let Model { client_secret_status, client_secret_id, superseded_secret_ids, .. } = state;
            let noted = (client_secret_status, client_secret_id, superseded_secret_ids, diags.warnings.len());
            assert_eq!(noted, expected, "{name}");
            assert!(diags.errors.is_empty(), "{name}");
        }
    }

    #[test]
    fn what_goes_is_superseded_or_was_minted_and_is_not_in_use() {
        let state = |in_use, superseded| Model {
            client_secret_id: in_use,
            superseded_secret_ids: superseded,
            ..Model::default()
        };
        let prior = |minted, id| Model {
            mint_client_secret: Value::Value(minted),
            client_secret_id: text(id),
            ..Model::default()
        };
        let some = |texts: &[&str]| Value::Value(ids(texts));
        let rows: [(&str, Model, Option<Model>, List); 8] = [
            ("nothing is superseded", state(text("b"), some(&[])), None, &[]),
            ("one is", state(text("b"), some(&["a"])), None, &["a"]),
            ("one that is gone is", state(text("b"), some(&["z"])), None, &[]),
            ("the one in use is said to be", state(text("b"), some(&["a", "b"])), None, &["a"]),
            ("the one before was minted", state(text("b"), some(&[])), Some(prior(true, "a")), &["a"]),
            ("the one before was given", state(text("b"), some(&[])), Some(prior(false, "a")), &[]),
            ("the one before is the one in use", state(text("b"), some(&[])), Some(prior(true, "b")), &[]),
            ("what is superseded is not known", state(text("b"), Value::Null), Some(prior(true, "a")), &[]),
        ];
        let listed = secrets(&["a@1", "b@2"]);
        for (name, state, prior, expected) in rows {
            assert_eq!(of(&to_retire(&state, &listed, prior.as_ref())), expected, "{name}");
        }
    }

    #[test]
    fn secrets_of_one_second_are_undecided_unless_one_was_there_before() {
        let state = |superseded: &[&str]| Model {
            client_secret_id: text("ours"),
            superseded_secret_ids: Value::Value(ids(superseded)),
            ..Model::default()
        };
        let rows: [(&str, Model, List, List); 6] = [
            ("alone", state(&[]), &["ours@2"], &[]),
            ("another second", state(&[]), &["ours@2", "a@1"], &[]),
            ("the same second", state(&[]), &["ours@2", "a@2"], &["a"]),
            ("known before", state(&["a"]), &["ours@2", "a@2"], &[]),
            ("ours is not there", state(&[]), &["a@2"], &[]),
            ("nothing is known", Model::default(), &["a@2", "b@2"], &[]),
        ];
        for (name, state, listed, expected) in rows {
            let listed = secrets(listed);
            assert_eq!(of(&undecided(&state, &listed)), expected, "{name}");
            let mut diags = Diagnostics::default();
            warn_of_undecided(&state, &listed, &mut diags);
            assert_eq!(diags.warnings.len(), expected.len(), "{name}");
        }
    }

    #[test]
    fn secrets_that_stay_are_warned_of_only_if_another_one_is_in_use() {
        let with = |hash| Model { client_secret_hash: text(hash), ..Model::default() };
        let rows =
            [("a new link", None, 0), ("the same secret", Some(with("#b")), 0), ("another", Some(with("#a")), 1)];
        for (name, prior, warnings) in rows {
            let mut diags = Diagnostics::default();
            warn_of_stay(&with("#b"), prior.as_ref(), "there is no way", &mut diags);
            assert_eq!(diags.warnings.len(), warnings, "{name}");
        }
    }
}
