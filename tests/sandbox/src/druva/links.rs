//! `/okta/v1/domains`: the links to Okta orgs. Druva publishes no such API; this is `spec/okta-links.openapi.yaml`.

use super::{Domain, DruvaError, NewDomain, caller, okta_domain};
use crate::{
    call::Call,
    okta::Reader,
    optional::not_null,
    random,
    world::{Shared, World},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::time::Duration;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    okta_domain: String,
    client_id: String,
    client_secret: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authorization {
    client_id: String,
    client_secret: String,
}

/// A switch that Druva does not know is refused: it would not be switched.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Switches {
    #[serde(default, deserialize_with = "not_null")]
    backup_enabled: Option<bool>,
    #[serde(default, deserialize_with = "not_null")]
    cloud_key_management_enabled: Option<bool>,
}

pub async fn list(State(sandbox): State<Shared>, call: Call) -> Result<Json<Value>, DruvaError> {
    let world = sandbox.world();
    caller::may_read(&call, &world)?;
    let after = call.query("pageToken").map(|token| place(&token)).transpose()?.unwrap_or_default();
    let wanted = call.query("oktaDomain");
    if wanted.is_some() && call.query("pageToken").is_some() {
        return Err(DruvaError::invalid_request("pageToken must not be sent together with a filter"));
    }
    let matches =
        |domain: &&Domain| wanted.as_ref().is_none_or(|host| domain.okta_domain == *host) && domain.number > after;
    let mut rest = world.druva.domains.iter().filter(matches).peekable();
    let page: Vec<&Domain> = rest.by_ref().take(world.settings.druva_page_size.get()).collect();
    let shown: Vec<Value> = page.iter().map(|domain| world.show_domain(domain)).collect();
    let mut body = json!({"domains": shown});
    if let Some(last) = page.last().filter(|_| rest.peek().is_some()) {
        body["nextPageToken"] = page_token(last.number).into();
    }
    Ok(Json(body))
}

pub async fn create(State(sandbox): State<Shared>, call: Call) -> Result<Response, DruvaError> {
    let mut world = sandbox.world();
    caller::may_write(&call, &world)?;
    let link: Link = json_body(&call)?;
    let okta = &sandbox.identity.okta_addresses;
    let host = okta_domain::host_of(&link.okta_domain)
        .ok_or_else(|| DruvaError::invalid_request("oktaDomain is not the URL of an Okta domain"))?;
    if let Some(linked) = world.linked(&host) {
        return Err(DruvaError::already_linked(&linked.okta_domain, linked.shown_id()));
    }
    if !okta_domain::is_played_here(&host, okta) {
        return Err(DruvaError::authorization_failed(format!("The Okta domain {host} cannot be reached")));
    }
    world
        .try_credentials(&link.client_id, &link.client_secret, Reader::Druva)
        .map_err(DruvaError::authorization_failed)?;

    let new = NewDomain { okta_domain: host, client_id: link.client_id, client_secret: link.client_secret };
    let id = world.link(new, okta).id.clone();
    Ok((StatusCode::CREATED, shown(&mut world, &id)?).into_response())
}

pub async fn read(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Value>, DruvaError> {
    let mut world = sandbox.world();
    caller::may_read(&call, &world)?;
    shown(&mut world, &id)
}

pub async fn switch(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Value>, DruvaError> {
    let mut world = sandbox.world();
    caller::may_write(&call, &world)?;
    domain(&mut world, &id)?;
    let switches = serde_json::from_value::<Switches>(json_body(&call)?);
    let switches = switches.map_err(|_| DruvaError::unprocessable("The body has a member that cannot be changed"))?;
    match (switches.cloud_key_management_enabled, world.druva.cloud_key_management_enabled) {
        (Some(false), true) => return Err(DruvaError::key_management_stays_on()),
        (Some(true), false) if world.settings.own_keys => return Err(DruvaError::own_keys()),
        (Some(true), _) => world.druva.cloud_key_management_enabled = true,
        _ => {}
    }
    let domain = domain(&mut world, &id)?;
    domain.backup_enabled = switches.backup_enabled.unwrap_or(domain.backup_enabled);
    shown(&mut world, &id)
}

pub async fn delete(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<StatusCode, DruvaError> {
    let mut world = sandbox.world();
    caller::may_write(&call, &world)?;
    domain(&mut world, &id)?;
    world.druva.domains.retain(|domain| domain.id != id);
    Ok(StatusCode::NO_CONTENT)
}

pub async fn authorize(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Value>, DruvaError> {
    let mut world = sandbox.world();
    caller::may_write(&call, &world)?;
    domain(&mut world, &id)?;
    let new: Authorization = json_body(&call)?;
    world
        .try_credentials(&new.client_id, &new.client_secret, Reader::Druva)
        .map_err(DruvaError::authorization_failed)?;
    let (delay, down) = (world.connect_delay(), world.settings.connect_refused_reason.clone());
    domain(&mut world, &id)?.authorize(new.client_id, new.client_secret, delay, down);
    shown(&mut world, &id)
}

pub async fn back_up(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, DruvaError> {
    let mut world = sandbox.world();
    caller::may_write(&call, &world)?;
    let duration = Duration::from_millis(world.settings.backup_duration_ms);
    let status = world.settings.backup_status.clone();
    let domain = domain(&mut world, &id)?;
    if !domain.backup_enabled {
        return Err(DruvaError::backup_disabled());
    }
    domain.back_up(duration, &status).ok_or_else(DruvaError::backup_running)?;
    let body = json!({"jobId": random::alphanumeric(12)});
    Ok((StatusCode::ACCEPTED, Json(body)).into_response())
}

fn domain<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Domain, DruvaError> {
    world.domain(id).ok_or_else(|| DruvaError::domain_not_found(id))
}

fn shown(world: &mut World, id: &str) -> Result<Json<Value>, DruvaError> {
    let domain = world.druva.domains.iter().find(|domain| domain.id == id);
    domain.map(|domain| Json(world.show_domain(domain))).ok_or_else(|| DruvaError::domain_not_found(id))
}

/// Druva takes JSON bodies only. The message says what is wrong without a value: it may be the secret.
fn json_body<T: DeserializeOwned>(call: &Call) -> Result<T, DruvaError> {
    if call.content_type() != "application/json" {
        return Err(DruvaError::invalid_request("expected a body of type application/json"));
    }
    let malformed = |_| DruvaError::invalid_request("the body does not fit");
    // By way of an object: a list would do for a struct otherwise.
    let body: Map<String, Value> = serde_json::from_slice(&call.body).map_err(malformed)?;
    serde_json::from_value(Value::Object(body)).map_err(malformed)
}

/// Opaque to callers.
fn page_token(number: u64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("page:{number}"))
}

fn place(token: &str) -> Result<u64, DruvaError> {
    let read = || {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        text.strip_prefix("page:")?.parse().ok()
    };
    read().ok_or_else(|| DruvaError::invalid_request("pageToken is not valid"))
}
