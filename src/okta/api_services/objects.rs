//! Integrations and their secrets as Okta writes them. `[spec]`

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use crate::redaction::{ServerText, checked, fit_id};
use crate::secret::ClientSecret;

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
