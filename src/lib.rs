//! Terraform provider for Druva's backup of Okta.

pub mod clients;
pub mod diagnostics;
pub mod domain;
pub mod druva;
pub mod framework;
pub mod http;
pub mod okta;
pub mod provider;
pub mod resources;
pub mod scopes;
pub mod secret;
