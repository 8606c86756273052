//! What a configured provider hands to its resources: the clients, as far as their credentials were given.

pub(crate) mod problems;

use std::sync::{Arc, RwLock};

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use crate::domain::OktaDomain;
use crate::http::Http;
use crate::{druva, okta};

/// Something that the provider block may give, may not give, or may give only when other things are known.
#[derive(Clone, Debug)]
pub enum Availability<T> {
    /// It is there.
    Ready(T),
    /// It depends on values that are unknown until apply.
    Unknown,
    /// It was not given.
    Missing,
}

impl<T> Availability<T> {
    fn map<U>(&self, change: impl FnOnce(&T) -> U) -> Availability<U> {
        match self {
            Self::Ready(thing) => Availability::Ready(change(thing)),
            Self::Unknown => Availability::Unknown,
            Self::Missing => Availability::Missing,
        }
    }

    /// The thing, where it is there.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(thing) => Some(thing),
            _ => None,
        }
    }
}

/// The clients of one provider block.
pub struct Clients {
    /// Okta's management API.
    pub okta: Availability<okta::Client>,
    /// The address of the Okta org, which may be known where a credential is not.
    pub org: Availability<OktaDomain>,
    /// Druva's API.
    pub druva: Availability<druva::Client>,
    /// What to say of the clients that are missing.
    pub missing: Missing,
    /// The way to servers, for requests that need no credential of ours.
    pub http: Http,
}

/// The clients, once the provider is configured. All resources share one.
#[derive(Clone, Default)]
pub struct SharedClients(Arc<RwLock<Option<Arc<Clients>>>>);

/// What is said where a client is needed and its address or credential was not given: which variable is set and which is not.
#[derive(Clone, Debug, Default)]
pub struct Missing {
    /// Of Okta.
    pub okta: String,
    /// Whether there is a credential for Okta, so that only the org is missing.
    pub is_only_the_org: bool,
    /// Of Druva.
    pub druva: String,
}

impl SharedClients {
    /// Called by the provider when Terraform configures it.
    pub fn set(&self, clients: Clients) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Arc::new(clients));
    }

    /// The clients; None before the provider is configured, as during `validate`.
    pub fn get(&self) -> Option<Arc<Clients>> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// [`Self::get`].
    ///
    /// # Errors
    /// One that there is no configuration yet.
    pub fn configured(&self, diags: &mut Diagnostics) -> Result<Arc<Clients>, Reported> {
        self.get().ok_or_else(|| unknown(diags, "Okta and Druva"))
    }

    /// The same clients, whose waiting ends at `deadline`.
    pub fn until(&self, deadline: Instant) -> Self {
        self.with(|okta| okta.until(deadline), |druva| druva.until(deadline), |http| http.until(deadline))
    }

    /// The same clients, for who wants to know whether they work. See [`Http::for_probe`].
    pub fn for_probe(&self) -> Self {
        self.with(okta::Client::for_probe, druva::Client::for_probe, Http::for_probe)
    }

    fn with(
        &self,
        okta: impl FnOnce(&okta::Client) -> okta::Client,
        druva: impl FnOnce(&druva::Client) -> druva::Client,
        http: impl FnOnce(&Http) -> Http,
    ) -> Self {
        let changed = self.get().map(|clients| {
            Arc::new(Clients {
                okta: clients.okta.map(okta),
                org: clients.org.clone(),
                druva: clients.druva.map(druva),
                missing: clients.missing.clone(),
                http: http(&clients.http),
            })
        });
        Self(Arc::new(RwLock::new(changed)))
    }

    /// The org's address as a plan should show it.
    pub fn planned_org_url(&self) -> Value<String> {
        match self.get().as_deref().map(|clients| &clients.org) {
            Some(Availability::Ready(domain)) => Value::Value(domain.origin()),
            _ => Value::Unknown,
        }
    }

    /// The client of Okta.
    ///
    /// # Errors
    /// One that says how to give it credentials.
    pub fn okta(&self, diags: &mut Diagnostics) -> Result<okta::Client, Reported> {
        let Some(clients) = self.get() else { return Err(unknown(diags, "Okta")) };
        match &clients.okta {
            Availability::Ready(client) => Ok(client.clone()),
            Availability::Missing => {
                let Missing { okta, is_only_the_org, .. } = &clients.missing;
                let title = if *is_only_the_org { problems::no_okta_org() } else { problems::no_okta() };
                Err(diags.fail(title, okta, AttributePath::root()))
            }
            Availability::Unknown => Err(unknown(diags, "Okta")),
        }
    }

    /// The client of Druva.
    ///
    /// # Errors
    /// One that says how to give it credentials.
    pub fn druva(&self, diags: &mut Diagnostics) -> Result<druva::Client, Reported> {
        let Some(clients) = self.get() else { return Err(unknown(diags, "Druva")) };
        match &clients.druva {
            Availability::Ready(client) => Ok(client.clone()),
            Availability::Missing => {
                Err(diags.fail(problems::no_druva(), &clients.missing.druva, AttributePath::root()))
            }
            Availability::Unknown => Err(unknown(diags, "Druva")),
        }
    }

    /// Lets a plan go on where Okta's credentials are there or will be.
    ///
    /// # Errors
    /// One that says how to give them.
    pub fn expect_okta(&self, diags: &mut Diagnostics) -> Result<(), Reported> {
        match self.get().as_deref().map(|clients| &clients.okta) {
            Some(Availability::Missing) => self.okta(diags).map(drop),
            _ => Ok(()),
        }
    }

    /// [`Self::expect_okta`] for Druva.
    ///
    /// # Errors
    /// One that says how to give them.
    pub fn expect_druva(&self, diags: &mut Diagnostics) -> Result<(), Reported> {
        match self.get().as_deref().map(|clients| &clients.druva) {
            Some(Availability::Missing) => self.druva(diags).map(drop),
            _ => Ok(()),
        }
    }

    /// Whether Okta's credentials depend on values that are unknown until apply: then there is no drift to look for yet.
    pub fn okta_is_unknown(&self) -> bool {
        self.get().is_some_and(|clients| matches!(clients.okta, Availability::Unknown))
    }

    /// [`Self::okta_is_unknown`] for Druva.
    pub fn druva_is_unknown(&self) -> bool {
        self.get().is_some_and(|clients| matches!(clients.druva, Availability::Unknown))
    }
}

fn unknown(diags: &mut Diagnostics, system: &str) -> Reported {
    diags.fail_as_listed(problems::not_known_yet(system), AttributePath::root())
}
