//! The provider block: its schema, its environment fall-backs, and the clients that come of it.

mod argument;
mod config;
mod druva_settings;
mod file;
mod http_settings;
mod okta_settings;
pub(crate) mod problems;
mod settings;

use std::ffi::OsString;
use std::sync::Arc;

use async_trait::async_trait;
use tf_provider::Diagnostics;
use tf_provider::schema::{Attribute, AttributeType, NestedBlock, Schema};
use tf_provider::value::ValueEmpty;
use tokio_util::sync::CancellationToken;

use self::config::Config;
use self::druva_settings::DEFAULT_OKTA_API_PATH;
use self::settings::Settings;
use crate::clients::{Availability, Clients, SharedClients};
use crate::ephemeral_resources::access_token::AccessToken;
use crate::framework::attribute::{self, block, optional, sensitive};
use crate::framework::{
    self, DynAction, DynDataSource, DynEphemeralResource, DynFunction, DynListResource, DynResource, Reported,
};
use crate::functions::{okta_domain::OktaDomainFunction, okta_scopes::OktaScopesFunction};
use crate::http::{self, Http};
use crate::resources::okta_integration::OktaIntegrationResource;
use crate::resources::okta_link::OktaLinkResource;
use crate::{actions, data_sources, druva, list_resources, okta};

/// The provider `druva`.
pub struct DruvaProvider {
    clients: SharedClients,
    stop: CancellationToken,
}

impl DruvaProvider {
    /// A provider that is not configured yet. Waiting ends early when `stop` is cancelled.
    #[must_use]
    pub fn new(stop: CancellationToken) -> Self {
        Self { clients: SharedClients::default(), stop }
    }

    fn connect(&self, config: &Config, diags: &mut Diagnostics) -> Result<(), Reported> {
        let settings = settings::parse(config, &environment, diags)?;
        // Here and not when it is validated, which each plan does too: once is enough.
        settings::warn(config, &settings, &environment, diags);
        self.clients.set(connect(settings, &self.stop));
        Ok(())
    }
}

#[async_trait]
impl tf_provider::Provider for DruvaProvider {
    type Config<'a> = Config;
    type MetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(attribute::schema(0, DESCRIPTION, attributes(), [("okta", okta_block())]))
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: Config) -> Option<()> {
        settings::parse(&config, &environment, diags).map(drop).ok()
    }

    async fn configure<'a>(&self, diags: &mut Diagnostics, _: String, config: Config) -> Option<()> {
        self.connect(&config, diags).ok()
    }
}

impl framework::Provider for DruvaProvider {
    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)> {
        vec![
            ("druva_okta_integration", Box::new(OktaIntegrationResource::new(self.clients.clone()))),
            ("druva_okta_link", Box::new(OktaLinkResource::new(self.clients.clone()))),
        ]
    }

    fn data_sources(&self) -> Vec<(&'static str, Box<dyn DynDataSource>)> {
        use data_sources::{okta_integration, okta_integrations, okta_link, okta_links, okta_preflight, okta_scopes};
        let clients = || self.clients.clone();
        vec![
            ("druva_okta_integration", Box::new(okta_integration::OktaIntegrationDataSource::new(clients()))),
            ("druva_okta_integrations", Box::new(okta_integrations::OktaIntegrationsDataSource::new(clients()))),
            ("druva_okta_link", Box::new(okta_link::OktaLinkDataSource::new(clients()))),
            ("druva_okta_links", Box::new(okta_links::OktaLinksDataSource::new(clients()))),
            ("druva_okta_preflight", Box::new(okta_preflight::OktaPreflightDataSource::new(clients()))),
            ("druva_okta_scopes", Box::new(okta_scopes::OktaScopesDataSource)),
        ]
    }

    fn ephemeral_resources(&self) -> Vec<(&'static str, Box<dyn DynEphemeralResource>)> {
        vec![("druva_access_token", Box::new(AccessToken::new(self.clients.clone())))]
    }

    fn list_resources(&self) -> Vec<(&'static str, Box<dyn DynListResource>)> {
        use list_resources::{okta_integration, okta_link};
        vec![
            (
                "druva_okta_integration",
                Box::new(okta_integration::OktaIntegrationsListResource::new(self.clients.clone())),
            ),
            ("druva_okta_link", Box::new(okta_link::OktaLinksListResource::new(self.clients.clone()))),
        ]
    }

    fn actions(&self) -> Vec<(&'static str, Arc<dyn DynAction>)> {
        use actions::{okta_backup, okta_reauthorize};
        vec![
            ("druva_okta_backup", Arc::new(okta_backup::OktaBackupAction::new(self.clients.clone()))),
            ("druva_okta_reauthorize", Arc::new(okta_reauthorize::OktaReauthorizeAction::new(self.clients.clone()))),
        ]
    }

    fn functions(&self) -> Vec<(&'static str, Box<dyn DynFunction>)> {
        vec![("okta_domain", Box::new(OktaDomainFunction)), ("okta_scopes", Box::new(OktaScopesFunction))]
    }
}

fn environment(variable: &str) -> Option<OsString> {
    std::env::var_os(variable)
}

/// Builds the clients; nothing is sent.
fn connect(settings: Settings, stop: &CancellationToken) -> Clients {
    let Settings { org, okta, druva, http } = settings;
    let Availability::Ready(http) = http else {
        let http = Http::new(http::Settings::default(), stop.clone());
        return Clients { okta: Availability::Unknown, org, druva: Availability::Unknown, http };
    };
    let http = Http::new(http, stop.clone());
    let okta = match (okta, &org) {
        (Availability::Ready(auth), Availability::Ready(domain)) => {
            Availability::Ready(okta::Client::new(http.clone(), domain.clone(), auth))
        }
        (Availability::Missing, _) | (_, Availability::Missing) => Availability::Missing,
        _ => Availability::Unknown,
    };
    let druva = match druva {
        Availability::Ready(druva) => {
            let (url, path) = (druva.api_url, &druva.okta_api_path);
            let druva = druva::Client::new(http.clone(), url, path, druva.auth);
            Availability::Ready(match okta.ready() {
                Some(okta) => druva.affected_by(okta.writes()),
                None => druva,
            })
        }
        Availability::Unknown => Availability::Unknown,
        Availability::Missing => Availability::Missing,
    };
    Clients { okta, org, druva, http }
}

const DESCRIPTION: &str = "Sets up Druva's backup of Okta: installs Druva's API service integration in an Okta org, and \
    links the org in Druva.";

fn attributes() -> [(&'static str, Attribute); 10] {
    let clouds = druva::Cloud::ALL.map(|cloud| format!("`{}` ({})", cloud.name(), cloud.api_url())).join(", ");
    [
        (
            "client_id",
            optional(
                AttributeType::String,
                "Client id of the API credentials from the Druva Cloud Platform Console. Needed by resources that live \
                 in Druva. Environment: `DRUVA_CLIENT_ID`.",
            ),
        ),
        (
            "client_secret",
            sensitive(optional(
                AttributeType::String,
                "Secret key of the same API credentials. Environment: `DRUVA_CLIENT_SECRET`.",
            )),
        ),
        (
            "access_token",
            sensitive(optional(
                AttributeType::String,
                "An access token for Druva's APIs that somebody else obtained, such as what a managed service provider gets \
                 for one of its customers, instead of `client_id` and `client_secret`. It lives for half an hour at most, and \
                 the provider cannot renew it. Environment: `DRUVA_ACCESS_TOKEN`.",
            )),
        ),
        (
            "cloud",
            optional(
                AttributeType::String,
                &format!("The Druva cloud in which the account lives: {clouds}. Default: `public`."),
            ),
        ),
        (
            "api_url",
            optional(
                AttributeType::String,
                "Base URL of Druva's API instead of the one that `cloud` stands for. Environment: `DRUVA_API_URL`.",
            ),
        ),
        (
            "okta_api_path",
            optional(
                AttributeType::String,
                &format!(
                    "Path of the API for Okta below Druva's base URL. Druva publishes none: this provider assumes one, \
                     and this argument moves it. Default: `{DEFAULT_OKTA_API_PATH}`."
                ),
            ),
        ),
        (
            "max_retries",
            optional(
                AttributeType::Number,
                "How often a request that failed is repeated, if it may be repeated, from 0 to 100. Waiting for a rate \
                 limit does not count: it ends with the resource's `timeouts`. Default: 5.",
            ),
        ),
        (
            "request_timeout_seconds",
            optional(
                AttributeType::Number,
                "How long one request may take, in seconds, from 1 to 3600. A server that says nothing for half of that \
                 is given up, after 30 seconds at the earliest. Default: 60.",
            ),
        ),
        (
            "http_proxy",
            sensitive(optional(
                AttributeType::String,
                "URL of an HTTP proxy for all requests but those to this machine itself, as in \
                 `http://proxy.example.com:3128`. Default: what `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, read as \
                 Terraform reads them.",
            )),
        ),
        (
            "ca_certificate_file",
            optional(
                AttributeType::String,
                "Path of a file with CA certificates in PEM that are trusted besides those of the system.",
            ),
        ),
    ]
}

fn okta_block() -> NestedBlock {
    let description = "The Okta org and exactly one way into it: `api_token`, `access_token`, or `client_id` with \
        `private_key`. Needed by resources that live in Okta.";
    let attributes = [
        (
            "org_url",
            optional(
                AttributeType::String,
                "Address of the Okta org, as in `https://example.okta.com`. Environment: `OKTA_ORG_URL`, or \
                 `OKTA_ORG_NAME` and `OKTA_BASE_URL`.",
            ),
        ),
        (
            "api_token",
            sensitive(optional(
                AttributeType::String,
                "API token of a Super Administrator. Environment: `OKTA_API_TOKEN`.",
            )),
        ),
        (
            "access_token",
            sensitive(optional(
                AttributeType::String,
                "OAuth access token with the scope `okta.oauthIntegrations.manage`. Environment: `OKTA_ACCESS_TOKEN`.",
            )),
        ),
        (
            "client_id",
            optional(
                AttributeType::String,
                "Client id of an Okta service app that signs with `private_key`. If the app demands DPoP, its tokens \
                 are bound to a key that never leaves this process. Environment: `OKTA_API_CLIENT_ID`.",
            ),
        ),
        (
            "private_key",
            sensitive(optional(
                AttributeType::String,
                "Private key of the service app (RSA, or EC on P-256 or P-384) in PEM or as a JWK, or the path of a \
                 file that holds it. Environment: `OKTA_API_PRIVATE_KEY`.",
            )),
        ),
        (
            "private_key_id",
            optional(
                AttributeType::String,
                "Id under which Okta knows the key (`kid`). Default: the one that a JWK names itself. Environment: \
                 `OKTA_API_PRIVATE_KEY_ID`.",
            ),
        ),
        (
            "scopes",
            optional(
                AttributeType::List(Box::new(AttributeType::String)),
                "Scopes that the service app asks for. Default: `okta.oauthIntegrations.manage` and \
                 `okta.oauthIntegrations.read`. Environment: `OKTA_API_SCOPES`, separated by commas.",
            ),
        ),
        (
            "max_api_capacity",
            optional(
                AttributeType::Number,
                "How much of each of Okta's rate limits this provider may use, in percent, from 1 to 100: the rest is left \
                 to sign-ins and other programs. Requests wait rather than go beyond it. Default: 100. Environment: \
                 `MAX_API_CAPACITY`.",
            ),
        ),
    ];
    block(description, attributes)
}

#[cfg(test)]
mod tests {
    use super::druva_settings::DruvaSettings;
    use super::*;
    use crate::domain::OktaDomain;

    fn name_of<T>(availability: &Availability<T>) -> &'static str {
        match availability {
            Availability::Ready(_) => "ready",
            Availability::Unknown => "unknown",
            Availability::Missing => "missing",
        }
    }

    #[test]
    fn a_client_is_there_where_its_address_its_credential_and_the_way_are() {
        use Availability::{Missing, Ready, Unknown};
        let org = || Ready(OktaDomain::parse("https://example.okta.com").unwrap());
        let auth = || Ready(okta::Auth::ApiToken("token-of-a-test".into()));
        let http = || Ready(http::Settings::default());
        let druva = || {
            Ready(DruvaSettings {
                api_url: "https://apis.druva.com".parse().unwrap(),
                okta_api_path: DEFAULT_OKTA_API_PATH.to_owned(),
                auth: druva::Auth::AccessToken("token-of-a-test".into()),
            })
        };
        for (name, org, okta, druva, http, expected) in [
            ("all", org(), auth(), druva(), http(), ["ready", "ready", "ready"]),
            ("nothing", Missing, Missing, Missing, http(), ["missing", "missing", "missing"]),
            ("a proxy that is known later", org(), auth(), druva(), Unknown, ["ready", "unknown", "unknown"]),
            ("Druva alone", Missing, Missing, druva(), http(), ["missing", "missing", "ready"]),
            ("Okta alone", org(), auth(), Missing, http(), ["ready", "ready", "missing"]),
            ("an org alone", org(), Missing, Missing, http(), ["ready", "missing", "missing"]),
            ("an org that is known later", Unknown, auth(), Unknown, http(), ["unknown", "unknown", "unknown"]),
            ("a credential that is known later", org(), Unknown, Missing, http(), ["ready", "unknown", "missing"]),
            (
                "a credential without its org, later",
                Missing,
                Unknown,
                Missing,
                http(),
                ["missing", "missing", "missing"],
            ),
        ] {
            let clients = connect(Settings { org, okta, druva, http }, &CancellationToken::new());
            let found = [name_of(&clients.org), name_of(&clients.okta), name_of(&clients.druva)];
            assert_eq!(found, expected, "{name}");
        }
    }
}
