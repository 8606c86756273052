//! `/integrations/api/v1/api-services`: list, install, read and remove integrations.

use super::{Integration, NewIntegration, OktaError, caller::Caller, scopes};
use crate::{
    call::Call,
    settings::DuplicateInstalls,
    world::{Shared, World},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value};

pub const KIND: &str = "ApiServiceIntegrationInstance";
const READ: &str = "okta.oauthIntegrations.read";

/// `postAPIServiceIntegrationInstanceRequest`. The required fields are optional here because their absence is a
/// validation error with a cause of its own, not a malformed body.
#[derive(Deserialize)]
struct Request {
    r#type: Option<String>,
    #[serde(rename = "grantedScopes")]
    granted_scopes: Option<Vec<String>>,
    /// The schema has objects with `name` and `value` in here, the examples plain strings: whatever comes goes back.
    properties: Option<Map<String, Value>>,
}

pub async fn list(State(sandbox): State<Shared>, call: Call) -> Result<Response, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_read(READ)?;
    let after = call.query("after").map(|cursor| place(&cursor)).transpose()?.unwrap_or_default();
    let base = call.base_url();
    let page_size = world.settings.okta_page_size.get();

    let mut rest = world.okta.integrations.iter_mut().filter(|integration| integration.number > after).peekable();
    let page: Vec<&mut Integration> = rest.by_ref().take(page_size).collect();
    let next = page.last().filter(|_| rest.peek().is_some()).map(|last| cursor(last.number));
    let body: Vec<Value> = page.into_iter().map(|integration| integration.shown(&base)).collect();

    let mut links = vec![link(&format!("{base}{}", call.uri), "self")];
    if let Some(next) = next {
        links.push(link(&format!("{base}{}?after={next}", call.uri.path()), "next"));
    }
    Ok((AppendHeaders(links), Json(body)).into_response())
}

pub async fn create(State(sandbox): State<Shared>, call: Call) -> Result<Response, OktaError> {
    let mut world = sandbox.world();
    let caller = Caller::of(&call, &mut world, &sandbox.identity)?;
    caller.may_manage_integrations()?;
    let new = requested(&call, &world, caller.id)?;
    let integration = world.install(new);
    let mut body = integration.shown(&call.base_url());
    body["clientSecret"] = integration.secrets[0].value.clone().into();
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

pub async fn read(State(sandbox): State<Shared>, Path(id): Path<String>, call: Call) -> Result<Json<Value>, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_read(READ)?;
    let integration = world.okta.integration(&id).ok_or_else(|| OktaError::not_found(&id, KIND))?;
    Ok(Json(integration.shown(&call.base_url())))
}

pub async fn delete(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<StatusCode, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_manage_integrations()?;
    if world.uninstall(&id) { Ok(StatusCode::NO_CONTENT) } else { Err(OktaError::not_found(&id, KIND)) }
}

/// What the body asks for, if Okta would install that.
fn requested(call: &Call, world: &World, created_by: String) -> Result<NewIntegration, OktaError> {
    if call.content_type() != "application/json" {
        return Err(OktaError::media_type());
    }
    let request: Request = serde_json::from_slice(&call.body).map_err(|_| OktaError::malformed())?;
    let kind = request.r#type.unwrap_or_default();
    let mut scopes = request.granted_scopes.unwrap_or_default();

    let blank = |field: &str| format!("{field}: The field cannot be left blank");
    let mut causes = Vec::new();
    if kind.is_empty() {
        causes.push(("type", blank("type")));
    } else if !is_type(&kind) {
        causes.push(("type", format!("type: '{kind}' is not an API service integration of the catalog")));
    }
    if scopes.is_empty() {
        causes.push(("grantedScopes", blank("grantedScopes")));
    }
    for unknown in scopes.iter().filter(|scope| !scopes::is_known(scope)) {
        causes.push(("grantedScopes", format!("grantedScopes: '{unknown}' is not a valid scope")));
    }
    let installed = || world.okta.integrations.iter().any(|integration| integration.kind == kind);
    if world.settings.duplicate_installs == DuplicateInstalls::Refuse && installed() {
        causes.push(("type", format!("type: '{kind}' is installed already")));
    }
    if let Some((field, _)) = causes.first() {
        return Err(OktaError::validation(field, causes.iter().map(|(_, cause)| cause.clone())));
    }

    scopes.retain(|scope| !world.settings.withheld_scopes.contains(scope));
    Ok(NewIntegration { kind, name: None, scopes, properties: request.properties.unwrap_or_default(), created_by })
}

/// "Underscore-concatenated, lowercased API service integration name".
fn is_type(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.split('_').all(word)
}

fn link(url: &str, rel: &str) -> (HeaderName, String) {
    (header::LINK, format!("<{url}>; rel=\"{rel}\""))
}

/// Opaque to callers, as Okta says of it.
fn cursor(number: u64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("after:{number}"))
}

fn place(cursor: &str) -> Result<u64, OktaError> {
    let read = || {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        text.strip_prefix("after:")?.parse().ok()
    };
    // The published list of answers to this call has no 400; a cursor that Okta never issued has no other home.
    read().ok_or_else(|| OktaError::validation("after", ["after: The cursor is not valid".to_owned()]))
}
