//! Under which id Okta notes the caller as the creator of something (`createdBy`).

use serde::Deserialize;

use super::{Auth, Client, Error};

#[derive(Deserialize)]
struct User {
    id: String,
}

impl Client {
    /// The id of whom this client's credential belongs to. None where it cannot be told, as with an access token of
    /// somebody else's making.
    ///
    /// Okta documents the id of a user. `[spec]` That it is the client id for a service app, which is no user, is
    /// assumed.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn creator_id(&self) -> Result<Option<String>, Error> {
        match &*self.auth {
            Auth::ApiToken(_) => Ok(Some(self.get::<User>("/api/v1/users/me").await?.id)),
            Auth::AccessToken(_) => Ok(None),
            Auth::ServiceApp(app) => Ok(Some(app.client_id.clone())),
        }
    }
}
