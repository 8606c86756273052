//! The `okta` block of the provider block: where the org is, and exactly one credential.
//!
//! Names and environment variables are those of Okta's own provider.

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::argument::{Argument, Environment, from_environment, identifier, is_set, path, secret, token, whole_number};
use super::config::OktaBlock;
use super::{okta_key, okta_org, presence, problems};
use crate::clients::Availability;
use crate::clients::problems::no_okta_org;
use crate::domain::OktaDomain;
use crate::okta::Auth;
use crate::okta::auth::ServiceApp;

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
    let org = okta_org::parse(block, environment, diags);
    let auth = parse_auth(block, environment, diags);
    let capacity = parse_capacity(block, environment, diags);
    let gives_credential = block.api_token.is_value() || block.access_token.is_value() || block.private_key.is_value();
    if matches!(org, Ok(Availability::Missing)) && gives_credential && diags.errors.is_empty() {
        let detail = explain_missing(block, true, false, environment);
        return Err(diags.fail(no_okta_org(), detail, AttributePath::root()));
    }
    let (org, auth) = (org?, auth?);
    Ok(match capacity? {
        Argument::Known(percent, _) => OktaSettings { org, auth, max_api_capacity: Some(percent) },
        Argument::Nothing => OktaSettings { org, auth, max_api_capacity: None },
        // Nothing is asked of Okta before it is known how much may be.
        Argument::Unknown => OktaSettings { org, auth: Availability::Unknown, max_api_capacity: None },
    })
}

/// What to say where Okta is needed and its address or its credential is missing.
pub(super) fn missing(
    block: &Value<OktaBlock>,
    org: &Availability<OktaDomain>,
    auth: &Availability<Auth>,
    environment: Environment<'_>,
) -> String {
    let nothing = OktaBlock::default();
    let block = if let Value::Value(block) = block { block } else { &nothing };
    let is_there = (!matches!(auth, Availability::Missing), !matches!(org, Availability::Missing));
    explain_missing(block, is_there.0, is_there.1, environment)
}

fn explain_missing(block: &OktaBlock, has_credential: bool, has_org: bool, environment: Environment<'_>) -> String {
    let list = presence::list(
        &[
            ("okta.org_url", !block.org_url.is_null(), "OKTA_ORG_URL"),
            ("", false, "OKTA_ORG_NAME"),
            ("okta.client_id", !block.client_id.is_null(), "OKTA_API_CLIENT_ID"),
            ("okta.private_key", !block.private_key.is_null(), "OKTA_API_PRIVATE_KEY"),
            ("okta.api_token", !block.api_token.is_null(), "OKTA_API_TOKEN"),
            ("okta.access_token", !block.access_token.is_null(), "OKTA_ACCESS_TOKEN"),
        ],
        environment,
    );
    let what = match (has_credential, has_org) {
        (true, _) => "A credential is set, and the address of the org is missing",
        (false, true) => "The address of the org is set, and a credential is missing",
        (false, false) => "The address of the org and a credential are missing",
    };
    let address = if has_org {
        ""
    } else {
        "\n\nSet okta.org_url, or the variable:\n\n  export OKTA_ORG_URL=https://example.okta.com"
    };
    let names_app = !block.client_id.is_null() || is_set("OKTA_API_CLIENT_ID", environment);
    let credential = if has_credential {
        ""
    } else if names_app {
        "\n\nThe client id needs the private key of its app: set OKTA_API_PRIVATE_KEY (okta.private_key)."
    } else {
        "\n\nSet one of these credentials, the usual one first:\n  \
         - OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY (okta.client_id, okta.private_key): a service app\n  \
         - OKTA_API_TOKEN (okta.api_token): an API token\n  \
         - OKTA_ACCESS_TOKEN (okta.access_token): an access token that somebody else obtained"
    };
    format!("This needs access to Okta. {what}:{list}{address}{credential}")
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
        return Err(diags.fail(problems::conflicting_credentials_of_okta(), detail, okta(second)));
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
                    problems::conflicting_credentials_of_okta(),
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
    let key_argument = match &key {
        Ok(Argument::Known(_, Some(variable))) => variable,
        _ => "okta.private_key",
    };
    let key = match key? {
        Argument::Known(key, _) => okta_key::read(&key, key_argument, diags)?,
        Argument::Unknown => return Ok(Availability::Unknown),
        Argument::Nothing => {
            let whose = match &client_id {
                Ok(Argument::Known(_, Some(variable))) => variable,
                _ => "okta.client_id",
            };
            let absent = presence::absent("okta.private_key", "OKTA_API_PRIVATE_KEY", environment);
            return Err(diags.fail(
                problems::no_private_key(),
                format!(
                    "{whose} is set, and its private key is missing: {absent}. Set one of them to the key, in PEM or as a JWK, \
                     or to the path of a file that holds it."
                ),
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
                format!(
                    "{key_argument} is set, and the client id of its app is missing: {}.",
                    presence::absent("okta.client_id", "OKTA_API_CLIENT_ID", environment)
                ),
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
            Argument::Known(listed, _) => listed
                .split(|sign: char| sign == ',' || sign.is_whitespace())
                .filter(|scope| !scope.is_empty())
                .map(str::to_owned)
                .collect(),
            Argument::Nothing => Vec::new(),
            Argument::Unknown => return Ok(None),
        },
    };
    Ok(Some(if scopes.is_empty() { DEFAULT_SCOPES.map(str::to_owned).into() } else { scopes }))
}

/// An argument of the block: Terraform shows its line. Where it is missing, that would be the first line of the block,
/// which may be its only one and hold a credential: what is missing has the path of nothing.
fn okta(name: &'static str) -> AttributePath {
    path("okta").attribute(name)
}

#[cfg(test)]
mod tests;
