//! Every change of every link's connection status: how a test proves that a rotation never broke the connection.

use crate::{druva::AppStatus, world::World};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Default)]
pub struct ConnectionHistory {
    now: BTreeMap<String, AppStatus>,
    changes: Vec<Change>,
}

#[derive(Clone, Serialize)]
pub struct Change {
    domain_id: String,
    status: AppStatus,
    /// Number of the last request that was served before the change was seen.
    after_request: u64,
}

impl ConnectionHistory {
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}

impl World {
    /// Compares the status of every link with what it was. A link that is gone leaves no entry: it has no status.
    pub fn observe_connections(&mut self, after_request: u64) {
        let now: BTreeMap<String, AppStatus> =
            self.druva.domains.iter().map(|domain| (domain.id.clone(), self.connection(domain).0)).collect();
        for (domain_id, &status) in &now {
            if self.history.now.get(domain_id) != Some(&status) {
                self.history.changes.push(Change { domain_id: domain_id.clone(), status, after_request });
            }
        }
        self.history.now = now;
    }
}
