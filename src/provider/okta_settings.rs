//! The `okta` block of the provider block: where the org is, and exactly one credential.
//!
//! Names and environment variables are those of Okta's own provider.

use secrecy::{ExposeSecret, SecretString};
use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::argument::{
    Argument, Environment, from_environment, identifier, is_set, path, secret, text, token, whole_number,
};
use super::config::OktaBlock;
use super::{file, problems};
use crate::clients::Availability;
use crate::domain::OktaDomain;
use crate::okta::Auth;
use crate::okta::auth::{PrivateKey, ServiceApp};

const DEFAULT_BASE_URL: &str = "okta.com";
/// What this provider calls. Okta grants no more than the app was given, and refuses to ask for more.
const DEFAULT_SCOPES: [&str; 2] = ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"];

/// The block, parsed.
pub(super) struct OktaSettings {
    /// The address of the org.
    pub org: Availability<OktaDomain>,
    /// The credential.
    pub auth: Availability<Auth>,
    /// How much of Okta's rate limits may be used, in percent, if that is given.
    pub max_api_capacity: Option<u32>,
}

/// Parses the block.
///
/// # Errors
/// One for each argument that is wrong.
pub(super) fn parse(
    block: &Value<OktaBlock>,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<OktaSettings, Reported> {
    let nothing = OktaBlock::default();
    let block = match block {
        Value::Value(block) => block,
        Value::Null => &nothing,
        Value::Unknown => {
            let (org, auth) = (Availability::Unknown, Availability::Unknown);
            return Ok(OktaSettings { org, auth, max_api_capacity: None });
        }
    };
    let org = parse_org(block, environment, diags);
    let auth = parse_auth(block, environment, diags);
    let capacity = parse_capacity(block, environment, diags);
    let gives_credential = block.api_token.is_value() || block.access_token.is_value() || block.private_key.is_value();
    if matches!(org, Ok(Availability::Missing)) && gives_credential && diags.errors.is_empty() {
        return Err(diags.fail(
            problems::no_okta_org(),
            "A credential for Okta is given, the org is not: set okta.org_url or OKTA_ORG_URL, as in \
             \"https://example.okta.com\" (or OKTA_ORG_NAME and OKTA_BASE_URL).",
            AttributePath::root(),
        ));
    }
    let (org, auth) = (org?, auth?);
    Ok(match capacity? {
        Argument::Known(percent, _) => OktaSettings { org, auth, max_api_capacity: Some(percent) },
        Argument::Nothing => OktaSettings { org, auth, max_api_capacity: None },
        // Nothing is asked of Okta before it is known how much may be.
        Argument::Unknown => OktaSettings { org, auth: Availability::Unknown, max_api_capacity: None },
    })
}

/// Warns where the block gives a credential, and the environment alone names the org. Okta would tell a token of another org
/// apart, but not a client id that both orgs have; and a run with another environment would change another org.
pub(super) fn warn_of_another_org(
    block: &Value<OktaBlock>,
    org: &Availability<OktaDomain>,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) {
    let (Value::Value(block), Availability::Ready(org)) = (block, org) else { return };
    let credentials = [
        ("api_token", block.api_token.is_null()),
        ("access_token", block.access_token.is_null()),
        ("private_key", block.private_key.is_null()),
        ("client_id", block.client_id.is_null()),
    ];
    let credential = credentials.into_iter().find_map(|(name, is_null)| (!is_null).then_some(name));
    let variable = ["OKTA_ORG_URL", "OKTA_ORG_NAME"].into_iter().find(|variable| is_set(variable, environment));
    if let (true, Some(credential), Some(variable)) = (block.org_url.is_null(), credential, variable) {
        let org = org.origin();
        diags.warn(
            problems::org_of_the_environment(),
            format!(
                "The okta block gives {credential} and no org_url, so the org is the one that {variable} in the \
                 environment names: {org}. If that is the org that is meant, write org_url = \"{org}\" in the okta \
                 block, which then means the same org wherever Terraform runs."
            ),
            AttributePath::root(),
        );
    }
}

/// Okta's provider takes it from the environment too, so that one variable does for both.
fn parse_capacity(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Argument<u32>, Reported> {
    const VARIABLE: &str = "MAX_API_CAPACITY";
    const PERCENT: (f64, f64) = (1.0, 100.0);
    if !block.max_api_capacity.is_null() {
        let (name, attribute) = ("okta.max_api_capacity", okta("max_api_capacity"));
        return whole_number(&block.max_api_capacity, PERCENT, name, attribute, diags);
    }
    match from_environment(VARIABLE, environment, diags)? {
        Argument::Known(text, _) => match text.trim().parse() {
            Ok(number) => whole_number(&Value::Value(number), PERCENT, VARIABLE, AttributePath::root(), diags),
            Err(_) => {
                let detail = format!("{VARIABLE} is \"{text}\"; it must be a whole number from 1 to 100.");
                Err(diags.fail(problems::invalid(VARIABLE), detail, AttributePath::root()))
            }
        },
        Argument::Unknown => Ok(Argument::Unknown),
        Argument::Nothing => Ok(Argument::Nothing),
    }
}

fn parse_org(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<OktaDomain>, Reported> {
    let (address, argument) = match text(&block.org_url, "OKTA_ORG_URL", environment, okta("org_url"), diags)? {
        Argument::Known(address, variable) => (address, variable.unwrap_or("okta.org_url")),
        Argument::Unknown => return Ok(Availability::Unknown),
        Argument::Nothing => match from_environment("OKTA_ORG_NAME", environment, diags)? {
            Argument::Known(name, _) => {
                let base = match from_environment("OKTA_BASE_URL", environment, diags)? {
                    Argument::Known(base, _) => base,
                    Argument::Nothing => DEFAULT_BASE_URL.to_owned(),
                    Argument::Unknown => return Ok(Availability::Unknown),
                };
                (format!("https://{name}.{base}"), "OKTA_ORG_NAME with OKTA_BASE_URL")
            }
            Argument::Unknown => return Ok(Availability::Unknown),
            Argument::Nothing => return Ok(Availability::Missing),
        },
    };
    OktaDomain::parse(&address).map(Availability::Ready).map_err(|error| {
        diags.fail(
            problems::invalid_okta_org(),
            format!("{argument} {error}. It is the address of the org, as in \"https://example.okta.com\"."),
            // Terraform would print the line, and a password before an @ with it.
            if block.org_url.is_null() || address.contains('@') { AttributePath::root() } else { okta("org_url") },
        )
    })
}

/// Exactly one credential. What the block gives comes before the environment.
fn parse_auth(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<Auth>, Reported> {
    let named = [
        ("api_token", block.api_token.is_value()),
        ("access_token", block.access_token.is_value()),
        ("private_key", block.private_key.is_value()),
    ];
    let given: Vec<&'static str> = named.into_iter().filter_map(|(name, is_given)| is_given.then_some(name)).collect();
    if let [_, second, ..] = given[..] {
        let found = given.iter().map(|name| format!("okta.{name}")).collect::<Vec<_>>().join(" and ");
        let detail = format!("Found {found}: leave exactly one.");
        return Err(diags.fail(problems::several_ways_into_okta(), detail, okta(second)));
    }
    let is_unknown = block.api_token.is_unknown() || block.access_token.is_unknown() || block.private_key.is_unknown();
    // A client id says which one is meant, also when its key comes from the environment.
    let service_app = given == ["private_key"] || !block.client_id.is_null();
    match given.first() {
        Some(&"api_token") => api_token(block, environment, diags),
        Some(&"access_token") => access_token(block, environment, diags),
        _ if is_unknown => Ok(Availability::Unknown),
        _ if service_app => parse_service_app(block, environment, diags),
        _ => {
            let variables = ["OKTA_API_TOKEN", "OKTA_ACCESS_TOKEN", "OKTA_API_PRIVATE_KEY"];
            let found: Vec<&str> = variables.into_iter().filter(|variable| is_set(variable, environment)).collect();
            match found[..] {
                [] => Ok(Availability::Missing),
                ["OKTA_API_TOKEN"] => api_token(block, environment, diags),
                ["OKTA_ACCESS_TOKEN"] => access_token(block, environment, diags),
                [_] => parse_service_app(block, environment, diags),
                _ => Err(diags.fail(
                    problems::several_ways_into_okta(),
                    format!(
                        "The environment has {}: leave exactly one, or say in the okta block which one is meant.",
                        found.join(" and ")
                    ),
                    AttributePath::root(),
                )),
            }
        }
    }
}

fn api_token(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<Auth>, Reported> {
    Ok(match token(&block.api_token, "OKTA_API_TOKEN", environment, okta("api_token"), diags)? {
        Argument::Known(token, _) => Availability::Ready(Auth::ApiToken(token)),
        Argument::Unknown => Availability::Unknown,
        Argument::Nothing => Availability::Missing,
    })
}

fn access_token(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<Auth>, Reported> {
    Ok(match token(&block.access_token, "OKTA_ACCESS_TOKEN", environment, okta("access_token"), diags)? {
        Argument::Known(token, _) => Availability::Ready(Auth::AccessToken(token)),
        Argument::Unknown => Availability::Unknown,
        Argument::Nothing => Availability::Missing,
    })
}

fn parse_service_app(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<Auth>, Reported> {
    let client_id = identifier(&block.client_id, "OKTA_API_CLIENT_ID", environment, okta("client_id"), diags);
    let key = secret(&block.private_key, "OKTA_API_PRIVATE_KEY", environment, okta("private_key"), diags);
    let key_id =
        identifier(&block.private_key_id, "OKTA_API_PRIVATE_KEY_ID", environment, okta("private_key_id"), diags);
    let scopes = parse_scopes(block, environment, diags);
    let key = match key? {
        Argument::Known(key, variable) => read_key(&key, variable.unwrap_or("okta.private_key"), diags)?,
        Argument::Unknown => return Ok(Availability::Unknown),
        Argument::Nothing => {
            return Err(diags.fail(
                problems::no_private_key(),
                "A client id is given, its private key is not: set okta.private_key or OKTA_API_PRIVATE_KEY to the key, \
                 in PEM or as a JWK, or to the path of a file that holds it.",
                okta("private_key"),
            ));
        }
    };
    let client_id = match client_id? {
        Argument::Known(client_id, _) => client_id,
        Argument::Unknown => return Ok(Availability::Unknown),
        Argument::Nothing => {
            return Err(diags.fail(
                problems::no_client_id(),
                "A private key is given, the client id is not: set okta.client_id or OKTA_API_CLIENT_ID.",
                AttributePath::root(),
            ));
        }
    };
    let key_id = match key_id? {
        Argument::Known(key_id, _) => Some(key_id),
        Argument::Unknown => return Ok(Availability::Unknown),
        Argument::Nothing => None,
    };
    Ok(match scopes? {
        Some(scopes) => {
            let app = ServiceApp::new(client_id, key, key_id, scopes);
            Availability::Ready(Auth::ServiceApp(Box::new(app)))
        }
        None => Availability::Unknown,
    })
}

/// The scopes to ask for; None when they are unknown.
fn parse_scopes(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Option<Vec<String>>, Reported> {
    let scopes: Vec<String> = match &block.scopes {
        Value::Unknown => return Ok(None),
        Value::Value(scopes) if scopes.iter().any(Value::is_unknown) => return Ok(None),
        Value::Value(scopes) => scopes.iter().filter_map(|scope| scope.as_ref_option().cloned()).collect(),
        Value::Null => match from_environment("OKTA_API_SCOPES", environment, diags)? {
            Argument::Known(listed, _) => {
                listed.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
            }
            Argument::Nothing => Vec::new(),
            Argument::Unknown => return Ok(None),
        },
    };
    Ok(Some(if scopes.is_empty() { DEFAULT_SCOPES.map(str::to_owned).into() } else { scopes }))
}

/// The key itself, or what the file holds that the text names.
fn read_key(text: &SecretString, argument: &str, diags: &mut Diagnostics) -> Result<PrivateKey, Reported> {
    let text = text.expose_secret();
    let key = if PrivateKey::is_meant_by(text) {
        PrivateKey::parse(text).map_err(|error| format!("{argument} {error}."))
    } else if text.contains('\n') || text.len() > 4096 {
        Err(format!(
            "{argument} is neither a key in PEM (-----BEGIN … PRIVATE KEY-----), nor a JWK, nor the path of a file."
        ))
    } else {
        match file::read(text) {
            Ok(key) => PrivateKey::parse(&String::from_utf8_lossy(&key))
                .map_err(|error| format!("The file that {argument} names {error}.")),
            // The text itself is not shown: it may be a damaged key.
            Err(error) => Err(format!(
                "{argument} is neither a key in PEM nor a JWK, and as the path of a file it cannot be read: {error}."
            )),
        }
    };
    key.map_err(|problem| diags.fail(problems::invalid_private_key(), problem, okta("private_key")))
}

/// An argument of the block: Terraform shows its line. Where it is missing, that would be the first line of the block,
/// which may be its only one and hold a credential: what is missing has the path of nothing.
fn okta(name: &'static str) -> AttributePath {
    path("okta").attribute(name)
}

#[cfg(test)]
mod tests;
