//! Terraform provider for Druva's backup of Okta.

pub mod framework;
