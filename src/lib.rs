//! Terraform provider for Druva's backup of Okta.

pub mod framework;
pub mod plugin;
pub mod provider;
