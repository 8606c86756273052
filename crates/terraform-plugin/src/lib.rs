//! Terraform and OpenTofu providers in Rust.
//!
//! A [`Provider`] registers its [`Resource`]s, [`DataSource`]s, [`EphemeralResource`]s, [`Function`]s, [`ListResource`]s and
//! [`Action`]s; [`serve`] speaks Terraform's plugin protocol 6.10. Values, paths, diagnostics and signatures of functions are
//! `tf-provider`'s public types.
//!
//! - **The schema decides what a schema can decide.** Defaults, what is unknown until an object exists, what replaces it: see
//!   [`schema`].
//! - **Nothing said cannot be returned.** A method ends with a result or with [`Reported`], which only comes from having
//!   reported an error. `None` from [`Resource::read`] means that the object is gone, and nothing else does.
//! - **No object is lost.** [`checkpoint`] what exists as soon as it exists. A panic, or an answer that cannot be encoded, is a
//!   diagnostic, and the state keeps what was known.
//! - **Every problem is in a list.** A diagnostic's title comes from [`catalog`], from which a troubleshooting guide can be
//!   made.
//! - **No secret leaks.** No message of this crate quotes a value or a panic's text; no diagnostic points to a sensitive
//!   argument, whose line Terraform would print; [`Info::redact`] looks at each text last.
//! - **Nothing is left behind.** See [`server`].
//!
//! `examples/toy.rs` is a provider that fits on a page.

mod action;
pub mod catalog;
mod checkpoint;
mod codec;
mod data_source;
mod diagnostics;
mod dyn_resource;
mod ephemeral_resource;
mod function;
mod identity;
mod info;
mod list_resource;
mod plan;
mod problems;
mod provider;
mod read_only;
mod registry;
mod resource;
pub mod schema;
pub mod server;
pub mod testing;
pub mod timeouts;
mod unknown;
mod values;

pub use async_trait::async_trait;
pub use tf_provider::value::{self, Value};
pub use tf_provider::{AttributePath, Diagnostics};

pub use action::{Action, Progress};
pub use catalog::Problem;
pub use checkpoint::{checkpoint, withdraw_checkpoint};
pub use codec::{Encoded, Format, decode_stored};
pub use data_source::DataSource;
pub use diagnostics::{Report, Reported};
pub use ephemeral_resource::EphemeralResource;
pub use function::Function;
pub use identity::{GivenIdentity, IdentityAttribute};
pub use info::{Info, Redact};
pub use list_resource::{ListResource, Listed};
pub use provider::{NoConfig, Provider};
pub use registry::Registry;
pub use resource::{Change, Creation, ImportBy, Moved, Plan, Resource, State, Update};
pub use server::{Mode, ServeError, run, say_why_it_ended, serve};
pub use values::nullable;

/// What can be wrong with the arguments and the state of any resource: for a troubleshooting guide.
pub const PROBLEMS_OF_RESOURCES: &[Problem] = problems::ALL;
/// What can go wrong between Terraform and any provider: for a troubleshooting guide.
pub const PROBLEMS_OF_THE_CHANNEL: &[Problem] = server::problems::ALL;
