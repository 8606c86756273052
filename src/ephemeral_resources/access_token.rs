//! `druva_access_token`: a token for Druva's APIs, for other providers and scripts.
//!
//! It is fetched when it is opened, goes to Terraform, and is stored nowhere. Druva publishes no way to end a token, so that
//! closing it is forgetting it: it ends by itself, half an hour after it was opened at the latest. `[docs]`

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use terraform_plugin::nullable;
use terraform_plugin::schema::{Schema, string};
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{EphemeralResource, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;

/// The ephemeral resource, with the clients of its provider.
pub struct AccessToken(pub SharedClients);

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
        Schema::new(
            "A short-lived access token for Druva's APIs, obtained with the provider's API credentials, for other \
             providers and scripts of the same run. It is in no state and no plan file, and ends by itself: Druva \
             publishes no way to end it earlier.",
        )
        .attribute(
            string("access_token")
                .computed()
                .sensitive()
                .describe("The access token, as `Authorization: Bearer` takes it."),
        )
        .attribute(string("expires_at").computed().describe(
            "When Druva stops accepting the token (ISO 8601, UTC). It cannot be extended. Where Druva's answer does \
             not say it, five minutes are assumed.",
        ))
        .attribute(string("api_url").computed().describe("Base URL of the API that accepts the token."))
        .block(read_timeout())
    }

    fn validate(&self, config: &Config, diags: &mut Diagnostics) {
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn open(&self, config: Config, diags: &mut Diagnostics) -> Result<Opened, Reported> {
        let druva = self.0.until(ReadTimeout::deadline(&config.timeouts)).druva(diags)?;
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
