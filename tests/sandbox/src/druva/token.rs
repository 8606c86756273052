//! `/token`: access tokens by the API credentials.

use super::DruvaError;
use crate::{call::Call, random, settings::ExpiresIn, world::Shared};
use axum::{Json, extract::State};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub async fn issue(State(sandbox): State<Shared>, call: Call) -> Result<Json<Value>, DruvaError> {
    let mut world = sandbox.world();
    let identity = &sandbox.identity;
    let known =
        |(id, secret): &(String, String)| *id == identity.druva_client_id && *secret == identity.druva_client_secret;
    if !call.basic().as_ref().is_some_and(known) {
        return Err(DruvaError::invalid_credentials());
    }
    let form = call.form();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if call.content_type() != "application/x-www-form-urlencoded" || field("grant_type") != Some("client_credentials") {
        return Err(DruvaError::invalid_request("expected the form field grant_type=client_credentials"));
    }
    if field("scope").is_some_and(|scope| scope != "read") {
        return Err(DruvaError::invalid_request("the only scope is read"));
    }

    let lifetime = world.settings.druva_token_lifetime_seconds;
    let token = world.issue(random::url_safe(80));
    world.druva.tokens.insert(token.clone(), Instant::now() + Duration::from_secs(lifetime));
    let mut answer = json!({"access_token": token, "token_type": "bearer"});
    const WAYS: [ExpiresIn; 3] = [ExpiresIn::Text, ExpiresIn::Absent, ExpiresIn::Number];
    let way = world.settings.druva_expires_in.unwrap_or(WAYS[world.druva.issued_tokens % WAYS.len()]);
    world.druva.issued_tokens += 1;
    match way {
        ExpiresIn::Number => answer["expires_in"] = lifetime.into(),
        ExpiresIn::Text => answer["expires_in"] = lifetime.to_string().into(),
        ExpiresIn::Absent => {}
    }
    Ok(Json(answer))
}
