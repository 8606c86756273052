//! The sandbox's own clock, which a test can move ahead, and how its time is written.
//!
//! Both vendors write whole seconds, in every example and recording.

use std::{
    sync::atomic::{AtomicI64, AtomicU32, Ordering},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use time::OffsetDateTime;

/// By how many seconds this clock is ahead of the machine's. Negative: behind.
static AHEAD: AtomicI64 = AtomicI64::new(0);
/// How many times faster than real ones the delays of this program pass.
static SPEED: AtomicU32 = AtomicU32::new(1);

/// Moves the clock.
pub fn set_ahead(seconds: i64) {
    AHEAD.store(seconds, Ordering::Relaxed);
}

/// Makes the delays of this program shorter.
pub fn set_speed(speed: u32) {
    SPEED.store(speed.max(1), Ordering::Relaxed);
}

/// When a delay of this clock that begins now is over.
pub fn after(delay: Duration) -> Instant {
    Instant::now() + delay / SPEED.load(Ordering::Relaxed)
}

/// The time.
pub fn now() -> SystemTime {
    let ahead = AHEAD.load(Ordering::Relaxed);
    let by = Duration::from_secs(ahead.unsigned_abs());
    if ahead < 0 { SystemTime::now() - by } else { SystemTime::now() + by }
}

/// Like `2023-02-21T20:08:24.000Z`.
pub fn timestamp() -> String {
    timestamp_in(Duration::ZERO)
}

/// [`timestamp`] of a moment to come.
pub fn timestamp_in(wait: Duration) -> String {
    let then = OffsetDateTime::from(now() + wait);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.000Z",
        then.year(),
        u8::from(then.month()),
        then.day(),
        then.hour(),
        then.minute(),
        then.second(),
    )
}

/// The value of a `Date` header.
pub fn http_date() -> String {
    httpdate::fmt_http_date(now())
}

/// Seconds since 1970.
pub fn epoch_seconds() -> u64 {
    now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Milliseconds since 1970 by the machine's clock, which tests compare with their own.
pub fn epoch_milliseconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
