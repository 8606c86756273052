//! `GET /_sandbox/state`: what both systems hold, with hashes in place of secrets.

use crate::{
    okta::{Integration, secret_hash},
    world::Shared,
};
use axum::{Json, extract::State};
use serde_json::{Value, json};

pub async fn state(State(sandbox): State<Shared>) -> Json<Value> {
    let world = sandbox.world();
    let integrations: Vec<Value> = world.okta.integrations.iter().map(integration).collect();
    let domains: Vec<Value> = world.druva.domains.iter().map(|domain| world.show_domain_and_secret(domain)).collect();
    Json(json!({"okta": {"integrations": integrations}, "druva": {"domains": domains}}))
}

/// The scopes are in the order of the request here: for a test to compare.
fn integration(integration: &Integration) -> Value {
    let secrets: Vec<Value> = integration
        .secrets
        .iter()
        .map(|secret| {
            json!({
                "id": secret.id,
                "status": secret.status,
                "secret_hash": secret_hash(&secret.value),
                "created": secret.created,
            })
        })
        .collect();
    json!({
        "id": integration.id,
        "type": integration.kind,
        "name": integration.name,
        "createdAt": integration.created_at,
        "createdBy": integration.created_by,
        "grantedScopes": integration.scopes,
        "properties": integration.properties,
        "secrets": secrets,
    })
}
