//! The arguments of the provider block for Druva: where it is, and exactly one way to get in.

use secrecy::SecretString;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use url::Url;

use super::problems;
use super::settings::{Argument, Config, Environment, identifier, is_set, path, text, token};
use crate::clients::Availability;
use crate::domain::api_base;
use crate::druva::{Auth, Cloud, Credentials};
use crate::framework::Report;

/// Where the assumed link API lies below Druva's base URL.
pub(super) const DEFAULT_OKTA_API_PATH: &str = "/okta/v1";
const CLIENT_ID: &str = "DRUVA_CLIENT_ID";
const CLIENT_SECRET: &str = "DRUVA_CLIENT_SECRET";
const ACCESS_TOKEN: &str = "DRUVA_ACCESS_TOKEN";

/// How to reach Druva.
pub struct DruvaSettings {
    /// The base URL.
    pub api_url: Url,
    /// The prefix of the assumed endpoints.
    pub okta_api_path: String,
    /// The way in.
    pub auth: Auth,
}

/// Parses the arguments. What is wrong is in `diags`.
pub(super) fn parse(
    config: &Config,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Availability<DruvaSettings> {
    let base = parse_base(config, environment, diags);
    let okta_api_path = parse_okta_api_path(config, diags);
    match (parse_auth(config, environment, diags), base, okta_api_path) {
        (Availability::Ready(auth), Some(api_url), Some(okta_api_path)) => {
            Availability::Ready(DruvaSettings { api_url, okta_api_path, auth })
        }
        (Availability::Missing, ..) => Availability::Missing,
        _ => Availability::Unknown,
    }
}

/// One way of authentication at most. What the block gives comes before the environment.
fn parse_auth(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Availability<Auth> {
    let gives_credentials = config.client_id.is_value() || config.client_secret.is_value();
    if config.access_token.is_value() && gives_credentials {
        let other = if config.client_id.is_value() { "client_id" } else { "client_secret" };
        diags.fail(
            problems::several_ways_into_druva(),
            format!("Found access_token and {other}: leave the token, or client_id with client_secret."),
            path("access_token"),
        );
        return Availability::Missing;
    }
    if config.access_token.is_value() {
        return access_token(config, environment, diags);
    }
    if config.access_token.is_unknown() {
        return Availability::Unknown;
    }
    let may_be_credentials = !config.client_id.is_null() || !config.client_secret.is_null();
    if may_be_credentials || !is_set(ACCESS_TOKEN, environment) {
        return credentials(config, environment, diags);
    }
    if let Some(other) = [CLIENT_ID, CLIENT_SECRET].into_iter().find(|variable| is_set(variable, environment)) {
        diags.fail(
            problems::several_ways_into_druva(),
            format!(
                "The environment has {ACCESS_TOKEN} and {other}: leave the token, or {CLIENT_ID} with {CLIENT_SECRET}, or say \
                 in the provider block which one is meant."
            ),
            AttributePath::root(),
        );
        return Availability::Missing;
    }
    access_token(config, environment, diags)
}

fn access_token(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Availability<Auth> {
    match token(&config.access_token, &[ACCESS_TOKEN], environment, path("access_token"), diags) {
        Argument::Known(token, _) => Availability::Ready(Auth::AccessToken(token)),
        Argument::Unknown => Availability::Unknown,
        Argument::Nothing => Availability::Missing,
    }
}

fn credentials(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Availability<Auth> {
    let client_id = identifier(&config.client_id, &[CLIENT_ID], environment, path("client_id"), diags);
    let secret: Argument<SecretString> =
        token(&config.client_secret, &[CLIENT_SECRET], environment, path("client_secret"), diags);
    match (client_id, secret) {
        (Argument::Nothing, Argument::Nothing) => Availability::Missing,
        (Argument::Known(..), Argument::Nothing) => {
            diags.fail(
                problems::half_of_the_credentials(),
                format!("The client id is given, the client secret is not: set client_secret or {CLIENT_SECRET}."),
                path("client_secret"),
            );
            Availability::Missing
        }
        (Argument::Nothing, Argument::Known(..)) => {
            diags.fail(
                problems::half_of_the_credentials(),
                format!("The client secret is given, the client id is not: set client_id or {CLIENT_ID}."),
                path("client_id"),
            );
            Availability::Missing
        }
        (Argument::Known(client_id, _), Argument::Known(client_secret, _)) => {
            Availability::Ready(Auth::Credentials(Credentials::new(client_id, client_secret)))
        }
        _ => Availability::Unknown,
    }
}

/// The prefix of the assumed endpoints; None when it is unknown.
fn parse_okta_api_path(config: &Config, diags: &mut Diagnostics) -> Option<String> {
    match &config.okta_api_path {
        Value::Null => Some(DEFAULT_OKTA_API_PATH.to_owned()),
        Value::Unknown => None,
        Value::Value(prefix) => {
            if !prefix.starts_with('/') || prefix.contains(['?', '#', ' ']) || prefix.contains("..") {
                diags.fail(
                    problems::invalid_okta_api_path(),
                    format!("okta_api_path is the path below Druva's base URL, as in \"{DEFAULT_OKTA_API_PATH}\"."),
                    path("okta_api_path"),
                );
            }
            Some(prefix.clone())
        }
    }
}

/// The base URL; None when it is unknown or wrong.
fn parse_base(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Option<Url> {
    let cloud = match &config.cloud {
        Value::Null => Some(Cloud::Public),
        Value::Unknown => None,
        Value::Value(name) => {
            let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.name() == name);
            if cloud.is_none() {
                let names = Cloud::ALL.map(|cloud| format!("\"{}\" ({})", cloud.name(), cloud.api_url())).join(", ");
                diags.fail(
                    problems::unknown_cloud(),
                    format!("cloud is \"{name}\"; known are {names}."),
                    path("cloud"),
                );
            }
            cloud
        }
    };
    match text(&config.api_url, &["DRUVA_API_URL"], environment, path("api_url"), diags) {
        Argument::Nothing => Url::parse(cloud?.api_url()).ok(),
        Argument::Unknown => None,
        Argument::Known(text, variable) => {
            let base = api_base(&text);
            if base.is_none() {
                diags.fail(
                    problems::invalid_api_url(),
                    format!(
                        "{} must be an https:// URL without user name, password, query and fragment (plain http is accepted for loopback \
                         addresses only).",
                        variable.unwrap_or("api_url")
                    ),
                    // Terraform would print the line, and a password before an @ with it.
                    if text.contains('@') { AttributePath::root() } else { path("api_url") },
                );
            }
            base
        }
    }
}
