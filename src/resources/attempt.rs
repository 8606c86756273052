//! A request that creates something and whose answer got lost: whether what is there now can be its doing.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

/// How long is waited before looking: a server may still be at work when the way back to us is broken, and another
/// apply that creates the same leaves its traces.
const SETTLE: Duration = Duration::from_secs(2);
/// By how much the clocks of one service's machines may differ.
const CLOCK_SKEW: Duration = Duration::from_secs(1);

/// A creating request from the moment before it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    began: Instant,
}

impl Attempt {
    /// Call it just before sending.
    #[must_use]
    pub fn begin() -> Self {
        Self { began: Instant::now() }
    }

    /// Waits a moment before looking what came of it.
    pub async fn settle(self) {
        tokio::time::sleep(SETTLE).await;
    }

    /// Whether something that was created at `created` (ISO 8601) can be its doing: it is not older than the request,
    /// by the server's own clock.
    #[must_use]
    pub fn may_have_created(self, created: &str, server_time: impl FnOnce(Instant) -> SystemTime) -> bool {
        let Ok(created) = OffsetDateTime::parse(created, &Rfc3339) else { return false };
        created + CLOCK_SKEW >= OffsetDateTime::from(server_time(self.began))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_the_request_is_not_its_doing() {
        let attempt = Attempt::begin();
        let began = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        let is_possible = |created| attempt.may_have_created(created, |_| began);
        assert!(is_possible("1970-01-01T00:01:40.500Z"));
        assert!(is_possible("1970-01-01T00:01:39.500Z"), "another machine's clock");
        assert!(!is_possible("1970-01-01T00:01:38.500Z"));
        assert!(!is_possible("yesterday"), "in doubt it is not");
    }
}
