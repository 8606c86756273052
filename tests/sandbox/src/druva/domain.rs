//! A linked Okta domain and the state of its connection.

use super::okta_domain;
use crate::{
    clock,
    identity::OktaAddresses,
    okta::{Reader, Refusal, secret_hash},
    random,
    world::World,
};
use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[derive(Clone)]
pub struct Domain {
    pub id: String,
    /// Whether the id is a number in JSON.
    is_number: bool,
    /// Place in the order of linking: the page token of the list.
    pub number: u64,
    /// `host[:port]`.
    pub okta_domain: String,
    pub client_id: String,
    pub client_secret: String,
    pub backup_enabled: bool,
    last_backup: Option<Value>,
    /// When the backup that was started last ends, or ended, and what it is then.
    started_backup: Option<(Instant, Value)>,
    /// Why the connection is down whatever the credentials are worth; until the next authorization.
    pub down: Option<String>,
    added_on: String,
    /// Whether Druva can reach the org at all: of all orgs, only the one played here.
    reachable: bool,
    /// Until then the connection is being made.
    connecting_until: Instant,
}

/// What the ids of links look like: those of Druva's published APIs are numbers as well as texts.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkIds {
    /// A text with letters.
    Text,
    /// A text of digits.
    Digits,
    /// A JSON number.
    Number,
}

impl LinkIds {
    /// To draw from: all digits in half of the cases.
    pub const ALL: [Self; 4] = [Self::Text, Self::Text, Self::Digits, Self::Number];

    fn draw(self) -> String {
        match self {
            Self::Text => format!("okd-{}", random::alphanumeric(16)),
            Self::Digits | Self::Number => rand::rng().random_range(10_000..10_000_000).to_string(),
        }
    }
}

/// What a link is made of.
pub struct NewDomain {
    /// `host[:port]`.
    pub okta_domain: String,
    pub client_id: String,
    pub client_secret: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppStatus {
    Connecting,
    Connected,
    NotConnected,
}

impl Domain {
    /// The id, as JSON has it.
    pub fn shown_id(&self) -> Value {
        if self.is_number { self.id.parse::<u64>().unwrap_or_default().into() } else { self.id.clone().into() }
    }

    /// Takes on other credentials, which were checked.
    pub fn authorize(&mut self, client_id: String, client_secret: String, delay: Duration, down: Option<String>) {
        self.client_id = client_id;
        self.client_secret = client_secret;
        self.connecting_until = Instant::now() + delay;
        self.down = down;
    }

    /// Ends connecting, well.
    pub fn connect(&mut self) {
        self.connecting_until = Instant::now();
        self.down = None;
    }

    /// Starts a backup, unless one is running.
    pub fn back_up(&mut self, duration: Duration, status: &str) -> Option<()> {
        let now = Instant::now();
        if self.started_backup.as_ref().is_some_and(|(ends, _)| *ends > now) {
            return None;
        }
        self.last_backup = self.last_backup().cloned();
        let ended = json!({"status": status, "finishedOn": clock::timestamp_in(duration)});
        self.started_backup = Some((now + duration, ended));
        Some(())
    }

    /// As if a backup had ended just now.
    pub fn finish_backup(&mut self, ended: Value) {
        self.started_backup = None;
        self.last_backup = Some(ended);
    }

    fn last_backup(&self) -> Option<&Value> {
        let ended = self.started_backup.as_ref().filter(|(ends, _)| *ends <= Instant::now());
        ended.map(|(_, backup)| backup).or(self.last_backup.as_ref())
    }
}

impl World {
    pub fn connect_delay(&self) -> Duration {
        Duration::from_millis(self.settings.connect_delay_ms)
    }

    /// Links a domain without a check of its credentials.
    pub fn link(&mut self, new: NewDomain, okta: &OktaAddresses) -> &mut Domain {
        self.druva.links += 1;
        let place = self.druva.domains.len();
        self.druva.domains.push(Domain {
            id: self.settings.link_ids.draw(),
            is_number: self.settings.link_ids == LinkIds::Number,
            number: self.druva.links,
            reachable: okta_domain::is_played_here(&new.okta_domain, okta),
            okta_domain: new.okta_domain,
            client_id: new.client_id,
            client_secret: new.client_secret,
            backup_enabled: false,
            last_backup: None,
            started_backup: None,
            down: self.settings.connect_refused_reason.clone(),
            added_on: clock::timestamp(),
            connecting_until: Instant::now() + self.connect_delay(),
        });
        &mut self.druva.domains[place]
    }

    pub fn domain(&mut self, id: &str) -> Option<&mut Domain> {
        self.druva.domains.iter_mut().find(|domain| domain.id == id)
    }

    /// The link of a host. To Druva, each address of an org is a domain of its own.
    pub fn linked(&self, host: &str) -> Option<&Domain> {
        self.druva.domains.iter().find(|domain| domain.okta_domain == host)
    }

    /// What Okta says to these credentials right now.
    pub fn try_credentials(&self, client_id: &str, client_secret: &str, reader: Reader) -> Result<(), String> {
        match self.okta.authenticate(client_id, client_secret, reader) {
            Ok(_) => Ok(()),
            Err(Refusal::UnknownClient) => Err("Okta does not know this client ID".to_owned()),
            Err(Refusal::WrongSecret) => Err("Okta refuses this client secret".to_owned()),
        }
    }

    /// The state of a connection at this moment and, when it is down, why.
    pub fn connection(&self, domain: &Domain) -> (AppStatus, Option<String>) {
        if Instant::now() < domain.connecting_until {
            return (AppStatus::Connecting, None);
        }
        if let Some(reason) = &domain.down {
            return (AppStatus::NotConnected, Some(reason.clone()));
        }
        if !domain.reachable {
            return (AppStatus::NotConnected, Some("The Okta domain cannot be reached".to_owned()));
        }
        match self.try_credentials(&domain.client_id, &domain.client_secret, Reader::Anybody) {
            Ok(()) => (AppStatus::Connected, None),
            Err(reason) => (AppStatus::NotConnected, Some(reason)),
        }
    }

    /// `Domain` of the contract.
    pub fn show_domain(&self, domain: &Domain) -> Value {
        let (status, reason) = self.connection(domain);
        let status = match status {
            AppStatus::NotConnected => json!(self.settings.not_connected_status),
            status => json!(status),
        };
        json!({
            "id": domain.shown_id(),
            "oktaDomain": domain.okta_domain,
            "clientId": domain.client_id,
            "appStatus": status,
            "appStatusReason": reason,
            "backupEnabled": domain.backup_enabled,
            "cloudKeyManagementEnabled": self.druva.cloud_key_management_enabled,
            "storageRegion": "us-east-1",
            "backupFrequency": "Daily",
            "backupRetention": "One year",
            "addedOn": domain.added_on,
            "lastBackup": domain.last_backup(),
        })
    }

    /// The same with the hash of the secret that Druva holds: for tests only.
    pub fn show_domain_and_secret(&self, domain: &Domain) -> Value {
        let mut shown = self.show_domain(domain);
        shown["secret_hash"] = secret_hash(&domain.client_secret).into();
        shown
    }
}
