//! `/oauth2/v1/token`: access tokens by client credentials, for integrations and for service apps.

use super::{
    AccessToken, client_assertion,
    dpop::Proof,
    error::NONCE,
    integration::{Reader, Refusal},
};
use crate::{
    call::Call,
    random,
    world::{Shared, World},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-cache, no-store")];

/// `OAuthError`.
struct OAuthError {
    status: StatusCode,
    error: &'static str,
    description: String,
}

/// A client that proved who it is.
struct Client {
    id: String,
    scopes: Vec<String>,
    demands_dpop: bool,
}

/// How a client says who it is: exactly one of these.
enum Credentials {
    Secret { client_id: String, secret: String },
    Assertion { kind: Option<String>, assertion: String },
}

pub async fn issue(State(sandbox): State<Shared>, call: Call) -> Response {
    let mut world = sandbox.world();
    let token_urls = [&call.base_url(), &sandbox.identity.okta_url].map(|base| format!("{base}/oauth2/v1/token"));
    let mut answer = match answer(&mut world, &call, &token_urls) {
        Ok(body) => (NO_STORE, Json(body)).into_response(),
        Err(refused) => {
            let body = json!({"error": refused.error, "error_description": refused.description});
            (refused.status, NO_STORE, Json(body)).into_response()
        }
    };
    if call.header("dpop").is_some() {
        let lifetime = world.settings.okta_dpop_nonce_lifetime_seconds;
        if let Ok(nonce) = HeaderValue::from_str(&world.okta.dpop.nonce(lifetime)) {
            answer.headers_mut().insert(NONCE, nonce);
        }
    }
    answer
}

/// Who asks is settled before what is asked for: a client with a wrong secret learns nothing about scopes.
fn answer(world: &mut World, call: &Call, token_urls: &[String]) -> Result<Value, OAuthError> {
    if call.content_type() != "application/x-www-form-urlencoded" {
        return Err(bad_request("invalid_request", "The content type must be application/x-www-form-urlencoded."));
    }
    let form = call.form();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());

    let credentials = credentials(call, field)?;
    match field("grant_type") {
        Some("client_credentials") => {}
        Some(_) => {
            let description = "The grant type in the request isn't supported.";
            return Err(bad_request("unsupported_grant_type", description));
        }
        None => return Err(bad_request("invalid_request", "The grant_type parameter is missing.")),
    }
    let client = authenticate(world, credentials, token_urls)?;
    let jkt = if client.demands_dpop || call.header("dpop").is_some() {
        Some(bound_key(world, call, token_urls)?)
    } else {
        None
    };

    let requested: Vec<String> = field("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    if requested.is_empty() {
        return Err(bad_request("invalid_scope", "No scopes were requested."));
    }
    if let Some(missing) = requested.iter().find(|scope| !client.scopes.contains(scope)) {
        return Err(bad_request("invalid_scope", &format!("The scope '{missing}' is not granted to the client.")));
    }

    let token = world.issue(random::url_safe(96));
    let lifetime = world.settings.okta_token_lifetime_seconds;
    let scope = requested.join(" ");
    let expires = Instant::now() + Duration::from_secs(lifetime);
    let token_type = if jkt.is_some() { "DPoP" } else { "Bearer" };
    let issued = AccessToken { client_id: client.id, scopes: requested, expires, jkt };
    world.okta.tokens.insert(token.clone(), issued);
    Ok(json!({"token_type": token_type, "expires_in": lifetime, "access_token": token, "scope": scope}))
}

fn credentials<'f>(call: &Call, field: impl Fn(&str) -> Option<&'f str>) -> Result<Credentials, OAuthError> {
    let mut found = Vec::new();
    if let Some((client_id, secret)) = call.basic() {
        found.push(Credentials::Secret { client_id, secret });
    }
    if let (Some(client_id), Some(secret)) = (field("client_id"), field("client_secret")) {
        found.push(Credentials::Secret { client_id: client_id.to_owned(), secret: secret.to_owned() });
    }
    if let Some(assertion) = field("client_assertion") {
        let kind = field("client_assertion_type").map(str::to_owned);
        found.push(Credentials::Assertion { kind, assertion: assertion.to_owned() });
    }
    if found.len() > 1 {
        let description = "Can't supply multiple client credentials. Use one of the following: credentials in the \
                           Authorization header, credentials in the post body, or a `client_assertion` in the post body.";
        return Err(bad_request("invalid_request", description));
    }
    found.pop().ok_or_else(|| invalid_client("No client credentials found"))
}

fn authenticate(world: &mut World, credentials: Credentials, token_urls: &[String]) -> Result<Client, OAuthError> {
    match credentials {
        Credentials::Secret { client_id, secret } => {
            match world.okta.authenticate(&client_id, &secret, Reader::TokenEndpoint) {
                Ok(integration) => {
                    Ok(Client { id: client_id, scopes: integration.scopes.clone(), demands_dpop: false })
                }
                Err(Refusal::UnknownClient) => Err(invalid_client("Invalid value for 'client_id' parameter.")),
                Err(Refusal::WrongSecret) => {
                    Err(invalid_client("The client secret supplied for a confidential client is invalid."))
                }
            }
        }
        Credentials::Assertion { kind, assertion } => {
            if kind.as_deref() != Some(ASSERTION_TYPE) {
                return Err(invalid_client("The client_assertion_type is invalid."));
            }
            let claimed = client_assertion::claimed_client(&assertion)
                .ok_or_else(|| invalid_client("The client_assertion is not a valid JWT."))?;
            let app = world.okta.service_apps.iter_mut().find(|app| app.client_id == claimed);
            let app = app.ok_or_else(|| invalid_client("Invalid value for 'client_id' parameter."))?;
            client_assertion::accept(app, &assertion, token_urls).map_err(|why| invalid_client(&why))?;
            Ok(Client { id: claimed, scopes: app.scopes.clone(), demands_dpop: app.demands_dpop })
        }
    }
}

/// The thumbprint of the key to which the token is to be bound.
fn bound_key(world: &mut World, call: &Call, token_urls: &[String]) -> Result<String, OAuthError> {
    let refused = |why: String| bad_request("invalid_dpop_proof", &why);
    let proof = Proof::of(call).map_err(refused)?;
    let key = proof.accept(&mut world.okta.dpop, call.method.as_str(), token_urls, None).map_err(refused)?;
    if !world.okta.dpop.knows(proof.nonce()) {
        return Err(bad_request("use_dpop_nonce", "Authorization server requires nonce in DPoP proof."));
    }
    Ok(key)
}

fn bad_request(error: &'static str, description: &str) -> OAuthError {
    OAuthError { status: StatusCode::BAD_REQUEST, error, description: description.to_owned() }
}

fn invalid_client(description: &str) -> OAuthError {
    OAuthError { status: StatusCode::UNAUTHORIZED, error: "invalid_client", description: description.to_owned() }
}
