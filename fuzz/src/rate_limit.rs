//! The headers that say how long to wait.

use std::cell::RefCell;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, StatusCode};
use terraform_provider_druva::http::{Error, Http, Repeat, Response, Settings};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How many requests are sent.
const REQUESTS: u32 = 3;
/// No answer makes a request wait for longer, back-off and margins included.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 3600);

/// Sends a few requests to a server that gives these answers, and returns how long that took by a clock that jumps.
///
/// An empty line ends an answer. Its first character chooses the status, and each line after it is a header. Afterwards
/// the server is content.
pub fn rate_limit(data: &[u8]) -> Duration {
    let text = String::from_utf8_lossy(data);
    let answers: Vec<&str> = text.split("\n\n").take(8).collect();
    let most = LONGEST_WAIT * (u32::try_from(answers.len()).expect("a few") + REQUESTS);
    let answers = RefCell::new(answers.into_iter());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let http = Http::new(Settings { max_retries: 3, ..Settings::default() }, CancellationToken::new());
        let started = Instant::now();
        for number in 0..REQUESTS {
            // One of them is patient.
            let http = if number == 0 { http.clone() } else { http.until(Instant::now() + LONGEST_WAIT) };
            let build = || Ok(Request::new(Method::GET, "https://example.okta.com/list".parse().expect("a URL")));
            let exchange = async |_: Request, _: String| Ok(answer(answers.borrow_mut().next().unwrap_or("4")));
            match http.send_with(Repeat::Always, build, exchange).await {
                Ok(_) | Err(Error::RateLimited { .. } | Error::DeadlinePassed) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let took = started.elapsed();
        assert!(took <= most, "{took:?}");
        took
    })
}

fn answer(text: &str) -> Response {
    let (status, lines) = text.split_at_checked(1).unwrap_or(("4", ""));
    let statuses = [429, 503, 500, 408, 200, 404];
    let status = statuses[usize::from(status.as_bytes()[0]) % statuses.len()];
    let mut headers = HeaderMap::new();
    for line in lines.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value.trim())) {
            headers.append(name, value);
        }
    }
    let status = StatusCode::from_u16(status).expect("a status");
    Response { status, headers, body: zeroize::Zeroizing::default() }
}
