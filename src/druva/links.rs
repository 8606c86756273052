//! What is done with the links between Druva and Okta orgs, whatever the contract for it is.

use serde::Serialize;
use url::Url;

use super::client::Client;
use super::error::Error;
use super::okta_links::{self, Endpoint, HOST, Link, NewLink, OktaClient, PAGE, Page, StartedBackup, Switches};
use crate::http::{self, Found, Freshness, ListPage, Listing, OnMiss, Response};

/// More pages than this are a list that goes in circles.
const MAX_PAGES: usize = 1000;

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
        self.call(okta_links::get(id), None::<&()>).await
    }

    /// A page of the links, of all or of one host: the first one, or the `next`.
    async fn page(&self, host: Option<&str>, next: Option<Url>, number: usize) -> Result<ListPage<Link>, Error> {
        if number == MAX_PAGES {
            return Err(Error::StrangePage);
        }
        let Endpoint { method, path, repeat } = okta_links::list();
        let first = || match host {
            Some(host) => with_query(self.okta_url(&path), HOST, host),
            None => self.okta_url(&path),
        };
        let url = next.unwrap_or_else(first);
        let answer = self.send(method, url.clone(), None::<&()>, repeat).await;
        let answer = answer.map_err(|error| self.missing_if_not_found(error))?;
        let page: Page = http::decode(&answer).map_err(Error::Decode)?;
        let token = page.next_page_token.filter(|token| !token.is_empty());
        let next = token.map(|token| with_query(self.okta_url(&path), PAGE, &token));
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
        let created = self.call(okta_links::create(), Some(link)).await;
        created.map_err(|error| self.missing_if_not_found(error))
    }

    /// Gives Druva another client or secret for a linked org. A second one has no further effect.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn authorize_link(&self, id: &str, client: OktaClient<'_>) -> Result<Link, Error> {
        self.call(okta_links::authorize(id), Some(&client)).await
    }

    /// Flips switches.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn set_switches(&self, id: &str, switches: Switches) -> Result<Link, Error> {
        self.call(okta_links::switch(id), Some(&switches)).await
    }

    /// Unlinks an org. One that is unlinked already counts as done.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete_link(&self, id: &str) -> Result<(), Error> {
        let deleted = self.send_to(okta_links::delete(id), None::<&()>).await;
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
        let answer = self.send_to(okta_links::start_backup(id), None::<&()>).await;
        let answer = self.tell_gone_from_missing(answer).await?;
        let StartedBackup { job_id } = http::decode(&answer).map_err(Error::Decode)?;
        Ok(job_id)
    }

    async fn call(&self, endpoint: Endpoint, body: Option<&impl Serialize>) -> Result<Link, Error> {
        http::decode(&self.send_to(endpoint, body).await?).map_err(Error::Decode)
    }

    async fn send_to(&self, endpoint: Endpoint, body: Option<&impl Serialize>) -> Result<Response, Error> {
        self.send(endpoint.method, self.okta_url(&endpoint.path), body, endpoint.repeat).await
    }

    /// A link that is not there is gone only if the list of links is there: where the API is missing as a whole,
    /// every link would seem gone, and be dropped from the state.
    async fn tell_gone_from_missing<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        match outcome {
            Err(error) if error.is_not_found() => {
                let list = self.send_to(okta_links::list(), None::<&()>).await;
                list.map_err(|error| self.missing_if_not_found(error))?;
                Err(error)
            }
            outcome => outcome,
        }
    }

    fn missing_if_not_found(&self, error: Error) -> Error {
        if error.is_not_found() {
            return Error::ApiMissing { url: self.okta_url(&okta_links::list().path).into(), answer: Box::new(error) };
        }
        error
    }
}

fn with_query(mut url: Url, name: &str, value: &str) -> Url {
    url.query_pairs_mut().append_pair(name, value);
    url
}
