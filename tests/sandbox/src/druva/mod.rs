//! The Druva cloud: its token endpoint and the links to Okta orgs.

mod caller;
mod domain;
mod error;
mod links;
mod okta_domain;
mod token;

pub use domain::{AppStatus, Domain, LinkIds, NewDomain};
pub use okta_domain::host_of;

use crate::{control, world::Shared};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use error::DruvaError;
use std::{collections::HashMap, time::Instant};

/// What the account holds.
#[derive(Clone, Default)]
pub struct DruvaCloud {
    pub domains: Vec<Domain>,
    /// Access tokens with their expiry.
    pub tokens: HashMap<String, Instant>,
    /// Counts links for the page token: it has to survive deletions.
    pub links: u64,
    /// Of the account: the same for all links.
    pub cloud_key_management_enabled: bool,
    /// How many tokens were issued.
    pub issued_tokens: usize,
}

/// Of the assumed contract. The provider has it as an argument; this is its default.
const PREFIX: &str = "/okta/v1";

pub fn router(sandbox: &Shared) -> Router {
    let links = Router::new()
        .route("/domains", get(links::list).post(links::create))
        .route("/domains/{id}", get(links::read).patch(links::switch).delete(links::delete))
        .route("/domains/{id}/authorize", post(links::authorize))
        .route("/domains/{id}/backups", post(links::back_up));
    let api = Router::new()
        .nest(PREFIX, links)
        .route("/token", post(token::issue))
        .fallback(async || DruvaError::not_routed())
        .method_not_allowed_fallback(async || DruvaError::not_routed())
        .with_state(sandbox.clone());
    // Around the whole API, because a refused method would give it away by its Allow header.
    Router::new()
        .fallback_service(api)
        .layer(middleware::from_fn_with_state(sandbox.clone(), when_enabled))
        .nest("/_sandbox", control::router(sandbox))
}

/// Druva Support has to enable Okta for an account: before that, the account has no such API.
async fn when_enabled(State(sandbox): State<Shared>, request: Request, next: Next) -> Response {
    let enabled = sandbox.world().settings.druva_okta_api;
    if !enabled && request.uri().path().starts_with(PREFIX) {
        return DruvaError::not_routed().into_response();
    }
    next.run(request).await
}
