//! The state of an integration, and how it comes from Okta's answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tf_provider::Diagnostics;
use tf_provider::value::Value;

use crate::framework::attribute::nullable;
use crate::framework::timeouts::Timeouts;
use crate::linking::client_secrets;
use crate::linking::policy::Policy;
use crate::okta;
use crate::okta::api_services::{Instance, NewSecret, Secret};
use crate::redaction::ServerText;
use crate::resources::{known_or_null, or_default};
use crate::secret::{self, ClientSecret};

/// The state, the plan and the configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    #[serde(rename = "type")]
    pub(super) kind: Value<String>,
    pub(super) granted_scopes: Value<BTreeSet<Value<String>>>,
    pub(super) properties: Value<BTreeMap<String, Value<String>>>,
    pub(super) adopt_existing: Value<bool>,
    pub(super) allow_second_installation: Value<bool>,
    pub(super) store_client_secret: Value<bool>,
    pub(super) rotate_when_changed: Value<BTreeMap<String, Value<String>>>,
    pub(super) replace_oldest_secret: Value<bool>,
    pub(super) timeouts: Value<Timeouts>,
    pub(super) id: Value<String>,
    pub(super) client_id: Value<String>,
    #[serde(serialize_with = "secret::expose_value")]
    pub(super) client_secret: Value<ClientSecret>,
    pub(super) client_secret_id: Value<String>,
    #[serde(deserialize_with = "client_secrets::held_hash")]
    pub(super) client_secret_hash: Value<String>,
    pub(super) client_secret_status: Value<String>,
    pub(super) name: Value<String>,
    pub(super) org_url: Value<String>,
    pub(super) created_at: Value<String>,
    pub(super) created_by: Value<String>,
    pub(super) config_guide_url: Value<String>,
}

impl Model {
    /// With the defaults of the arguments that say how the provider itself behaves, where `given` leaves them out.
    pub fn with_own_defaults(self, given: &Self) -> Self {
        Self {
            adopt_existing: or_default(&given.adopt_existing, false),
            allow_second_installation: or_default(&given.allow_second_installation, false),
            store_client_secret: or_default(&given.store_client_secret, true),
            replace_oldest_secret: or_default(&given.replace_oldest_secret, false),
            ..self
        }
    }

    /// Everything that only Okta knows becomes unknown.
    pub fn all_unknown(mut self) -> Self {
        if self.stores_secret() {
            self.forget_secret();
        } else {
            self.drop_secret();
        }
        Self {
            id: Value::Unknown,
            client_id: Value::Unknown,
            name: Value::Unknown,
            created_at: Value::Unknown,
            created_by: Value::Unknown,
            config_guide_url: Value::Unknown,
            ..self
        }
    }

    /// What the configuration leaves out and Okta cannot change afterwards is not known yet.
    pub fn leave_open(&mut self, config: &Self) {
        if config.kind.is_null() {
            self.kind = Value::Unknown;
        }
        if config.granted_scopes.is_null() {
            self.granted_scopes = Value::Unknown;
        }
        if config.properties.is_null() {
            self.properties = Value::Unknown;
        }
    }

    /// Whether the secret goes into the state.
    pub fn stores_secret(&self) -> bool {
        self.store_client_secret != Value::Value(false)
    }

    /// Which secret may go for another one beside `ours`, Okta's id of the one in the state.
    pub fn policy<'a>(&self, ours: Option<&'a str>) -> Policy<'a> {
        Policy {
            ours,
            replace_oldest: self.replace_oldest_secret == Value::Value(true),
            // The link belongs to another resource, which may want either secret: only a hint is taken from it.
            has_probe: false,
        }
    }

    /// Nothing of a secret is kept, so that nothing about it can drift.
    pub fn drop_secret(&mut self) {
        self.client_secret = Value::Null;
        self.client_secret_id = Value::Null;
        self.client_secret_hash = Value::Null;
        self.client_secret_status = Value::Value(client_secrets::NOT_HELD.to_owned());
    }

    /// The plan mints a secret: what is known of the old one is no longer.
    pub fn forget_secret(&mut self) {
        self.client_secret = Value::Unknown;
        self.client_secret_id = Value::Unknown;
        self.client_secret_hash = Value::Unknown;
        self.client_secret_status = Value::Unknown;
    }

    /// With what Okta shows of the integration. The secret's attributes stay; where they are unknown they become null.
    pub fn observed(&self, instance: &Instance, okta: &okta::Client) -> Self {
        let properties: BTreeMap<_, _> =
            instance.properties.clone().into_iter().map(|(name, value)| (name, Value::Value(value))).collect();
        let keep_null = properties.is_empty() && !self.properties.is_value();
        // Another address of the same org, such as its custom domain, is no change: it would replace the links.
        let org_url = if self.org_url.is_value() { self.org_url.clone() } else { okta.domain().origin().into() };
        Self {
            kind: Value::Value(instance.kind.clone()),
            granted_scopes: Value::Value(instance.granted_scopes.iter().cloned().map(Value::Value).collect()),
            properties: if keep_null { Value::Null } else { Value::Value(properties) },
            adopt_existing: self.adopt_existing,
            allow_second_installation: self.allow_second_installation,
            store_client_secret: self.store_client_secret,
            rotate_when_changed: self.rotate_when_changed.clone(),
            replace_oldest_secret: self.replace_oldest_secret,
            timeouts: self.timeouts.clone(),
            id: Value::Value(instance.id.clone()),
            client_id: Value::Value(instance.client_id().to_owned()),
            client_secret: known_or_null(&self.client_secret),
            client_secret_id: known_or_null(&self.client_secret_id),
            client_secret_hash: known_or_null(&self.client_secret_hash),
            client_secret_status: known_or_null(&self.client_secret_status),
            name: nullable(instance.name.as_ref().map(ServerText::shown)),
            org_url,
            created_at: nullable(instance.created_at.as_ref().map(ServerText::shown)),
            created_by: nullable(instance.created_by.as_ref().map(ServerText::shown)),
            config_guide_url: nullable(instance.config_guide_url.as_ref().map(ServerText::shown)),
        }
    }

    /// With a secret that Okta has just given out, whose id is not known yet.
    pub fn with_secret(self, secret: ClientSecret) -> Self {
        Self {
            client_secret_id: Value::Null,
            client_secret_hash: Value::Value(secret.okta_hash()),
            client_secret_status: Value::Value(client_secrets::ACTIVE.to_owned()),
            client_secret: Value::Value(secret),
            ..self
        }
    }

    /// With a secret that was minted, whose id its answer has.
    pub fn with_minted(self, minted: NewSecret) -> Self {
        Self { client_secret_id: Value::Value(minted.secret.id), ..self.with_secret(minted.client_secret) }
    }

    /// With what Okta's list says about the secret in the state.
    pub fn observe_secret(&mut self, secrets: &[Secret], diags: &mut Diagnostics) {
        let Value::Value(held) = &self.client_secret else {
            self.drop_secret();
            return;
        };
        let hash = held.okta_hash();
        let observed = client_secrets::observe(secrets, self.client_secret_id.as_deref_option(), Some(&hash));
        client_secrets::warn_about_hash(diags, &observed);
        if let Some(status) = observed.status {
            self.client_secret_status = Value::Value(status.to_owned());
        }
        if let Some(secret) = observed.found {
            self.client_secret_id = Value::Value(secret.id.clone());
        }
        self.client_secret_hash = Value::Value(hash);
    }
}
