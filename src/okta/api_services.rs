//! API service integration instances and their client secrets: `/integrations/api/v1/api-services`. `[spec]`
//!
//! Okta has no call that updates an instance. An instance holds at most two secrets; the secret itself is in the
//! answer that creates it and in no other.

pub(super) mod objects;

pub use self::objects::{Instance, NewInstance, NewInstanceRequest, NewSecret, Secret, SecretStatus};
use super::client::Client;
use super::error::Error;
use crate::http::{Found, Freshness, OnMiss, Repeat, segment};

const PATH: &str = "/integrations/api/v1/api-services";

/// The type of Druva's integration, as far as it can be guessed: nobody has published it, and it cannot be derived from
/// the name. `[assumed]`, and probably another one.
pub const DRUVA_TYPE: &str = "druva_data_security_cloud";

/// The name of Druva's integration in Okta's catalog, whatever its type is. `[docs]`
pub const DRUVA_NAME: &str = "Druva Data Security Cloud";

/// How many secrets an instance can hold. `[spec]`
pub const MAX_SECRETS: usize = 2;

/// Whether a text can be a type of integration: a key that Okta gave its listing, of any form. `[recorded]`
pub fn is_type(text: &str) -> bool {
    !text.is_empty() && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

impl Client {
    /// All installed integrations, of any type: Okta has no filter.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_instances(&self, freshness: Freshness) -> Result<Vec<Instance>, Error> {
        self.seen.instances.all(&self.http, freshness, |next, number| self.page(PATH, next, number)).await
    }

    /// One installed integration, as it is on the list of all of them, which is asked for once in a run. One that is not
    /// there is asked for by itself, so that a list that lags behind makes nobody believe that it is gone.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_not_found`] when it is gone.
    pub async fn find_instance(&self, id: &str) -> Result<Instance, Error> {
        let fetch = |next, number| self.page(PATH, next, number);
        let found = self.seen.instances.find(&self.http, |instance| instance.id == id, OnMiss::NextPage, fetch).await?;
        match found {
            Found::Listed(instance) => Ok(instance),
            Found::Absent | Found::AskAlone => self.get(&instance_path(id)).await,
        }
    }

    /// One installed integration, if it has been listed since we wrote last; otherwise it is asked for by itself.
    ///
    /// # Errors
    /// Those of [`Self::find_instance`].
    pub async fn peek_instance(&self, id: &str) -> Result<Instance, Error> {
        match self.seen.instances.peek(|instance| instance.id == id) {
            Some(instance) => Ok(instance),
            None => self.get(&instance_path(id)).await,
        }
    }

    /// Installs an integration and grants its scopes. Sent once unless it is certain that nothing happened.
    ///
    /// # Errors
    /// See [`Error`]; look before another try when [`Error::may_have_acted`].
    pub async fn create_instance(&self, request: &NewInstanceRequest) -> Result<NewInstance, Error> {
        let created: NewInstance = self.post(PATH, Some(request), Repeat::OnlyIfNothingHappened).await?;
        self.seen.new_secrets.note(&created.client_secret, &[]);
        Ok(created)
    }

    /// Removes an integration and revokes its scopes. One that is gone already counts as removed.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete_instance(&self, id: &str) -> Result<(), Error> {
        self.delete(&instance_path(id)).await
    }

    /// The secrets of an instance, none of them readable.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_secrets(&self, instance_id: &str, freshness: Freshness) -> Result<Vec<Secret>, Error> {
        let path = &secrets_path(instance_id);
        let listing = self.seen.secrets(instance_id);
        listing.all(&self.http, freshness, |next, number| self.page(path, next, number)).await
    }

    /// Mints a secret beside those that there are `before`. Sent once unless it is certain that nothing happened.
    ///
    /// # Errors
    /// See [`Error`]; look before another try when [`Error::may_have_acted`].
    pub async fn create_secret(&self, instance_id: &str, before: &[Secret]) -> Result<NewSecret, Error> {
        let path = secrets_path(instance_id);
        let minted: NewSecret = self.post(&path, None::<&()>, Repeat::OnlyIfNothingHappened).await?;
        self.seen.new_secrets.note(&minted.client_secret, before);
        Ok(minted)
    }

    /// Makes Okta refuse a secret. Can be undone.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn deactivate_secret(&self, instance_id: &str, secret_id: &str) -> Result<(), Error> {
        self.change_secret(instance_id, secret_id, "deactivate").await
    }

    /// Makes Okta accept a secret again.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn activate_secret(&self, instance_id: &str, secret_id: &str) -> Result<(), Error> {
        self.change_secret(instance_id, secret_id, "activate").await
    }

    async fn change_secret(&self, instance_id: &str, secret_id: &str, change: &str) -> Result<(), Error> {
        let path = format!("{}/{}/lifecycle/{change}", secrets_path(instance_id), segment(secret_id));
        self.post::<Secret>(&path, None::<&()>, Repeat::Always).await.map(drop)
    }

    /// Deletes a secret, which must be inactive. One that is gone already counts as deleted.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete_secret(&self, instance_id: &str, secret_id: &str) -> Result<(), Error> {
        self.delete(&format!("{}/{}", secrets_path(instance_id), segment(secret_id))).await
    }
}

fn instance_path(id: &str) -> String {
    format!("{PATH}/{}", segment(id))
}

fn secrets_path(instance_id: &str) -> String {
    format!("{}/credentials/secrets", instance_path(instance_id))
}
