//! What a link, its actions and the rotation of an integration's secret share: a client secret on its way from Okta to
//! Druva, and what becomes of the ones before it.
//!
//! [`handover`] has the steps in their order. The modules below it are what the steps are made of:
//!
//! - before: [`arguments`] checks what is given, [`policy`] says which secret may go for another one, [`rotation`]
//!   mints it, [`verification`] tries it at Okta's token endpoint;
//! - meanwhile: [`new_secret`] repeats what a secret is refused for only because it is new, [`attempt`] tells what a request
//!   did whose answer got lost, [`connection`] waits for Druva;
//! - afterwards: [`client_secrets`] recognizes the secret in use among Okta's, [`retirement`] deletes what Druva does not need,
//!   with a [`connection_probe`] that tells whether it does.
//!
//! It knows no model of a resource and no plan: what calls it decides, and says in its own words what came of it.

pub mod arguments;
pub mod attempt;
pub mod client_secrets;
pub mod connection;
pub mod connection_probe;
pub mod handover;
pub mod lost_link;
pub mod new_secret;
pub mod org;
pub mod policy;
pub(crate) mod problems;
pub mod recent;
pub mod retirement;
pub mod rotation;
pub mod verification;
