//! The provider block: its schema, its environment fall-backs, and the clients that come of it.

mod argument;
mod config;
mod druva_settings;
mod file;
mod http_settings;
mod okta_key;
mod okta_org;
mod okta_settings;
mod presence;
pub(crate) mod problems;
mod settings;

use std::ffi::OsString;

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, NestedBlock, Schema, Type, block, list, number, string};
use terraform_plugin::{Provider, Registry, Reported};
use tf_provider::Diagnostics;
use tokio_util::sync::CancellationToken;

use self::config::Config;
use self::settings::Settings;
use crate::actions::okta_backup::OktaBackupAction;
use crate::actions::okta_reauthorize::OktaReauthorizeAction;
use crate::clients::{Availability, Clients, SharedClients};
use crate::data_sources::okta_integration::OktaIntegrationDataSource;
use crate::data_sources::okta_integrations::OktaIntegrationsDataSource;
use crate::data_sources::okta_link::OktaLinkDataSource;
use crate::data_sources::okta_links::OktaLinksDataSource;
use crate::data_sources::okta_preflight::OktaPreflightDataSource;
use crate::data_sources::okta_scopes::OktaScopesDataSource;
use crate::druva::okta_links::DEFAULT_PREFIX;
use crate::ephemeral_resources::access_token::AccessToken;
use crate::functions::{okta_domain::OktaDomainFunction, okta_scopes::OktaScopesFunction};
use crate::http::{self, Http};
use crate::list_resources::okta_integration::OktaIntegrationsListResource;
use crate::list_resources::okta_link::OktaLinksListResource;
use crate::resources::okta_integration::OktaIntegrationResource;
use crate::resources::okta_link::OktaLinkResource;
use crate::{druva, okta};

/// The provider `druva`.
pub struct DruvaProvider {
    clients: SharedClients,
    stop: CancellationToken,
}

impl DruvaProvider {
    /// A provider that is not configured yet. Waiting ends early when `stop` is cancelled.
    pub fn new(stop: CancellationToken) -> Self {
        Self { clients: SharedClients::default(), stop }
    }
}

#[async_trait]
impl Provider for DruvaProvider {
    type Config = Config;

    fn schema(&self) -> Schema {
        Schema::new(DESCRIPTION).attributes(attributes()).block(okta_block())
    }

    fn validate(&self, config: &Config, diags: &mut Diagnostics) {
        // What it gives is wanted when the provider is configured.
        let _ = settings::parse(config, &environment, diags);
    }

    async fn configure(&self, config: Config, diags: &mut Diagnostics) -> Result<(), Reported> {
        let settings = settings::parse(&config, &environment, diags)?;
        // Here and not when it is validated, which each plan does too: once is enough.
        settings::warn(&config, &settings, &environment, diags);
        self.clients.set(connect(settings, &self.stop));
        Ok(())
    }

    fn register(&self, registry: &mut Registry) {
        let clients = || self.clients.clone();
        registry.resource("druva_okta_integration", OktaIntegrationResource::new(clients()));
        registry.resource("druva_okta_link", OktaLinkResource(clients()));
        registry.data_source("druva_okta_integration", OktaIntegrationDataSource(clients()));
        registry.data_source("druva_okta_integrations", OktaIntegrationsDataSource(clients()));
        registry.data_source("druva_okta_link", OktaLinkDataSource(clients()));
        registry.data_source("druva_okta_links", OktaLinksDataSource(clients()));
        registry.data_source("druva_okta_preflight", OktaPreflightDataSource(clients()));
        registry.data_source("druva_okta_scopes", OktaScopesDataSource);
        registry.ephemeral_resource("druva_access_token", AccessToken(clients()));
        registry.list_resource("druva_okta_integration", OktaIntegrationsListResource(clients()));
        registry.list_resource("druva_okta_link", OktaLinksListResource(clients()));
        registry.action("druva_okta_backup", OktaBackupAction(clients()));
        registry.action("druva_okta_reauthorize", OktaReauthorizeAction(clients()));
        registry.function("okta_domain", OktaDomainFunction);
        registry.function("okta_scopes", OktaScopesFunction);
    }
}

fn environment(variable: &str) -> Option<OsString> {
    std::env::var_os(variable)
}

/// Builds the clients; nothing is sent.
fn connect(settings: Settings, stop: &CancellationToken) -> Clients {
    let Settings { org, okta, druva, missing, http } = settings;
    let Availability::Ready(http) = http else {
        let http = Http::new(http::Settings::default(), stop.clone());
        return Clients { okta: Availability::Unknown, org, druva: Availability::Unknown, missing, http };
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
    Clients { okta, org, druva, missing, http }
}

const DESCRIPTION: &str = "Sets up Druva's backup of Okta: installs Druva's API service integration in an Okta org, and \
    links the org in Druva.";

fn attributes() -> [Attribute; 10] {
    let clouds = druva::Cloud::ALL.map(|cloud| format!("`{}` ({})", cloud.name(), cloud.api_url())).join(", ");
    [
        string("client_id").optional().describe(
            "Client id of the API credentials from the Druva Cloud Platform Console. Needed by resources that live \
             in Druva. Environment: `DRUVA_CLIENT_ID`.",
        ),
        string("client_secret")
            .optional()
            .sensitive()
            .describe("Secret key of the same API credentials. Environment: `DRUVA_CLIENT_SECRET`."),
        string("access_token").optional().sensitive().describe(
            "An access token for Druva's APIs that somebody else obtained, such as what a managed service provider \
             gets for one of its customers, instead of `client_id` and `client_secret`. It lives for half an hour at \
             most, and the provider cannot renew it. Environment: `DRUVA_ACCESS_TOKEN`.",
        ),
        string("cloud")
            .optional()
            .describe(format!("The Druva cloud in which the account lives: {clouds}. Default: `public`.")),
        string("api_url").optional().describe(
            "Base URL of Druva's API instead of the one that `cloud` stands for. Environment: `DRUVA_API_URL`.",
        ),
        string("okta_api_path").optional().describe(format!(
            "Path of the API for Okta below Druva's base URL. Druva publishes none: this provider assumes one, and \
             this argument moves it. Default: `{DEFAULT_PREFIX}`."
        )),
        number("max_retries").optional().describe(
            "How often a request that failed is repeated, if it may be repeated, from 0 to 100. Waiting for a rate \
             limit does not count: it ends with the resource's `timeouts`. Default: 5.",
        ),
        number("request_timeout_seconds").optional().describe(
            "How long one request may take, in seconds, from 1 to 3600. A server that says nothing for half of that \
             is given up, after 30 seconds at the earliest. Default: 60.",
        ),
        string("http_proxy").optional().sensitive().describe(
            "URL of an HTTP proxy for all requests but those to this machine itself, as in \
             `http://proxy.example.com:3128`. Default: what `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, read as \
             Terraform reads them.",
        ),
        string("ca_certificate_file")
            .optional()
            .describe("Path of a file with CA certificates in PEM that are trusted besides those of the system."),
    ]
}

fn okta_block() -> NestedBlock {
    let description = "The Okta org, and exactly one kind of credential for it: `api_token`, `access_token`, or `client_id` with \
                       `private_key`. Needed by resources that live in Okta.";
    block("okta", description)
        .attribute(string("org_url").optional().describe(
            "Address of the Okta org, as in `https://example.okta.com`. Environment: `OKTA_ORG_URL`, or \
             `OKTA_ORG_NAME` and `OKTA_BASE_URL`.",
        ))
        .attribute(
            string("api_token")
                .optional()
                .sensitive()
                .describe(
                    "API token of an administrator who may read API service integrations, or of a Super Administrator to \
                     apply. Environment: `OKTA_API_TOKEN`.",
                ),
        )
        .attribute(string("access_token").optional().sensitive().describe(
            "OAuth access token. It needs the scope `okta.oauthIntegrations.read`, and to apply \
             `okta.oauthIntegrations.manage` too. Environment: `OKTA_ACCESS_TOKEN`.",
        ))
        .attribute(string("client_id").optional().describe(
            "Client id of an Okta service app that signs with `private_key`. If the app demands DPoP, its tokens are \
             bound to a key that never leaves this process. Environment: `OKTA_API_CLIENT_ID`.",
        ))
        .attribute(string("private_key").optional().sensitive().describe(
            "Private key of the service app (RSA, or EC on P-256 or P-384) in PEM or as a JWK, also in base64, or the path \
             of a file that holds it. Environment: `OKTA_API_PRIVATE_KEY`.",
        ))
        .attribute(string("private_key_id").optional().describe(
            "Id under which Okta knows the key (`kid`). Default: the one that a JWK names itself. Environment: \
             `OKTA_API_PRIVATE_KEY_ID`.",
        ))
        .attribute(list("scopes", Type::String).optional().describe(
            "Scopes that the service app asks for. A job that only plans needs `okta.oauthIntegrations.read`. Default: \
             `okta.oauthIntegrations.manage` and `okta.oauthIntegrations.read`. Environment: `OKTA_API_SCOPES`, separated by \
             commas.",
        ))
        .attribute(number("max_api_capacity").optional().describe(
            "How much of each of Okta's rate limits this provider may use, in percent, from 1 to 100: the rest is \
             left to sign-ins and other programs. Requests wait rather than go beyond it. Default: 100. Environment: \
             `MAX_API_CAPACITY`.",
        ))
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
    fn schemas_and_models_fit_each_other() {
        let provider = DruvaProvider::new(CancellationToken::new());
        assert_eq!(terraform_plugin::testing::mistakes(&provider), [""; 0]);
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
                okta_api_path: DEFAULT_PREFIX.to_owned(),
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
            let clients = connect(
                Settings { org, okta, druva, missing: crate::clients::Missing::default(), http },
                &CancellationToken::new(),
            );
            let found = [name_of(&clients.org), name_of(&clients.okta), name_of(&clients.druva)];
            assert_eq!(found, expected, "{name}");
        }
    }
}
