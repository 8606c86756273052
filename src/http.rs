//! HTTP as both clients need it: proxy, certificates and limits in one place, waiting that can be stopped, and
//! repeating only what may be repeated.
//!
//! The clients decide what to send and what an answer means; this module decides when to send it again. It never logs a
//! header or a body.

mod body;
mod client;
mod clock;
mod error;
mod listing;
mod pacing;
mod proxy;
mod rate_limit;
mod response;
mod retry;
#[cfg(test)]
mod tests;
mod token;

pub use body::{DecodeError, decode, excerpt, expect_nothing, finish, json_request, segment};
pub use client::{Http, Settings};
pub use clock::Skew;
pub use error::Error;
pub use listing::{Bounds, Found, Freshness, ListPage, Listing, OnMiss, Writes, Writing};
pub use proxy::{InvalidProxy, Proxy};
pub use response::{Response, request_id};
pub use retry::{Repeat, may_have_acted};
pub use token::{TokenCache, TokenResponse, authorization, bound_token};
