//! A request that creates something and whose answer got lost: whether what is there now can be its doing.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::instant_text::{nanos, nanos_of};
use crate::redaction::ServerText;

/// How long is waited before looking: a server may still be at work when the way back to us is broken, and another
/// apply that creates the same leaves its traces.
const SETTLE: Duration = Duration::from_secs(2);
/// By how much the clocks of one service's machines may differ.
const CLOCK_SKEW: Duration = Duration::from_secs(1);
/// By how much a server's clock may be ahead of the `Date` that it was read from.
const DATE_LAG: Duration = Duration::from_secs(1);

/// A creating request from the moment before it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    began: Instant,
}

/// One whose answer got lost.
#[derive(Clone, Copy, Debug)]
pub struct LostAttempt {
    began: Instant,
    ended: Instant,
}

impl Attempt {
    /// Call it just before sending.
    pub fn begin() -> Self {
        Self { began: Instant::now() }
    }

    /// Its answer is lost: waits a moment before looking what came of it.
    pub async fn settle(self) -> LostAttempt {
        let lost = LostAttempt { began: self.began, ended: Instant::now() };
        tokio::time::sleep(SETTLE).await;
        lost
    }
}

impl LostAttempt {
    /// Whether something that was created at `created` (ISO 8601) can be its doing: it came into being while the request
    /// was under way, by the server's own clock.
    pub fn may_have_created(self, created: &ServerText, server_time: impl Fn(Instant) -> SystemTime) -> bool {
        let Some(created) = created.unix_nanos() else { return false };
        let at_server = |here| nanos_of(server_time(here));
        let earliest = at_server(self.began) - nanos(CLOCK_SKEW);
        let latest = at_server(self.ended) + nanos(CLOCK_SKEW + DATE_LAG);
        (earliest..=latest).contains(&created)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_older_or_newer_than_the_request_is_not_its_doing() {
        let attempt = Attempt::begin();
        let start = Instant::now();
        let server_time = |here: Instant| SystemTime::UNIX_EPOCH + Duration::from_secs(100) + (here - start);
        tokio::time::advance(Duration::from_secs(3)).await;
        let attempt = attempt.settle().await;
        // By the server's clock it was sent at 100 s, and its answer was lost at 103 s.
        let rows = [
            ("a clock that is too far behind", "1970-01-01T00:01:38.500Z", false),
            ("another machine's clock, a little behind", "1970-01-01T00:01:39.500Z", true),
            ("while it was under way", "1970-01-01T00:01:40.500Z", true),
            ("another machine's clock, a little ahead", "1970-01-01T00:01:44.500Z", true),
            ("after the answer was lost", "1970-01-01T00:01:45.500Z", false),
            ("in doubt it is not", "yesterday", false),
            ("a time is data", "9999-12-31T23:59:59.999Z", false),
        ];
        for (name, created, expected) in rows {
            assert_eq!(attempt.may_have_created(&created.into(), server_time), expected, "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_time_of_a_server_overflows() {
        let attempt = Attempt::begin().settle().await;
        let farthest = Duration::from_secs(u64::try_from(i64::MAX).unwrap());
        for created in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59-23:59", "", "x"]
        {
            let epoch = SystemTime::UNIX_EPOCH;
            // The time of Windows ends earlier.
            let far =
                [farthest, Duration::from_secs(1 << 33)].map(|far| [epoch.checked_sub(far), epoch.checked_add(far)]);
            for there in far.into_iter().flatten().flatten().chain([epoch]) {
                assert!(!attempt.may_have_created(&created.into(), |_| there), "{created} at {there:?}");
            }
        }
    }
}
