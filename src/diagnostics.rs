//! From the clients' errors to what the user reads: what failed, in the server's words, and what to do next.
//!
//! This is the one place where that is decided. A title says what could not be done; the detail starts with the answer
//! and ends with a step that the reader can take.

use reqwest::StatusCode;
use tf_provider::{AttributePath, Diagnostics};

use crate::domain::OktaDomain;
use crate::framework::Report;
use crate::{druva, http, okta};

/// Reports that `doing` failed because of Okta. `doing` continues "Cannot", as in "install the integration".
pub fn okta(diags: &mut Diagnostics, doing: &str, error: &okta::Error, attribute: AttributePath) {
    diags.fail(format!("Cannot {doing}"), explain_okta(error), attribute);
}

/// What Okta said, and what to do next.
#[must_use]
pub fn explain_okta(error: &okta::Error) -> String {
    let said = match error {
        okta::Error::Api(_) | okta::Error::Challenge { .. } | okta::Error::Unexpected { .. } => {
            sentence(&format!("Okta answered: {error}"))
        }
        okta::Error::Token { .. } => sentence(&format!("Okta's token endpoint refused: {error}")),
        _ => sentence(&error.to_string()),
    };
    join(&said, okta_advice(error).as_deref())
}

/// Reports that `doing` failed because of Druva. `doing` continues "Cannot", as in "link the Okta org".
pub fn druva(diags: &mut Diagnostics, doing: &str, error: &druva::Error, attribute: AttributePath) {
    diags.fail(format!("Cannot {doing}"), explain_druva(error), attribute);
}

/// What Druva said, and what to do next.
#[must_use]
pub fn explain_druva(error: &druva::Error) -> String {
    let said = match error {
        druva::Error::Api(_) | druva::Error::Unexpected { .. } => sentence(&format!("Druva answered: {error}")),
        druva::Error::Token(_) => sentence(&format!("Druva's token endpoint answered: {error}")),
        _ => sentence(&error.to_string()),
    };
    join(&said, druva_advice(error).as_deref())
}

/// The Okta org that the argument `okta_domain` names, or an error on it.
pub fn parse_domain(diags: &mut Diagnostics, okta_domain: &str) -> Option<OktaDomain> {
    match OktaDomain::parse(okta_domain) {
        Ok(domain) => Some(domain),
        Err(error) => {
            diags.fail(
                "Invalid Okta domain",
                format!("okta_domain {error}. It is the address of the org, as in \"https://example.okta.com\"."),
                AttributePath::new("okta_domain"),
            );
            None
        }
    }
}

/// Reports that a client secret could not be proved at the org `host`. `attribute` is the one that gives the secret.
pub fn unproved_secret(
    diags: &mut Diagnostics,
    error: &okta::Error,
    client_id: &str,
    host: &str,
    attribute: AttributePath,
) {
    let title = "Okta does not accept the client secret";
    match error {
        okta::Error::Token { error: code, .. } if code == "invalid_client" => {
            let said = format!("Okta's token endpoint at {host} refused client {client_id} with this secret: {error}");
            let detail = format!(
                "{} The secret is wrong or inactive, the integration was deleted, or it belongs to another org. Nothing \
                 was changed in Druva.",
                sentence(&said)
            );
            diags.fail(title, detail, attribute);
        }
        okta::Error::Token { error: code, .. } if code == "invalid_scope" => {
            let said = format!(
                "Okta's token endpoint at {host} accepted the secret but not a scope that the integration was granted: \
                 {error}"
            );
            let detail = format!(
                "{} Check the integration's granted scopes in Okta. Nothing was changed in Druva.",
                sentence(&said)
            );
            diags.fail(title, detail, attribute);
        }
        _ => {
            let advice = match error {
                okta::Error::Http(error) => transport_advice(error, "okta_domain"),
                _ => okta_advice(error),
            };
            let said = format!("{} Nothing was changed in Druva.", sentence(&error.to_string()));
            let detail = join(&said, advice.as_deref());
            diags.fail("The client secret could not be proved", detail, AttributePath::new("okta_domain"));
        }
    }
}

fn okta_advice(error: &okta::Error) -> Option<String> {
    let advice = match error {
        okta::Error::Http(error) => return transport_advice(error, "okta.org_url"),
        okta::Error::Decode(_) | okta::Error::StrangePage => {
            "Something else may have answered in Okta's place: check okta.org_url and the proxy if there is one. Then run \
             the command again."
        }
        okta::Error::Token { error, .. } => match error.as_str() {
            "invalid_client" => {
                "Check okta.client_id, okta.private_key and okta.private_key_id: the app must exist in this org, be \
                 active, use the client authentication \"Public key / Private key\", and know this public key."
            }
            "invalid_scope" => {
                "Grant the scopes in okta.scopes to the service app (Okta Admin Console > Applications > the app > \
                 Okta API Scopes), at least okta.oauthIntegrations.manage."
            }
            "invalid_dpop_proof" => BAD_PROOF,
            _ => return None,
        },
        okta::Error::Challenge { error, .. } if error == "invalid_dpop_proof" => BAD_PROOF,
        okta::Error::BoundToken(_) => {
            "An access token that was issued with DPoP works for nobody else. Set okta.client_id and okta.private_key of \
             the service app in the place of okta.access_token, or use an access token of an app that does not demand \
             DPoP."
        }
        okta::Error::Nonces => {
            "Run the command again. If it stays, switch off \"Require Demonstrating Proof of Possession (DPoP) header in \
             token requests\" in the app's general settings, and tell Okta Support."
        }
        _ => match (error.status()?, api_code(error)) {
            (StatusCode::UNAUTHORIZED, Some("E0000015")) => {
                "The org's edition lacks this feature: ask Okta Support to enable API service integrations."
            }
            (StatusCode::UNAUTHORIZED, _) => {
                "The Okta credential is wrong, expired or revoked, or belongs to another org than okta.org_url. Create \
                 an API token in the Okta Admin Console under Security > API > Tokens and set okta.api_token \
                 (OKTA_API_TOKEN), or check the access token or service app that is used instead."
            }
            (StatusCode::FORBIDDEN, _) => {
                "Installing an integration, granting its scopes and minting its secrets needs the Super Administrator \
                 role in Okta. With OAuth, the credential also needs the scope okta.oauthIntegrations.manage (to read: \
                 okta.oauthIntegrations.read)."
            }
            (StatusCode::NOT_FOUND, _) => "It is gone from Okta, perhaps since the plan was made: plan again.",
            (status, _) if status.is_server_error() => "This is a fault on the way or in Okta: run the command again.",
            (status, _) if status.is_redirection() => {
                "The answer leads elsewhere, and credentials do not follow it: set okta.org_url to the address of the \
                 org itself."
            }
            _ => return None,
        },
    };
    Some(advice.to_owned())
}

/// Okta sees the time and the address of a request in its proof.
const BAD_PROOF: &str = "The proof of possession (DPoP) was made for this very request: check that the clock of this \
    machine is right, and that nothing between here and Okta changes the address of requests.";

fn api_code(error: &okta::Error) -> Option<&str> {
    match error {
        okta::Error::Api(error) => Some(&error.code),
        _ => None,
    }
}

/// What to do by hand where Druva has no API. The names are those of Druva's set-up article.
const LINK_BY_HAND: &str = "Druva has not published an API for linking Okta, and this provider assumes one: see \
    okta_api_path. If Okta is not visible in the Druva Cloud Platform Console either, ask Druva Support to enable Okta \
    Data Protection for the account. Until then link by hand: Druva Cloud Platform Console > All Services > Okta > \
    Authorize, with the outputs org_url, client_id and client_secret of druva_okta_integration, and leave \
    druva_okta_link out of the configuration.";

fn druva_advice(error: &druva::Error) -> Option<String> {
    if error.is_wrong_cloud() {
        return Some(
            "The API credentials belong to another Druva cloud: set cloud to the one where the account lives.".into(),
        );
    }
    let advice = match error {
        druva::Error::Http(error) => return transport_advice(error, "api_url or cloud"),
        druva::Error::ApiMissing { .. } => LINK_BY_HAND,
        druva::Error::Decode(_) | druva::Error::StrangePage => {
            "Something else may have answered in Druva's place, or its API differs from what this provider assumes: check \
             api_url, cloud, okta_api_path and the proxy if there is one. Then run the command again."
        }
        druva::Error::Token(error) => match error.status() {
            Some(StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                "Check client_id and client_secret (DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET) and the cloud: API \
                 credentials are created in the Druva Cloud Platform Console by a Druva Cloud Administrator, and are \
                 valid in one cloud only."
            }
            Some(StatusCode::NOT_FOUND) => "Check api_url: there is no token endpoint below it.",
            _ => return druva_advice(error),
        },
        _ => match error.status()? {
            StatusCode::BAD_REQUEST => {
                "Druva tries the client and its secret at the Okta org: check okta_domain, client_id and the secret, and \
                 whether the org can be reached from Druva's cloud."
            }
            StatusCode::NOT_FOUND => "It is gone from Druva, perhaps since the plan was made: plan again.",
            StatusCode::UNAUTHORIZED => "Druva refuses a token that it has just issued: check cloud and api_url.",
            StatusCode::FORBIDDEN => {
                "Linking an Okta org and changing its settings needs the Druva Cloud Administrator role: create the API \
                 credentials as one, or check the cloud."
            }
            status if status.is_server_error() => "This is a fault on the way or in Druva: run the command again.",
            status if status.is_redirection() => {
                "The answer leads elsewhere, and credentials do not follow it: check cloud and api_url."
            }
            _ => return None,
        },
    };
    Some(advice.to_owned())
}

fn transport_advice(error: &http::Error, argument: &str) -> Option<String> {
    Some(match error {
        http::Error::Connect { permanent: true, .. } => {
            "The server's certificate is not trusted: if a proxy inspects TLS here, give its CA in ca_certificate_file."
                .to_owned()
        }
        http::Error::Connect { .. } => format!(
            "Check {argument}, the network, and the proxy if there is one (http_proxy, or the environment's HTTPS_PROXY and \
             HTTP_PROXY, which hold except for NO_PROXY)."
        ),
        http::Error::Lost { .. } | http::Error::TooLarge { .. } => {
            "Run the command again; if it stays, look at what stands between here and the server.".to_owned()
        }
        http::Error::Timeout { .. } => "Run the command again, or raise request_timeout_seconds.".to_owned(),
        http::Error::RateLimited { .. } | http::Error::DeadlinePassed => {
            "Run the command again, or raise the resource's timeouts.".to_owned()
        }
        http::Error::Stopped => "Run the command again to continue.".to_owned(),
        http::Error::InvalidCredential => "Check the credentials and addresses of the provider block.".to_owned(),
        http::Error::Signing(_) => "Check okta.private_key.".to_owned(),
        http::Error::InvalidProxy | http::Error::InvalidCertificates(_) | http::Error::Setup(_) => return None,
    })
}

fn join(said: &str, advice: Option<&str>) -> String {
    match advice {
        Some(advice) => format!("{said}\n\n{advice}"),
        None => said.to_owned(),
    }
}

/// The same text with an upper-case initial and a full stop.
pub fn sentence(text: &str) -> String {
    let mut characters = text.trim_end_matches('.').chars();
    let Some(first) = characters.next() else { return String::new() };
    first.to_uppercase().chain(characters).chain(['.']).collect()
}
