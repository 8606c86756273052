//! Client of one Druva cloud.
//!
//! Druva publishes the token endpoint, the base URLs and the style of its APIs. The endpoints that link an Okta org
//! are assumed: [`okta_links`] alone knows them, and `links` calls them.

mod auth;
mod client;
mod cloud;
mod error;
mod id;
mod links;
pub mod okta_links;

pub use auth::{Auth, Credentials};
pub use client::Client;
pub use cloud::Cloud;
pub use error::Error;
