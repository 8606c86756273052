//! What no input may do: panic, hang, take memory without end, or get a secret quoted. One function for each kind of
//! input, which the fuzz targets call with what a fuzzer makes, and the property tests in `tests/bad_input` with what is
//! nearly valid.

mod addresses;
mod answers;
mod handshake;
mod keys;
mod link_header;
mod rate_limit;
mod rpc;

pub use addresses::address;
pub use answers::{druva_answer, okta_answer};
pub use handshake::handshake;
pub use keys::{certificates, private_key};
pub use link_header::{ASKED, link_header};
pub use rate_limit::rate_limit;
pub use rpc::{RPCS, rpc};

/// A secret that inputs hold and that no text may quote. It is as long as Okta's.
pub const PLANTED: &str = "P1antedCkF69kXtag0q0P4pXU8OnP5IAzgGlwx6e";
