//! `/_sandbox/`, on both ports: what tests read and bend. No authentication, no faults, not in the request log.

mod drift;
mod error;
mod state;

use crate::{
    call::Call,
    clock,
    faults::Definition,
    okta::{Registration, ServiceApp},
    world::{Shared, World},
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use error::ControlError;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// An empty object, so that every answer is JSON.
fn done() -> Json<Value> {
    Json(json!({}))
}

pub fn router(sandbox: &Shared) -> Router {
    Router::new()
        .route("/reset", post(reset))
        .route("/snapshots/{name}", post(restore).put(save))
        .route("/state", get(state::state))
        .route("/secrets", get(secrets))
        .route("/requests", get(requests).delete(forget_requests))
        .route("/traffic", get(traffic))
        .route("/settings", get(settings).patch(change_settings))
        .route("/drift", post(drift::drift))
        .route("/faults", get(faults).post(arm_fault).delete(clear_faults))
        .route("/service_apps", post(register_service_app))
        .route("/connection_history", get(connection_history))
        .route("/rate_limits", get(rate_limits).delete(forget_rate_limits))
        .fallback(async || ControlError::not_found("no such control call"))
        .method_not_allowed_fallback(async || ControlError::not_found("no such control call"))
        .with_state(sandbox.clone())
}

async fn reset(State(sandbox): State<Shared>) -> Json<Value> {
    sandbox.world().reset();
    done()
}

async fn save(State(sandbox): State<Shared>, Path(name): Path<String>) -> Json<Value> {
    sandbox.world().save(name);
    done()
}

async fn restore(State(sandbox): State<Shared>, Path(name): Path<String>) -> Result<Json<Value>, ControlError> {
    let is_restored = sandbox.world().restore(&name);
    is_restored.then(done).ok_or_else(|| ControlError::not_found(format!("no snapshot {name}")))
}

/// `from` leaves out as many as the caller knows already.
async fn secrets(State(sandbox): State<Shared>, call: Call) -> Result<Json<Vec<String>>, ControlError> {
    let known = call.query("from").map_or(Ok(0), |from| from.parse());
    let known: usize = known.map_err(|_| ControlError::bad_request("from is not a number"))?;
    Ok(Json(sandbox.world().issued().iter().skip(known).cloned().collect()))
}

async fn requests(State(sandbox): State<Shared>) -> Json<Value> {
    Json(json!(sandbox.world().log.entries()))
}

async fn forget_requests(State(sandbox): State<Shared>) -> Json<Value> {
    sandbox.world().log.clear();
    done()
}

async fn traffic(State(sandbox): State<Shared>) -> Json<Value> {
    Json(json!(sandbox.world().log.traffic()))
}

async fn connection_history(State(sandbox): State<Shared>) -> Json<Value> {
    Json(json!(sandbox.world().history.changes()))
}

async fn rate_limits(State(sandbox): State<Shared>) -> Json<Value> {
    Json(json!(sandbox.world().okta.rate_limits.tallies()))
}

async fn forget_rate_limits(State(sandbox): State<Shared>) -> Json<Value> {
    sandbox.world().okta.rate_limits.restart();
    done()
}

async fn settings(State(sandbox): State<Shared>) -> Json<Value> {
    Json(json!(sandbox.world().settings))
}

async fn change_settings(State(sandbox): State<Shared>, call: Call) -> Result<Json<Value>, ControlError> {
    let mut world = sandbox.world();
    let World { settings, okta, .. } = &mut *world;
    let patched = settings.patched(body(&call)?).map_err(ControlError::bad_request)?;
    if patched.okta_rate_limit_per_minute != settings.okta_rate_limit_per_minute
        || patched.okta_rate_limit_window_seconds != settings.okta_rate_limit_window_seconds
    {
        okta.rate_limits.restart();
    }
    clock::set_ahead(patched.clock_ahead_seconds);
    *settings = patched;
    Ok(Json(json!(settings)))
}

async fn faults(State(sandbox): State<Shared>) -> Json<Vec<Value>> {
    Json(sandbox.world().faults.list())
}

async fn arm_fault(State(sandbox): State<Shared>, call: Call) -> Result<(StatusCode, Json<Value>), ControlError> {
    let definition: Definition = body(&call)?;
    let id = sandbox.world().faults.arm(definition).map_err(ControlError::bad_request)?;
    Ok((StatusCode::CREATED, Json(json!({"id": id}))))
}

async fn clear_faults(State(sandbox): State<Shared>) -> Json<Value> {
    sandbox.world().faults.clear();
    done()
}

/// Registers a service app, or replaces the one with this client id.
async fn register_service_app(
    State(sandbox): State<Shared>,
    call: Call,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let registration: Registration = body(&call)?;
    let app = ServiceApp::try_from(registration).map_err(ControlError::bad_request)?;
    let answer = json!({"client_id": app.client_id});
    let mut world = sandbox.world();
    world.okta.service_apps.retain(|known| known.client_id != app.client_id);
    world.okta.service_apps.push(app);
    Ok((StatusCode::CREATED, Json(answer)))
}

fn body<T: DeserializeOwned>(call: &Call) -> Result<T, ControlError> {
    serde_json::from_slice(&call.body).map_err(|error| ControlError::bad_request(error.to_string()))
}
