//! The state of an integration, and how it comes from Okta's answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use terraform_plugin::nullable;
use terraform_plugin::timeouts::Timeouts;
use tf_provider::Diagnostics;
use tf_provider::value::Value;

use crate::linking::client_secrets;
use crate::linking::policy::Policy;
use crate::okta;
use crate::okta::api_services::{Instance, NewSecret, Secret};
use crate::redaction::ServerText;
use crate::resources::known_or_null;
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

#[cfg(test)]
mod tests {
    use super::super::samples::{SECRET, installed, instance, map, text};
    use super::*;
    use crate::http::{self, Http};
    use crate::linking::client_secrets::{ACTIVE, INACTIVE, MISSING, NOT_HELD};
    use crate::okta::api_services::SecretStatus;

    #[test]
    fn a_state_without_a_secret_knows_nothing_of_one_and_one_with_it_what_okta_lists() {
        let hash = ClientSecret::from(SECRET.to_owned()).okta_hash();
        let secret = |id: &str, status, hash: &str| Secret {
            id: id.into(),
            status,
            secret_hash: hash.into(),
            created: "2023-02-21T20:08:24.000Z".into(),
        };
        let without_id = || Model { client_secret_id: Value::Null, ..installed() };
        let imported = || Model { client_secret: Value::Null, ..installed() };
        let ours = |status| vec![secret("ocs1", status, &hash)];
        for (name, mut state, secrets, status, id, warns) in [
            ("active", installed(), ours(SecretStatus::Active), ACTIVE, Some("ocs1"), 0),
            ("deactivated", installed(), ours(SecretStatus::Inactive), INACTIVE, Some("ocs1"), 0),
            ("deleted", installed(), Vec::new(), MISSING, Some("ocs1"), 0),
            ("found by its hash", without_id(), ours(SecretStatus::Active), ACTIVE, Some("ocs1"), 0),
            ("another hash", installed(), vec![secret("ocs1", SecretStatus::Active, "x")], ACTIVE, Some("ocs1"), 1),
            ("neither id nor hash", without_id(), vec![secret("ocs2", SecretStatus::Active, "x")], ACTIVE, None, 1),
            ("imported", imported(), ours(SecretStatus::Active), NOT_HELD, None, 0),
        ] {
            let mut diags = Diagnostics::default();
            state.observe_secret(&secrets, &mut diags);
            assert_eq!(state.client_secret_status.as_deref_option(), Some(status), "{name}");
            assert_eq!(state.client_secret_id.as_deref_option(), id, "{name}");
            assert_eq!(state.client_secret_hash.is_value(), state.client_secret.is_value(), "{name}");
            assert_eq!(diags.warnings.len(), warns, "{name}");
        }
    }

    #[test]
    fn what_okta_shows_replaces_what_the_state_had_but_for_spellings() {
        let http = Http::new(http::Settings::default(), tokio_util::sync::CancellationToken::new());
        let domain = crate::domain::OktaDomain::parse("https://example.okta.com").unwrap();
        let okta = okta::Client::new(http, domain, okta::Auth::ApiToken("token-of-a-test".into()));
        let own = || Model { org_url: text("https://id.example.com"), ..installed() };
        let bare = || instance("0oa1", "t", &["okta.users.read"], &[]);
        let full = || instance("0oa2", "u", &[], &[("a", "1")]);
        for (name, state, instance, properties, org) in [
            ("no properties, and none said", installed(), bare(), Value::Null, "https://example.okta.com"),
            (
                "no properties, and an empty map said",
                Model { properties: map(&[]), ..installed() },
                bare(),
                map(&[]),
                "https://example.okta.com",
            ),
            ("properties", installed(), full(), map(&[("a", "1")]), "https://example.okta.com"),
            ("another address of the org", own(), full(), map(&[("a", "1")]), "https://id.example.com"),
        ] {
            let fresh = state.observed(&instance, &okta);
            assert_eq!((fresh.id, fresh.kind), (text(&instance.id), text(&instance.kind)), "{name}");
            assert_eq!((fresh.properties, fresh.org_url), (properties, text(org)), "{name}");
            assert!(fresh.client_secret == state.client_secret, "{name}");
        }
        let planned = Model { client_secret: Value::Unknown, client_secret_id: Value::Unknown, ..installed() };
        let fresh = planned.observed(&bare(), &okta);
        assert!(fresh.client_secret.is_null() && fresh.client_secret_id.is_null(), "a state has no unknowns");
    }

    #[test]
    fn the_older_secret_goes_only_where_the_user_says_so() {
        for (value, replaces) in [(Value::Value(true), true), (Value::Value(false), false), (Value::Null, false)] {
            let policy = Model { replace_oldest_secret: value, ..installed() };
            let policy = policy.policy(Some("ocs1"));
            assert!(policy.replace_oldest == replaces && !policy.has_probe && policy.ours == Some("ocs1"), "{value:?}");
        }
    }
}
