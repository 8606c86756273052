//! Links between Druva and Okta orgs.
//!
//! **Assumed.** Druva publishes no endpoint for this. The contract models what the Druva Cloud Platform Console does,
//! in the style of Druva's published APIs. It is known here and nowhere else, and its path prefix is an argument of the
//! provider (`okta_api_path`), so that the day Druva publishes one, this file changes.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Client, Error, id};
use crate::http::{self, Found, Freshness, ListPage, Listing, OnMiss, Repeat};
use crate::redaction::{ServerText, checked};
use crate::secret::{self, ClientSecret};

const PATH: &str = "/domains";
/// More pages than this are a list that goes in circles.
const MAX_PAGES: usize = 1000;

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

impl Link {
    fn is_of(&self, host: &str) -> bool {
        self.okta_domain.eq_ignore_ascii_case(host)
    }

    /// Whether nothing stands in the way of scheduled backups: Druva gets in, and both switches are on. `[docs]`
    #[must_use]
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
    const NOT_CONNECTED: &str = "NOT_CONNECTED";

    /// Druva's word, as people may read it.
    #[must_use]
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
    next_page_token: Option<String>,
}

/// The answer that starts a backup.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StartedBackup {
    #[serde(deserialize_with = "id::deserialize")]
    job_id: String,
}

impl Client {
    /// The link of the org at `host`, if there is one, asked for now.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn find_link(&self, host: &str) -> Result<Option<Link>, Error> {
        let fetch = |next, number| self.page(Some(host), next, number);
        let links = Listing::new([]).all(&self.http, Freshness::Cached, fetch).await?;
        Ok(links.into_iter().find(|link| link.is_of(host)))
    }

    /// [`Self::find_link`], as it is on the list of all links, which is asked for once in a run.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn find_listed_link(&self, host: &str) -> Result<Option<Link>, Error> {
        match self.search(|link| link.is_of(host)).await? {
            Found::Listed(link) => Ok(Some(link)),
            Found::Absent => Ok(None),
            Found::AskAlone => self.find_link(host).await,
        }
    }

    /// Whether the account has Cloud Key Management on, by the first link that is listed: it is the same for all. None where
    /// there is no link.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn key_management(&self) -> Result<Option<bool>, Error> {
        match self.search(|_| true).await? {
            Found::Listed(link) => Ok(Some(link.cloud_key_management_enabled)),
            Found::Absent | Found::AskAlone => Ok(None),
        }
    }

    /// All links of the account, as they were seen in this run.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_links(&self) -> Result<Vec<Link>, Error> {
        self.links.all(&self.http, Freshness::Cached, |next, number| self.page(None, next, number)).await
    }

    /// The link that uses this client, asked for now. An org has several addresses, and a client is in one org only.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn find_link_of(&self, client_id: &str) -> Result<Option<Link>, Error> {
        let links = self.links.all(&self.http, Freshness::now(), |next, number| self.page(None, next, number)).await?;
        Ok(links.into_iter().find(|link| link.client_id == client_id))
    }

    /// One link, asked for now.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_not_found`] when it is gone.
    pub async fn get_link(&self, id: &str) -> Result<Link, Error> {
        self.tell_gone_from_missing(self.get_link_alone(id).await).await
    }

    /// [`Self::get_link`], as it is on the list of all links, which is asked for once in a run.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_not_found`] when it is gone.
    pub async fn get_listed_link(&self, id: &str) -> Result<Link, Error> {
        match self.search(|link| link.id == id).await? {
            Found::Listed(link) => Ok(link),
            // A list that lags behind must not drop it from the state. It is there, so that the API is not missing.
            Found::Absent => self.get_link_alone(id).await,
            Found::AskAlone => self.get_link(id).await,
        }
    }

    /// An account may have thousands of links and a configuration one of them: no more pages than it needs.
    async fn search(&self, wanted: impl Fn(&Link) -> bool) -> Result<Found<Link>, Error> {
        let fetch = |next, number| self.page(None, next, number);
        self.links.find(&self.http, wanted, OnMiss::FirstAlone, fetch).await
    }

    async fn get_link_alone(&self, id: &str) -> Result<Link, Error> {
        self.call(Method::GET, &link_path(id), None::<&()>, Repeat::Always).await
    }

    /// A page of the links, of all or of one host: the first one, or the `next`.
    async fn page(&self, host: Option<&str>, next: Option<Url>, number: usize) -> Result<ListPage<Link>, Error> {
        if number == MAX_PAGES {
            return Err(Error::StrangePage);
        }
        let first = || match host {
            Some(host) => with_query(self.okta_url(PATH), "oktaDomain", host),
            None => self.okta_url(PATH),
        };
        let url = next.unwrap_or_else(first);
        let answer = self.send(Method::GET, url.clone(), None::<&()>, Repeat::Always).await;
        let answer = answer.map_err(|error| self.missing_if_not_found(error))?;
        let page: Page = http::decode(&answer).map_err(Error::Decode)?;
        let token = page.next_page_token.filter(|token| !token.is_empty());
        // A page's token stands for the whole question: Druva refuses one together with a filter. `[docs]`
        let next = token.map(|token| with_query(self.okta_url(PATH), "pageToken", &token));
        if next.as_ref() == Some(&url) {
            return Err(Error::StrangePage);
        }
        Ok(ListPage { items: page.domains, bytes: answer.body.len(), next })
    }

    /// Links an org. Sent once unless it is certain that nothing happened.
    ///
    /// # Errors
    /// See [`Error`]; look before another try when [`Error::may_have_acted`].
    pub async fn create_link(&self, link: &NewLink<'_>) -> Result<Link, Error> {
        let created = self.call(Method::POST, PATH, Some(link), Repeat::OnlyIfNothingHappened).await;
        created.map_err(|error| self.missing_if_not_found(error))
    }

    /// Gives Druva another client or secret for a linked org. A second one has no further effect.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn authorize_link(&self, id: &str, client: OktaClient<'_>) -> Result<Link, Error> {
        self.call(Method::POST, &format!("{}/authorize", link_path(id)), Some(&client), Repeat::Always).await
    }

    /// Flips switches.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn set_switches(&self, id: &str, switches: Switches) -> Result<Link, Error> {
        self.call(Method::PATCH, &link_path(id), Some(&switches), Repeat::Always).await
    }

    /// Unlinks an org. One that is unlinked already counts as done.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete_link(&self, id: &str) -> Result<(), Error> {
        let deleted = self.send(Method::DELETE, self.okta_url(&link_path(id)), None::<&()>, Repeat::Always).await;
        match self.tell_gone_from_missing(deleted).await {
            Err(error) if error.is_not_found() => Ok(()),
            outcome => http::expect_nothing(&outcome?).map_err(Error::Decode),
        }
    }

    /// Starts a backup, and gives the id of its job. Sent once unless it is certain that nothing happened.
    ///
    /// # Errors
    /// See [`Error`]; whether a backup was started is not known when [`Error::may_have_acted`].
    pub async fn start_backup(&self, id: &str) -> Result<String, Error> {
        let url = self.okta_url(&format!("{}/backups", link_path(id)));
        let answer = self.send(Method::POST, url, None::<&()>, Repeat::OnlyIfNothingHappened).await;
        let answer = self.tell_gone_from_missing(answer).await?;
        let StartedBackup { job_id } = http::decode(&answer).map_err(Error::Decode)?;
        Ok(job_id)
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
        repeat: Repeat,
    ) -> Result<Link, Error> {
        let answer = self.send(method, self.okta_url(path), body, repeat).await?;
        http::decode(&answer).map_err(Error::Decode)
    }

    /// A link that is not there is gone only if the list of links is there: where the API is missing as a whole,
    /// every link would seem gone, and be dropped from the state.
    async fn tell_gone_from_missing<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        match outcome {
            Err(error) if error.is_not_found() => {
                let list = self.send(Method::GET, self.okta_url(PATH), None::<&()>, Repeat::Always).await;
                list.map_err(|error| self.missing_if_not_found(error))?;
                Err(error)
            }
            outcome => outcome,
        }
    }

    fn missing_if_not_found(&self, error: Error) -> Error {
        if error.is_not_found() {
            return Error::ApiMissing { url: self.okta_url(PATH).into(), answer: Box::new(error) };
        }
        error
    }
}

fn with_query(mut url: Url, name: &str, value: &str) -> Url {
    url.query_pairs_mut().append_pair(name, value);
    url
}

fn link_path(id: &str) -> String {
    format!("{PATH}/{}", http::segment(id))
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
}
