//! What the tests of this workspace share: the sandbox, keys, small servers, and Terraform's side of the plugin channel.
#![allow(missing_docs, clippy::new_without_default, reason = "of tests: names that say it are enough")]

pub mod client;
pub mod environment;
mod interrupt;
pub mod keys;
pub mod plugin;
pub mod sandbox;
pub mod servers;
pub mod tls;
