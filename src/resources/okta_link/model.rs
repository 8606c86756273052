//! The state of a link, and how it comes from Druva's answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use super::authorization::Candidate;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;
use crate::framework::attribute::nullable;
use crate::framework::timeouts::Timeouts;
use crate::redaction::ServerText;
use crate::resources::{client_secrets, known_or_null};
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

    /// With the secret that Druva was given, whose id is known only if it was minted for it, and with what is known to have
    /// been there before it.
    pub(super) fn authorized_with(&self, candidate: &Candidate, superseded: BTreeSet<Value<String>>) -> Self {
        Self {
            client_secret_hash: Value::Value(candidate.secret.okta_hash()),
            client_secret_id: nullable(candidate.minted.as_ref().map(|minted| minted.id.clone())),
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

    /// With the switches as they are planned, although Druva does not have them so yet: Terraform refuses a result that is not
    /// the plan's, and the next plan shows the difference.
    pub fn with_switches_of(mut self, planned: &Self) -> Self {
        for (actual, planned) in [
            (&mut self.backup_enabled, planned.backup_enabled),
            (&mut self.cloud_key_management_enabled, planned.cloud_key_management_enabled),
        ] {
            if planned.is_value() {
                *actual = planned;
            }
        }
        self
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

    /// What the plan promised stands until the next read, also where Druva or Okta show something else by now:
    /// Terraform refuses a result that is not the plan's.
    pub fn keep_promises(&mut self, planned: &Self) {
        let pairs = [
            (&mut self.status, &planned.status),
            (&mut self.status_reason, &planned.status_reason),
            (&mut self.client_secret_id, &planned.client_secret_id),
            (&mut self.client_secret_hash, &planned.client_secret_hash),
            (&mut self.client_secret_status, &planned.client_secret_status),
            (&mut self.storage_region, &planned.storage_region),
            (&mut self.backup_frequency, &planned.backup_frequency),
            (&mut self.backup_retention, &planned.backup_retention),
        ];
        for (actual, promised) in pairs {
            if !promised.is_unknown() {
                actual.clone_from(promised);
            }
        }
        if !planned.superseded_secret_ids.is_unknown() {
            self.superseded_secret_ids.clone_from(&planned.superseded_secret_ids);
        }
    }
}
