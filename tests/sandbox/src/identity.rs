//! What stays the same from start to stop, resets included: addresses, credentials, and the ids of org and admin.

use crate::{okta, random};
use serde::Serialize;
use std::net::SocketAddr;

/// Serialized, it is the ready line.
#[derive(Serialize)]
pub struct Identity {
    pub okta_url: String,
    pub druva_url: String,
    pub okta_api_token: String,
    /// Okta's key of Druva's listing, which a real user reads where it is installed.
    pub okta_druva_type: &'static str,
    pub druva_client_id: String,
    pub druva_client_secret: String,
    #[serde(skip)]
    pub okta_addresses: OktaAddresses,
    #[serde(skip)]
    org_id: String,
    /// By the place of the address.
    #[serde(skip)]
    other_org_ids: Vec<String>,
    /// The user to whom the API token belongs.
    #[serde(skip)]
    pub admin_id: String,
}

/// Where the Okta org listens.
pub struct OktaAddresses {
    pub main: SocketAddr,
    /// To Druva and to the rate limits, each is an org of its own.
    pub others: Vec<SocketAddr>,
}

impl Identity {
    pub fn new(okta_addresses: OktaAddresses, druva_address: SocketAddr) -> Self {
        Self {
            okta_url: format!("http://{}", okta_addresses.main),
            druva_url: format!("http://{druva_address}"),
            okta_api_token: format!("00{}", random::url_safe(40)),
            okta_druva_type: okta::DRUVA_TYPE,
            druva_client_id: random::alphanumeric(32),
            druva_client_secret: random::alphanumeric(48),
            other_org_ids: okta_addresses.others.iter().map(|_| random::okta_id("00o")).collect(),
            okta_addresses,
            org_id: random::okta_id("00o"),
            admin_id: random::okta_id("00u"),
        }
    }

    /// Okta's id of the org at a host. `localhost` is another address of the org at the first address.
    pub fn org_id(&self, host: &str) -> &str {
        let other = self.okta_addresses.others.iter().position(|other| other.to_string() == host);
        other.map_or(&self.org_id, |place| &self.other_org_ids[place])
    }

    /// The credentials that a test must never find in any output.
    pub fn secrets(&self) -> Vec<String> {
        vec![self.okta_api_token.clone(), self.druva_client_secret.clone()]
    }
}
