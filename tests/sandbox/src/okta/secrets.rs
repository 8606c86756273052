//! `/integrations/api/v1/api-services/{id}/credentials/secrets`: the secrets of an integration.

use super::{Integration, OktaError, SecretStatus, api_services, caller::Caller, secret::Secret};
use crate::{
    call::Call,
    world::{Shared, World},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rand::seq::SliceRandom as _;
use serde_json::Value;

const KIND: &str = "ApiServiceIntegrationInstanceSecret";
const LIMIT: usize = 2;

pub async fn list(State(sandbox): State<Shared>, Path(id): Path<String>, call: Call) -> Result<Json<Value>, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_read("okta.oauthIntegrations.read")?;
    let integration =
        world.okta.visible_integration(&id).ok_or_else(|| OktaError::not_found(&id, api_services::KIND))?;
    let mut shown: Vec<Value> =
        integration.secrets.iter().map(|secret| shown(&call, integration, secret, false)).collect();
    // Okta says nothing of an order.
    shown.shuffle(&mut rand::rng());
    Ok(Json(shown.into()))
}

pub async fn create(State(sandbox): State<Shared>, Path(id): Path<String>, call: Call) -> Result<Response, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_manage_integrations()?;
    if integration(&mut world, &id)?.secrets.len() >= LIMIT {
        let cause = format!("secrets: An API service integration can have at most {LIMIT} secrets");
        return Err(OktaError::validation("secrets", [cause]));
    }
    let secret = Secret::issue(&mut world);
    let integration = integration(&mut world, &id)?;
    let body = shown(&call, integration, &secret, true);
    integration.secrets.push(secret);
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

pub async fn activate(
    state: State<Shared>,
    path: Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, OktaError> {
    set_status(state, path, call, SecretStatus::Active)
}

pub async fn deactivate(
    state: State<Shared>,
    path: Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, OktaError> {
    set_status(state, path, call, SecretStatus::Inactive)
}

/// The published answers to this call have none for a secret that is still active, although "you can only delete an
/// inactive Secret". It is refused as every other violated rule of this API is.
pub async fn delete(
    State(sandbox): State<Shared>,
    Path((id, secret_id)): Path<(String, String)>,
    call: Call,
) -> Result<StatusCode, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_manage_integrations()?;
    let integration = integration(&mut world, &id)?;
    let secret = integration.secret(&secret_id).ok_or_else(|| OktaError::not_found(&secret_id, KIND))?;
    if secret.status == SecretStatus::Active {
        let cause = "status: An active secret cannot be deleted".to_owned();
        return Err(OktaError::validation("status", [cause]));
    }
    integration.secrets.retain(|secret| secret.id != secret_id);
    Ok(StatusCode::NO_CONTENT)
}

/// Setting the status that a secret has already succeeds and changes nothing.
fn set_status(
    State(sandbox): State<Shared>,
    Path((id, secret_id)): Path<(String, String)>,
    call: Call,
    status: SecretStatus,
) -> Result<Json<Value>, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_manage_integrations()?;
    let integration = integration(&mut world, &id)?;
    let url = secret_url(&call, integration, &secret_id);
    let secret = integration.secret(&secret_id).ok_or_else(|| OktaError::not_found(&secret_id, KIND))?;
    secret.set_status(status);
    Ok(Json(secret.shown(&url, false)))
}

fn integration<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Integration, OktaError> {
    world.okta.integration(id).ok_or_else(|| OktaError::not_found(id, api_services::KIND))
}

fn shown(call: &Call, integration: &Integration, secret: &Secret, disclosed: bool) -> Value {
    secret.shown(&secret_url(call, integration, &secret.id), disclosed)
}

fn secret_url(call: &Call, integration: &Integration, secret_id: &str) -> String {
    format!("{}/credentials/secrets/{secret_id}", integration.url(&call.base_url()))
}
