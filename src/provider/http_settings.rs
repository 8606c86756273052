//! The arguments of the provider block for requests to both servers.

use std::time::Duration;

use secrecy::ExposeSecret;
use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::argument::{Argument, Environment, from_environment, path, whole_number};
use super::config::Config;
use super::{file, problems};
use crate::clients::Availability;
use crate::http;

const RETRIES: (f64, f64) = (0.0, 100.0);
const TIMEOUT_SECONDS: (f64, f64) = (1.0, 3600.0);
/// In characters. Servers refuse a header of a few thousand, and a request with it.
const LONGEST_USER_AGENT: usize = 256;

/// Parses the arguments.
///
/// # Errors
/// One for each argument that is wrong.
pub(super) fn parse(
    config: &Config,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<http::Settings>, Reported> {
    let name = "request_timeout_seconds";
    let retries = whole_number(&config.max_retries, RETRIES, "max_retries", path("max_retries"), diags);
    let timeout = whole_number(&config.request_timeout_seconds, TIMEOUT_SECONDS, name, path(name), diags);
    let proxy = parse_proxy(config, environment, diags);
    let certificates = parse_certificates(config, diags);
    let user_agent = parse_user_agent(environment, diags);
    let mut settings = http::Settings { user_agent: user_agent?, ..http::Settings::default() };
    let mut is_known = true;
    match retries? {
        Argument::Known(number, _) => settings.max_retries = number,
        Argument::Unknown => is_known = false,
        Argument::Nothing => {}
    }
    match timeout? {
        Argument::Known(seconds, _) => settings.request_timeout = Duration::from_secs(seconds.into()),
        Argument::Unknown => is_known = false,
        Argument::Nothing => {}
    }
    match proxy? {
        Availability::Ready(proxy) => settings.proxy = Some(proxy),
        Availability::Unknown => is_known = false,
        Availability::Missing => {}
    }
    match certificates? {
        Availability::Ready(pem) => settings.ca_certificates = Some(pem),
        Availability::Unknown => is_known = false,
        Availability::Missing => {}
    }
    Ok(if is_known { Availability::Ready(settings) } else { Availability::Unknown })
}

/// What follows our own name in the header: what the variable says that Terraform's own providers append to theirs.
fn parse_user_agent(environment: Environment<'_>, diags: &mut Diagnostics) -> Result<Option<String>, Reported> {
    let text = match from_environment("TF_APPEND_USER_AGENT", environment, diags)? {
        Argument::Known(text, _) => text,
        Argument::Unknown | Argument::Nothing => return Ok(None),
    };
    // On one line, in the characters of a header.
    let fit = |character: char| if character.is_ascii_graphic() { character } else { ' ' };
    let fitting: String = text.chars().take(LONGEST_USER_AGENT).map(fit).collect();
    let words: Vec<&str> = fitting.split_ascii_whitespace().collect();
    Ok((!words.is_empty()).then(|| words.join(" ")))
}

fn parse_proxy(
    config: &Config,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<http::Proxy>, Reported> {
    match &config.http_proxy {
        Value::Null => {
            let variable = |name| match from_environment(name, environment, diags) {
                Ok(Argument::Known(text, _)) => Some(text),
                Ok(Argument::Unknown | Argument::Nothing) | Err(_) => None,
            };
            match http::Proxy::from_environment(variable) {
                Ok(proxy) => Ok(proxy.map_or(Availability::Missing, Availability::Ready)),
                Err((variable, error)) => {
                    Err(diags.fail(problems::invalid_proxy(), format!("{variable} {error}."), AttributePath::root()))
                }
            }
        }
        Value::Unknown => Ok(Availability::Unknown),
        Value::Value(proxy) => http::Proxy::parse(proxy.expose_secret())
            .map(Availability::Ready)
            .map_err(|error| diags.fail(problems::invalid_proxy(), format!("http_proxy {error}."), path("http_proxy"))),
    }
}

fn parse_certificates(config: &Config, diags: &mut Diagnostics) -> Result<Availability<Vec<u8>>, Reported> {
    let name = match &config.ca_certificate_file {
        Value::Null => return Ok(Availability::Missing),
        Value::Unknown => return Ok(Availability::Unknown),
        Value::Value(name) => name,
    };
    let problem = match file::read(name) {
        Ok(pem) => match reqwest::Certificate::from_pem_bundle(&pem) {
            Ok(certificates) if !certificates.is_empty() => return Ok(Availability::Ready(pem.to_vec())),
            _ => format!("\"{name}\" holds no certificate in PEM (-----BEGIN CERTIFICATE-----)."),
        },
        Err(error) => format!("\"{name}\" cannot be read: {}", file::explain(name, &error)),
    };
    Err(diags.fail(problems::invalid_ca_certificate_file(), problem, path("ca_certificate_file")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_to_the_user_agent_is_fit_for_a_header() {
        let of = |text: &str| {
            let environment = |name: &str| (name == "TF_APPEND_USER_AGENT").then(|| text.into());
            parse_user_agent(&environment, &mut Diagnostics::default()).unwrap()
        };
        for (text, appended) in [
            ("pipeline/42 (team; druva)", Some("pipeline/42 (team; druva)")),
            (" pipeline/42\r\nAuthorization:\tx ", Some("pipeline/42 Authorization: x")),
            ("Bücher/1", Some("B cher/1")),
            (" \n", None),
            ("", None),
        ] {
            assert_eq!(of(text).as_deref(), appended, "{text:?}");
        }
        assert_eq!(of(&"x".repeat(1000)), Some("x".repeat(256)));
    }
}
