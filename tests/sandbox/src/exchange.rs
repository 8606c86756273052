//! One request from its arrival to its answer: the log, the faults, the played system, and what it did to the links.

use crate::{
    clock,
    faults::Ending,
    okta::{Quota, too_many_requests},
    random,
    side::Side,
    traffic::Connection,
    truncated::truncated,
    world::Shared,
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{
        HeaderValue, Method, Request, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, HOST},
        request::Parts,
    },
    response::{IntoResponse as _, Response},
};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use std::{fmt, time::Duration};
use tower::ServiceExt as _;

/// Far more than any request of either API has.
const BODY_LIMIT: usize = 1024 * 1024;

/// The connection is to be dropped without an answer.
#[derive(Debug)]
pub struct HungUp;

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hung up without an answer")
    }
}

impl std::error::Error for HungUp {}

pub async fn exchange(
    sandbox: Shared,
    side: Side,
    router: Router,
    connection: Connection,
    request: Request<Incoming>,
) -> Result<Response, HungUp> {
    let (mut head, body) = request.into_parts();
    // HTTP/2 names the host in the URI.
    if let Some(host) = head.uri.authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok()) {
        head.headers.entry(HOST).or_insert(host);
    }
    let body = Limited::new(body, BODY_LIMIT).collect().await.map_err(|_| HungUp)?.to_bytes();
    if head.uri.path().starts_with("/_sandbox/") {
        return Ok(control(&sandbox, router, head, body).await);
    }

    let (n, plan, latency) = {
        let mut world = sandbox.world();
        let n = world.log.arrived(side, connection, &head);
        let latency = Duration::from_millis(world.settings.latency_ms);
        (n, world.faults.plan(side, &head.method, head.uri.path()), latency)
    };
    tokio::time::sleep(latency + plan.delay_before).await;

    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let quota = (side == Side::Okta).then(|| {
        let mut world = sandbox.world();
        let (limit, seconds) =
            (world.settings.okta_rate_limit_per_minute, world.settings.okta_rate_limit_window_seconds);
        world.okta.rate_limits.take(&host, head.uri.path(), limit, seconds)
    });
    let (answer, acted) = match plan.ending {
        Ending::Respond { answer, after_acting: false } => (Some(answer), false),
        Ending::Respond { answer, after_acting: true } => {
            act(&sandbox, n, router, head, body, quota.as_ref()).await;
            (Some(answer), true)
        }
        Ending::Close { after_acting: false } => (None, false),
        Ending::Close { after_acting: true } => {
            act(&sandbox, n, router, head, body, quota.as_ref()).await;
            (None, true)
        }
        Ending::Truncate => (truncated(act(&sandbox, n, router, head, body, quota.as_ref()).await).await, true),
        Ending::Normal => (Some(act(&sandbox, n, router, head, body, quota.as_ref()).await), true),
    };
    if acted {
        tokio::time::sleep(plan.delay_after).await;
    }

    let mut answer = answer.ok_or(HungUp)?;
    add_headers(side, quota.as_ref(), &mut answer);
    let mut world = sandbox.world();
    world.log.answered(n, answer.status());
    if let Some(quota) = &quota {
        world.okta.rate_limits.told(quota);
    }
    drop(world);
    Ok(answer)
}

/// Lets the played system handle the request.
async fn act(sandbox: &Shared, n: u64, router: Router, head: Parts, body: Bytes, quota: Option<&Quota>) -> Response {
    let _turn = sandbox.turn.lock().await;
    sandbox.world().log.acted(n);
    let answer = match quota {
        _ if lacks_length(&head, &body) => length_required(),
        Some(quota) if quota.exceeded => too_many_requests(),
        _ => route(router, head, body).await,
    };
    sandbox.world().observe_connections(n);
    answer
}

/// A POST or PUT with neither a body nor a word of its length.
fn lacks_length(head: &Parts, body: &Bytes) -> bool {
    let says = |name| head.headers.contains_key(name);
    matches!(head.method, Method::POST | Method::PUT) && body.is_empty() && !says(CONTENT_LENGTH)
}

/// As what stands before the servers answers it.
fn length_required() -> Response {
    let page = "<html><head><title>411 Length Required</title></head><body><h1>Length Required</h1></body></html>";
    (StatusCode::LENGTH_REQUIRED, [(CONTENT_TYPE, "text/html")], page).into_response()
}

/// A control call is not logged, but what it does to a link is noted with the last request before it.
async fn control(sandbox: &Shared, router: Router, head: Parts, body: Bytes) -> Response {
    let _turn = sandbox.turn.lock().await;
    let answer = route(router, head, body).await;
    let mut world = sandbox.world();
    let last = world.log.last();
    world.observe_connections(last);
    answer
}

async fn route(router: Router, head: Parts, body: Bytes) -> Response {
    let Ok(answer) = router.oneshot(Request::from_parts(head, Body::from(body))).await;
    answer
}

/// The headers that every answer has, except where a fault has set them.
fn add_headers(side: Side, quota: Option<&Quota>, answer: &mut Response) {
    let mut add = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().entry(name).or_insert(value);
        }
    };
    add("date", clock::http_date());
    match side {
        Side::Okta => add("x-okta-request-id", random::url_safe(27)),
        Side::Druva => add("x-request-id", random::alphanumeric(32)),
    }
    if let Some(quota) = quota {
        add("x-rate-limit-limit", quota.limit.to_string());
        add("x-rate-limit-remaining", quota.remaining.to_string());
        add("x-rate-limit-reset", quota.reset.to_string());
    }
}
