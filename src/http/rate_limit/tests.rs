use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::*;

const EPOCH: SystemTime = SystemTime::UNIX_EPOCH;

fn response(status: u16, headers: &[(&'static str, &'static str)]) -> Response {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
    Response { status: StatusCode::from_u16(status).unwrap(), headers, body: Zeroizing::default() }
}

fn refused(limit: &'static str, reset: &'static str) -> Response {
    let headers = [("x-rate-limit-limit", limit), ("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", reset)];
    response(429, &headers)
}

#[test]
fn a_reset_counts_by_the_servers_clock() {
    let told = told_wait(&refused("50", "130"), EPOCH + Duration::from_millis(100_250));
    assert_eq!(told, Some(Duration::from_millis(29_750) + MARGIN));
}

#[test]
fn a_reset_tells_nothing_if_it_has_passed_or_is_of_a_concurrency_limit() {
    assert_eq!(told_wait(&refused("50", "100"), EPOCH + Duration::from_secs(101)), None);
    assert_eq!(told_wait(&refused("0", "9999999"), EPOCH), None);
}

#[test]
fn retry_after_is_seconds_or_a_date_and_has_a_limit() {
    let told = |value| told_wait(&response(503, &[("retry-after", value)]), EPOCH + Duration::from_secs(100));
    assert_eq!(told("7"), Some(Duration::from_secs(7)));
    assert_eq!(told("Thu, 01 Jan 1970 00:02:00 GMT"), Some(Duration::from_secs(20) + MARGIN));
    assert_eq!(told("Thu, 01 Jan 1970 00:00:00 GMT"), None);
    assert_eq!(told("0"), None);
    assert_eq!(told("99999999"), Some(LONGEST_WAIT));
    assert_eq!(told("99999999999999999999999"), Some(LONGEST_WAIT));
    assert_eq!(told(""), None);
    assert_eq!(told("soon"), None);
}

#[test]
fn a_reset_that_cannot_be_true_states_no_limit() {
    let quota = |reset| Quota::of(&refused("50", reset), EPOCH + Duration::from_secs(10));
    assert_eq!(quota("70").unwrap().reset, EPOCH + Duration::from_secs(70));
    for wrong in ["9", "999999999", "18446744073709551615", "-1", "soon"] {
        assert_eq!(quota(wrong), None, "{wrong}");
    }
}

#[test]
fn a_window_ends_by_the_servers_clock() {
    let quota = Quota { limit: 50, remaining: 0, reset: EPOCH + Duration::from_secs(70) };
    let at = |seconds| Moment { here: Instant::now(), there: EPOCH + Duration::from_secs(seconds) };
    let (before, after, set_back) = (at(60), at(71), at(0));
    assert_eq!(quota.ends(before), before.here + Duration::from_secs(10) + MARGIN);
    assert_eq!(quota.ends(after), after.here);
    let far = Quota { reset: EPOCH + Duration::from_secs(9999), ..quota };
    assert_eq!(far.ends(set_back), set_back.here + LONGEST_WAIT);
}

#[test]
fn a_part_of_a_limit_is_usable_and_at_least_one_request_of_a_window() {
    let usable = |limit, remaining, capacity| Quota { limit, remaining, reset: EPOCH }.usable(capacity);
    for (limit, remaining, capacity, expected) in [
        (100, 100, 100, 100),
        (100, 40, 100, 40),
        (100, 100, 30, 30),
        (100, 71, 30, 1),
        (100, 70, 30, 0),
        (10, 10, 1, 1),
        (10, 9, 1, 0),
    ] {
        assert_eq!(usable(limit, remaining, capacity), expected, "{remaining} of {limit}, {capacity} %");
    }
}
