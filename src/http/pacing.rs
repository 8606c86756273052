//! Keeping below the rate limits that a server states in its answers (`X-Rate-Limit-*`), so that it seldom has to refuse.
//!
//! A server counts requests in buckets, and does not say in which of them a request fell. Here a bucket is a host with
//! a family of paths: a path up to its first id. Where the server counts more finely, its refusal closes all of the
//! family: that is too much, but never too little.
//!
//! One request of a bucket goes first, because only its answer tells the limit. From then on a request needs a place
//! below the limit before it is sent, and requests that wait go in the order in which they came.

mod bucket;
mod crowd;
mod quota;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use tokio::sync::futures::OwnedNotified;
use tokio::sync::{Notify, OwnedMutexGuard};
use tokio::time::Instant;

use self::bucket::Bucket;
use self::crowd::Crowd;
use self::quota::Quota;
use super::rate_limit::is_about_concurrency;
use super::response::Response;

/// A segment of a path that is at least as long as this and holds a digit is an id.
const SHORTEST_ID: usize = 8;

/// The buckets of all servers. All resources of the process share them.
#[derive(Debug)]
pub(super) struct Pacing {
    /// How much of a limit may be used, in percent.
    capacity: u32,
    servers: Mutex<HashMap<String, Arc<Server>>>,
}

/// What is known of one host.
#[derive(Debug, Default)]
struct Server {
    state: Mutex<State>,
    /// Told when an answer came: there may be a place now.
    changed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct State {
    buckets: HashMap<String, Bucket>,
    crowd: Crowd,
}

/// The same moment here and at a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub here: Instant,
    pub there: SystemTime,
}

/// One bucket of one server.
pub(super) struct Lane {
    server: Arc<Server>,
    host: String,
    family: String,
    capacity: u32,
}

/// What a request is told that asks for a place.
pub(super) enum Verdict {
    Go(Permit),
    Wait(Wait),
}

/// Why there is no place now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// When to ask again, if no answer comes before.
    pub until: Option<Instant>,
    pub cause: Cause,
    /// What to log, unless it was logged already.
    pub news: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// An answer that is on its way will tell.
    Answer,
    /// Few requests are left: they are spread over the time.
    Slow,
    /// The limit is used up, or the server has refused.
    Limit,
}

/// A request's place among those that may be under way.
pub(super) struct Permit {
    server: Arc<Server>,
    family: String,
    is_settled: bool,
}

impl Pacing {
    pub fn new(capacity: u32) -> Self {
        Self { capacity, servers: Mutex::default() }
    }

    pub fn lane(&self, host: &str, path: &str) -> Lane {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let server = servers.entry(host.to_owned()).or_default().clone();
        Lane { server, host: host.to_owned(), family: family(path), capacity: self.capacity }
    }
}

impl Server {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    /// The right to ask, in the order of arrival.
    pub async fn turn(&self) -> OwnedMutexGuard<()> {
        let turn = self.server.state().buckets.entry(self.family.clone()).or_default().turn.clone();
        turn.lock_owned().await
    }

    /// Resolves after the next answer from now on.
    pub fn changed(&self) -> OwnedNotified {
        self.server.changed.clone().notified_owned()
    }

    /// When the bucket opens again, if it is closed now.
    pub fn opens_at(&self, now: Moment) -> Option<Instant> {
        self.server.state().buckets.get_mut(&self.family)?.opens_at(now, self.capacity)
    }

    /// Asks for a place. `hurries` is for requests that cannot wait for better times while there is a place.
    pub fn ask(&self, now: Moment, hurries: bool) -> Verdict {
        let mut state = self.server.state();
        let State { buckets, crowd } = &mut *state;
        let bucket = buckets.entry(self.family.clone()).or_default();
        let wait = bucket.wait(now, self.capacity, hurries, &format!("{} for {}", self.host, self.family));
        if let Some(wait) = wait.or_else(|| crowd.wait()) {
            return Verdict::Wait(wait);
        }
        bucket.leaves(now.here);
        crowd.enters();
        Verdict::Go(Permit { server: self.server.clone(), family: self.family.clone(), is_settled: false })
    }
}

impl Permit {
    /// Notes what an answer says of its bucket. `told` is how long the server asked to wait.
    pub fn settle(mut self, answer: &Response, told: Option<Duration>, now: Moment) {
        self.is_settled = true;
        let mut state = self.server.state();
        let State { buckets, crowd } = &mut *state;
        let bucket = buckets.entry(self.family.clone()).or_default();
        bucket.returns(Quota::of(answer, now.there));
        if answer.status != StatusCode::TOO_MANY_REQUESTS {
            crowd.is_welcome();
        } else if let Some(told) = told {
            bucket.close(now.here + told);
        } else if is_about_concurrency(answer) {
            crowd.is_refused(now.here);
        }
        crowd.leaves();
        drop(state);
        self.server.changed.notify_waiters();
    }
}

impl Drop for Permit {
    /// Without an answer, the server may or may not have counted the request.
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        let mut state = self.server.state();
        let State { buckets, crowd } = &mut *state;
        if let Some(bucket) = buckets.get_mut(&self.family) {
            bucket.lost();
        }
        crowd.leaves();
        drop(state);
        self.server.changed.notify_waiters();
    }
}

/// The path up to its first id.
fn family(path: &str) -> String {
    let is_id = |segment: &&str| segment.len() >= SHORTEST_ID && segment.contains(|byte: char| byte.is_ascii_digit());
    path.split('/').take_while(|segment| !is_id(segment)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
