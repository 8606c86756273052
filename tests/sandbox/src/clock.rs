//! The time, as the two vendors write it.

use std::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

/// Like `2023-02-21T20:08:24.123Z`.
pub fn timestamp() -> String {
    timestamp_in(Duration::ZERO)
}

/// [`timestamp`] of a moment to come.
pub fn timestamp_in(wait: Duration) -> String {
    let now = OffsetDateTime::now_utc() + wait;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        now.year(),
        u8::from(now.month()),
        now.day(),
        now.hour(),
        now.minute(),
        now.second(),
        now.millisecond()
    )
}

/// Seconds since 1970.
pub fn epoch_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Milliseconds since 1970.
pub fn epoch_milliseconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
