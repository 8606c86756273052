//! What time it is at a server, by the `Date` of its answers: a clock here may be wrong.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A server whose `Date` falls behind by more than this had its clock set back, or a machine behind it is slow.
const SET_BACK: Duration = Duration::from_secs(5);

/// The year 3000. Beyond the year 9999, which a `Date` can say, there are no dates to write.
const LATEST: Duration = Duration::from_secs(32_503_680_000);

/// The clocks of the servers that answered, by host and port.
#[derive(Debug, Default)]
pub(super) struct ServerClocks(Mutex<HashMap<String, Moment>>);

/// The same moment by our clock and by a server's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub here: Instant,
    pub there: SystemTime,
}

impl Moment {
    fn at(self, here: Instant) -> SystemTime {
        match here.checked_duration_since(self.here) {
            Some(later) => self.there.checked_add(later),
            None => self.there.checked_sub(self.here - here),
        }
        .unwrap_or(self.there)
    }
}

impl ServerClocks {
    /// Notes the `Date` of an answer that came at `here`, unless it lies where calendars end.
    ///
    /// `Date` is cut to whole seconds and arrives late, so it is never ahead of the server's clock: of several readings,
    /// the one that is furthest ahead is the nearest.
    pub fn observe(&self, host: &str, here: Instant, there: SystemTime) {
        if there > SystemTime::UNIX_EPOCH + LATEST {
            return;
        }
        let mut clocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_better = clocks.get(host).is_none_or(|reading| {
            let expected = reading.at(here);
            there > expected || expected.duration_since(there).is_ok_and(|behind| behind > SET_BACK)
        });
        if is_better {
            clocks.insert(host.to_owned(), Moment { here, there });
        }
    }

    /// The server's time at `here`, which may lie in the past. None before its first answer.
    pub fn at(&self, host: &str, here: Instant) -> Option<SystemTime> {
        let clocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.get(host).map(|reading| reading.at(here))
    }
}

/// How the clock of this machine differs from a server's, in whole seconds. Positive: it is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skew(i64);

impl Skew {
    /// A server's `Date` is cut to whole seconds and was on its way: less than this may be no difference at all.
    const CERTAIN: i64 = 5;

    pub(super) fn between(here: SystemTime, there: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self(match there.duration_since(here) {
            Ok(behind) => seconds(behind),
            Err(ahead) => -seconds(ahead.duration()),
        })
    }

    /// Whether the two clocks differ for certain.
    pub fn is_certain(self) -> bool {
        self.0.abs() > Self::CERTAIN
    }

    /// Whether what is signed now has another time than what was signed when the clocks were thought to differ by `then`.
    pub fn has_changed_since(self, then: Self) -> bool {
        Self(self.0.saturating_sub(then.0)).is_certain()
    }
}

/// As in "90 s behind" and "90 s ahead of".
impl fmt::Display for Skew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s {}", self.0.unsigned_abs(), if self.0 < 0 { "ahead of" } else { "behind" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_counts_from_some_seconds_on() {
        let epoch = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let (slow, fast) = (epoch - Duration::from_secs(90), epoch + Duration::from_millis(90_500));
        let (behind, ahead) = (Skew::between(slow, epoch), Skew::between(fast, epoch));
        assert_eq!((behind.to_string(), ahead.to_string()), ("90 s behind".to_owned(), "90 s ahead of".to_owned()));
        assert!(behind.is_certain() && ahead.is_certain());
        for seconds in [0, 5] {
            let near = epoch + Duration::from_secs(seconds);
            assert!(!Skew::between(epoch, near).is_certain() && !Skew::between(near, epoch).is_certain());
        }
        assert!(behind.has_changed_since(Skew::default()) && behind.has_changed_since(ahead));
        assert!(!behind.has_changed_since(Skew::between(slow - Duration::from_secs(2), epoch)));
    }

    #[test]
    fn the_reading_that_is_furthest_ahead_counts() {
        let clocks = ServerClocks::default();
        let (start, epoch) = (Instant::now(), SystemTime::UNIX_EPOCH);
        let (seconds, milliseconds) = (Duration::from_secs, Duration::from_millis);
        assert_eq!(clocks.at("a", start), None);
        // The server's clock is at 100.9 s, and its Date says 100.
        clocks.observe("a", start, epoch + seconds(100));
        assert_eq!(clocks.at("a", start + seconds(2)), Some(epoch + seconds(102)));
        // At 101.0 s the second turns: now the reading is right, and a later one at 102.5 s does not spoil it.
        clocks.observe("a", start + milliseconds(100), epoch + seconds(101));
        clocks.observe("a", start + milliseconds(1600), epoch + seconds(102));
        assert_eq!(clocks.at("a", start), Some(epoch + milliseconds(100_900)));
        assert_eq!(clocks.at("b", start), None);
    }

    #[test]
    fn a_date_where_calendars_end_is_not_believed() {
        let clocks = ServerClocks::default();
        let start = Instant::now();
        clocks.observe("a", start, httpdate::parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT").unwrap());
        assert_eq!(clocks.at("a", start), None);
    }

    #[test]
    fn a_clock_that_is_set_back_is_believed() {
        let clocks = ServerClocks::default();
        let (start, epoch) = (Instant::now(), SystemTime::UNIX_EPOCH);
        clocks.observe("a", start, epoch + Duration::from_secs(100));
        clocks.observe("a", start, epoch + Duration::from_secs(40));
        assert_eq!(clocks.at("a", start), Some(epoch + Duration::from_secs(40)));
    }
}
