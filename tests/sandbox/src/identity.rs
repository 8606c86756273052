//! What stays the same from start to stop, resets included: addresses, credentials, and the ids of org and admin.

use crate::random;
use serde::Serialize;
use std::net::SocketAddr;

/// Serialized, it is the ready line.
#[derive(Serialize)]
pub struct Identity {
    pub okta_url: String,
    pub druva_url: String,
    pub okta_api_token: String,
    pub druva_client_id: String,
    pub druva_client_secret: String,
    #[serde(skip)]
    pub okta_addresses: OktaAddresses,
    #[serde(skip)]
    pub org_id: String,
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
            druva_client_id: random::alphanumeric(32),
            druva_client_secret: random::alphanumeric(48),
            okta_addresses,
            org_id: random::okta_id("00o"),
            admin_id: random::okta_id("00u"),
        }
    }

    /// The credentials that a test must never find in any output.
    pub fn secrets(&self) -> Vec<String> {
        vec![self.okta_api_token.clone(), self.druva_client_secret.clone()]
    }
}
