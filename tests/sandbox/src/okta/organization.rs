//! `/.well-known/okta-organization`: metadata that anybody may read.

use crate::{call::Call, world::Shared};
use axum::{Json, extract::State};
use serde_json::{Value, json};

/// `WellKnownOrgMetadata` of the org that is asked. An org with two addresses has one id.
pub async fn metadata(State(sandbox): State<Shared>, call: Call) -> Json<Value> {
    Json(json!({
        "id": sandbox.identity.org_id(call.header("host").unwrap_or_default()),
        "_links": {"organization": {"href": call.base_url()}},
        "pipeline": "idx",
    }))
}
