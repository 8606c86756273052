//! Okta's error envelope and the errors that this org answers with.

use crate::random;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An answer that is not a success.
#[derive(Debug)]
pub struct OktaError {
    status: StatusCode,
    code: &'static str,
    summary: String,
    causes: Vec<String>,
}

impl OktaError {
    fn new(status: StatusCode, code: &'static str, summary: impl Into<String>) -> Self {
        Self { status, code, summary: summary.into(), causes: Vec::new() }
    }

    /// The field that is wrong, and why.
    pub fn validation(field: &str, causes: impl IntoIterator<Item = String>) -> Self {
        let summary = format!("Api validation failed: {field}");
        Self { causes: causes.into_iter().collect(), ..Self::new(StatusCode::BAD_REQUEST, "E0000001", summary) }
    }

    pub fn malformed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000003", "The request body was not well-formed.")
    }

    pub fn forbidden() -> Self {
        let summary = "You do not have permission to perform the requested action";
        Self::new(StatusCode::FORBIDDEN, "E0000006", summary)
    }

    pub fn not_found(id: &str, kind: &str) -> Self {
        let summary = format!("Not found: Resource not found: {id} ({kind})");
        Self::new(StatusCode::NOT_FOUND, "E0000007", summary)
    }

    pub fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided")
    }

    pub fn media_type() -> Self {
        let summary = "Bad request. Accept and/or Content-Type headers likely do not match supported values.";
        Self::new(StatusCode::BAD_REQUEST, "E0000021", summary)
    }

    pub fn unknown_path() -> Self {
        Self::endpoint(StatusCode::NOT_FOUND)
    }

    pub fn wrong_method() -> Self {
        Self::endpoint(StatusCode::METHOD_NOT_ALLOWED)
    }

    fn endpoint(status: StatusCode) -> Self {
        Self::new(status, "E0000022", "The endpoint does not support the provided HTTP method")
    }
}

/// The answer when the quota of this minute is spent.
pub fn too_many_requests() -> Response {
    let summary = "API call exceeded rate limit due to too many requests.";
    OktaError::new(StatusCode::TOO_MANY_REQUESTS, "E0000047", summary).into_response()
}

impl IntoResponse for OktaError {
    fn into_response(self) -> Response {
        let causes: Vec<_> = self.causes.iter().map(|cause| json!({"errorSummary": cause})).collect();
        let body = json!({
            "errorCode": self.code,
            "errorSummary": self.summary,
            "errorLink": self.code,
            "errorId": format!("oae{}", random::url_safe(22)),
            "errorCauses": causes,
        });
        (self.status, Json(body)).into_response()
    }
}
