//! Everything that both systems know, in one place, because Druva really checks its credentials against Okta.

use crate::{
    clock, connection_history::ConnectionHistory, druva::DruvaCloud, faults::Faults, identity::Identity, okta::OktaOrg,
    request_log::RequestLog, settings::Settings,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What the handlers share.
pub struct Sandbox {
    pub identity: Identity,
    world: Mutex<World>,
    /// Held while a request acts and until its effect on the connections is noted: without it, two requests at the same
    /// moment could be blamed for each other's effect.
    pub turn: tokio::sync::Mutex<()>,
}

pub type Shared = Arc<Sandbox>;

/// What a reset forgets, except for the secrets that were issued and the snapshots.
#[derive(Default)]
pub struct World {
    pub settings: Settings,
    pub okta: OktaOrg,
    pub druva: DruvaCloud,
    pub faults: Faults,
    pub log: RequestLog,
    pub history: ConnectionHistory,
    /// Every secret that this process handed out, for tests that search outputs for them.
    issued: Vec<String>,
    snapshots: BTreeMap<String, Snapshot>,
}

/// What a test can return to, instead of doing the same again.
#[derive(Clone)]
struct Snapshot {
    settings: Settings,
    okta: OktaOrg,
    druva: DruvaCloud,
    history: ConnectionHistory,
}

impl Sandbox {
    pub fn new(identity: Identity) -> Self {
        let world = World { issued: identity.secrets(), ..World::default() };
        Self { identity, world: Mutex::new(world), turn: tokio::sync::Mutex::new(()) }
    }

    /// A handler that panicked has failed its own test; the others go on.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    pub fn reset(&mut self) {
        let (issued, snapshots) = (std::mem::take(&mut self.issued), std::mem::take(&mut self.snapshots));
        *self = Self { issued, snapshots, log: self.log.continued(), ..Self::default() };
        clock::set_ahead(self.settings.clock_ahead_seconds);
    }

    /// Keeps what both systems hold under a name.
    pub fn save(&mut self, name: String) {
        let Self { settings, okta, druva, history, .. } = &*self;
        let (settings, okta, druva, history) = (settings.clone(), okta.clone(), druva.clone(), history.clone());
        self.snapshots.insert(name, Snapshot { settings, okta, druva, history });
    }

    /// Returns to a snapshot, with no fault armed and an empty log. Whether there is one of that name.
    pub fn restore(&mut self, name: &str) -> bool {
        let Some(Snapshot { settings, okta, druva, history }) = self.snapshots.get(name).cloned() else {
            return false;
        };
        self.reset();
        clock::set_ahead(settings.clock_ahead_seconds);
        *self = Self { settings, okta, druva, history, ..std::mem::take(self) };
        true
    }

    /// Notes a secret and gives it back.
    pub fn issue(&mut self, secret: String) -> String {
        self.issued.push(secret.clone());
        secret
    }

    pub fn issued(&self) -> &[String] {
        &self.issued
    }
}
