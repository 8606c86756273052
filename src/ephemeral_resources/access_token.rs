//! `druva_access_token`: a token for Druva's APIs, for other providers and scripts.
//!
//! It is fetched when it is opened, goes to Terraform, and is stored nowhere. Druva publishes no way to end a token, so that
//! closing it is forgetting it: it ends by itself, half an hour after it was opened at the latest. `[docs]`

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use tf_provider::schema::{AttributeType, Schema};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::framework::attribute::{computed, nullable, schema, sensitive};
use crate::framework::timeouts::{ReadTimeout, read_timeout};
use crate::framework::{EphemeralResource, Report, Reported};

/// The ephemeral resource.
pub struct AccessToken {
    clients: SharedClients,
}

impl AccessToken {
    /// The ephemeral resource, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients }
    }

    async fn fetch(&self, config: Config, diags: &mut Diagnostics) -> Result<Opened, Reported> {
        let druva = self.clients.until(ReadTimeout::deadline(&config.timeouts)).druva(diags)?;
        let (access_token, lifetime) = druva
            .access_token()
            .await
            .map_err(|error| diagnostics::druva(diags, DruvaOperation::GetToken, &error, AttributePath::root()))?;
        let expires_at = OffsetDateTime::from(druva.server_time(Instant::now()) + lifetime);
        Ok(Opened {
            timeouts: config.timeouts,
            access_token,
            expires_at: nullable(expires_at.format(&Rfc3339).ok()),
            api_url: druva.api_url().as_str().trim_end_matches('/').to_owned(),
        })
    }
}

/// The configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    timeouts: Value<ReadTimeout>,
}

/// What was opened.
#[derive(Serialize)]
pub struct Opened {
    timeouts: Value<ReadTimeout>,
    #[serde(serialize_with = "expose")]
    access_token: SecretString,
    expires_at: Value<String>,
    api_url: String,
}

fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

#[async_trait]
impl EphemeralResource for AccessToken {
    type Config = Config;
    type Opened = Opened;

    fn schema(&self) -> Schema {
        let string = || AttributeType::String;
        let attributes = [
            ("access_token", sensitive(computed(string(), "The access token, as `Authorization: Bearer` takes it."))),
            (
                "expires_at",
                computed(
                    string(),
                    "When Druva stops accepting the token (ISO 8601, UTC). It cannot be extended. Where Druva's answer does \
                     not say it, five minutes are assumed.",
                ),
            ),
            ("api_url", computed(string(), "Base URL of the API that accepts the token.")),
        ];
        schema(
            0,
            "A short-lived access token for Druva's APIs, obtained with the provider's API credentials, for other providers \
             and scripts of the same run. It is in no state and no plan file, and ends by itself: Druva publishes no way to \
             end it earlier.",
            attributes,
            [("timeouts", read_timeout())],
        )
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Config) -> Option<()> {
        ReadTimeout::validate(&config.timeouts, diags);
        diags.check().ok()
    }

    async fn open(&self, diags: &mut Diagnostics, config: Config) -> Option<Opened> {
        self.fetch(config, diags).await.ok()
    }
}
