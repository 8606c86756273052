//! `/integrations/api/v1/api-services`: list, install, read and remove integrations.

use super::{Integration, NewIntegration, OktaError, caller::Caller, catalogue};
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
    /// Left out, or an object: `null` is neither.
    #[serde(default)]
    properties: Map<String, Value>,
}

/// The schema has objects with `name` and `value`, the examples plain strings: whatever of these comes goes back.
fn is_property(value: &Value) -> bool {
    let is_text = |object: &Map<String, Value>, key: &str| object.get(key).is_none_or(Value::is_string);
    value.is_string() || value.as_object().is_some_and(|named| is_text(named, "name") && is_text(named, "value"))
}

pub async fn list(State(sandbox): State<Shared>, call: Call) -> Result<Response, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_read(READ)?;
    let after = call.query("after").map(|cursor| place(&cursor)).transpose()?.unwrap_or_default();
    let base = call.base_url();
    let page_size = world.settings.okta_page_size.get();

    let mut rest = world
        .okta
        .integrations
        .iter_mut()
        .filter(|integration| integration.is_visible() && integration.number > after)
        .peekable();
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
    let integration = world.okta.visible_integration(&id).ok_or_else(|| OktaError::not_found(&id, KIND))?;
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
    // By way of an object: a list would do for a `Request` otherwise.
    let body: Map<String, Value> = serde_json::from_slice(&call.body).map_err(|_| OktaError::malformed())?;
    let request: Request = serde_json::from_value(Value::Object(body)).map_err(|_| OktaError::malformed())?;
    if !request.properties.values().all(is_property) {
        return Err(OktaError::malformed());
    }
    let kind = request.r#type.unwrap_or_default();
    let mut scopes = request.granted_scopes.unwrap_or_default();

    let blank = |field: &str| format!("{field}: The field cannot be left blank");
    let mut causes = Vec::new();
    if kind.is_empty() {
        causes.push(("type", blank("type")));
    }
    let listing = catalogue::listing(&kind, &world.settings);
    if listing.is_none() && !kind.is_empty() {
        if world.settings.unlisted_type_status == 404 {
            return Err(OktaError::not_found(&kind, "ApiServiceIntegration"));
        }
        causes.push(("type", format!("type: '{kind}' is not an API service integration of the catalog")));
    }
    if scopes.is_empty() {
        causes.push(("grantedScopes", blank("grantedScopes")));
    }
    if let Some(listing) = &listing {
        for unknown in scopes.iter().filter(|scope| !listing.has(scope)) {
            causes.push(("grantedScopes", format!("grantedScopes: '{unknown}' is not a valid scope")));
        }
        if let Some(missing) = listing.missing_of(&scopes).filter(|_| world.settings.all_scopes_required) {
            causes.push(("grantedScopes", format!("grantedScopes: the listing's scope '{missing}' is missing")));
        }
    }
    let installed = || world.okta.integrations.iter().any(|integration| integration.kind == kind);
    if world.settings.duplicate_installs == DuplicateInstalls::Refuse && installed() {
        causes.push(("type", format!("type: '{kind}' is installed already")));
    }
    if let Some((field, _)) = causes.first() {
        return Err(OktaError::validation(field, causes.iter().map(|(_, cause)| cause.clone())));
    }

    scopes.retain(|scope| !world.settings.withheld_scopes.contains(scope));
    Ok(NewIntegration { kind, name: None, scopes, properties: request.properties, created_by })
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
