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
    body: Value,
}

impl DruvaError {
    fn service(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, body: json!({"code": code, "message": message.into()}) }
    }

    fn gateway(status: StatusCode, message: &str) -> Self {
        Self { status, body: json!({"code": status.as_u16(), "message": message}) }
    }

    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::service(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }

    pub fn unprocessable(message: &str) -> Self {
        Self::service(StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE", message)
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

    /// Of a token that another cloud issued, and of what a right or a setting of the account forbids.
    pub fn other_cloud() -> Self {
        let message = "User is not authorized to access this resource with an explicit deny";
        let body = json!({"message": message, "errorCode": "4294971402"});
        Self { status: StatusCode::FORBIDDEN, body }
    }

    pub fn forbidden() -> Self {
        Self::service(StatusCode::FORBIDDEN, "FORBIDDEN", "This action requires the role Druva Cloud Admin")
    }

    pub fn domain_not_found(id: &str) -> Self {
        Self::service(StatusCode::NOT_FOUND, "DOMAIN_NOT_FOUND", format!("There is no linked Okta domain {id}"))
    }

    pub fn already_linked(okta_domain: &str, id: Value) -> Self {
        let message = format!("The Okta domain {okta_domain} is linked already");
        let mut error = Self::service(StatusCode::CONFLICT, "DOMAIN_ALREADY_LINKED", message);
        error.body["data"] = json!({"id": id});
        error
    }

    pub fn key_management_stays_on() -> Self {
        let message = "Cloud Key Management cannot be switched off";
        Self::service(StatusCode::CONFLICT, "CLOUD_KEY_MANAGEMENT_ON", message)
    }

    pub fn own_keys() -> Self {
        let message = "The account manages its keys itself";
        Self::service(StatusCode::CONFLICT, "ENTERPRISE_KEY_MANAGEMENT", message)
    }

    pub fn backup_disabled() -> Self {
        Self::service(StatusCode::CONFLICT, "BACKUP_DISABLED", "Backup is disabled for this Okta domain")
    }

    pub fn backup_running() -> Self {
        Self::service(StatusCode::CONFLICT, "BACKUP_RUNNING", "A backup of this Okta domain is running")
    }

    /// Of a path or method that the gateway does not route, whoever asks.
    pub fn not_routed() -> Self {
        Self { status: StatusCode::FORBIDDEN, body: json!({"message": "Missing Authentication Token"}) }
    }
}

impl IntoResponse for DruvaError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
