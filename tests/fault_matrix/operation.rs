//! The operations of the matrix: its rows.

use serde_json::json;
use testkit::sandbox::{SCOPES, Sandbox, TYPE};

use crate::configuration::{Configuration, Resource};

/// Between the provider's first look and its second one, so that each run asks as often.
const CONNECT_DELAY_MS: u32 = 900;
/// Longer than the provider takes a thing for new.
const LONG_AGO_SECONDS: u32 = 600;

/// What the user types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Apply,
    Refresh,
    Destroy,
    /// Both resources, one after the other.
    Import,
}

/// What somebody did, or how a system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    Nothing,
    /// Druva lost its connection.
    LostConnection,
    /// An admin installed the integration in Okta.
    InstalledByHand,
    /// Druva takes its time to connect.
    ConnectsSlowly,
    /// Nothing in ten minutes: what is not found then is gone.
    TimePassed,
}

/// One row.
pub struct Operation {
    pub name: &'static str,
    /// What was applied before, if anything.
    pub before: Option<Configuration>,
    /// What somebody did in the consoles after that.
    pub happened: Happened,
    pub command: Command,
    pub config: Configuration,
}

/// All rows.
pub fn all() -> Vec<Operation> {
    let stored = Configuration::stored;
    let rotated = |config: Configuration, resource, to: &str| {
        config.with(resource, "rotate_when_changed", json!({"rotation": to}))
    };
    let switched = stored().with(Resource::Link, "backup_enabled", json!(false)).with(
        Resource::Integration,
        "replace_oldest_secret",
        json!(true),
    );
    // A set, which the provider writes in order.
    let mut fewer = SCOPES[1..].to_vec();
    fewer.sort_unstable();
    let row = |name, before, command, config| Operation { name, before, happened: Happened::Nothing, command, config };
    vec![
        row("create", None, Command::Apply, stored()),
        row("update", Some(stored()), Command::Apply, switched),
        row(
            "rotate",
            Some(rotated(stored(), Resource::Integration, "first")),
            Command::Apply,
            rotated(stored(), Resource::Integration, "second"),
        ),
        Operation {
            happened: Happened::LostConnection,
            ..row("reauthorize", Some(stored()), Command::Apply, stored())
        },
        row("read", Some(stored()), Command::Refresh, stored()),
        Operation { happened: Happened::TimePassed, ..row("destroy", Some(stored()), Command::Destroy, stored()) },
        row("import", Some(stored()), Command::Import, stored()),
        row("create-minted", None, Command::Apply, Configuration::minted()),
        row(
            "rotate-minted",
            Some(rotated(Configuration::minted(), Resource::Link, "first")),
            Command::Apply,
            rotated(Configuration::minted(), Resource::Link, "second"),
        ),
        Operation {
            happened: Happened::InstalledByHand,
            ..row("adopt-by-hand", None, Command::Apply, Configuration::adopting())
        },
        Operation {
            happened: Happened::TimePassed,
            ..row(
                "change-scopes",
                Some(Configuration::creating_first()),
                Command::Apply,
                Configuration::creating_first().with(Resource::Integration, "granted_scopes", json!(fewer)),
            )
        },
        Operation { happened: Happened::ConnectsSlowly, ..row("still-connecting", None, Command::Apply, stored()) },
    ]
}

impl Operation {
    /// Makes it so before the operation.
    pub fn make_happen(&self, sandbox: &Sandbox) {
        match self.happened {
            Happened::Nothing => {}
            Happened::LostConnection => {
                let id = sandbox.link()["id"].clone();
                let reason = "The access was revoked";
                sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": reason}));
            }
            Happened::InstalledByHand => {
                sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
                // Not in the second in which the provider mints.
                sandbox.settings(json!({"clock_ahead_seconds": LONG_AGO_SECONDS}));
            }
            Happened::TimePassed => sandbox.settings(json!({"clock_ahead_seconds": LONG_AGO_SECONDS})),
            Happened::ConnectsSlowly => sandbox.settings(json!({"connect_delay_ms": CONNECT_DELAY_MS})),
        }
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
