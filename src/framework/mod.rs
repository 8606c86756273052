//! What Terraform's vocabulary needs and the public part of `tf-provider` lacks.
//!
//! Resources are written against `tf-provider`'s traits and against this module; `plugin/` serves both. It knows
//! neither gRPC nor Okta nor Druva.
//!
//! - A resource implements [`tf_provider::Resource`] and [`ManagedResource`]; the provider lists it in
//!   [`Provider::resources`]. A data source implements [`tf_provider::DataSource`], a function [`tf_provider::Function`],
//!   an ephemeral resource [`EphemeralResource`], a list resource [`ListResource`], an action [`Action`].
//! - `create` calls [`checkpoint`] as soon as the remote object exists, so that nothing that happens later loses it.
//! - Diagnostics are added with [`Report`]; their titles are listed, see [`catalog`].
//! - [`DynResource`] and the other traits in `Dyn`, and [`Encoded`], are what the server sees: the same without type
//!   parameters.

mod action;
pub mod attribute;
pub mod catalog;
mod checkpoint;
mod codec;
mod data_source;
mod ephemeral_resource;
mod function;
mod identity;
mod list_resource;
pub(crate) mod problems;
mod provider;
mod read_only;
mod report;
mod resource;
pub mod timeouts;
mod unknown;

pub use action::{Action, DynAction, Progress};
pub use checkpoint::{checkpoint, with_checkpoints, withdraw_checkpoint};
pub use codec::{Encoded, Format, decode_stored};
pub use data_source::DynDataSource;
pub use ephemeral_resource::{DynEphemeralResource, EphemeralResource};
pub use function::DynFunction;
pub use identity::{GivenIdentity, IdentityAttribute};
pub use list_resource::{DynListResource, ListResource, Listed};
pub use provider::{DynProvider, Provider};
pub use report::{Report, Reported};
pub use resource::{DynResource, ManagedResource, Moved, stored_json};
