//! When a request may be sent again, and after how long.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;

use super::{Answer, Error};

const FIRST_BACK_OFF: Duration = Duration::from_millis(500);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(30);
/// A rate limit whose end is this far away is not believed: Okta's buckets refill each minute, Retry-After may be longer.
const LONGEST_TOLD_WAIT: Duration = Duration::from_secs(3600);

/// Whether a request may be repeated when it is not certain that the first one did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A second one has no further effect: reading, deleting, activating, fetching a token.
    Always,
    /// A second one would create a second thing.
    OnlyIfNothingHappened,
}

/// What a request went through so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct History {
    /// How often it was sent and will be sent again, rate limits included: the back-off grows with it.
    pub tries: u32,
    /// How many of those were failures, which are limited.
    pub failures: u32,
    /// How many failures are followed by another try.
    pub max_retries: u32,
}

/// A pause before the next try.
#[derive(Debug)]
pub(super) struct Wait {
    pub delay: Duration,
    pub reason: String,
    /// Told by a rate limit, which does not count as a failure.
    pub rate_limited: bool,
}

pub(super) fn after_answer(answer: &Answer, repeat: Repeat, history: History) -> Option<Wait> {
    let told = told_wait(answer);
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        // A limit refuses before acting, so this holds for creating requests too.
        let (delay, how) = told.map_or_else(|| (back_off(history.tries), ""), |delay| (delay, ", as it asked"));
        return Some(Wait { delay, reason: format!("rate limit reached, waiting{how}"), rate_limited: true });
    }
    if !is_transient(answer.status)
        || repeat == Repeat::OnlyIfNothingHappened
        || history.failures >= history.max_retries
    {
        return None;
    }
    let delay = told.unwrap_or_else(|| back_off(history.tries));
    Some(Wait { delay, reason: format!("status {}", answer.status.as_u16()), rate_limited: false })
}

pub(super) fn after_failure(error: &Error, repeat: Repeat, history: History) -> Option<Wait> {
    let may_repeat = match error {
        Error::Connect { permanent, .. } => !permanent,
        Error::Lost { .. } | Error::Timeout { .. } => repeat == Repeat::Always,
        _ => false,
    };
    (may_repeat && history.failures < history.max_retries).then(|| Wait {
        delay: back_off(history.tries),
        reason: error.to_string(),
        rate_limited: false,
    })
}

fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504)
}

/// Whether a refusal with this status says nothing about whether the request was carried out: it may come from something
/// between here and the server.
#[must_use]
pub fn may_have_acted(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT
}

/// Exponential, with full jitter: many resources that failed together must not come back together.
fn back_off(tries: u32) -> Duration {
    let ceiling = FIRST_BACK_OFF.saturating_mul(2u32.saturating_pow(tries)).min(LONGEST_BACK_OFF);
    // At least a tenth, so that a run of small draws does not become a burst.
    ceiling.mul_f64(0.1 + 0.9 * fastrand::f64())
}

/// How long the server asked to wait, by `Retry-After` or by Okta's `X-Rate-Limit-Reset`.
///
/// Both instants are measured against the answer's own `Date`, so that a skewed clock here does no harm. When Okta
/// limits concurrency it sends a limit of 0 and its reset is only a hint: then nothing was told.
fn told_wait(answer: &Answer) -> Option<Duration> {
    let now =
        answer.header("date").and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now);
    if let Some(value) = answer.header("retry-after") {
        let delay = match value.trim().parse() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => httpdate::parse_http_date(value).ok()?.duration_since(now).unwrap_or_default(),
        };
        return Some(delay.min(LONGEST_TOLD_WAIT));
    }
    if answer.status != StatusCode::TOO_MANY_REQUESTS || answer.header("x-rate-limit-limit")?.trim() == "0" {
        return None;
    }
    let reset = answer.header("x-rate-limit-reset")?.trim().parse().ok()?;
    let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(reset))?;
    // The second that is cut off from both instants could make the wait one too short.
    let delay = reset.duration_since(now).unwrap_or_default() + Duration::from_secs(1);
    Some(delay.min(LONGEST_TOLD_WAIT))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
    use zeroize::Zeroizing;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Answer {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: Zeroizing::default() }
    }

    fn after(failures: u32, max_retries: u32) -> History {
        History { tries: failures, failures, max_retries }
    }

    fn lost() -> Error {
        Error::Lost { host: "example.okta.com".into(), reason: "reset".into() }
    }

    #[test]
    fn a_rate_limit_is_waited_for_as_told_also_by_creating_requests() {
        let headers = [
            ("date", "Thu, 01 Jan 1970 00:01:40 GMT"),
            ("x-rate-limit-limit", "50"),
            ("x-rate-limit-remaining", "0"),
            ("x-rate-limit-reset", "130"),
        ];
        let wait = after_answer(&answer(429, &headers), Repeat::OnlyIfNothingHappened, after(99, 0)).unwrap();
        assert_eq!(wait.delay, Duration::from_secs(31));
        assert!(wait.rate_limited);
    }

    #[test]
    fn a_concurrency_limit_backs_off_by_itself() {
        let headers =
            [("date", "Thu, 01 Jan 1970 00:01:40 GMT"), ("x-rate-limit-limit", "0"), ("x-rate-limit-reset", "9999999")];
        let wait = after_answer(&answer(429, &headers), Repeat::Always, after(0, 5)).unwrap();
        assert!(wait.delay <= FIRST_BACK_OFF);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_has_a_limit() {
        let told =
            |value| told_wait(&answer(503, &[("date", "Thu, 01 Jan 1970 00:01:40 GMT"), ("retry-after", value)]));
        assert_eq!(told("7"), Some(Duration::from_secs(7)));
        assert_eq!(told("Thu, 01 Jan 1970 00:02:00 GMT"), Some(Duration::from_secs(20)));
        assert_eq!(told("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(told("99999999"), Some(LONGEST_TOLD_WAIT));
        assert_eq!(told("soon"), None);
    }

    #[test]
    fn creating_requests_are_not_repeated_when_they_may_have_acted() {
        assert!(after_answer(&answer(503, &[]), Repeat::OnlyIfNothingHappened, after(0, 5)).is_none());
        assert!(after_failure(&lost(), Repeat::OnlyIfNothingHappened, after(0, 5)).is_none());
        let refused = Error::Connect { host: String::new(), reason: String::new(), permanent: false };
        assert!(after_failure(&refused, Repeat::OnlyIfNothingHappened, after(0, 5)).is_some());
    }

    #[test]
    fn other_requests_are_repeated_up_to_the_limit() {
        assert!(after_answer(&answer(503, &[]), Repeat::Always, after(4, 5)).is_some());
        assert!(after_answer(&answer(503, &[]), Repeat::Always, after(5, 5)).is_none());
        assert!(after_failure(&lost(), Repeat::Always, after(0, 5)).is_some());
        assert!(after_answer(&answer(404, &[]), Repeat::Always, after(0, 5)).is_none());
    }

    #[test]
    fn an_untrusted_certificate_is_not_tried_again() {
        let untrusted = Error::Connect { host: String::new(), reason: String::new(), permanent: true };
        assert!(after_failure(&untrusted, Repeat::Always, after(0, 5)).is_none());
    }

    #[test]
    fn back_off_grows_and_stays_bounded() {
        for tries in 0..40 {
            assert!(back_off(tries) <= LONGEST_BACK_OFF);
        }
    }
}
