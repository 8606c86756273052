//! A server that limits rates, played on paused time: nothing here sleeps.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Request;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use super::*;
use crate::http::{Error, Http, Repeat, Settings};

const WINDOW: u64 = 60;
const LIMIT: u32 = 100;
const LATENCY: Duration = Duration::from_millis(40);

/// The server's clock has nothing to do with ours.
const EPOCH: Duration = Duration::from_millis(1_000_000_000_750);

struct Played {
    started: Instant,
    says_limit: bool,
    seen: Mutex<Seen>,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    reset: u64,
    used: u32,
    has_told: bool,
    taken: u32,
    most_in_a_window: u32,
    refused: u32,
    too_early: u32,
}

impl Played {
    fn new() -> Arc<Self> {
        Arc::new(Self { started: Instant::now(), says_limit: true, seen: Mutex::default() })
    }

    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap()
    }

    fn epoch(&self) -> Duration {
        EPOCH + self.started.elapsed()
    }

    /// As if somebody else had used it all.
    fn use_up(&self) {
        let mut seen = self.seen.lock().unwrap();
        (seen.reset, seen.used) = (self.epoch().as_secs() + WINDOW, LIMIT);
    }

    /// Answers as Okta does: a window begins with its first request and ends with a second.
    async fn answer(self: Arc<Self>) -> Result<Response, Error> {
        tokio::time::sleep(LATENCY / 2).await;
        let (status, limit, remaining, reset) = {
            let mut seen = self.seen.lock().unwrap();
            let now = self.epoch().as_secs();
            if now >= seen.reset {
                (seen.reset, seen.used, seen.has_told) = (now + WINDOW, 0, false);
            }
            seen.too_early += u32::from(seen.has_told);
            if seen.used >= LIMIT {
                seen.refused += 1;
                (429, LIMIT, 0, seen.reset)
            } else {
                seen.used += 1;
                seen.taken += 1;
                seen.most_in_a_window = seen.most_in_a_window.max(seen.used);
                (200, LIMIT, LIMIT - seen.used, seen.reset)
            }
        };
        tokio::time::sleep(LATENCY / 4).await;
        let date = SystemTime::UNIX_EPOCH + self.epoch();
        {
            let mut seen = self.seen.lock().unwrap();
            seen.has_told |= self.says_limit && remaining == 0 && seen.reset == reset;
        }
        tokio::time::sleep(LATENCY / 4).await;
        let mut headers = HeaderMap::new();
        let mut add = |name, value: String| headers.insert(name, HeaderValue::from_str(&value).unwrap());
        add("date", httpdate::fmt_http_date(date));
        if self.says_limit {
            add("x-rate-limit-limit", limit.to_string());
            add("x-rate-limit-remaining", remaining.to_string());
            add("x-rate-limit-reset", reset.to_string());
        }
        Ok(Response { status: StatusCode::from_u16(status).unwrap(), headers, body: Zeroizing::default() })
    }
}

fn http(max_api_capacity: u32) -> Http {
    Http::new(Settings { max_api_capacity, ..Settings::default() }, CancellationToken::new())
}

fn request(path: &str) -> Request {
    Request::new(reqwest::Method::GET, Url::parse("https://example.okta.com").unwrap().join(path).unwrap())
}

async fn get(http: &Http, played: &Arc<Played>, path: &str) -> Result<Response, Error> {
    http.send_with(Repeat::Always, || Ok(request(path)), |_, _| played.clone().answer()).await
}

/// So many callers, each of whom sends so many requests one after the other.
async fn crowd(http: &Http, played: &Arc<Played>, callers: u32, each: u32) {
    crowd_at("/list", http, played, callers, each).await;
}

async fn crowd_at(path: &'static str, http: &Http, played: &Arc<Played>, callers: u32, each: u32) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let (http, played) = (http.clone(), played.clone());
        tasks.spawn(async move {
            for _ in 0..each {
                assert!(get(&http, &played, path).await.unwrap().status.is_success());
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

/// What the limit itself takes: all windows but the last have to end.
fn forced(requests: u32, per_window: u32) -> f64 {
    f64::from((requests - 1) / per_window) * WINDOW as f64
}

fn is_near(elapsed: Duration, forced: f64) {
    let elapsed = elapsed.as_secs_f64();
    // The first window is up to a second shorter, because it ends with a second.
    assert!(elapsed > forced - 1.0 && elapsed < forced * 1.1, "{elapsed} s, forced are {forced} s");
}

#[tokio::test(start_paused = true)]
async fn callers_keep_below_the_limit_without_a_refusal_and_in_the_time_that_it_forces() {
    let (http, played) = (http(100), Played::new());
    crowd(&http, &played, 50, 9).await;
    let seen = played.seen();
    assert_eq!((seen.taken, seen.refused, seen.too_early), (450, 0, 0));
    assert_eq!(seen.most_in_a_window, LIMIT, "nothing is given away");
    is_near(played.started.elapsed(), forced(450, LIMIT));
}

#[tokio::test(start_paused = true)]
async fn a_part_of_the_limit_is_left_to_others() {
    let (http, played) = (http(30), Played::new());
    crowd(&http, &played, 20, 5).await;
    let seen = played.seen();
    assert_eq!((seen.taken, seen.refused, seen.most_in_a_window), (100, 0, 30));
    is_near(played.started.elapsed(), forced(100, 30));
}

#[tokio::test(start_paused = true)]
async fn a_small_part_of_a_small_limit_is_one_request() {
    let window = |limit| {
        let quota = Quota { limit, remaining: limit, reset: reset_at(60) };
        let mut bucket = Bucket::default();
        bucket.returns(Some(quota));
        bucket
    };
    let now = Moment { here: Instant::now(), there: SystemTime::UNIX_EPOCH };
    assert!(window(10).wait(now, 1, false, "").is_none());
    let mut bucket = window(10);
    bucket.leaves(now.here);
    assert_eq!(bucket.wait(now, 1, false, "").unwrap().cause, Cause::Answer);
}

fn reset_at(seconds: u64) -> quota::Reset {
    let headers = [("x-rate-limit-limit", "1"), ("x-rate-limit-remaining", "1")];
    let mut answer = answer(200, &headers);
    answer.headers.insert("x-rate-limit-reset", seconds.into());
    Quota::of(&answer, SystemTime::UNIX_EPOCH).unwrap().reset
}

#[tokio::test(start_paused = true)]
async fn one_refusal_stops_everybody_until_it_is_over() {
    let (http, played) = (http(100), Played::new());
    played.use_up();
    crowd(&http, &played, 40, 2).await;
    let seen = played.seen();
    assert_eq!((seen.taken, seen.refused, seen.too_early), (80, 1, 0), "only the first could not know");
    is_near(played.started.elapsed(), WINDOW as f64);
}

#[test]
fn an_unbelievable_reset_is_not_waited_for() {
    let quota = |reset| {
        let headers = [("x-rate-limit-limit", "100"), ("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", reset)];
        Quota::of(&answer(200, &headers), SystemTime::UNIX_EPOCH)
    };
    assert!(quota("60").is_some());
    for wrong in ["999999999", "18446744073709551615", "-1", "soon"] {
        assert_eq!(quota(wrong), None, "{wrong}");
    }
}

#[test]
fn a_wait_that_is_asked_about_again_is_no_news() {
    let now = Moment { here: Instant::now(), there: SystemTime::UNIX_EPOCH };
    let mut bucket = Bucket::default();
    bucket.close(now.here + Duration::from_secs(30));
    let mut news = || bucket.wait(now, 100, false, "it").unwrap().news;
    assert_eq!(news().unwrap(), "the rate limit of it is reached: waiting 30.0 s");
    assert_eq!(news(), None);
}

#[tokio::test(start_paused = true)]
async fn the_last_requests_before_the_limit_are_spread() {
    let (http, played) = (http(100), Played::new());
    crowd(&http, &played, 1, 90).await;
    assert!(played.started.elapsed() < LATENCY * 91, "most are not slowed down");
    crowd(&http, &played, 1, 5).await;
    let elapsed = played.started.elapsed().as_secs();
    assert!((20..40).contains(&elapsed), "half of what is left takes half of the window: {elapsed} s");
    assert_eq!(played.seen().refused, 0);
}

#[tokio::test(start_paused = true)]
async fn what_puts_something_right_is_not_slowed_down() {
    let (http, played) = (http(100), Played::new());
    crowd(&http, &played, 1, 95).await;
    let (start, urgent) = (Instant::now(), http.for_cleanup());
    let waiting = tokio::spawn({
        let (http, played) = (http.clone(), played.clone());
        async move { crowd(&http, &played, 5, 1).await }
    });
    tokio::time::sleep(LATENCY).await;
    get(&urgent, &played, "/list").await.unwrap();
    assert!(start.elapsed() <= LATENCY * 3 && !waiting.is_finished());
}

/// An answer with these headers.
fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Response {
    let headers =
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
    Response { status: StatusCode::from_u16(status).unwrap(), headers, body: Zeroizing::default() }
}

#[tokio::test(start_paused = true)]
async fn too_many_at_once_become_half_as_many_and_then_more_again() {
    let http = http(100);
    let lane = http.pacing.lane("example.okta.com", "/list");
    let now = || http.moment("example.okta.com");
    let enter = || match lane.ask(now(), false) {
        Verdict::Go(permit) => Some(permit),
        Verdict::Wait(_) => None,
    };
    let good = answer(200, &[]);
    enter().unwrap().settle(&good, None, now());
    let mut permits: Vec<Permit> = (0..40).map(|_| enter().expect("nobody has complained yet")).collect();
    // Two refusals at the same moment are one.
    for _ in 0..2 {
        permits.pop().unwrap().settle(&answer(429, &[("x-rate-limit-limit", "0")]), None, now());
    }
    assert!(enter().is_none(), "38 are under way");
    permits.truncate(20);
    assert!(enter().is_none(), "20 are under way");
    permits.truncate(19);
    permits.push(enter().expect("19 are under way"));
    for _ in 0..20 {
        permits.pop().unwrap().settle(&good, None, now());
    }
    assert_eq!(std::iter::from_fn(enter).take(100).collect::<Vec<_>>().len(), 21, "one more after 20 good answers");
}

#[tokio::test(start_paused = true)]
async fn retry_after_closes_the_bucket_for_everybody() {
    let (http, sent) = (http(100), Arc::new(AtomicU32::new(0)));
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (http, sent) = (http.clone(), sent.clone());
        tasks.spawn(async move {
            let exchange = |_: Request, _: String| {
                let number = sent.fetch_add(1, Ordering::Relaxed);
                async move {
                    tokio::time::sleep(LATENCY).await;
                    Ok(if number == 0 { answer(429, &[("retry-after", "30")]) } else { answer(200, &[]) })
                }
            };
            http.send_with(Repeat::Always, || Ok(request("/list")), exchange).await.map(|answer| answer.status)
        });
    }
    tokio::time::sleep(Duration::from_secs(29)).await;
    assert_eq!(sent.load(Ordering::Relaxed), 1, "nothing is sent while told to wait");
    while let Some(done) = tasks.join_next().await {
        assert!(done.unwrap().unwrap().is_success());
    }
    assert!(start.elapsed() < Duration::from_secs(31), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_states_no_limit_is_not_paced() {
    let played = Arc::new(Played { says_limit: false, ..Arc::into_inner(Played::new()).unwrap() });
    crowd(&http(1), &played, 50, 1).await;
    assert_eq!(played.started.elapsed(), LATENCY * 2, "one goes first, and then all at once");
}

#[tokio::test(start_paused = true)]
async fn the_first_request_does_not_hold_up_the_others_for_long() {
    let http = http(100);
    let lane = http.pacing.lane("example.okta.com", "/list");
    let now = http.moment("example.okta.com");
    let Verdict::Go(_permit) = lane.ask(now, false) else { panic!("the first may go") };
    let played = Played::new();
    get(&http, &played, "/list").await.unwrap();
    let elapsed = played.started.elapsed();
    assert!(elapsed > Duration::from_secs(2) && elapsed < Duration::from_secs(5), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn other_families_of_paths_and_other_servers_are_not_held_up() {
    let (http, played) = (http(100), Played::new());
    let lane = |host, path| http.pacing.lane(host, path);
    played.use_up();
    let blocked = tokio::spawn({
        let (http, played) = (http.clone(), played.clone());
        async move { get(&http, &played, "/list/0oa72lrepvp4WqEET1d9/secrets").await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let now = http.moment("example.okta.com");
    assert!(lane("example.okta.com", "/list").opens_at(now).is_some(), "an id belongs to its list");
    assert!(matches!(lane("example.okta.com", "/other").ask(now, false), Verdict::Go(_)));
    assert!(matches!(lane("example.com", "/list").ask(now, false), Verdict::Go(_)));
    assert!(!blocked.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_once_when_terraform_says_stop() {
    let stop = CancellationToken::new();
    let (http, played) = (Http::new(Settings::default(), stop.clone()), Played::new());
    played.use_up();
    let waiting: Vec<_> = (0..5)
        .map(|_| {
            let (http, played) = (http.clone(), played.clone());
            tokio::spawn(async move { get(&http, &played, "/list").await.map(|answer| answer.status) })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let stopped = Instant::now();
    stop.cancel();
    for each in waiting {
        assert!(matches!(each.await.unwrap(), Err(Error::Stopped)));
    }
    assert_eq!(stopped.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_an_error_at_once_that_says_how_long_it_would_be() {
    let (http, played) = (http(100), Played::new());
    played.use_up();
    for _ in 0..2 {
        let start = Instant::now();
        let bounded = http.until(start + Duration::from_secs(20));
        let error = get(&bounded, &played, "/list").await.map(|answer| answer.status).unwrap_err();
        assert!(matches!(error, Error::RateLimited { seconds: 58..=61, .. }), "{error}");
        assert!(start.elapsed() <= LATENCY);
    }
    assert_eq!(played.seen().refused, 1, "the second is not even sent");
}

#[test]
fn a_family_is_the_path_up_to_its_first_id() {
    let services = "/integrations/api/v1/api-services";
    for (path, expected) in [
        (services, services),
        (&format!("{services}/0oa72lrepvp4WqEET1d9"), services),
        (&format!("{services}/0oa72lrepvp4WqEET1d9/credentials/secrets/ocs2f4zrZbs8nUa7p0g4"), services),
        ("/oauth2/v1/token", "/oauth2/v1/token"),
        ("/api/v1/users/00uu3u0ujW1P6AfZC2d5/roles", "/api/v1/users"),
        ("", ""),
    ] {
        assert_eq!(family(path), expected);
    }
}

/// What is logged at `info` and above.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Logged {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        struct Message(String);
        impl tracing::field::Visit for Message {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        if *event.metadata().level() <= tracing::Level::INFO {
            let mut message = Message(String::new());
            event.record(&mut message);
            self.0.lock().unwrap().push(message.0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_one_line_in_the_log_however_many_wait() {
    use tracing_subscriber::layer::SubscriberExt as _;
    let logged = Logged::default();
    // For all threads: with one for this thread alone, the others' lack of one would decide whether anything is logged.
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(logged.clone())).unwrap();
    let (http, played) = (http(100), Played::new());
    crowd_at("/logged", &http, &played, 50, 5).await;
    let lines = logged.0.lock().unwrap().clone();
    let lines: Vec<_> = lines.iter().filter(|line| line.contains("/logged")).collect();
    let starting = |beginning: &str| lines.iter().filter(|line| line.starts_with(beginning)).count();
    assert_eq!(starting("the rate limit of example.okta.com for /logged is reached: waiting "), 2, "{lines:#?}");
    assert!(starting("the rate limit of example.okta.com for /logged is near: spreading ") <= 2, "{lines:#?}");
    assert_eq!(lines.len(), starting("the rate limit of"), "{lines:#?}");
}
