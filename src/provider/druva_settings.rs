//! The arguments of the provider block for Druva: where it is, and one credential.

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use url::Url;

use super::argument::{Argument, Environment, identifier, is_set, path, text, token};
use super::config::Config;
use super::{presence, problems};
use crate::clients::Availability;
use crate::domain::api_base;
use crate::druva::okta_links::DEFAULT_PREFIX;
use crate::druva::{Auth, Cloud, Credentials};

const API_URL: &str = "DRUVA_API_URL";
const CLIENT_ID: &str = "DRUVA_CLIENT_ID";
const CLIENT_SECRET: &str = "DRUVA_CLIENT_SECRET";
const ACCESS_TOKEN: &str = "DRUVA_ACCESS_TOKEN";

/// How to reach Druva.
pub struct DruvaSettings {
    /// The base URL.
    pub api_url: Url,
    /// The prefix of the assumed endpoints.
    pub okta_api_path: String,
    /// The credential.
    pub auth: Auth,
}

/// Parses the arguments.
///
/// # Errors
/// One for each argument that is wrong.
pub(super) fn parse(
    config: &Config,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<DruvaSettings>, Reported> {
    let api_url = parse_base(config, environment, diags);
    let okta_api_path = parse_okta_api_path(config, diags);
    let auth = parse_auth(config, environment, diags);
    Ok(match (auth?, api_url?, okta_api_path?) {
        (Availability::Ready(auth), Some(api_url), Some(okta_api_path)) => {
            Availability::Ready(DruvaSettings { api_url, okta_api_path, auth })
        }
        (Availability::Missing, ..) => Availability::Missing,
        _ => Availability::Unknown,
    })
}

/// What to say where Druva is needed and its credential is missing.
pub(super) fn missing(config: &Config, environment: Environment<'_>) -> String {
    let list = presence::list(
        &[
            ("client_id", !config.client_id.is_null(), CLIENT_ID),
            ("client_secret", !config.client_secret.is_null(), CLIENT_SECRET),
            ("access_token", !config.access_token.is_null(), ACCESS_TOKEN),
        ],
        environment,
    );
    format!(
        "This needs access to Druva. A credential is missing:{list}\n\nSet {CLIENT_ID} and {CLIENT_SECRET} (client_id, \
         client_secret) to API credentials of the Druva Cloud Platform Console, or {ACCESS_TOKEN} (access_token) to a token that \
         somebody else obtained."
    )
}

/// One credential at most. What the block gives comes before the environment.
fn parse_auth(
    config: &Config,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<Auth>, Reported> {
    let gives_credentials = config.client_id.is_value() || config.client_secret.is_value();
    if config.access_token.is_value() && gives_credentials {
        let other = if config.client_id.is_value() { "client_id" } else { "client_secret" };
        return Err(diags.fail(
            problems::conflicting_credentials_of_druva(),
            format!("Found access_token and {other}: leave the token, or client_id with client_secret."),
            path("access_token"),
        ));
    }
    if config.access_token.is_value() {
        return access_token(config, environment, diags);
    }
    if config.access_token.is_unknown() {
        return Ok(Availability::Unknown);
    }
    let may_be_credentials = !config.client_id.is_null() || !config.client_secret.is_null();
    if may_be_credentials || !is_set(ACCESS_TOKEN, environment) {
        return credentials(config, environment, diags);
    }
    if let Some(other) = [CLIENT_ID, CLIENT_SECRET].into_iter().find(|variable| is_set(variable, environment)) {
        return Err(diags.fail(
            problems::conflicting_credentials_of_druva(),
            format!(
                "The environment has {ACCESS_TOKEN} and {other}: leave the token, or {CLIENT_ID} with {CLIENT_SECRET}, or say \
                 in the provider block which one is meant."
            ),
            AttributePath::root(),
        ));
    }
    access_token(config, environment, diags)
}

fn access_token(
    config: &Config,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<Auth>, Reported> {
    Ok(match token(&config.access_token, ACCESS_TOKEN, environment, path("access_token"), diags)? {
        Argument::Known(token, _) => Availability::Ready(Auth::AccessToken(token)),
        Argument::Unknown => Availability::Unknown,
        Argument::Nothing => Availability::Missing,
    })
}

fn credentials(
    config: &Config,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<Auth>, Reported> {
    let client_id = identifier(&config.client_id, CLIENT_ID, environment, path("client_id"), diags);
    let secret = token(&config.client_secret, CLIENT_SECRET, environment, path("client_secret"), diags);
    match (client_id?, secret?) {
        (Argument::Nothing, Argument::Nothing) => Ok(Availability::Missing),
        (Argument::Known(_, variable), Argument::Nothing) => Err(diags.fail(
            problems::half_of_the_credentials(),
            format!(
                "{} is set, and its secret is missing: {}.",
                variable.unwrap_or("client_id"),
                presence::absent("client_secret", CLIENT_SECRET, environment)
            ),
            path("client_secret"),
        )),
        (Argument::Nothing, Argument::Known(_, variable)) => Err(diags.fail(
            problems::half_of_the_credentials(),
            format!(
                "{} is set, and its client id is missing: {}.",
                variable.unwrap_or("client_secret"),
                presence::absent("client_id", CLIENT_ID, environment)
            ),
            path("client_id"),
        )),
        (Argument::Known(client_id, _), Argument::Known(client_secret, _)) => {
            Ok(Availability::Ready(Auth::Credentials(Credentials::new(client_id, client_secret))))
        }
        _ => Ok(Availability::Unknown),
    }
}

/// The prefix of the assumed endpoints; None when it is unknown.
fn parse_okta_api_path(config: &Config, diags: &mut Diagnostics) -> Result<Option<String>, Reported> {
    match &config.okta_api_path {
        Value::Null => Ok(Some(DEFAULT_PREFIX.to_owned())),
        Value::Unknown => Ok(None),
        Value::Value(prefix) => {
            if !prefix.starts_with('/') || prefix.contains(['?', '#', ' ']) || prefix.contains("..") {
                return Err(diags.fail(
                    problems::invalid_okta_api_path(),
                    format!("okta_api_path is the path below Druva's base URL, as in \"{DEFAULT_PREFIX}\"."),
                    path("okta_api_path"),
                ));
            }
            Ok(Some(prefix.clone()))
        }
    }
}

/// The base URL; None when it is unknown.
fn parse_base(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Result<Option<Url>, Reported> {
    let cloud = parse_cloud(config, diags);
    let (text, variable) = match text(&config.api_url, API_URL, environment, path("api_url"), diags)? {
        Argument::Nothing => return Ok(cloud?.and_then(|cloud| Url::parse(cloud.api_url()).ok())),
        Argument::Unknown => return cloud.map(|_| None),
        Argument::Known(text, variable) => (text, variable),
    };
    match api_base(&text) {
        Some(base) => cloud.map(|_| Some(base)),
        None => Err(diags.fail(
            problems::invalid_api_url(),
            format!(
                "{} must be an https:// URL without user name, password, query and fragment (plain http is accepted for loopback \
                 addresses only).",
                variable.unwrap_or("api_url")
            ),
            // Terraform would print the line, and a password before an @ with it.
            if text.contains('@') { AttributePath::root() } else { path("api_url") },
        )),
    }
}

/// None when it is unknown.
fn parse_cloud(config: &Config, diags: &mut Diagnostics) -> Result<Option<Cloud>, Reported> {
    match &config.cloud {
        Value::Null => Ok(Some(Cloud::Public)),
        Value::Unknown => Ok(None),
        Value::Value(name) => Cloud::ALL.into_iter().find(|cloud| cloud.name() == name).map(Some).ok_or_else(|| {
            let names = Cloud::ALL.map(|cloud| format!("\"{}\" ({})", cloud.name(), cloud.api_url())).join(", ");
            let detail = format!("cloud is \"{name}\"; known are {names}.");
            diags.fail(problems::unknown_cloud(), detail, path("cloud"))
        }),
    }
}
