//! API service integration instances and their client secrets: `/integrations/api/v1/api-services`. `[spec]`
//!
//! Okta has no call that updates an instance. An instance holds at most two secrets; the secret itself is in the
//! answer that creates it and in no other.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use super::{Client, Error};
use crate::http::{Found, Freshness, OnMiss, Repeat, segment};
use crate::redaction::{ServerText, checked, fit_id};
use crate::secret::ClientSecret;

const PATH: &str = "/integrations/api/v1/api-services";

/// The type of Druva's integration, as far as it can be guessed: nobody has published it, and it cannot be derived from
/// the name. `[assumed]`, and probably another one.
pub const DRUVA_TYPE: &str = "druva_data_security_cloud";

/// The name of Druva's integration in Okta's catalog, whatever its type is. `[docs]`
pub const DRUVA_NAME: &str = "Druva Data Security Cloud";

/// How many secrets an instance can hold. `[spec]`
pub const MAX_SECRETS: usize = 2;

/// Whether a text can be a type of integration: a key that Okta gave its listing, of any form. `[recorded]`
#[must_use]
pub fn is_type(text: &str) -> bool {
    !text.is_empty() && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

/// An installed API service integration.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// The id of the instance.
    #[serde(deserialize_with = "checked::id")]
    pub id: String,
    /// The key of its listing in the catalog.
    #[serde(rename = "type", deserialize_with = "checked::word")]
    pub kind: String,
    /// Its full name in the catalog.
    pub name: Option<ServerText>,
    /// The scopes granted to it. Okta lists them in another order each time.
    #[serde(default, deserialize_with = "checked::words")]
    pub granted_scopes: BTreeSet<String>,
    /// Its app properties, as texts: the published examples have plain strings, the published schema has objects with `name`
    /// and `value`.
    #[serde(default, deserialize_with = "checked::texts")]
    pub properties: BTreeMap<String, String>,
    /// When it was installed.
    pub created_at: Option<ServerText>,
    /// The id of the user who installed it.
    pub created_by: Option<ServerText>,
    /// Where its vendor explains the set-up.
    pub config_guide_url: Option<ServerText>,
    #[serde(rename = "_links", default)]
    links: InstanceLinks,
}

impl Instance {
    /// The OAuth client id: the last segment of `_links.client.href`, which equals the instance's id in every
    /// published example. `[seen]`
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.links.client_id.as_deref().unwrap_or(&self.id)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
struct InstanceLinks {
    #[serde(default, rename = "client", deserialize_with = "last_segment")]
    client_id: Option<String>,
}

/// The id at the end of a link's address. None where there is no link, or nothing at its end.
fn last_segment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Link {
        href: String,
    }
    let link = Option::<Link>::deserialize(deserializer)?;
    let segment = link.as_ref().and_then(|link| link.href.trim_end_matches('/').rsplit('/').next());
    let Some(id) = segment.filter(|segment| !segment.is_empty()) else { return Ok(None) };
    fit_id(id).map_err(serde::de::Error::custom)?;
    Ok(Some(id.to_owned()))
}

/// The answer that creates an instance.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewInstance {
    /// The instance.
    #[serde(flatten)]
    pub instance: Instance,
    /// Its first secret. Okta does not show it again.
    pub client_secret: ClientSecret,
}

/// What to install.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewInstanceRequest {
    /// The key of the listing.
    #[serde(rename = "type")]
    pub kind: String,
    /// The scopes to grant.
    pub granted_scopes: BTreeSet<String>,
    /// Its app properties.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
}

/// A client secret, without the secret itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Secret {
    /// The id of the secret.
    #[serde(deserialize_with = "checked::id")]
    pub id: String,
    /// Whether Okta accepts it.
    pub status: SecretStatus,
    /// See [`ClientSecret::okta_hash`]. No text shows a secret that has it.
    #[serde(deserialize_with = "checked::hash")]
    pub secret_hash: String,
    /// When it was created. ISO 8601 in UTC, so that text order is time order.
    pub created: ServerText,
}

/// Whether Okta accepts a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SecretStatus {
    /// It is accepted.
    Active,
    /// It is refused, and can be deleted.
    Inactive,
}

impl SecretStatus {
    /// Okta's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
        }
    }
}

/// The answer that creates a secret.
#[derive(Debug, Deserialize)]
pub struct NewSecret {
    /// Its id, status and hash.
    #[serde(flatten)]
    pub secret: Secret,
    /// The secret. Okta does not show it again.
    pub client_secret: ClientSecret,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The published answer to a creating request.
    const CREATED: &str = r#"{"id":"0oa72lrepvp4WqEET1d9","type":"my_app_cie","name":"My App Cloud Identity Engine",
        "createdAt":"2023-02-21T20:08:24.000Z","createdBy":"00uu3u0ujW1P6AfZC2d5",
        "clientSecret":"CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg",
        "configGuideUrl":"https://example.com/guide","grantedScopes":["okta.logs.read","okta.groups.read"],
        "properties":{"orgId":42,"baseUrl":"https://example.com"},
        "_links":{"self":{"href":"https://example.okta.com/integrations/api/v1/api-services/0oa72lrepvp4WqEET1d9"},
        "client":{"href":"https://example.okta.com/oauth2/v1/clients/0oaclient"},"logo":{"name":"small","href":"x"}}}"#;

    #[test]
    fn the_published_answer_decodes() {
        let created: NewInstance = serde_json::from_str(CREATED).unwrap();
        assert_eq!(created.instance.client_id(), "0oaclient");
        assert_eq!(created.client_secret.expose().len(), 40);
        assert_eq!(created.instance.properties["orgId"], "42");
        assert!(!format!("{created:?}").contains("CkF69"));
    }

    #[test]
    fn a_property_is_a_text_or_an_object_with_one() {
        let instance = r#"{"id":"0oa1","type":"t","properties":{"a":"eu","b":{"name":"b","value":"us"},"c":{"x":1}}}"#;
        let instance: Instance = serde_json::from_str(instance).unwrap();
        let text = &instance.properties;
        assert_eq!((text["a"].as_str(), text["b"].as_str(), text["c"].as_str()), ("eu", "us", r#"{"x":1}"#));
    }

    #[test]
    fn without_a_link_the_instance_id_is_the_client_id() {
        let instance: Instance = serde_json::from_str(r#"{"id":"0oa1","type":"t"}"#).unwrap();
        assert_eq!(instance.client_id(), "0oa1");
    }
}
