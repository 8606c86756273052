//! Repeating, on paused time: nothing here sleeps.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use reqwest::Request;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use crate::http::*;

fn request() -> Request {
    Request::new(reqwest::Method::POST, Url::parse("https://example.com/token").unwrap())
}

fn answer(status: u16) -> Response {
    Response { status: StatusCode::from_u16(status).unwrap(), headers: HeaderMap::new(), body: Zeroizing::default() }
}

fn http(stop: &CancellationToken) -> Http {
    Http::new(Settings::default(), stop.clone())
}

/// Sends to a server that answers 503 so many times, and then 200. How it ended, how often a request was built, and how
/// long it took.
async fn send(http: &Http, failures: u32) -> (Result<u16, Error>, u32, Duration) {
    let (sent, built, start) = (AtomicU32::new(0), AtomicU32::new(0), Instant::now());
    let outcome = http.send_with(
        Repeat::Always,
        || {
            built.fetch_add(1, Ordering::Relaxed);
            Ok(request())
        },
        |_, _| {
            let status = if sent.fetch_add(1, Ordering::Relaxed) < failures { 503 } else { 200 };
            async move { Ok(answer(status)) }
        },
    );
    let outcome = outcome.await.map(|answer| answer.status.as_u16());
    assert!(built.load(Ordering::Relaxed) >= sent.load(Ordering::Relaxed), "each try is built anew");
    (outcome, sent.load(Ordering::Relaxed), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_until_it_succeeds() {
    let (outcome, sent, elapsed) = send(&http(&CancellationToken::new()), 4).await;
    assert_eq!((outcome.unwrap(), sent), (200, 5));
    let seconds = elapsed.as_secs_f64();
    // 0.5, 1, 2 and 4 s at most, each at least a tenth of that.
    assert!((0.74..=7.51).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_the_outcome_when_all_tries_failed() {
    let (outcome, sent, _) = send(&http(&CancellationToken::new()), u32::MAX).await;
    assert_eq!((outcome.unwrap(), sent), (503, 6));
}

#[tokio::test(start_paused = true)]
async fn pauses_differ_from_caller_to_caller() {
    let stop = CancellationToken::new();
    let mut pauses = Vec::new();
    for _ in 0..20 {
        pauses.push(send(&http(&stop), 1).await.2);
    }
    pauses.sort_unstable();
    assert!(pauses[19] - pauses[0] > Duration::from_millis(100), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_a_pause_would_miss_ends_it_at_once() {
    let stop = CancellationToken::new();
    let bounded = http(&stop).until(Instant::now() + Duration::from_millis(20));
    let (outcome, sent, elapsed) = send(&bounded, u32::MAX).await;
    assert!(matches!(outcome, Err(Error::DeadlinePassed)));
    assert_eq!((sent, elapsed), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn terraforms_word_to_stop_ends_a_pause_at_once_except_for_what_puts_something_right() {
    let stop = CancellationToken::new();
    let http = http(&stop);
    let waiting = tokio::spawn({
        let http = http.clone();
        async move { send(&http, u32::MAX).await }
    });
    tokio::time::sleep(Duration::from_millis(10)).await;
    stop.cancel();
    let (outcome, _, elapsed) = waiting.await.unwrap();
    assert!(matches!(outcome, Err(Error::Stopped)));
    assert!(elapsed <= Duration::from_millis(10), "{elapsed:?}");
    assert_eq!(send(&http.for_cleanup(), 2).await.0.unwrap(), 200);
}
