//! What a response says of the server's rate limit, in `Retry-After` and `X-Rate-Limit-*`.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;

use super::response::Response;

/// The machines of a server do not agree on the time to the last millisecond.
pub(super) const MARGIN: Duration = Duration::from_millis(100);
/// A longer wait is not believed: Okta's buckets refill each minute, `Retry-After` may be longer.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(3600);

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

pub(super) fn number(response: &Response, header: &str) -> Option<u64> {
    response.header(header)?.trim().parse().ok()
}

#[cfg(test)]
mod tests;
