//! Everything that both systems know, in one place, because Druva really checks its credentials against Okta.

use crate::{
    connection_history::ConnectionHistory, druva::DruvaCloud, faults::Faults, identity::Identity, okta::OktaOrg,
    request_log::RequestLog, settings::Settings,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the handlers share.
pub struct Sandbox {
    pub identity: Identity,
    world: Mutex<World>,
    /// Held while a request acts and until its effect on the connections is noted: without it, two requests at the same
    /// moment could be blamed for each other's effect.
    pub turn: tokio::sync::Mutex<()>,
}

pub type Shared = Arc<Sandbox>;

/// What a reset forgets, except for the secrets that were issued.
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
        let issued = std::mem::take(&mut self.issued);
        *self = Self { issued, ..Self::default() };
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
