//! What the clients of one org have read and written in this run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::api_services::objects::{Instance, Secret};
use super::new_secrets::NewSecrets;
use crate::http::{Bounds, Listing, Writes};

/// An integration has two secrets at most, and there is a list of them for each one. `[spec]`
const SECRETS: Bounds = Bounds { entries: 100, bytes: 64 * 1024 };
/// What was read of the org in this run. Our writes drop it.
pub(super) struct Seen {
    /// Counts what the clients write.
    pub writes: Writes,
    /// All integrations.
    pub instances: Listing<Instance>,
    /// By the id of the instance that they belong to.
    pub secrets: Mutex<HashMap<String, Arc<Listing<Secret>>>>,
    /// The secrets that Okta gave out.
    pub new_secrets: NewSecrets,
    /// Whether a host is another address of this org, as far as that was found out.
    pub addresses: Mutex<HashMap<String, bool>>,
}

impl Seen {
    /// Nothing yet.
    pub fn nothing() -> Self {
        let writes = Writes::default();
        Self {
            instances: Listing::new([writes.clone()]),
            writes,
            secrets: Mutex::default(),
            new_secrets: NewSecrets::default(),
            addresses: Mutex::default(),
        }
    }

    /// The list of an instance's secrets.
    pub fn secrets(&self, instance_id: &str) -> Arc<Listing<Secret>> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let listing = || Arc::new(Listing::bounded(SECRETS, [self.writes.clone()]));
        secrets.entry(instance_id.to_owned()).or_insert_with(listing).clone()
    }
}
