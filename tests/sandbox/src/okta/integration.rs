//! An installed API service integration, and how Okta shows it.

use super::{OktaOrg, SecretStatus, catalogue, secret::Secret};
use crate::{clock, propagation, random, world::World};
use serde_json::{Map, Value, json};
use std::time::Instant;

#[derive(Clone)]
pub struct Integration {
    pub id: String,
    /// Place in the order of installation: the cursor of the list.
    pub number: u64,
    pub kind: String,
    pub name: String,
    pub created_at: String,
    pub created_by: String,
    pub scopes: Vec<String>,
    pub properties: Map<String, Value>,
    pub secrets: Vec<Secret>,
    visible_from: Instant,
    shown: usize,
}

/// What an installation is made of.
pub struct NewIntegration {
    pub kind: String,
    /// What the catalogue calls it when left out.
    pub name: Option<String>,
    pub scopes: Vec<String>,
    pub properties: Map<String, Value>,
    pub created_by: String,
}

impl World {
    /// Installs an integration, with its first secret.
    pub fn install(&mut self, new: NewIntegration) -> &mut Integration {
        let secret = Secret::issue(self);
        let mut scopes: Vec<String> = Vec::new();
        for scope in new.scopes {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let listing = catalogue::listing(&new.kind, &self.settings);
        let name = new.name.or_else(|| Some(listing?.name.to_owned())).unwrap_or_else(|| new.kind.clone());
        self.okta.installs += 1;
        let place = self.okta.integrations.len();
        self.okta.integrations.push(Integration {
            id: random::okta_id("0oa"),
            number: self.okta.installs,
            kind: new.kind,
            name,
            created_at: clock::timestamp(),
            created_by: new.created_by,
            scopes,
            properties: new.properties,
            secrets: vec![secret],
            visible_from: propagation::visible_from(&self.settings),
            shown: 0,
        });
        &mut self.okta.integrations[place]
    }

    /// Removes an integration and, with it, the tokens that it got. False when there is none with this id.
    pub fn uninstall(&mut self, id: &str) -> bool {
        let before = self.okta.integrations.len();
        self.okta.integrations.retain(|integration| integration.id != id);
        self.okta.tokens.retain(|_, token| token.client_id != id);
        self.okta.integrations.len() < before
    }
}

/// Who looks whether a secret works. What is new reaches each at a time of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    TokenEndpoint,
    /// Before it takes the credentials on.
    Druva,
    /// By and by, all of them.
    Anybody,
}

/// Why a client id and secret do not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    UnknownClient,
    WrongSecret,
}

impl OktaOrg {
    pub fn integration(&mut self, id: &str) -> Option<&mut Integration> {
        self.integrations.iter_mut().find(|integration| integration.id == id)
    }

    /// [`Self::integration`], as those see it who read.
    pub fn visible_integration(&mut self, id: &str) -> Option<&mut Integration> {
        self.integration(id).filter(|integration| integration.is_visible())
    }

    /// The integration to which these credentials belong. An inactive secret is as good as a wrong one.
    pub fn authenticate(&self, client_id: &str, secret: &str, reader: Reader) -> Result<&Integration, Refusal> {
        let integration = self.integrations.iter().find(|integration| integration.id == client_id);
        let integration = integration.ok_or(Refusal::UnknownClient)?;
        let good =
            |held: &Secret| held.status == SecretStatus::Active && held.value == secret && held.is_known_to(reader);
        if integration.secrets.iter().any(good) { Ok(integration) } else { Err(Refusal::WrongSecret) }
    }
}

impl Integration {
    pub fn secret(&mut self, id: &str) -> Option<&mut Secret> {
        self.secrets.iter_mut().find(|secret| secret.id == id)
    }

    /// Whether lists and look-ups show it already.
    pub fn is_visible(&self) -> bool {
        Instant::now() >= self.visible_from
    }

    /// As if it had been installed long ago.
    pub fn is_old(&mut self) {
        self.visible_from = Instant::now();
        self.secrets.iter_mut().for_each(Secret::is_old);
    }

    pub fn url(&self, base: &str) -> String {
        format!("{base}/integrations/api/v1/api-services/{}", self.id)
    }

    /// `APIServiceIntegrationInstance`, with the scopes in another order each time: they are a set, and a client that
    /// compares lists must not get away with it.
    pub fn shown(&mut self, base: &str) -> Value {
        self.shown += 1;
        let mut scopes = self.scopes.clone();
        if !scopes.is_empty() {
            scopes.rotate_left(self.shown % self.scopes.len());
        }
        json!({
            "id": self.id,
            "type": self.kind,
            "name": self.name,
            "createdAt": self.created_at,
            "createdBy": self.created_by,
            "configGuideUrl": format!("https://docs.example.com/{}/configuration-guide", self.kind.replace('_', "-")),
            "grantedScopes": scopes,
            "properties": self.properties,
            "_links": {
                "self": {"href": self.url(base), "hints": {"allow": ["GET", "DELETE"]}},
                "client": {"href": format!("{base}/oauth2/v1/clients/{}", self.id), "hints": {"allow": ["GET"]}},
                "logo": {
                    "name": "small",
                    "href": format!("https://logos.example.com/assets/{}_small_logo", self.kind),
                },
            },
        })
    }
}
