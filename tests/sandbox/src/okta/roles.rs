//! Who the caller is and which admin roles a user or a client has.

use super::{OktaError, RoleType, caller::Caller};
use crate::{call::Call, world::Shared};
use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

const READ: &str = "okta.roles.read";

/// The user to whom the API token belongs. A service app is no user, so that it has no `me`.
pub async fn current_user(State(sandbox): State<Shared>, call: Call) -> Result<Json<Value>, OktaError> {
    let mut world = sandbox.world();
    let caller = Caller::of(&call, &mut world, &sandbox.identity)?;
    if !caller.is_user() {
        return Err(OktaError::forbidden());
    }
    let created = "2023-01-10T09:30:00.000Z";
    Ok(Json(json!({
        "id": caller.id,
        "status": "ACTIVE",
        "created": created,
        "activated": created,
        "lastUpdated": created,
        "profile": {
            "firstName": "Ada",
            "lastName": "Admin",
            "login": "ada.admin@example.com",
            "email": "ada.admin@example.com",
        },
        "_links": {"self": {"href": format!("{}/api/v1/users/{}", call.base_url(), caller.id)}},
    })))
}

pub async fn of_user(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Value>, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_read(READ)?;
    if id != sandbox.identity.admin_id {
        return Err(OktaError::not_found(&id, "User"));
    }
    let base = call.base_url();
    Ok(assignments(world.settings.okta_role, &base, "USER", &format!("{base}/api/v1/users/{id}")))
}

pub async fn of_client(
    State(sandbox): State<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Value>, OktaError> {
    let mut world = sandbox.world();
    Caller::of(&call, &mut world, &sandbox.identity)?.may_read(READ)?;
    let role = match world.okta.service_apps.iter().find(|app| app.client_id == id) {
        Some(app) => app.role,
        // An integration is a client without roles.
        None => world.okta.integration(&id).map(|_| None).ok_or_else(|| OktaError::not_found(&id, "Client"))?,
    };
    let base = call.base_url();
    Ok(assignments(role, &base, "CLIENT", &format!("{base}/oauth2/v1/clients/{id}/roles")))
}

fn assignments(role: Option<RoleType>, base: &str, assignment_type: &str, assignee: &str) -> Json<Value> {
    Json(role.iter().map(|role| role.assignment(base, assignment_type, assignee)).collect())
}
