//! What a test may change about how the two systems behave. `PATCH /_sandbox/settings` knows exactly these keys.

use crate::{druva::LinkIds, okta};
use okta::RoleType;
use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::num::{NonZeroU64, NonZeroUsize};

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How long every request is on its way, beside what faults do to it.
    pub latency_ms: u64,
    pub okta_page_size: NonZeroUsize,
    pub druva_page_size: NonZeroUsize,
    pub duplicate_installs: DuplicateInstalls,
    /// By how many seconds the clock of both systems is ahead of the machine's.
    pub clock_ahead_seconds: i64,
    /// How long what was just created is not seen. Null: one to two seconds, drawn for each object and each reader.
    pub propagation_ms: Option<u64>,
    /// Okta's key of Druva's listing.
    pub druva_type: String,
    /// Kinder: a type of any name is listed, and takes any scope.
    pub lists_any_type: bool,
    /// What an installation of a type that Okta does not list is answered: 400 or 404.
    pub unlisted_type_status: u16,
    /// Whether an installation must ask for all scopes of its listing.
    pub all_scopes_required: bool,
    /// Role of the user to whom the API token belongs; none when null.
    pub okta_role: Option<RoleType>,
    pub druva_role: DruvaRole,
    /// Off: the account has no Okta API at all.
    pub druva_okta_api: bool,
    /// On: the account lives in another cloud, so that tokens are issued and then refused.
    pub druva_other_cloud: bool,
    pub expired_token_status: u16,
    pub okta_token_lifetime_seconds: u64,
    /// How long a proof may carry a nonce of the token endpoint; Okta says three days.
    pub okta_dpop_nonce_lifetime_seconds: u64,
    /// Whether the API demands a nonce too, which Okta's does not, as the RFC allows.
    pub okta_dpop_api_nonce: bool,
    pub druva_token_lifetime_seconds: u64,
    /// How Druva's token answers say how long the token lives. Null: each time in another way.
    pub druva_expires_in: Option<ExpiresIn>,
    /// What the ids of new links look like.
    pub link_ids: LinkIds,
    /// The account has keys of its own, so that Cloud Key Management stays off.
    pub own_keys: bool,
    pub okta_rate_limit_per_minute: u32,
    /// How long such a minute is here, so that a test need not wait for real ones.
    pub okta_rate_limit_window_seconds: NonZeroU64,
    pub connect_delay_ms: u64,
    /// New links and authorizations end NOT_CONNECTED for this reason.
    pub connect_refused_reason: Option<String>,
    /// Druva's word for the status of a link that is not connected: the words are an open set.
    pub not_connected_status: String,
    pub backup_duration_ms: u64,
    /// How backups end.
    pub backup_status: String,
    /// Okta leaves these out of what it grants at an install, and says nothing.
    pub withheld_scopes: Vec<String>,
}

/// How an answer says when a token expires. RFC 6749 only recommends to say it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExpiresIn {
    Number,
    Text,
    Absent,
}

/// What Okta does when a type that is installed is installed again. Okta's own tests do it; an org may refuse it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DuplicateInstalls {
    Allow,
    Refuse,
}

/// Role of the Druva API credentials.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DruvaRole {
    DruvaCloudAdmin,
    ProductAdmin,
}

impl Default for Settings {
    fn default() -> Self {
        const PAGE: NonZeroUsize = NonZeroUsize::new(20).unwrap();
        const MINUTE: NonZeroU64 = NonZeroU64::new(60).unwrap();
        Self {
            latency_ms: 0,
            okta_page_size: PAGE,
            druva_page_size: PAGE,
            duplicate_installs: DuplicateInstalls::Allow,
            clock_ahead_seconds: 0,
            propagation_ms: None,
            druva_type: okta::DRUVA_TYPE.to_owned(),
            lists_any_type: false,
            unlisted_type_status: 400,
            all_scopes_required: false,
            okta_role: Some(RoleType::SuperAdmin),
            druva_role: DruvaRole::DruvaCloudAdmin,
            druva_okta_api: true,
            druva_other_cloud: false,
            expired_token_status: 403,
            okta_token_lifetime_seconds: 3600,
            okta_dpop_nonce_lifetime_seconds: 3 * 24 * 3600,
            okta_dpop_api_nonce: false,
            druva_token_lifetime_seconds: 1800,
            druva_expires_in: None,
            link_ids: LinkIds::ALL[rand::rng().random_range(0..LinkIds::ALL.len())],
            own_keys: false,
            okta_rate_limit_per_minute: 600,
            okta_rate_limit_window_seconds: MINUTE,
            connect_delay_ms: 0,
            connect_refused_reason: None,
            not_connected_status: "NOT_CONNECTED".to_owned(),
            backup_duration_ms: 0,
            backup_status: "Successful".to_owned(),
            withheld_scopes: Vec::new(),
        }
    }
}

impl Settings {
    /// These settings with the given keys replaced, or why that is not possible.
    pub fn patched(&self, changes: Value) -> Result<Self, String> {
        let Value::Object(changes) = changes else {
            return Err("expected an object".to_owned());
        };
        let mut merged = serde_json::to_value(self).map_err(|error| error.to_string())?;
        for (key, value) in changes {
            merged[key] = value;
        }
        let settings: Self = serde_json::from_value(merged).map_err(|error| error.to_string())?;
        if !matches!(settings.expired_token_status, 401 | 403) {
            return Err("expired_token_status is 401 or 403".to_owned());
        }
        if !matches!(settings.unlisted_type_status, 400 | 404) {
            return Err("unlisted_type_status is 400 or 404".to_owned());
        }
        Ok(settings)
    }
}
