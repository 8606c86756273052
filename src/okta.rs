//! Client of one Okta org's management API.
//!
//! Endpoints stand beside their wire types ([`api_services`]); [`Client`] sends, decodes and follows pages.

mod answer;
pub mod api_services;
pub mod auth;
pub mod caller;
mod challenge;
mod client;
mod dpop;
mod error;
mod new_secrets;
pub mod organization;
mod pages;
pub mod secret_proof;
mod seen;
pub mod sought;
mod token_endpoint;

pub use self::auth::Auth;
pub use self::client::Client;
pub use self::error::{ApiError, Error};
pub use self::new_secrets::{NEW_FOR, SecretOrigin};
pub use self::pages::next_page;
