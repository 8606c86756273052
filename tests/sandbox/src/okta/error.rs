//! Okta's error envelope and the errors that this org answers with.

use crate::random;
use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use serde_json::json;

/// Where the org puts the nonce for the next proof.
pub const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
const DPOP: &str = r#"DPoP algs="RS256 RS384 RS512 ES256 ES384 ES512""#;

/// An answer that is not a success.
#[derive(Debug)]
pub struct OktaError {
    status: StatusCode,
    code: &'static str,
    summary: String,
    causes: Vec<String>,
    /// OAuth's refusal, which is in a header: then the body is empty.
    challenge: Option<String>,
    nonce: Option<String>,
}

impl OktaError {
    fn new(status: StatusCode, code: &'static str, summary: impl Into<String>) -> Self {
        Self { status, code, summary: summary.into(), causes: Vec::new(), challenge: None, nonce: None }
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

    /// A token that is bound to a key, sent as if it were a bearer token.
    pub fn unproved(path: &str) -> Self {
        let said = "The resource request requires a DPoP proof.";
        Self::challenge(StatusCode::BAD_REQUEST, "Bearer realm=\"sandbox\"", "invalid_request", said, path)
    }

    /// A proof that does not fit its request.
    pub fn invalid_proof(path: &str, why: &str) -> Self {
        Self::challenge(StatusCode::BAD_REQUEST, DPOP, "invalid_dpop_proof", why, path)
    }

    /// A proof without the nonce of the moment.
    pub fn needs_nonce(path: &str, nonce: String) -> Self {
        let said = "Resource server requires nonce in DPoP proof";
        let nonce = Some(nonce);
        Self { nonce, ..Self::challenge(StatusCode::UNAUTHORIZED, DPOP, "use_dpop_nonce", said, path) }
    }

    fn challenge(status: StatusCode, scheme: &str, error: &str, description: &str, path: &str) -> Self {
        let challenge = format!(r#"{scheme}, error="{error}", error_description="{description}", resource="{path}""#);
        Self { challenge: Some(challenge), ..Self::new(status, "", "") }
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
        if let Some(challenge) = self.challenge {
            let headers = [(header::WWW_AUTHENTICATE, Some(challenge)), (NONCE, self.nonce)];
            let headers =
                headers.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value?).ok()?)));
            return (self.status, AppendHeaders(headers.collect::<Vec<_>>())).into_response();
        }
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
