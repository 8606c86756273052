//! Links between Druva and Okta orgs.
//!
//! **Assumed.** Druva publishes no endpoint for this. The contract models what the Druva Cloud Platform Console does,
//! in the style of Druva's published APIs. It is known here and nowhere else, and its path prefix is an argument of the
//! provider (`okta_api_path`), so that the day Druva publishes one, this file changes. `links.rs` makes the calls, and tests ask
//! here too for paths and words.

use std::fmt;

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::id;
use crate::http::{Repeat, segment};
use crate::redaction::{ServerText, checked};
use crate::secret::{self, ClientSecret};

/// Where the endpoints lie below Druva's base URL, unless the provider is told otherwise.
pub const DEFAULT_PREFIX: &str = "/okta/v1";
/// The links, below the prefix. One link is at its id below that.
pub const PATH: &str = "/domains";
/// The query for the links of one host.
pub(super) const HOST: &str = "oktaDomain";
/// The query for another page. It stands for the whole question: Druva refuses it together with a filter. `[docs]`
pub(super) const PAGE: &str = "pageToken";

/// What is sent, where, and when it may be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path below the prefix.
    pub path: String,
    /// When it may be sent again.
    pub repeat: Repeat,
}

impl Endpoint {
    fn new(method: Method, path: String, repeat: Repeat) -> Self {
        Self { method, path, repeat }
    }

    /// The path below Druva's base URL, where the prefix is the default.
    pub fn full_path(&self) -> String {
        format!("{DEFAULT_PREFIX}{}", self.path)
    }
}

/// As logs have it: `GET /okta/v1/domains`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.full_path())
    }
}

fn path_of(id: &str) -> String {
    format!("{PATH}/{}", segment(id))
}

/// A [`Page`] of all links, or of those of one host.
pub fn list() -> Endpoint {
    Endpoint::new(Method::GET, PATH.to_owned(), Repeat::Always)
}

/// [`NewLink`] -> [`Link`]. Sent once unless it is certain that nothing happened.
pub fn create() -> Endpoint {
    Endpoint::new(Method::POST, PATH.to_owned(), Repeat::OnlyIfNothingHappened)
}

/// -> [`Link`].
pub fn get(id: &str) -> Endpoint {
    Endpoint::new(Method::GET, path_of(id), Repeat::Always)
}

/// [`Switches`] -> [`Link`].
pub fn switch(id: &str) -> Endpoint {
    Endpoint::new(Method::PATCH, path_of(id), Repeat::Always)
}

/// [`OktaClient`] -> [`Link`]. A second one has no further effect.
pub fn authorize(id: &str) -> Endpoint {
    Endpoint::new(Method::POST, format!("{}/authorize", path_of(id)), Repeat::Always)
}

/// -> nothing. 404 where it is gone already.
pub fn delete(id: &str) -> Endpoint {
    Endpoint::new(Method::DELETE, path_of(id), Repeat::Always)
}

/// -> [`StartedBackup`]. Sent once unless it is certain that nothing happened.
pub fn start_backup(id: &str) -> Endpoint {
    Endpoint::new(Method::POST, format!("{}/backups", path_of(id)), Repeat::OnlyIfNothingHappened)
}

/// A linked Okta org.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Druva's id of the link.
    #[serde(deserialize_with = "id::deserialize")]
    pub id: String,
    /// The org's host.
    #[serde(deserialize_with = "checked::word")]
    pub okta_domain: String,
    /// The client that Druva uses in the org.
    #[serde(deserialize_with = "checked::word")]
    pub client_id: String,
    /// Whether Druva gets in.
    pub app_status: AppStatus,
    /// Why it does not.
    pub app_status_reason: Option<ServerText>,
    /// Whether scheduled backups are on.
    pub backup_enabled: bool,
    /// Whether the Cloud Key Management System is on. Without it scheduled backups do not start. `[docs]`
    pub cloud_key_management_enabled: bool,
    /// Where backups are kept.
    pub storage_region: Option<ServerText>,
    /// How often, in Druva's words. Read-only in the console. `[docs]`
    pub backup_frequency: Option<ServerText>,
    /// For how long, in Druva's words. Read-only in the console. `[docs]`
    pub backup_retention: Option<ServerText>,
    /// When the org was linked.
    pub added_on: ServerText,
    /// The last backup that ended; None before the first.
    pub last_backup: Option<Backup>,
}

/// A backup that ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backup {
    /// How it ended, in Druva's words.
    pub status: Option<ServerText>,
    /// When (ISO 8601).
    pub finished_on: Option<ServerText>,
}

impl Backup {
    /// Whether it ended well. Druva does not publish its words for that: only one that says success is taken for one.
    pub fn is_success(&self) -> bool {
        let words = ServerText::shown_or(self.status.as_ref(), "").to_ascii_lowercase();
        words.starts_with("success") && !words.contains("error")
    }
}

impl Link {
    /// Whether it is the link of the org at `host`.
    pub fn is_of(&self, host: &str) -> bool {
        self.okta_domain.eq_ignore_ascii_case(host)
    }

    /// Whether nothing stands in the way of scheduled backups: Druva gets in, and both switches are on. `[docs]`
    pub fn is_protected(&self) -> bool {
        self.app_status == AppStatus::Connected && self.backup_enabled && self.cloud_key_management_enabled
    }
}

/// Whether Druva gets into the org. The words are an open set: other workloads of Druva have some of their own. `[spec]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "ServerText")]
pub enum AppStatus {
    /// Druva is trying.
    Connecting,
    /// It does.
    Connected,
    /// It does not.
    NotConnected,
    /// A word that this provider does not know. It is none of the above, so that Druva does not get in.
    Other(ServerText),
}

impl AppStatus {
    /// Druva's word for [`Self::Connecting`].
    pub const CONNECTING: &str = "CONNECTING";
    /// Druva's word for [`Self::Connected`].
    pub const CONNECTED: &str = "CONNECTED";
    /// Druva's word for [`Self::NotConnected`].
    pub const NOT_CONNECTED: &str = "NOT_CONNECTED";

    /// Druva's word, as people may read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Connecting => Self::CONNECTING.to_owned(),
            Self::Connected => Self::CONNECTED.to_owned(),
            Self::NotConnected => Self::NOT_CONNECTED.to_owned(),
            Self::Other(word) => word.shown(),
        }
    }
}

impl From<ServerText> for AppStatus {
    fn from(word: ServerText) -> Self {
        let known = [
            (Self::CONNECTING, Self::Connecting),
            (Self::CONNECTED, Self::Connected),
            (Self::NOT_CONNECTED, Self::NotConnected),
        ];
        known.into_iter().find_map(|(known, status)| word.is(known).then_some(status)).unwrap_or(Self::Other(word))
    }
}

/// What links an org.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewLink<'a> {
    /// The org's URL.
    pub okta_domain: &'a str,
    /// The client that Druva shall use.
    #[serde(flatten)]
    pub client: OktaClient<'a>,
}

/// The client that Druva shall use in the org.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OktaClient<'a> {
    /// Its id.
    pub client_id: &'a str,
    /// Its secret.
    #[serde(serialize_with = "secret::expose")]
    pub client_secret: &'a ClientSecret,
}

/// The switches of a link; None leaves one as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Switches {
    /// See [`Link::backup_enabled`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_enabled: Option<bool>,
    /// See [`Link::cloud_key_management_enabled`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_key_management_enabled: Option<bool>,
}

/// A page of the list of links.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// The links on it.
    pub domains: Vec<Link>,
    /// Stands for the next page; None or empty on the last one.
    pub next_page_token: Option<String>,
}

/// The answer that starts a backup.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StartedBackup {
    /// The id of its job.
    #[serde(deserialize_with = "id::deserialize")]
    pub job_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(status: &str, id: &str) -> Link {
        serde_json::from_str(&format!(
            r#"{{"id": {id}, "oktaDomain": "example.okta.com", "clientId": "0oa1", "appStatus": "{status}",
                "backupEnabled": true, "cloudKeyManagementEnabled": true, "addedOn": "2026-01-01T00:00:00Z"}}"#
        ))
        .unwrap()
    }

    /// The one place that has them in full, so that a mistake in a constant is seen.
    #[test]
    fn requests_are_what_the_contract_says() {
        let requests = [
            (list(), "GET /okta/v1/domains"),
            (create(), "POST /okta/v1/domains"),
            (get("1"), "GET /okta/v1/domains/1"),
            (switch("1"), "PATCH /okta/v1/domains/1"),
            (authorize("a/b"), "POST /okta/v1/domains/a%2Fb/authorize"),
            (delete("1"), "DELETE /okta/v1/domains/1"),
            (start_backup("1"), "POST /okta/v1/domains/1/backups"),
        ];
        for (endpoint, request) in requests {
            assert_eq!(endpoint.to_string(), request);
        }
    }

    #[test]
    fn a_status_is_shown_as_druva_words_it() {
        for word in ["CONNECTING", "CONNECTED", "NOT_CONNECTED", "NOT_LICENSED", "Not configured", ""] {
            assert_eq!(link(word, "1").app_status.shown(), word);
        }
    }

    #[test]
    fn only_a_link_that_is_known_to_be_connected_is_protected() {
        assert!(link("CONNECTED", "1").is_protected());
        for word in ["CONNECTING", "NOT_CONNECTED", "NOT_LICENSED", "connected"] {
            assert!(!link(word, "1").is_protected(), "{word}");
        }
    }

    #[test]
    fn the_id_of_a_link_is_kept_as_a_text() {
        assert_eq!(link("CONNECTED", "34756").id, "34756");
        assert_eq!(link("CONNECTED", "\"34756\"").id, "34756");
    }

    #[test]
    fn only_a_word_that_says_success_is_one() {
        for (status, expected) in [
            (Some("Successful"), true),
            (Some("SUCCESS"), true),
            (Some("Successful with errors"), false),
            (Some("Failed"), false),
            (Some("Unsuccessful"), false),
            (Some(""), false),
            (None, false),
        ] {
            let backup = Backup { status: status.map(ServerText::from), finished_on: None };
            assert_eq!(backup.is_success(), expected, "{status:?}");
        }
    }
}
