//! The operations of the matrix: its rows.

use serde_json::{Value as Json, json};

use crate::configuration::{Configuration, Resource};

/// What the user types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Apply,
    Refresh,
    Destroy,
    /// Both resources, one after the other.
    Import,
}

/// One row.
pub struct Operation {
    pub name: &'static str,
    /// What was applied before, if anything.
    pub before: Option<Configuration>,
    /// What somebody did in Druva's console after that.
    pub has_lost_connection: bool,
    pub command: Command,
    pub config: Configuration,
}

/// All rows.
pub fn all() -> Vec<Operation> {
    let stored = Configuration::stored;
    let rotated = |config: Configuration, resource, to: &str| {
        config.with(resource, "rotate_when_changed", json!({"rotation": to}))
    };
    let switched = stored()
        .with(Resource::Link, "backup_enabled", json!(false))
        .with(Resource::Link, "cloud_key_management_enabled", json!(false))
        .with(Resource::Integration, "replace_oldest_secret", json!(true));
    let row = |name, before, command, config| Operation { name, before, has_lost_connection: false, command, config };
    vec![
        row("create", None, Command::Apply, stored()),
        row("update", Some(stored()), Command::Apply, switched),
        row(
            "rotate",
            Some(rotated(stored(), Resource::Integration, "first")),
            Command::Apply,
            rotated(stored(), Resource::Integration, "second"),
        ),
        Operation { has_lost_connection: true, ..row("reauthorize", Some(stored()), Command::Apply, stored()) },
        row("read", Some(stored()), Command::Refresh, stored()),
        row("destroy", Some(stored()), Command::Destroy, stored()),
        row("import", Some(stored()), Command::Import, stored()),
        row("create-minted", None, Command::Apply, Configuration::minted()),
        row(
            "rotate-minted",
            Some(rotated(Configuration::minted(), Resource::Link, "first")),
            Command::Apply,
            rotated(Configuration::minted(), Resource::Link, "second"),
        ),
    ]
}

impl Operation {
    /// What somebody does in the consoles before the operation, given the world as it is then.
    pub fn drift(&self, world: &Json) -> Option<Json> {
        let id = &world["druva"]["domains"][0]["id"];
        let reason = "The access was revoked";
        self.has_lost_connection.then(|| json!({"action": "disconnect_domain", "id": id, "reason": reason}))
    }

    /// Whether the run ends with nothing on either side.
    pub fn destroys(&self) -> bool {
        self.command == Command::Destroy
    }

    /// Whether a later run may have to try which secret Druva uses: nobody knows, since nobody keeps it.
    pub fn may_recover(&self) -> bool {
        !self.config.stores_secret()
    }
}
