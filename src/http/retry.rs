//! When a request may be sent again, and after how long.

use std::time::Duration;

use reqwest::StatusCode;

use super::error::Error;
use super::rate_limit::is_about_concurrency;
use super::response::Response;

const FIRST_BACK_OFF: Duration = Duration::from_millis(500);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(30);

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
    /// None where the server said how long: its bucket is closed for that time, for everybody.
    pub delay: Option<Duration>,
    pub reason: String,
    /// Asked for by a rate limit, which does not count as a failure.
    pub rate_limited: bool,
}

/// Whether a request is sent again after this answer. `told` is how long the server asked to wait.
pub(super) fn after_answer(
    answer: &Response,
    told: Option<Duration>,
    repeat: Repeat,
    history: History,
) -> Option<Wait> {
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        // A limit refuses before acting, so this holds for creating requests too.
        let delay = told.is_none().then(|| back_off(history.tries));
        let what = if is_about_concurrency(answer) { "too many requests at once" } else { "rate limit reached" };
        return Some(Wait { delay, reason: what.to_owned(), rate_limited: true });
    }
    if !is_transient(answer.status)
        || repeat == Repeat::OnlyIfNothingHappened
        || history.failures >= history.max_retries
    {
        return None;
    }
    let delay = Some(told.unwrap_or_else(|| back_off(history.tries)));
    Some(Wait { delay, reason: format!("status {}", answer.status.as_u16()), rate_limited: false })
}

pub(super) fn after_failure(error: &Error, repeat: Repeat, history: History) -> Option<Wait> {
    let may_repeat = match error {
        Error::Connect { permanent, .. } => !permanent,
        Error::Lost { .. } | Error::Timeout { .. } => repeat == Repeat::Always,
        _ => false,
    };
    (may_repeat && history.failures < history.max_retries).then(|| Wait {
        delay: Some(back_off(history.tries)),
        reason: error.to_string(),
        rate_limited: false,
    })
}

fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504)
}

/// Whether a refusal with this status says nothing about whether the request was carried out: it may come from something
/// between here and the server.
pub fn may_have_acted(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT
}

/// Exponential, with full jitter: many resources that failed together must not come back together.
fn back_off(tries: u32) -> Duration {
    let ceiling = FIRST_BACK_OFF.saturating_mul(2u32.saturating_pow(tries)).min(LONGEST_BACK_OFF);
    // At least a tenth, so that a run of small draws does not become a burst.
    ceiling.mul_f64(0.1 + 0.9 * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
    use zeroize::Zeroizing;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Response {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Response { status: StatusCode::from_u16(status).unwrap(), headers, body: Zeroizing::default() }
    }

    fn after(failures: u32, max_retries: u32) -> History {
        History { tries: failures, failures, max_retries }
    }

    fn lost() -> Error {
        Error::Lost { host: "example.okta.com".into(), reason: "reset".into() }
    }

    #[test]
    fn a_rate_limit_is_waited_for_as_told_also_by_creating_requests() {
        let told = Some(Duration::from_secs(30));
        let wait = after_answer(&answer(429, &[]), told, Repeat::OnlyIfNothingHappened, after(99, 0)).unwrap();
        assert!(wait.delay.is_none() && wait.rate_limited);
    }

    #[test]
    fn a_rate_limit_without_an_end_backs_off() {
        let refused = answer(429, &[("x-rate-limit-limit", "0"), ("x-rate-limit-reset", "9999999")]);
        let wait = after_answer(&refused, None, Repeat::Always, after(0, 5)).unwrap();
        assert!(wait.delay.unwrap() <= FIRST_BACK_OFF && wait.reason == "too many requests at once");
        let wait = after_answer(&refused, None, Repeat::Always, after(3, 0)).unwrap();
        assert!(wait.delay.unwrap() >= FIRST_BACK_OFF.mul_f64(0.8), "it does not ask again at once");
    }

    #[test]
    fn creating_requests_are_not_repeated_when_they_may_have_acted() {
        assert!(after_answer(&answer(503, &[]), None, Repeat::OnlyIfNothingHappened, after(0, 5)).is_none());
        assert!(after_failure(&lost(), Repeat::OnlyIfNothingHappened, after(0, 5)).is_none());
        let refused = Error::Connect { host: String::new(), reason: String::new(), permanent: false };
        assert!(after_failure(&refused, Repeat::OnlyIfNothingHappened, after(0, 5)).is_some());
    }

    #[test]
    fn other_requests_are_repeated_up_to_the_limit() {
        assert!(after_answer(&answer(503, &[]), None, Repeat::Always, after(4, 5)).is_some());
        assert!(after_answer(&answer(503, &[]), None, Repeat::Always, after(5, 5)).is_none());
        assert!(after_failure(&lost(), Repeat::Always, after(0, 5)).is_some());
        assert!(after_answer(&answer(404, &[]), None, Repeat::Always, after(0, 5)).is_none());
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
