//! `/.well-known/okta-organization`: metadata that anybody may read.

use crate::{call::Call, world::Shared};
use axum::{Json, extract::State};
use serde_json::{Value, json};

/// `WellKnownOrgMetadata` of an org without a custom domain.
pub async fn metadata(State(sandbox): State<Shared>, call: Call) -> Json<Value> {
    Json(json!({
        "id": sandbox.identity.org_id,
        "_links": {"organization": {"href": call.base_url()}},
        "pipeline": "idx",
    }))
}
