//! The Okta org: API service integrations, their secrets, roles, org metadata and the token endpoint.

mod api_services;
mod caller;
mod catalogue;
mod client_assertion;
mod dpop;
mod error;
mod integration;
mod organization;
mod rate_limit;
mod role;
mod roles;
mod scopes;
mod secret;
mod secrets;
mod service_app;
mod token;

pub use catalogue::DRUVA_TYPE;
pub use error::too_many_requests;
pub use integration::{Integration, NewIntegration, Reader, Refusal};
pub use rate_limit::Quota;
pub use role::RoleType;
pub use secret::{SecretStatus, secret_hash};
pub use service_app::{Registration, ServiceApp};

use crate::{control, world::Shared};
use axum::{
    Router,
    routing::{get, post},
};
use error::OktaError;
use std::{collections::HashMap, time::Instant};

/// What the org holds.
#[derive(Clone, Default)]
pub struct OktaOrg {
    pub integrations: Vec<Integration>,
    /// Counts installs for the cursor of the list: it has to survive deletions.
    pub installs: u64,
    pub tokens: HashMap<String, AccessToken>,
    pub service_apps: Vec<ServiceApp>,
    pub dpop: dpop::Dpop,
    pub rate_limits: rate_limit::RateLimits,
}

/// A token that the org issued.
#[derive(Clone)]
pub struct AccessToken {
    pub client_id: String,
    pub scopes: Vec<String>,
    pub expires: Instant,
    /// The thumbprint of the key to which it is bound: then it is no bearer token.
    pub jkt: Option<String>,
}

pub fn router(sandbox: &Shared) -> Router {
    let one = "/integrations/api/v1/api-services/{id}";
    let secrets = format!("{one}/credentials/secrets");
    let secret = format!("{secrets}/{{secret_id}}");
    Router::new()
        .route("/integrations/api/v1/api-services", get(api_services::list).post(api_services::create))
        .route(one, get(api_services::read).delete(api_services::delete))
        .route(&secrets, get(secrets::list).post(secrets::create))
        .route(&secret, axum::routing::delete(secrets::delete))
        .route(&format!("{secret}/lifecycle/activate"), post(secrets::activate))
        .route(&format!("{secret}/lifecycle/deactivate"), post(secrets::deactivate))
        .route("/api/v1/users/me", get(roles::current_user))
        .route("/api/v1/users/{id}/roles", get(roles::of_user))
        .route("/oauth2/v1/clients/{id}/roles", get(roles::of_client))
        .route("/oauth2/v1/token", post(token::issue))
        .route("/.well-known/okta-organization", get(organization::metadata))
        .fallback(async || OktaError::unknown_path())
        .method_not_allowed_fallback(async || OktaError::wrong_method())
        .with_state(sandbox.clone())
        .nest("/_sandbox", control::router(sandbox))
}
