//! Keeps requests below the rate limits that servers state, and holds them back for as long as a server asks.
//!
//! A server counts requests in buckets, and does not say which bucket a request belongs to. Here a bucket is a host and a
//! family of paths: a path up to its first id. If the server has smaller buckets, a refusal holds back too many requests,
//! but never too few.
//!
//! The first request of a bucket goes alone, because only its response states the limit. Where that takes a while, a second
//! one follows: an integration and its secrets are asked for together, and a plan of one waits for nothing else at Okta.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::clock::Moment;
use super::rate_limit::Quota;
use super::response::Response;

/// A segment of a path is an id if it is at least this long and has a digit.
const SHORTEST_ID: usize = 8;
/// How long the first request holds back the second. A server that is near has responded by then.
const SECOND: Duration = Duration::from_millis(50);
/// How long the first request holds back the others: its server may be slow or gone.
const FIRST_RESPONSE: Duration = Duration::from_secs(3);
/// Ends that differ by less are of one wait: each response can make the server's time more exact.
const SAME_WAIT: Duration = Duration::from_millis(1500);

/// The buckets of all servers. All resources of the process share them.
#[derive(Debug)]
pub(super) struct Pacing {
    /// How much of a limit may be used, in percent.
    capacity: u32,
    /// By their names.
    buckets: Mutex<HashMap<String, Arc<Bucket>>>,
}

#[derive(Debug, Default)]
struct Bucket {
    state: Mutex<State>,
    /// Held by the request that is the next to be sent, so that they are sent in the order in which they came.
    turn: tokio::sync::Mutex<()>,
    /// Notified when a request has ended.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    limit: Limit,
    /// The server refused a request, and said until when.
    refused_until: Option<Instant>,
    in_flight: u32,
    /// When the first request was sent since none was in flight.
    first_sent: Option<Instant>,
    /// The end of the wait that was logged last.
    logged_until: Option<Instant>,
}

/// What the last response said of the limit.
#[derive(Debug, Default)]
enum Limit {
    #[default]
    Unknown,
    NotStated,
    Stated(Quota),
}

/// Why a request is not sent yet.
struct Wait {
    /// When to ask again if no other request ends before.
    until: Instant,
    /// Whether the limit is reached: then no response can shorten the wait.
    is_limit: bool,
}

/// One bucket as a request sees it.
pub(super) struct BucketHandle {
    bucket: Arc<Bucket>,
    name: String,
    capacity: u32,
}

/// The permission to send one request. It ends with the response, or when it is dropped.
pub(super) struct Slot(Arc<Bucket>);

impl Pacing {
    pub fn new(capacity: u32) -> Self {
        Self { capacity, buckets: Mutex::default() }
    }

    pub fn bucket(&self, host: &str, path: &str) -> BucketHandle {
        let name = format!("{host} for {}", family(path));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        BucketHandle { bucket: buckets.entry(name.clone()).or_default().clone(), name, capacity: self.capacity }
    }
}

impl BucketHandle {
    /// Waits until a request may be sent. An urgent one goes before those that wait.
    ///
    /// # Errors
    /// When the limit allows it again, if that is later than the deadline: such a wait is not begun.
    pub async fn slot(
        &self,
        now: impl Fn() -> Moment,
        deadline: Option<Instant>,
        is_urgent: bool,
    ) -> Result<Slot, Instant> {
        let is_late = |until: &Instant| deadline.is_some_and(|deadline| *until > deadline);
        // It may be known already, without waiting for those that came before.
        if let Some(until) = self.bucket.state().limited_until(now(), self.capacity).filter(is_late) {
            return Err(until);
        }
        let _turn = if is_urgent { None } else { Some(self.bucket.turn.lock().await) };
        loop {
            // This comes before the look at the state, so that no change is missed.
            let changed = self.bucket.changed.notified();
            let until = {
                let (mut state, now) = (self.bucket.state(), now());
                let Some(wait) = state.wait(now, self.capacity) else {
                    state.on_send(now.here);
                    return Ok(Slot(self.bucket.clone()));
                };
                if wait.is_limit && is_late(&wait.until) {
                    return Err(wait.until);
                }
                // One log line for a wait, however many requests wait.
                if wait.is_limit && state.logged_until.is_none_or(|logged| wait.until > logged + SAME_WAIT) {
                    state.logged_until = Some(wait.until);
                    let seconds = (wait.until - now.here).as_secs_f64();
                    tracing::info!("the rate limit of {} is reached: waiting {seconds:.1} s", self.name);
                }
                wait.until
            };
            // Either way it asks again.
            _ = timeout_at(until, changed).await;
        }
    }
}

impl Bucket {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&mut self, now: Moment, capacity: u32) -> Option<Wait> {
        if let Some(until) = self.limited_until(now, capacity) {
            return Some(Wait { until, is_limit: true });
        }
        let until = match &self.limit {
            Limit::Unknown if self.in_flight == 1 => self.first_sent? + SECOND,
            Limit::Unknown if self.in_flight > 1 => self.first_sent? + FIRST_RESPONSE,
            // The server may not have counted those in flight.
            Limit::Stated(quota) if quota.usable(capacity) <= self.in_flight => quota.ends(now),
            _ => return None,
        };
        (until > now.here).then_some(Wait { until, is_limit: false })
    }

    /// When the limit allows requests again, if it allows none now.
    fn limited_until(&mut self, now: Moment, capacity: u32) -> Option<Instant> {
        let refused_until = self.refused_until.filter(|until| *until > now.here);
        let Limit::Stated(quota) = &self.limit else { return refused_until };
        let (end, usable) = (quota.ends(now), quota.usable(capacity));
        if end <= now.here {
            self.limit = Limit::Unknown;
        }
        refused_until.max((end > now.here && usable == 0).then_some(end))
    }

    fn on_send(&mut self, now: Instant) {
        if self.in_flight == 0 {
            self.first_sent = Some(now);
        }
        self.in_flight += 1;
    }
}

impl Slot {
    /// Notes what the response says. `told` is how long the server asked to wait.
    pub fn on_response(self, response: &Response, told: Option<Duration>, now: Moment) {
        let mut state = self.0.state();
        match (&mut state.limit, Quota::of(response, now.there)) {
            // Responses overtake one another. In one window, the latest states the fewest remaining requests.
            (Limit::Stated(old), Some(new)) if new.reset == old.reset => {
                old.remaining = old.remaining.min(new.remaining)
            }
            (Limit::Stated(old), Some(new)) if new.reset < old.reset => {}
            (limit, Some(new)) => *limit = Limit::Stated(new),
            (Limit::Stated(_), None) => {}
            (limit, None) => *limit = Limit::NotStated,
        }
        if response.status == StatusCode::TOO_MANY_REQUESTS {
            state.refused_until = state.refused_until.max(told.map(|told| now.here + told));
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.state().in_flight -= 1;
        self.0.changed.notify_waiters();
    }
}

/// The path up to its first id.
fn family(path: &str) -> String {
    let is_id = |segment: &&str| segment.len() >= SHORTEST_ID && segment.contains(|byte: char| byte.is_ascii_digit());
    path.split('/').take_while(|segment| !is_id(segment)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
