//! `druva_okta_reauthorize`: "Re-Authorize App" of the Druva Cloud Platform Console, for one linked org.
//!
//! The secret is verified at Okta's token endpoint before Druva is given it. The action mints none: it has no state, so
//! that nobody would know afterwards which secret is in use. Resources mint, see `rotate_when_changed`.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use terraform_plugin::schema::{Schema, string};
use terraform_plugin::timeouts::{InvokeTimeout, invoke_timeout};
use terraform_plugin::{Action, Progress, Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::link_argument::{link, link_id, planned_link, validate_link_id};
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::druva::okta_links::Link;
use crate::linking::arguments::{validate_client_id, validate_client_secret};
use crate::linking::connection;
use crate::linking::handover::Handover;
use crate::secret::ClientSecret;

/// How long it may take unless the configuration says otherwise.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20 * 60);
const CLIENT_ID: &str = "client_id";
const CLIENT_SECRET: &str = "client_secret";

/// The action, with the clients of its provider.
pub struct OktaReauthorizeAction(pub SharedClients);

/// The configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    link_id: Value<String>,
    client_id: Value<String>,
    client_secret: Value<ClientSecret>,
    timeouts: Value<InvokeTimeout>,
}

#[async_trait]
impl Action for OktaReauthorizeAction {
    type Config = Config;

    fn schema(&self) -> Schema {
        Schema::new(
            "Verifies a client secret at Okta, and gives it to Druva again, when Druva has lost the connection to a linked \
             org. Druva publishes no API for this: the provider assumes one, see the provider's `okta_api_path`.",
        )
        .attribute(link_id())
        .attribute(
            string(CLIENT_ID)
                .required()
                .describe("Client id of the integration: the `client_id` of a `druva_okta_integration`."),
        )
        .attribute(
            string(CLIENT_SECRET)
                .required()
                .write_only()
                .describe("Secret that Druva shall use: the `client_secret` of a `druva_okta_integration`."),
        )
        .block(invoke_timeout(DEFAULT_TIMEOUT))
    }

    fn validate(&self, config: &Config, diags: &mut Diagnostics) {
        validate_link_id(&config.link_id, diags);
        validate_client_id(&config.client_id, diags);
        validate_client_secret(CLIENT_SECRET, &config.client_secret, diags);
        InvokeTimeout::validate(&config.timeouts, diags);
    }

    async fn plan(&self, config: Config, diags: &mut Diagnostics) -> Result<(), Reported> {
        expect_client(&config, diags)?;
        match planned_link(&self.0, &config.link_id, diags).await? {
            Some(link) => expect_client_of(&link, &config, diags),
            None => Ok(()),
        }
    }

    /// Verifies the secret, gives it to Druva, and waits until Druva is connected.
    async fn invoke(&self, config: Config, progress: &Progress, diags: &mut Diagnostics) -> Result<(), Reported> {
        let clients = &self.0.until(InvokeTimeout::deadline(&config.timeouts, DEFAULT_TIMEOUT));
        expect_client(&config, diags)?;
        let client_id = config.client_id.as_deref_option().ok_or_else(|| demand_client_id(diags))?;
        let secret = config.client_secret.as_ref_option().ok_or_else(|| demand_secret(diags))?;
        let (druva, link) = &link(clients, &config.link_id, diags).await?;
        expect_client_of(link, &config, diags)?;
        let domain = &diagnostics::parse_domain(diags, &link.okta_domain)?;

        let handover = Handover { clients, druva, domain, client_id, argument: CLIENT_SECRET };
        let candidate = handover.take(secret);
        handover.verify(&candidate, diags).await?;
        progress.say(format!("Okta accepts the secret of client {client_id} at {}.", domain.host()));
        let authorized = handover.authorize(&candidate, &link.id).await.map_err(|error| {
            let attribute = AttributePath::new(CLIENT_SECRET);
            diagnostics::druva(diags, DruvaOperation::Authorize(link.into()), &error, attribute)
        })?;
        progress.say(format!("Druva has the secret; waiting until it is connected to {}.", domain.host()));
        let waited = connection::wait(druva, authorized, handover.new_until(&candidate), diags).await;
        let link = waited.map_err(|not_connected| {
            diags.warn(
                problems::authorized(),
                format!("The link {} has the secret. Giving it again changes nothing.", not_connected.link.id),
                AttributePath::root(),
            );
            not_connected.reported
        })?;
        progress.say(format!("Druva is connected to {}.", link.okta_domain));
        Ok(())
    }
}

/// Null is found out only when references are known. What is unknown now is given later.
fn expect_client(config: &Config, diags: &mut Diagnostics) -> Result<(), Reported> {
    if config.client_id.is_null() {
        demand_client_id(diags);
    }
    if config.client_secret.is_null() {
        demand_secret(diags);
    }
    diags.check()
}

fn demand_client_id(diags: &mut Diagnostics) -> Reported {
    diags.fail(
        problems::no_client_id(),
        "client_id is null. Refer to the client_id of the druva_okta_integration.",
        AttributePath::new(CLIENT_ID),
    )
}

fn demand_secret(diags: &mut Diagnostics) -> Reported {
    diags.fail(
        problems::no_secret_to_authorize(),
        "client_secret is null. Choose one of these:\n  - Refer to the client_secret of a druva_okta_integration. It is \
         null after an import, and with store_client_secret = false.\n  - Let a resource mint another secret, which \
         re-authorizes the link: change rotate_when_changed on the druva_okta_integration, or on the druva_okta_link if it \
         has mint_client_secret = true.\n  - If the configuration gives an ephemeral value: terraform apply -invoke does not \
         pass it on (seen with Terraform 1.16). Use a value that is not ephemeral.",
        AttributePath::new(CLIENT_SECRET),
    )
}

/// Another client is another app, with other scopes: that is a change of the link, which a plan has to show.
fn expect_client_of(link: &Link, config: &Config, diags: &mut Diagnostics) -> Result<(), Reported> {
    match config.client_id.as_deref_option() {
        Some(client_id) if client_id != link.client_id => Err(diags.fail(
            problems::other_client(),
            format!(
                "Druva uses the client {} in {}, and client_id is {client_id}. This action only gives Druva the secret of \
                 the same client again. To use another client, change client_id of the druva_okta_link.",
                link.client_id, link.okta_domain
            ),
            AttributePath::new(CLIENT_ID),
        )),
        _ => Ok(()),
    }
}
