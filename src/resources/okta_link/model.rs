//! The state of a link, and how it comes from Druva's answers.

use serde::{Deserialize, Serialize};
use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::authorization::Reason;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{AppStatus, Link, OktaClient};
use crate::framework::timeouts::Timeouts;
use crate::resources::{known_or_null, nullable};
use crate::secret::{self, ClientSecret};

/// The state, the plan and the configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    pub(super) okta_domain: Value<String>,
    pub(super) client_id: Value<String>,
    #[serde(serialize_with = "secret::expose_value")]
    pub(super) client_secret: Value<ClientSecret>,
    pub(super) backup_enabled: Value<bool>,
    pub(super) cloud_key_management_enabled: Value<bool>,
    pub(super) verify_client_secret: Value<bool>,
    pub(super) timeouts: Value<Timeouts>,
    pub(super) id: Value<String>,
    pub(super) status: Value<String>,
    pub(super) status_reason: Value<String>,
    pub(super) client_secret_id: Value<String>,
    pub(super) client_secret_hash: Value<String>,
    pub(super) client_secret_status: Value<String>,
    pub(super) storage_region: Value<String>,
    pub(super) backup_frequency: Value<String>,
    pub(super) backup_retention: Value<String>,
    pub(super) added_on: Value<String>,
}

impl Model {
    /// The plan authorizes Druva. It ends connected, or with an error: so the status can be shown.
    pub fn expect_authorization(&mut self) {
        self.status = Value::Value(AppStatus::Connected.as_str().to_owned());
        self.status_reason = Value::Null;
        self.client_secret_id = Value::Unknown;
        self.client_secret_hash = self.client_secret.as_ref().map(ClientSecret::okta_hash);
        self.client_secret_status = Value::Unknown;
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
            backup_enabled: Value::Value(link.backup_enabled),
            cloud_key_management_enabled: Value::Value(link.cloud_key_management_enabled),
            verify_client_secret: self.verify_client_secret,
            timeouts: self.timeouts.clone(),
            id: Value::Value(link.id.clone()),
            status: Value::Value(link.app_status.as_str().to_owned()),
            status_reason: nullable(link.app_status_reason.clone()),
            client_secret_id: known_or_null(&self.client_secret_id),
            client_secret_hash: known_or_null(&self.client_secret_hash),
            client_secret_status: known_or_null(&self.client_secret_status),
            storage_region: nullable(link.storage_region.clone()),
            backup_frequency: nullable(link.backup_frequency.clone()),
            backup_retention: nullable(link.backup_retention.clone()),
            added_on: Value::Value(link.added_on.clone()),
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
    }

    /// The client and secret for Druva. None, with an error, if there is no secret.
    pub fn okta_client(&self, diags: &mut Diagnostics) -> Option<OktaClient<'_>> {
        match (&self.client_id, &self.client_secret) {
            (Value::Value(client_id), Value::Value(client_secret)) => Some(OktaClient { client_id, client_secret }),
            _ => {
                Reason::OtherSecret.demand_secret(diags);
                None
            }
        }
    }
}
