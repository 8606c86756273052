//! Who this client's credential belongs to, and what that one may do.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::auth::Auth;
use super::client::Client;
use super::error::Error;
use crate::http::segment;
use crate::redaction::checked;

/// The type of the role that installs integrations, grants their scopes and mints their secrets. `[docs]`
pub const SUPER_ADMIN: &str = "SUPER_ADMIN";
/// The scope that installing and minting need. `[spec]`
pub const MANAGE: &str = "okta.oauthIntegrations.manage";
/// The scope that looking needs. `[spec]`
pub const READ: &str = "okta.oauthIntegrations.read";

/// Which scopes limit a credential.
#[derive(Debug, PartialEq, Eq)]
pub enum Scopes<'a> {
    /// None: an API token may do what its user may do.
    Unlimited,
    /// These: a service app gets no token unless it was granted all that it asks for.
    Are(&'a [String]),
    /// The access token came from somebody else, and Okta's access tokens are not to be read by their users. `[docs]`
    Unknown,
}

#[derive(Deserialize)]
struct User {
    #[serde(deserialize_with = "checked::id")]
    id: String,
}

#[derive(Clone, Deserialize)]
struct Assignment {
    #[serde(deserialize_with = "checked::word")]
    r#type: String,
}

impl Client {
    /// The id under which Okta notes the caller as the creator of something (`createdBy`). None where it cannot be told,
    /// as with an access token of somebody else's making.
    ///
    /// Okta documents the id of a user. `[spec]` That it is the client id for a service app, which is no user, is
    /// assumed.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn creator_id(&self) -> Result<Option<String>, Error> {
        match &*self.auth {
            Auth::ApiToken(_) => self.user_id().await.map(Some),
            Auth::AccessToken(_) => Ok(None),
            Auth::ServiceApp(app) => Ok(Some(app.client_id.clone())),
        }
    }

    /// The types of the admin roles that are assigned to the caller, such as [`SUPER_ADMIN`]. `[spec]`
    ///
    /// A service app needs the scope `okta.roles.read` for it. An access token of somebody else's making is looked up as
    /// a user's.
    ///
    /// # Errors
    /// See [`Error`]. A refusal says nothing about the roles.
    pub async fn roles(&self) -> Result<BTreeSet<String>, Error> {
        let path = match &*self.auth {
            Auth::ServiceApp(app) => format!("/oauth2/v1/clients/{}/roles", segment(&app.client_id)),
            Auth::ApiToken(_) | Auth::AccessToken(_) => {
                format!("/api/v1/users/{}/roles", segment(&self.user_id().await?))
            }
        };
        let assigned: Vec<Assignment> = self.get_all(&path).await?;
        Ok(assigned.into_iter().map(|assignment| assignment.r#type).collect())
    }

    /// The scopes of the caller.
    pub fn scopes(&self) -> Scopes<'_> {
        match &*self.auth {
            Auth::ApiToken(_) => Scopes::Unlimited,
            Auth::AccessToken(_) => Scopes::Unknown,
            Auth::ServiceApp(app) => Scopes::Are(&app.scopes),
        }
    }

    async fn user_id(&self) -> Result<String, Error> {
        Ok(self.get::<User>("/api/v1/users/me").await?.id)
    }
}
