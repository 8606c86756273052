//! The headers that tell a rate limit: `X-Rate-Limit-Limit`, `-Remaining` and `-Reset`.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::Moment;
use crate::http::rate_limit::{LONGEST_WAIT, MARGIN, number};
use crate::http::response::Response;

/// What an answer says of the bucket that its request fell into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    /// How many requests a window has.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// When the next window begins.
    pub reset: Reset,
}

/// In seconds since 1970, by the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reset(u64);

impl Quota {
    /// None where the server says nothing, or nothing that can be believed.
    pub fn of(answer: &Response, there: SystemTime) -> Option<Self> {
        let limit = number(answer, "x-rate-limit-limit")?.try_into().ok().filter(|limit| *limit > 0)?;
        let remaining = number(answer, "x-rate-limit-remaining")?.try_into().ok()?;
        let reset = Reset(number(answer, "x-rate-limit-reset")?);
        (reset.after(there) <= LONGEST_WAIT).then_some(Self { limit, remaining, reset })
    }
}

impl Reset {
    /// How far it lies ahead; zero when it has passed.
    fn after(self, there: SystemTime) -> Duration {
        let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(self.0));
        reset.map_or(Duration::MAX, |reset| reset.duration_since(there).unwrap_or_default())
    }

    /// When it is certain here that the next window has begun; the present when it has.
    pub fn here(self, now: Moment) -> Instant {
        let since = now.there.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let safe = Duration::from_secs(self.0).saturating_add(MARGIN);
        now.here + safe.saturating_sub(since).min(LONGEST_WAIT)
    }
}
