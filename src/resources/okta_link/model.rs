//! The state of a link, and how it comes from Druva's answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use terraform_plugin::Reported;
use terraform_plugin::nullable;
use terraform_plugin::timeouts::Timeouts;
use tf_provider::Diagnostics;
use tf_provider::value::Value;

use crate::diagnostics;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;
use crate::linking::client_secrets;
use crate::linking::handover::Candidate;
use crate::redaction::ServerText;
use crate::resources::known_or_null;
use crate::secret::{self, ClientSecret};

/// The state, the plan and the configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    pub(super) okta_domain: Value<String>,
    pub(super) client_id: Value<String>,
    #[serde(serialize_with = "secret::expose_value")]
    pub(super) client_secret: Value<ClientSecret>,
    #[serde(serialize_with = "secret::withhold")]
    pub(super) client_secret_wo: Value<ClientSecret>,
    pub(super) client_secret_wo_version: Value<i64>,
    pub(super) mint_client_secret: Value<bool>,
    pub(super) rotate_when_changed: Value<BTreeMap<String, Value<String>>>,
    pub(super) retire_superseded_secrets: Value<bool>,
    pub(super) backup_enabled: Value<bool>,
    pub(super) cloud_key_management_enabled: Value<bool>,
    pub(super) verify_client_secret: Value<bool>,
    pub(super) timeouts: Value<Timeouts>,
    pub(super) id: Value<String>,
    pub(super) status: Value<String>,
    pub(super) status_reason: Value<String>,
    pub(super) client_secret_id: Value<String>,
    #[serde(deserialize_with = "client_secrets::held_hash")]
    pub(super) client_secret_hash: Value<String>,
    pub(super) client_secret_status: Value<String>,
    pub(super) superseded_secret_ids: Value<BTreeSet<Value<String>>>,
    pub(super) storage_region: Value<String>,
    pub(super) backup_frequency: Value<String>,
    pub(super) backup_retention: Value<String>,
    pub(super) added_on: Value<String>,
}

impl Model {
    /// Druva's id of the link, where there is one.
    pub fn link_id(&self) -> &str {
        self.id.as_deref_option().unwrap_or_default()
    }

    /// The client that Druva uses, where it is known.
    pub fn known_client_id(&self) -> &str {
        self.client_id.as_deref_option().unwrap_or_default()
    }

    /// The org that it names.
    ///
    /// # Errors
    /// One that it names none.
    pub fn org(&self, diags: &mut Diagnostics) -> Result<OktaDomain, Reported> {
        diagnostics::parse_domain(diags, self.okta_domain.as_deref_option().unwrap_or_default())
    }

    /// Whether the secret is verified before Druva is given it.
    pub fn verifies(&self) -> bool {
        self.verify_client_secret == Value::Value(true)
    }

    /// Whether the provider minted the secret in use.
    pub fn is_minted(&self) -> bool {
        self.mint_client_secret == Value::Value(true)
    }

    /// The plan waits for Druva's connection.
    pub fn expect_connection(&mut self) {
        self.status = Value::Unknown;
        self.status_reason = Value::Unknown;
    }

    /// The plan authorizes Druva.
    pub fn expect_authorization(&mut self) {
        self.expect_connection();
        self.client_secret_id = Value::Unknown;
        // A write-only or minted secret is only known when it is used.
        self.client_secret_hash = match &self.client_secret {
            Value::Value(secret) => Value::Value(secret.okta_hash()),
            _ => Value::Unknown,
        };
        self.client_secret_status = Value::Unknown;
        self.superseded_secret_ids = Value::Unknown;
    }

    /// Whether there are secrets that were replaced, are to go, and are still there.
    pub fn has_left_overs(&self) -> bool {
        self.superseded_secret_ids.as_ref_option().is_some_and(|ids| !ids.is_empty()) && self.retires_superseded()
    }

    /// Whether the plan retires secrets: those that it replaces, or left-overs.
    pub fn retires(&self) -> bool {
        self.superseded_secret_ids.is_unknown() && self.retires_superseded()
    }

    fn retires_superseded(&self) -> bool {
        self.retire_superseded_secrets != Value::Value(false)
    }

    /// Whether anything is known of the secret in use, by which it can be recognized.
    pub fn knows_secret(&self) -> bool {
        !self.client_secret_hash.is_null() || !self.client_secret_id.is_null()
    }

    /// Whether its secrets are those of `other` too.
    pub fn has_client_of(&self, other: &Self) -> bool {
        self.okta_domain == other.okta_domain && self.client_id == other.client_id
    }

    /// Okta's ids of the secrets that are known to be superseded by another one of `next`: none of another client's are.
    pub fn superseded_by(&self, next: &Self) -> BTreeSet<Value<String>> {
        if !next.has_client_of(self) {
            return BTreeSet::new();
        }
        let mut superseded = self.superseded_secret_ids.as_ref_option().cloned().unwrap_or_default();
        superseded.extend(Some(self.client_secret_id.clone()).filter(Value::is_value));
        superseded
    }

    /// With the secret that Druva was given, whose id is known only if it was minted for it. What is known to have been there
    /// before it is superseded, and so are `others`.
    pub fn authorized_with(&self, candidate: &Candidate, others: BTreeSet<Value<String>>) -> Self {
        let mut superseded: BTreeSet<_> = candidate.before.iter().cloned().map(Value::Value).collect();
        superseded.extend(others);
        Self {
            client_secret_hash: Value::Value(candidate.secret.okta_hash()),
            client_secret_id: nullable(candidate.minted_id().map(str::to_owned)),
            client_secret_status: Value::Null,
            superseded_secret_ids: Value::Value(superseded),
            ..self.clone()
        }
    }

    /// With what `prior` knows to be superseded, where the plan leaves that open.
    pub fn with_superseded_of(&self, prior: &Self) -> Self {
        let mut this = self.clone();
        if this.superseded_secret_ids.is_unknown() {
            this.superseded_secret_ids.clone_from(&prior.superseded_secret_ids);
        }
        this
    }

    /// With what Druva shows of the link. The secret's attributes stay; where they are unknown they become null.
    pub fn observed(&self, link: &Link) -> Self {
        let same_org = self
            .okta_domain
            .as_deref_option()
            .is_some_and(|domain| OktaDomain::parse(domain).is_ok_and(|domain| domain.is_same_org(&link.okta_domain)));
        // The user's spelling stays.
        let okta_domain = if same_org { self.okta_domain.clone() } else { Value::Value(link.okta_domain.clone()) };
        Self {
            okta_domain,
            client_id: Value::Value(link.client_id.clone()),
            client_secret: known_or_null(&self.client_secret),
            client_secret_wo: Value::Null,
            client_secret_wo_version: self.client_secret_wo_version,
            mint_client_secret: self.mint_client_secret,
            rotate_when_changed: self.rotate_when_changed.clone(),
            retire_superseded_secrets: self.retire_superseded_secrets,
            backup_enabled: Value::Value(link.backup_enabled),
            cloud_key_management_enabled: Value::Value(link.cloud_key_management_enabled),
            verify_client_secret: self.verify_client_secret,
            timeouts: self.timeouts.clone(),
            id: Value::Value(link.id.clone()),
            status: Value::Value(link.app_status.shown()),
            status_reason: nullable(link.app_status_reason.as_ref().map(ServerText::shown)),
            client_secret_id: known_or_null(&self.client_secret_id),
            client_secret_hash: known_or_null(&self.client_secret_hash),
            client_secret_status: known_or_null(&self.client_secret_status),
            superseded_secret_ids: known_or_null(&self.superseded_secret_ids),
            storage_region: nullable(link.storage_region.as_ref().map(ServerText::shown)),
            backup_frequency: nullable(link.backup_frequency.as_ref().map(ServerText::shown)),
            backup_retention: nullable(link.backup_retention.as_ref().map(ServerText::shown)),
            added_on: Value::Value(link.added_on.shown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<String> {
        Value::Value(text.to_owned())
    }

    fn ids(ids: &[&str]) -> Value<BTreeSet<Value<String>>> {
        Value::Value(ids.iter().map(|id| text(id)).collect())
    }

    #[test]
    fn left_overs_are_retired_unless_that_is_switched_off() {
        let rows = [
            ("nothing is known", Value::Null, Value::Null, false, false),
            ("none", ids(&[]), Value::Value(true), false, false),
            ("some", ids(&["a"]), Value::Value(true), true, false),
            ("some, in a state of an older version", ids(&["a"]), Value::Null, true, false),
            ("some that are to stay", ids(&["a"]), Value::Value(false), false, false),
            ("the plan retires", Value::Unknown, Value::Value(true), false, true),
            ("the plan supersedes, and retires none", Value::Unknown, Value::Value(false), false, false),
        ];
        for (name, superseded, retires, has_left_overs, does_retire) in rows {
            let model =
                Model { superseded_secret_ids: superseded, retire_superseded_secrets: retires, ..Model::default() };
            assert_eq!((model.has_left_overs(), model.retires()), (has_left_overs, does_retire), "{name}");
        }
    }

    #[test]
    fn another_secret_supersedes_those_of_the_same_client() {
        let prior = Model {
            okta_domain: text("example.okta.com"),
            client_id: text("0oa1"),
            client_secret_id: text("b"),
            superseded_secret_ids: ids(&["a"]),
            ..Model::default()
        };
        let rows = [
            ("the same client", prior.clone(), prior.clone(), ids(&["a", "b"])),
            ("another client", prior.clone(), Model { client_id: text("0oa2"), ..prior.clone() }, ids(&[])),
            ("another org", prior.clone(), Model { okta_domain: text("other.okta.com"), ..prior.clone() }, ids(&[])),
            (
                "the one in use is not known",
                Model { client_secret_id: Value::Null, ..prior.clone() },
                prior.clone(),
                ids(&["a"]),
            ),
            (
                "none is superseded yet",
                Model { superseded_secret_ids: Value::Null, ..prior.clone() },
                prior.clone(),
                ids(&["b"]),
            ),
        ];
        for (name, prior, next, expected) in rows {
            assert_eq!(Value::Value(prior.superseded_by(&next)), expected, "{name}");
        }
    }
}
