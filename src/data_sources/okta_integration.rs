//! `druva_okta_integration`: one API service integration that an Okta org has, whoever installed it.
//!
//! Its secrets are listed with their hashes; the secrets themselves cannot be read.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Schema, objects, string};
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{DataSource, Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::integration_details::{self, Details};
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics::OktaOperation;
use crate::diagnostics::problems::no_such_integration;
use crate::domain::OktaDomain;
use crate::http::Freshness;
use crate::okta::api_services::{DRUVA_NAME, DRUVA_TYPE, Instance, Secret};
use crate::okta::sought::Sought;
use crate::redaction::redact;
use crate::{diagnostics, okta};

/// The data source, with the clients of its provider.
pub struct OktaIntegrationDataSource(pub SharedClients);

/// The configuration, and what was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    id: Value<String>,
    #[serde(rename = "type")]
    kind: Value<String>,
    timeouts: Value<ReadTimeout>,
    #[serde(flatten, skip_deserializing)]
    details: Details,
    #[serde(skip_deserializing)]
    secrets: Value<Vec<SecretModel>>,
}

#[derive(Clone, Debug, Serialize)]
struct SecretModel {
    id: String,
    status: &'static str,
    secret_hash: String,
    created: String,
}

#[async_trait]
impl DataSource for OktaIntegrationDataSource {
    type Model = Model;

    fn schema(&self) -> Schema {
        let secret = [
            string("id").computed().describe("Okta's id of the secret."),
            string("status").computed().describe("Whether Okta accepts it: `ACTIVE` or `INACTIVE`."),
            string("secret_hash")
                .computed()
                .describe("The hash by which Okta names it. The secret cannot be computed from it."),
            string("created").computed().describe("When it was minted (ISO 8601, UTC)."),
        ];
        Schema::new(
            "Looks up one API service integration that an Okta org has, by id or by type, whoever installed it.",
        )
        .attribute(string("id").optional().computed().describe("Okta's id of the integration. Instead of `type`."))
        .attribute(string("type").optional().computed().describe(format!(
            "The key of the integration in Okta's catalog; the org must have it exactly once. Without `type` and \
             `id`, Druva's integration is meant: the one with the name \"{DRUVA_NAME}\" or the type `{DRUVA_TYPE}`."
        )))
        .attribute(
            objects("secrets", secret).computed().describe("Its client secrets, at most two, without the secrets."),
        )
        .attributes(integration_details::attributes())
        .block(read_timeout())
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        if config.id.is_value() && config.kind.is_value() {
            diags.fail_as_listed(problems::id_and_type(), AttributePath::new("type"));
        }
        if let Value::Value(id) = &config.id {
            let _ = diagnostics::expect_integration_id(diags, id, AttributePath::new("id"));
        }
        diagnostics::validate_type(diags, &config.kind);
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn read(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let okta = self.0.until(ReadTimeout::deadline(&config.timeouts)).okta(diags)?;
        let (found, secrets) = if let Some(id) = config.id.as_ref_option() {
            let found = diagnostics::find_integration(diags, &okta, id, AttributePath::new("id"));
            let (found, secrets) = tokio::join!(found, okta.list_secrets(id, Freshness::Cached));
            (found?, secrets)
        } else {
            let found = by_type(&okta, Sought::by(config.kind.as_deref_option()), diags).await?;
            let secrets = okta.list_secrets(&found.id, Freshness::Cached).await;
            (found, secrets)
        };
        let secrets = secrets.map_err(|error| {
            diagnostics::okta(diags, OktaOperation::ListSecrets(&found.id), &error, AttributePath::root())
        })?;
        Ok(Model {
            id: Value::Value(found.id.clone()),
            kind: Value::Value(found.kind.clone()),
            timeouts: config.timeouts,
            details: Details::of(&found, &okta),
            secrets: Value::Value(secrets.into_iter().map(SecretModel::from).collect()),
        })
    }
}

impl From<Secret> for SecretModel {
    fn from(secret: Secret) -> Self {
        let Secret { id, status, secret_hash, created } = secret;
        // Okta's has 22 characters. Anything that is as long as a secret may be one, and is not shown.
        Self { id, status: status.as_str(), secret_hash: redact(&secret_hash), created: created.shown() }
    }
}

async fn by_type(okta: &okta::Client, sought: Sought<'_>, diags: &mut Diagnostics) -> Result<Instance, Reported> {
    let installed = okta.list_instances(Freshness::Cached).await.map_err(|error| {
        diagnostics::okta(diags, OktaOperation::ListIntegrations, &error, AttributePath::new("type"))
    })?;
    the_only_one(installed, sought, okta.domain(), diags)
}

/// The one of the installed integrations that is sought.
fn the_only_one(
    mut found: Vec<Instance>,
    sought: Sought<'_>,
    org: &OktaDomain,
    diags: &mut Diagnostics,
) -> Result<Instance, Reported> {
    let attribute = AttributePath::new("type");
    found.retain(|instance| sought.is(instance));
    match <[_; 1]>::try_from(found) {
        Ok([instance]) => Ok(instance),
        Err(found) if found.is_empty() => {
            let detail = format!(
                "The org {org} has no API service integration {sought}. Where that is no mistake, look with \
                 druva_okta_integrations, which gives an empty list then."
            );
            Err(diags.fail(no_such_integration(), detail, attribute))
        }
        Err(found) => {
            let ids: Vec<_> = found.iter().map(|instance| instance.id.as_str()).collect();
            let detail = format!("The org has several {sought}: {}. Choose one by its id.", ids.join(", "));
            Err(diags.fail(problems::several_of_this_type(), detail, attribute))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_integration_is_meant() {
        let org = OktaDomain::parse("https://example.okta.com").unwrap();
        for (name, installed, expected) in [
            (
                "none at all",
                [].as_slice(),
                Err("The org https://example.okta.com has no API service integration of the type t."),
            ),
            ("another one", &[("0oa1", "u")], Err("The org https://example.okta.com has no")),
            ("one", &[("0oa1", "t")], Ok("0oa1")),
            ("one beside another", &[("0oa1", "u"), ("0oa2", "t")], Ok("0oa2")),
            ("two", &[("0oa1", "t"), ("0oa2", "t")], Err("The org has several of the type t: 0oa1, 0oa2. Choose one")),
        ] {
            let instance = |(id, kind): &(&str, &str)| {
                serde_json::from_value(serde_json::json!({"id": id, "type": kind})).unwrap()
            };
            let mut diags = Diagnostics::default();
            let found = the_only_one(installed.iter().map(instance).collect(), Sought::Type("t"), &org, &mut diags);
            match expected {
                Ok(id) => assert_eq!(found.unwrap().id, id, "{name}"),
                Err(beginning) => assert!(diags.errors[0].detail.starts_with(beginning), "{name}: {diags:?}"),
            }
        }
    }
}
