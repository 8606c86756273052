//! What Terraform's vocabulary needs and the public part of `tf-provider` lacks.
//!
//! Resources are written against `tf-provider`'s traits and against this room; `plugin/` serves both. The room knows
//! neither gRPC nor Okta nor Druva.

pub mod attribute;
mod report;
pub mod timeouts;

pub use report::Report;
