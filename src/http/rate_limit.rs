//! What a response says of the server's rate limit, in `Retry-After` and `X-Rate-Limit-*`.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use tokio::time::Instant;

use super::clock::Moment;
use super::response::Response;

/// The machines of a server do not agree on the time to the last millisecond.
const MARGIN: Duration = Duration::from_millis(100);
/// A longer wait is not believed: Okta's buckets refill each minute, `Retry-After` may be longer.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// What a response says of the bucket of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    /// How many requests a window has.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// When the next window begins, by the server's clock.
    pub reset: SystemTime,
}

impl Quota {
    /// None if the server states no limit, or one that cannot be true at this time of the server.
    pub fn of(response: &Response, there: SystemTime) -> Option<Self> {
        let limit = number(response, "x-rate-limit-limit")?.try_into().ok().filter(|limit| *limit > 0)?;
        let remaining = number(response, "x-rate-limit-remaining")?.try_into().ok()?;
        let reset = reset(response)?;
        (reset.duration_since(there).ok()? <= LONGEST_WAIT).then_some(Self { limit, remaining, reset })
    }

    /// When the next window has begun for certain. This is the present if it has.
    pub fn ends(&self, now: Moment) -> Instant {
        let wait = (self.reset + MARGIN).duration_since(now.there).unwrap_or_default();
        now.here + wait.min(LONGEST_WAIT)
    }

    /// How many requests are left if only `capacity` percent of the limit may be used, but at least one of a whole window.
    pub fn usable(&self, capacity: u32) -> u32 {
        let share = u64::from(self.limit) * u64::from(capacity) / 100;
        let share = u32::try_from(share).unwrap_or(self.limit).max(1);
        self.remaining.saturating_sub(self.limit.saturating_sub(share))
    }
}

/// Whether a refusal is about how many requests are in flight: Okta then states a limit of 0.
pub(super) fn is_about_concurrency(response: &Response) -> bool {
    number(response, "x-rate-limit-limit") == Some(0)
}

/// How long the server asks to wait, by `Retry-After` or by Okta's `X-Rate-Limit-Reset`. `there` is the server's time, so
/// that a skewed clock here does no harm.
///
/// None if Okta limits concurrency, because its reset is only a hint then. None for a time in the past too: without a
/// pause, the request would be repeated again and again.
pub(super) fn told_wait(response: &Response, there: SystemTime) -> Option<Duration> {
    let until = |time: SystemTime| time.duration_since(there).ok().map(|wait| wait + MARGIN);
    let wait = if let Some(value) = response.header("retry-after").map(str::trim) {
        match value.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            // The number does not fit into a u64.
            Err(_) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => Some(LONGEST_WAIT),
            Err(_) => until(httpdate::parse_http_date(value).ok()?),
        }
    } else if response.status == StatusCode::TOO_MANY_REQUESTS && !is_about_concurrency(response) {
        until(reset(response)?)
    } else {
        None
    };
    wait.filter(|wait| !wait.is_zero()).map(|wait| wait.min(LONGEST_WAIT))
}

fn reset(response: &Response) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(number(response, "x-rate-limit-reset")?))
}

fn number(response: &Response, header: &str) -> Option<u64> {
    response.header(header)?.trim().parse().ok()
}

#[cfg(test)]
mod tests;
