//! Druva's error body and the errors that this cloud answers with.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// `{code, message, data?}`: `code` is a word where the service speaks, and the status where its gateway does.
#[derive(Debug)]
pub struct DruvaError {
    status: StatusCode,
    code: Value,
    message: String,
    data: Option<Value>,
}

impl DruvaError {
    fn service(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), data: None }
    }

    fn gateway(status: StatusCode, message: &str) -> Self {
        Self { status, code: status.as_u16().into(), message: message.to_owned(), data: None }
    }

    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::service(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }

    pub fn authorization_failed(reason: impl Into<String>) -> Self {
        Self::service(StatusCode::BAD_REQUEST, "OKTA_AUTHORIZATION_FAILED", reason)
    }

    pub fn invalid_credentials() -> Self {
        Self::service(StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS", "Invalid client ID or client secret")
    }

    pub fn no_token() -> Self {
        Self::gateway(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    /// Of a token that is expired or that this cloud never issued: 403 by Druva's FAQ, 401 by its reference.
    pub fn bad_token(status: u16) -> Self {
        match status {
            401 => Self::gateway(StatusCode::UNAUTHORIZED, "The incoming token has expired"),
            _ => Self::other_cloud(),
        }
    }

    /// Of a token that another cloud issued.
    pub fn other_cloud() -> Self {
        let message = "User is not authorized to access this resource with an explicit deny";
        Self::gateway(StatusCode::FORBIDDEN, message)
    }

    pub fn forbidden() -> Self {
        Self::service(StatusCode::FORBIDDEN, "FORBIDDEN", "This action requires the role Druva Cloud Admin")
    }

    pub fn domain_not_found(id: &str) -> Self {
        Self::service(StatusCode::NOT_FOUND, "DOMAIN_NOT_FOUND", format!("There is no linked Okta domain {id}"))
    }

    pub fn already_linked(okta_domain: &str, id: &str) -> Self {
        let message = format!("The Okta domain {okta_domain} is linked already");
        let data = Some(json!({"id": id}));
        Self { data, ..Self::service(StatusCode::CONFLICT, "DOMAIN_ALREADY_LINKED", message) }
    }

    pub fn backup_disabled() -> Self {
        Self::service(StatusCode::CONFLICT, "BACKUP_DISABLED", "Backup is disabled for this Okta domain")
    }

    pub fn backup_running() -> Self {
        Self::service(StatusCode::CONFLICT, "BACKUP_RUNNING", "A backup of this Okta domain is running")
    }

    pub fn unknown_path() -> Self {
        Self::gateway(StatusCode::NOT_FOUND, "Not Found")
    }

    pub fn wrong_method() -> Self {
        Self::gateway(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }
}

impl IntoResponse for DruvaError {
    fn into_response(self) -> Response {
        let mut body = json!({"code": self.code, "message": self.message});
        if let Some(data) = self.data {
            body["data"] = data;
        }
        (self.status, Json(body)).into_response()
    }
}
