//! The state of an integration, and how it comes from Okta's answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::problems;
use crate::framework::Report;
use crate::framework::attribute::nullable;
use crate::framework::timeouts::Timeouts;
use crate::okta;
use crate::okta::api_services::{Instance, NewSecret, Secret};
use crate::redaction::ServerText;
use crate::resources::rotation::Policy;
use crate::resources::{client_secrets, known_or_null, or_default};
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

/// How a planned argument compares with what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It is the same.
    None,
    /// It is another one.
    Another,
    /// It, or a part of it, is not known yet.
    Unknown,
}

impl Change {
    fn of(is_unknown: bool, is_same: bool) -> Self {
        match (is_unknown, is_same) {
            (true, _) => Self::Unknown,
            (false, true) => Self::None,
            (false, false) => Self::Another,
        }
    }
}

fn is_unknown<T>(value: &Value<T>, in_part: impl FnOnce(&T) -> bool) -> bool {
    value.is_unknown() || value.as_ref_option().is_some_and(in_part)
}

/// What the configuration asks for, all of it known.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub kind: String,
    pub granted_scopes: BTreeSet<String>,
    pub properties: BTreeMap<String, String>,
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

    /// What to install. None, with an error, if something is unknown, which Terraform rules out at apply.
    pub(super) fn wanted(&self, diags: &mut Diagnostics) -> Option<Wanted> {
        let wanted = self.known();
        if wanted.is_none() {
            let detail = "Terraform applied before all values were known.";
            diags.fail(problems::still_unknown(), detail, AttributePath::root());
        }
        wanted
    }

    fn known(&self) -> Option<Wanted> {
        let text = |value: &Value<String>| value.as_ref_option().cloned();
        let properties = match &self.properties {
            Value::Unknown => return None,
            Value::Null => BTreeMap::new(),
            Value::Value(map) => {
                map.iter().map(|(name, value)| Some((name.clone(), text(value)?))).collect::<Option<_>>()?
            }
        };
        Some(Wanted {
            kind: text(&self.kind)?,
            granted_scopes: self.granted_scopes.as_ref_option()?.iter().map(text).collect::<Option<_>>()?,
            properties,
        })
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

    /// How room is made for another secret beside `ours`, Okta's id of the one in the state.
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

    /// The arguments that Okta cannot change, and how each compares with what `prior` has.
    pub(super) fn changes_since(&self, prior: &Self) -> [(&'static str, Change); 3] {
        let scopes = |scopes: &BTreeSet<Value<String>>| scopes.iter().any(Value::is_unknown);
        let properties = |properties: &BTreeMap<String, Value<String>>| properties.values().any(Value::is_unknown);
        // None at all and an empty map are the same: Okta shows `{}`.
        let (empty, none) = (BTreeMap::new(), |model: &Self| model.properties.is_null());
        let same_properties = self.properties == prior.properties
            || (none(self) || self.properties.as_ref_option() == Some(&empty))
                && (none(prior) || prior.properties.as_ref_option() == Some(&empty));
        [
            ("type", Change::of(self.kind.is_unknown(), self.kind == prior.kind)),
            (
                "granted_scopes",
                Change::of(is_unknown(&self.granted_scopes, scopes), self.granted_scopes == prior.granted_scopes),
            ),
            ("properties", Change::of(is_unknown(&self.properties, properties), same_properties)),
        ]
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

impl Wanted {
    /// Whether an installed integration is what was asked for.
    pub fn is(&self, instance: &Instance) -> bool {
        self.granted_scopes == instance.granted_scopes && self.properties == instance.properties
    }

    /// How an installed integration differs, a sentence each.
    pub fn differences(&self, instance: &Instance) -> String {
        let list = |scopes: Vec<&String>| scopes.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let missing = list(self.granted_scopes.difference(&instance.granted_scopes).collect());
        let surplus = list(instance.granted_scopes.difference(&self.granted_scopes).collect());
        let properties = &instance.properties;
        let mut sentences = Vec::new();
        if !missing.is_empty() {
            sentences.push(format!("Scopes that it lacks: {missing}."));
        }
        if !surplus.is_empty() {
            sentences.push(format!("Scopes that are not configured: {surplus}."));
        }
        if *properties != self.properties {
            sentences.push(format!("Its properties are {properties:?}, configured are {:?}.", self.properties));
        }
        sentences.join("\n")
    }
}
