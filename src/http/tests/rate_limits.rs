//! Waiting for the limit of a server, on paused time: nothing here sleeps.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::task::JoinSet;

use reqwest::Request;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use crate::http::*;

const HOST: &str = "example.okta.com";
const WINDOW: u64 = 60;
const LIMIT: u32 = 100;
const LATENCY: Duration = Duration::from_millis(40);

/// The server's clock has nothing to do with ours.
const EPOCH: Duration = Duration::from_millis(1_000_000_000_750);

struct Server {
    started: Instant,
    states_limit: bool,
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
    /// Sent although the server had said that nothing was left.
    too_early: u32,
}

impl Server {
    fn new(states_limit: bool) -> Arc<Self> {
        Arc::new(Self { started: Instant::now(), states_limit, seen: Mutex::default() })
    }

    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap()
    }

    fn epoch(&self) -> Duration {
        EPOCH + self.started.elapsed()
    }

    /// As if another program had used up the limit.
    fn use_up(&self) {
        let mut seen = self.seen.lock().unwrap();
        (seen.reset, seen.used) = (self.epoch().as_secs() + WINDOW, LIMIT);
    }

    /// Responds as Okta does: a window begins with its first request and ends with a second.
    async fn respond(self: Arc<Self>) -> Result<Response, Error> {
        tokio::time::sleep(LATENCY / 2).await;
        let (status, remaining, reset) = {
            let mut seen = self.seen.lock().unwrap();
            let now = self.epoch().as_secs();
            if now >= seen.reset {
                (seen.reset, seen.used, seen.has_told) = (now + WINDOW, 0, false);
            }
            seen.too_early += u32::from(seen.has_told);
            if seen.used >= LIMIT {
                seen.refused += 1;
                (429, 0, seen.reset)
            } else {
                seen.used += 1;
                seen.taken += 1;
                seen.most_in_a_window = seen.most_in_a_window.max(seen.used);
                (200, LIMIT - seen.used, seen.reset)
            }
        };
        tokio::time::sleep(LATENCY / 4).await;
        let mut response = response(status, &[]);
        let mut add = |name, value: String| response.headers.insert(name, HeaderValue::from_str(&value).unwrap());
        add("date", httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + self.epoch()));
        if self.states_limit {
            add("x-rate-limit-limit", LIMIT.to_string());
            add("x-rate-limit-remaining", remaining.to_string());
            add("x-rate-limit-reset", reset.to_string());
            let mut seen = self.seen.lock().unwrap();
            seen.has_told |= remaining == 0 && seen.reset == reset;
        }
        tokio::time::sleep(LATENCY / 4).await;
        Ok(response)
    }
}

fn response(status: u16, headers: &[(&'static str, &'static str)]) -> Response {
    let headers =
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
    Response { status: StatusCode::from_u16(status).unwrap(), headers, body: Zeroizing::default() }
}

fn http(max_api_capacity: u32) -> Http {
    Http::new(Settings { max_api_capacity, ..Settings::default() }, CancellationToken::new())
}

fn request(path: &str) -> Request {
    Request::new(reqwest::Method::GET, Url::parse(&format!("https://{HOST}")).unwrap().join(path).unwrap())
}

async fn get(http: &Http, server: &Arc<Server>, path: &str) -> Result<u16, Error> {
    let response = http.send_with(Repeat::Always, || Ok(request(path)), |_, _| server.clone().respond()).await;
    response.map(|response| response.status.as_u16())
}

/// So many callers, each of whom sends so many requests one after the other.
async fn get_all(path: &'static str, http: &Http, server: &Arc<Server>, callers: u32, each: u32) {
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (http, server) = (http.clone(), server.clone());
        tasks.spawn(async move {
            for _ in 0..each {
                assert_eq!(get(&http, &server, path).await.unwrap(), 200);
            }
        });
    }
    tasks.join_all().await;
}

/// Whether a request may be sent now. It is not sent.
async fn is_free(http: &Http, host: &str, path: &str) -> bool {
    let bucket = http.pacing.bucket(host, path);
    tokio::time::timeout(Duration::ZERO, bucket.slot(|| http.moment(host), None, false)).await.is_ok()
}

/// All windows but the last have to end. The first is up to a second shorter, because it ends with a second.
fn is_near(elapsed: Duration, windows: u64) {
    let (elapsed, forced) = (elapsed.as_secs_f64(), (windows * WINDOW) as f64);
    assert!(elapsed > forced - 1.0 && elapsed < forced * 1.1, "{elapsed} s, forced are {forced} s");
}

#[tokio::test(start_paused = true)]
async fn callers_keep_below_the_limit_without_a_refusal_and_in_the_time_that_it_forces() {
    let (http, server) = (http(100), Server::new(true));
    get_all("/list", &http, &server, 50, 9).await;
    let seen = server.seen();
    assert_eq!((seen.taken, seen.refused, seen.too_early), (450, 0, 0));
    assert_eq!(seen.most_in_a_window, LIMIT, "all of it is used");
    is_near(server.started.elapsed(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_part_of_the_limit_is_left_to_others() {
    let (http, server) = (http(30), Server::new(true));
    get_all("/list", &http, &server, 20, 5).await;
    let seen = server.seen();
    assert_eq!((seen.taken, seen.refused, seen.most_in_a_window), (100, 0, 30));
    is_near(server.started.elapsed(), 3);
}

#[tokio::test(start_paused = true)]
async fn one_refusal_holds_back_all_requests_until_it_ends() {
    let (http, server) = (http(100), Server::new(true));
    server.use_up();
    get_all("/list", &http, &server, 40, 2).await;
    let seen = server.seen();
    assert_eq!((seen.taken, seen.refused, seen.too_early), (80, 1, 0), "only the first could not know");
    is_near(server.started.elapsed(), 1);
}

#[tokio::test(start_paused = true)]
async fn retry_after_holds_back_all_requests() {
    let (http, sent, start) = (http(100), Arc::new(AtomicU32::new(0)), Instant::now());
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (http, sent) = (http.clone(), sent.clone());
        tasks.spawn(async move {
            let exchange = |_: Request, _: String| {
                let number = sent.fetch_add(1, Ordering::Relaxed);
                async move {
                    tokio::time::sleep(LATENCY).await;
                    Ok(if number == 0 { response(429, &[("retry-after", "30")]) } else { response(200, &[]) })
                }
            };
            http.send_with(Repeat::Always, || Ok(request("/list")), exchange).await.unwrap().status.as_u16()
        });
    }
    tokio::time::sleep(Duration::from_secs(29)).await;
    assert_eq!(sent.load(Ordering::Relaxed), 1, "nothing is sent while told to wait");
    assert_eq!(tasks.join_all().await, [200; 20]);
    assert!(start.elapsed() < Duration::from_secs(31), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_states_no_limit_is_not_limited() {
    let server = Server::new(false);
    get_all("/list", &http(1), &server, 50, 1).await;
    assert_eq!(server.started.elapsed(), LATENCY * 2, "one goes first, and then all at once");
}

#[tokio::test(start_paused = true)]
async fn the_first_requests_do_not_hold_back_the_others_for_long() {
    let (http, server) = (http(100), Server::new(true));
    let bucket = http.pacing.bucket(HOST, "/list");
    let slot = || bucket.slot(|| http.moment(HOST), None, false);
    let _without_response = (slot().await.unwrap(), slot().await.unwrap());
    get_all("/list", &http, &server, 10, 1).await;
    let elapsed = server.started.elapsed();
    assert!((3..4).contains(&elapsed.as_secs()), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_second_request_soon_follows_one_that_waits_for_its_response() {
    let (http, start) = (http(100), Instant::now());
    let bucket = http.pacing.bucket(HOST, "/list");
    let slot = || bucket.slot(|| http.moment(HOST), None, false);
    let first = slot().await.unwrap();
    let _second = slot().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(50));
    assert!(!is_free(&http, HOST, "/list").await, "a third one waits");
    drop(first);
    assert!(is_free(&http, HOST, "/list").await, "one is as many as may be without a response");
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_response_makes_way_for_the_next() {
    let http = http(100);
    let bucket = http.pacing.bucket(HOST, "/list");
    let first = bucket.slot(|| http.moment(HOST), None, false).await.unwrap();
    assert!(!is_free(&http, HOST, "/list").await);
    drop(first);
    assert!(is_free(&http, HOST, "/list").await);
}

#[tokio::test(start_paused = true)]
async fn other_families_of_paths_and_other_servers_are_not_held_back() {
    let (http, server) = (http(100), Server::new(true));
    server.use_up();
    let waiting = tokio::spawn({
        let (http, server) = (http.clone(), server.clone());
        async move { get(&http, &server, "/list/0oa72lrepvp4WqEET1d9/secrets").await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!is_free(&http, HOST, "/list").await, "an id belongs to its list");
    assert!(is_free(&http, HOST, "/other").await);
    assert!(is_free(&http, "example.com", "/list").await);
    assert!(!waiting.is_finished());
}

#[tokio::test(start_paused = true)]
async fn what_puts_something_right_goes_before_others() {
    // Two requests in each window: the next is for one of those that wait and for the urgent one.
    let (http, server) = (http(2), Server::new(true));
    get_all("/list", &http, &server, 2, 1).await;
    let waiting = tokio::spawn({
        let (http, server) = (http.clone(), server.clone());
        async move { get_all("/list", &http, &server, 5, 1).await }
    });
    tokio::time::sleep(LATENCY).await;
    assert_eq!(get(&http.for_cleanup(), &server, "/list").await.unwrap(), 200);
    assert!(server.started.elapsed() < Duration::from_secs(WINDOW + 1) && !waiting.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_once_when_terraform_says_stop() {
    let stop = CancellationToken::new();
    let (http, server) = (Http::new(Settings::default(), stop.clone()), Server::new(true));
    server.use_up();
    let mut waiting = JoinSet::new();
    for _ in 0..5 {
        let (http, server) = (http.clone(), server.clone());
        waiting.spawn(async move { get(&http, &server, "/list").await });
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let stopped = Instant::now();
    stop.cancel();
    let outcomes = waiting.join_all().await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(Error::Stopped))));
    assert_eq!(stopped.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_an_error_at_once_that_says_how_long_it_would_be() {
    let (http, server) = (http(100), Server::new(true));
    server.use_up();
    let bounded = |seconds| http.until(Instant::now() + Duration::from_secs(seconds));
    let patient = bounded(2 * WINDOW);
    for number in 0..2 {
        let start = Instant::now();
        let error = get(&bounded(20), &server, "/list").await.unwrap_err();
        assert!(matches!(error, Error::RateLimited { seconds: 58..=61, .. }), "{error}");
        assert!(start.elapsed() <= LATENCY);
        if number == 0 {
            // The second does not queue behind one that waits.
            let (patient, server) = (patient.clone(), server.clone());
            tokio::spawn(async move { get(&patient, &server, "/list").await });
            tokio::time::sleep(LATENCY).await;
        }
    }
    assert_eq!(server.seen().refused, 1, "the second is not even sent");
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
    let (http, server) = (http(100), Server::new(true));
    get_all("/logged", &http, &server, 50, 5).await;
    let lines = logged.0.lock().unwrap().clone();
    let lines: Vec<_> = lines.iter().filter(|line| line.contains("/logged")).collect();
    let beginning = "the rate limit of example.okta.com for /logged is reached: waiting ";
    assert!(lines.len() == 2 && lines.iter().all(|line| line.starts_with(beginning)), "{lines:#?}");
}
