//! Whether the provider can look into the org that is linked.

use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::okta;

/// Whether the provider can look into the org that is linked.
pub enum Org {
    /// It has credentials for it, maybe under another of its addresses.
    Ours(Box<okta::Client>),
    /// It has credentials for the org at this address, which is another one.
    Another(OktaDomain),
    /// It has none.
    NoCredentials,
}

impl Org {
    /// The org at `domain`, which has the client with this id.
    pub async fn of(clients: &SharedClients, domain: &OktaDomain, client_id: &str) -> Self {
        let Some(okta) = clients.get().and_then(|clients| clients.okta.ready().cloned()) else {
            return Self::NoCredentials;
        };
        if okta.is_at(domain, client_id).await {
            Self::Ours(Box::new(okta))
        } else {
            Self::Another(okta.domain().clone())
        }
    }

    /// Its client, where the provider has one.
    pub fn ours(self) -> Option<okta::Client> {
        match self {
            Self::Ours(okta) => Some(*okta),
            Self::Another(_) | Self::NoCredentials => None,
        }
    }
}
