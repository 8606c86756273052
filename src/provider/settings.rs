//! The provider block with its environment fall-backs, parsed once: what is wrong is said on the argument concerned.

use std::ffi::OsString;
use std::io::Read;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use zeroize::Zeroizing;

use super::druva_settings::{self, DruvaSettings};
use super::okta_settings::{self, OktaBlock, OktaSettings};
use super::problems;
use crate::clients::Availability;
use crate::domain::OktaDomain;
use crate::framework::Report;
use crate::{http, okta, redaction};

const MAX_RETRIES: f64 = 100.0;
const MAX_TIMEOUT_SECONDS: f64 = 3600.0;
/// In bytes. The CA certificates of a whole system are a quarter of a megabyte.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// The provider block as Terraform sends it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    pub(super) client_id: Value<String>,
    #[serde(skip_serializing)]
    pub(super) client_secret: Value<SecretString>,
    #[serde(skip_serializing)]
    pub(super) access_token: Value<SecretString>,
    pub(super) cloud: Value<String>,
    pub(super) api_url: Value<String>,
    pub(super) okta_api_path: Value<String>,
    pub(super) okta: Value<OktaBlock>,
    pub(super) max_retries: Value<f64>,
    pub(super) request_timeout_seconds: Value<f64>,
    #[serde(skip_serializing)]
    pub(super) http_proxy: Value<SecretString>,
    pub(super) ca_certificate_file: Value<String>,
}

/// The provider block, parsed.
pub struct Settings {
    /// The address of the Okta org.
    pub org: Availability<OktaDomain>,
    /// The credential for Okta.
    pub okta: Availability<okta::Auth>,
    /// Druva.
    pub druva: Availability<DruvaSettings>,
    /// The way to both.
    pub http: Availability<http::Settings>,
}

/// Looks up an environment variable, which may hold bytes that are no text.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// An argument after the fall-back to the environment.
pub(super) enum Argument<T> {
    /// In the configuration, or in the named environment variable.
    Known(T, Option<&'static str>),
    Unknown,
    Nothing,
}

/// Parses the block. None when something is wrong, which is then in `diags`.
pub fn parse(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Option<Settings> {
    let mut http = parse_http(config, environment, diags);
    let OktaSettings { org, auth: okta, max_api_capacity } = okta_settings::parse(&config.okta, environment, diags);
    if let (Availability::Ready(http), Some(percent)) = (&mut http, max_api_capacity) {
        http.max_api_capacity = percent;
    }
    let druva = druva_settings::parse(config, environment, diags);
    diags.errors.is_empty().then_some(Settings { org, okta, druva, http })
}

/// Warns of what is no mistake and seldom meant.
pub fn warn(config: &Config, settings: &Settings, environment: Environment<'_>, diags: &mut Diagnostics) {
    okta_settings::warn_of_another_org(&config.okta, &settings.org, environment, diags);
}

fn parse_http(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Availability<http::Settings> {
    let mut settings = http::Settings::default();
    let mut is_known = true;
    match whole_number(&config.max_retries, 0.0, MAX_RETRIES, "max_retries", path("max_retries"), diags) {
        Argument::Known(number, _) => settings.max_retries = number,
        Argument::Unknown => is_known = false,
        Argument::Nothing => {}
    }
    let name = "request_timeout_seconds";
    match whole_number(&config.request_timeout_seconds, 1.0, MAX_TIMEOUT_SECONDS, name, path(name), diags) {
        Argument::Known(seconds, _) => settings.request_timeout = Duration::from_secs(seconds.into()),
        Argument::Unknown => is_known = false,
        Argument::Nothing => {}
    }
    match &config.http_proxy {
        Value::Null => {
            let mut variable = |name| match from_environment(name, environment, diags) {
                Argument::Known(text, _) => Some(text),
                Argument::Unknown | Argument::Nothing => None,
            };
            match http::Proxy::from_environment(&mut variable) {
                Ok(proxy) => settings.proxy = proxy,
                Err((variable, error)) => {
                    diags.fail(problems::invalid_proxy(), format!("{variable} {error}."), AttributePath::root());
                }
            }
        }
        Value::Unknown => is_known = false,
        Value::Value(proxy) => match http::Proxy::parse(proxy.expose_secret()) {
            Ok(proxy) => settings.proxy = Some(proxy),
            Err(error) => {
                diags.fail(problems::invalid_proxy(), format!("http_proxy {error}."), path("http_proxy"));
            }
        },
    }
    match &config.ca_certificate_file {
        Value::Null => {}
        Value::Unknown => is_known = false,
        Value::Value(file) => settings.ca_certificates = read_certificates(file, diags),
    }
    if is_known { Availability::Ready(settings) } else { Availability::Unknown }
}

fn read_certificates(file: &str, diags: &mut Diagnostics) -> Option<Vec<u8>> {
    let problem = match read_file(file) {
        Ok(pem) => match reqwest::Certificate::from_pem_bundle(&pem) {
            Ok(certificates) if !certificates.is_empty() => return Some(pem.to_vec()),
            _ => format!("\"{file}\" holds no certificate in PEM (-----BEGIN CERTIFICATE-----)."),
        },
        Err(error) => format!("\"{file}\" cannot be read: {error}."),
    };
    diags.fail(problems::invalid_ca_certificate_file(), problem, path("ca_certificate_file"));
    None
}

/// What a file holds that an argument names. It may be a key, and the path may be that of a pipe or of a device.
pub(super) fn read_file(path: &str) -> std::io::Result<Zeroizing<Vec<u8>>> {
    // Opening a pipe would wait for somebody to write into it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    std::fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// A number within its bounds. `name` is what the user wrote it under.
pub(super) fn whole_number(
    value: &Value<f64>,
    least: f64,
    most: f64,
    name: &'static str,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Argument<u32> {
    match value {
        Value::Null => Argument::Nothing,
        Value::Unknown => Argument::Unknown,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds were checked")]
        Value::Value(number) if number.fract() == 0.0 && (least..=most).contains(number) => {
            Argument::Known(*number as u32, None)
        }
        Value::Value(number) => {
            diags.fail(
                problems::invalid(name),
                format!("{name} is {number}; it must be a whole number from {least} to {most}."),
                attribute,
            );
            Argument::Nothing
        }
    }
}

/// A text from the configuration, else from the first of `variables` that is set and not empty.
pub(super) fn text(
    value: &Value<String>,
    variables: &[&'static str],
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Argument<String> {
    resolve(value, String::as_str, variables, environment, attribute, diags)
}

/// [`text`] for a credential.
pub(super) fn secret(
    value: &Value<SecretString>,
    variables: &[&'static str],
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Argument<SecretString> {
    resolve(value, |secret| secret.expose_secret(), variables, environment, attribute, diags)
}

fn resolve<T: Clone + From<String>>(
    value: &Value<T>,
    expose: impl Fn(&T) -> &str,
    variables: &[&'static str],
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Argument<T> {
    match value {
        Value::Unknown => Argument::Unknown,
        Value::Value(value) if expose(value).trim().is_empty() => {
            empty(variables, attribute, diags);
            Argument::Nothing
        }
        Value::Value(value) => Argument::Known(value.clone(), None),
        Value::Null => {
            let mut found = variables.iter().map(|variable| from_environment(variable, environment, diags));
            match found.find(|found| !matches!(found, Argument::Nothing)) {
                Some(Argument::Known(text, variable)) => Argument::Known(text.into(), variable),
                Some(Argument::Unknown) => Argument::Unknown,
                Some(Argument::Nothing) | None => Argument::Nothing,
            }
        }
    }
}

/// What a variable holds, unless it is not set or blank. What is no text is reported here, and is as good as unknown: it is
/// given, and nobody can say what it is.
pub(super) fn from_environment(
    variable: &'static str,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Argument<String> {
    match environment(variable).map(OsString::into_string) {
        Some(Ok(text)) if !text.trim().is_empty() => Argument::Known(text, Some(variable)),
        Some(Err(_)) => {
            diags.fail(
                problems::not_utf8(variable),
                format!(
                    "The environment variable {variable} is set to bytes that are not UTF-8 text, so it may have been damaged \
                     on its way. They are not shown. Set it again, or unset it."
                ),
                // A variable has no line in the configuration.
                AttributePath::root(),
            );
            Argument::Unknown
        }
        _ => Argument::Nothing,
    }
}

/// Whether a variable is set to more than blanks, be it text or not.
pub(super) fn is_set(variable: &str, environment: Environment<'_>) -> bool {
    environment(variable).is_some_and(|value| value.to_str().is_none_or(|text| !text.trim().is_empty()))
}

/// [`secret`] for one that is sent in a header, where blanks and line breaks come from a careless copy.
pub(super) fn token(
    value: &Value<SecretString>,
    variables: &[&'static str],
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Argument<SecretString> {
    let given = secret(value, variables, environment, attribute.clone(), diags);
    if let Argument::Known(secret, variable) = &given {
        redaction::hold(secret.expose_secret());
        refuse_stray_characters(secret.expose_secret(), *variable, attribute, diags);
    }
    given
}

/// [`text`] for an id, likewise.
pub(super) fn identifier(
    value: &Value<String>,
    variables: &[&'static str],
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Argument<String> {
    let given = text(value, variables, environment, attribute.clone(), diags);
    if let Argument::Known(id, variable) = &given {
        refuse_stray_characters(id, *variable, attribute, diags);
    }
    given
}

fn refuse_stray_characters(
    text: &str,
    variable: Option<&'static str>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) {
    if text.contains(|character: char| !character.is_ascii_graphic()) {
        // A variable has no line in the configuration.
        let (name, attribute) = match variable {
            Some(variable) => (variable.to_owned(), AttributePath::root()),
            None => (attribute.to_string(), attribute),
        };
        diags.fail(
            problems::invalid(&name),
            format!(
                "{name} holds blanks, line breaks or characters outside ASCII: it may have been copied with more than \
                 itself."
            ),
            attribute,
        );
    }
}

fn empty(variables: &[&'static str], attribute: AttributePath, diags: &mut Diagnostics) {
    let name = attribute.to_string();
    diags.fail(
        problems::empty(&name),
        match variables.first() {
            Some(variable) => format!("{name} is an empty text. Leave it out to use {variable}, or give a value."),
            None => format!("{name} is an empty text. Leave it out, or give a value."),
        },
        attribute,
    );
}

pub(super) fn path(name: &'static str) -> AttributePath {
    AttributePath::new(name)
}

#[cfg(test)]
mod tests;
