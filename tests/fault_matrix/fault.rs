//! What happens to one request: the columns of the matrix.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use crate::request::Request;

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// 429 whose end is told.
    RateLimit,
    /// 429 of too many requests at once, whose end is not told.
    Concurrency,
    Status500,
    Status502,
    Status503Before,
    Status503After,
    CloseBefore,
    CloseAfter,
    TimeoutBefore,
    TimeoutAfter,
    /// Half of the answer's body.
    Truncated,
    /// A success, with a body that says nothing.
    NotJson,
    /// A proxy's page with 502.
    Html502,
    /// A login page in the place of the server.
    Html200,
    Status401,
    Status403,
    /// What either system answers to a token whose time is over.
    Expired,
    KillBefore,
    KillAfter,
}

/// Longer than the provider's patience, which is a second then.
const LATE_MS: u32 = 2_500;
/// Longer than it takes to see that a request has arrived, and to kill.
const HELD_MS: u32 = 10_000;

const PAGE: &str = "<html><head><title>Network login</title></head><body>Please sign in.</body></html>";

impl Fault {
    pub const ALL: [Self; 19] = [
        Self::RateLimit,
        Self::Concurrency,
        Self::Status500,
        Self::Status502,
        Self::Status503Before,
        Self::Status503After,
        Self::CloseBefore,
        Self::CloseAfter,
        Self::TimeoutBefore,
        Self::TimeoutAfter,
        Self::Truncated,
        Self::NotJson,
        Self::Html502,
        Self::Html200,
        Self::Status401,
        Self::Status403,
        Self::Expired,
        Self::KillBefore,
        Self::KillAfter,
    ];

    /// In the names of cases and at the head of its column.
    pub fn name(self) -> &'static str {
        match self {
            Self::RateLimit => "429_reset",
            Self::Concurrency => "429_concurrency",
            Self::Status500 => "500",
            Self::Status502 => "502",
            Self::Status503Before => "503_before",
            Self::Status503After => "503_after",
            Self::CloseBefore => "close_before",
            Self::CloseAfter => "close_after",
            Self::TimeoutBefore => "timeout_before",
            Self::TimeoutAfter => "timeout_after",
            Self::Truncated => "truncated",
            Self::NotJson => "not_json",
            Self::Html502 => "html_502",
            Self::Html200 => "html_200",
            Self::Status401 => "401",
            Self::Status403 => "403",
            Self::Expired => "expired_token",
            Self::KillBefore => "kill_before",
            Self::KillAfter => "kill_after",
        }
    }

    /// Whether the provider is killed while the request is held.
    pub fn kills(self) -> bool {
        matches!(self, Self::KillBefore | Self::KillAfter)
    }

    /// Whether the provider has to lose patience for it to strike.
    pub fn is_timeout(self) -> bool {
        matches!(self, Self::TimeoutBefore | Self::TimeoutAfter)
    }

    /// As the sandbox takes it.
    pub fn definition(self, request: &Request) -> Json {
        json!({
            "side": request.side, "method": request.method, "path": request.pattern(), "nth": request.nth,
            "do": self.effect(request),
        })
    }

    fn effect(self, request: &Request) -> Json {
        let respond = |respond: Json| json!({"respond": respond});
        let page =
            |status: u16| respond(json!({"status": status, "headers": {"content-type": "text/html"}, "body": PAGE}));
        match self {
            Self::RateLimit => respond(rate_limited(request, true)),
            Self::Concurrency => respond(rate_limited(request, false)),
            Self::Status500 => respond(refusal(request, 500)),
            Self::Status502 => respond(refusal(request, 502)),
            Self::Status503Before => respond(refusal(request, 503)),
            Self::Status503After => {
                let mut answer = refusal(request, 503);
                answer["after_acting"] = true.into();
                respond(answer)
            }
            Self::CloseBefore => json!({"close": "before"}),
            Self::CloseAfter => json!({"close": "after"}),
            // Closed in the end, so that it never acts.
            Self::TimeoutBefore => json!({"delay_ms": LATE_MS, "close": "before"}),
            Self::TimeoutAfter => json!({"delay_ms": LATE_MS, "after_acting": true}),
            Self::Truncated => json!({"truncate": true}),
            Self::NotJson => {
                let status = if request.creates() { 201 } else { 200 };
                respond(json!({"status": status, "body": "The operation was accepted", "after_acting": true}))
            }
            Self::Html502 => page(502),
            Self::Html200 => page(200),
            Self::Status401 => respond(refusal(request, 401)),
            Self::Status403 => respond(refusal(request, 403)),
            Self::Expired => respond(expired(request)),
            Self::KillBefore => json!({"delay_ms": HELD_MS, "close": "before"}),
            Self::KillAfter => json!({"delay_ms": HELD_MS, "after_acting": true}),
        }
    }
}

/// Okta tells the end of a limit by the clock of its answers, Druva documents no headers: the usual one then.
fn rate_limited(request: &Request, is_told: bool) -> Json {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let mut answer = refusal(request, 429);
    answer["headers"] = match (request.side.as_str(), is_told) {
        ("okta", true) => json!({
            "x-rate-limit-limit": "600", "x-rate-limit-remaining": "0", "x-rate-limit-reset": now.to_string(),
        }),
        // The reset of a concurrency limit is a hint that must not be believed.
        ("okta", false) => json!({
            "x-rate-limit-limit": "0", "x-rate-limit-remaining": "0", "x-rate-limit-reset": (now + 3600).to_string(),
        }),
        (_, true) => json!({"retry-after": "1"}),
        (_, false) => json!({}),
    };
    answer
}

/// In the words of the server that was asked.
fn refusal(request: &Request, status: u16) -> Json {
    let body = match (request.side.as_str(), request.is_token(), status) {
        ("okta", true, 401) => json!({"error": "invalid_client", "error_description": "Client authentication failed."}),
        ("okta", true, 403) => json!({"error": "access_denied", "error_description": "Policy evaluation failed."}),
        ("okta", _, 401) => okta("E0000004", "Authentication failed"),
        ("okta", _, 403) => okta("E0000006", "You do not have permission to perform the requested action"),
        ("okta", _, 429) => okta("E0000047", "API call exceeded rate limit due to too many requests."),
        ("okta", ..) => okta("E0000009", "Internal Server Error"),
        (_, true, 401) => json!({"code": "INVALID_CREDENTIALS", "message": "Invalid client ID or client secret"}),
        (_, _, 401) => json!({"code": 401, "message": "Unauthorized"}),
        (_, _, 403) => json!({"code": "FORBIDDEN", "message": "This action requires the role Druva Cloud Admin"}),
        (_, _, 429) => json!({"code": 429, "message": "Too Many Requests"}),
        _ => json!({"code": status, "message": "Service Unavailable"}),
    };
    json!({"status": status, "body": body})
}

/// A token endpoint knows no expired token, but Okta's an assertion that is.
fn expired(request: &Request) -> Json {
    let (status, body) = match (request.side.as_str(), request.is_token()) {
        ("okta", true) => {
            (401, json!({"error": "invalid_client", "error_description": "The client_assertion token is expired."}))
        }
        ("okta", false) => (401, okta("E0000011", "Invalid token provided")),
        // Of the FAQ.
        _ => (
            403,
            json!({"message": "User is not authorized to access this resource with an explicit deny", "code": 403}),
        ),
    };
    json!({"status": status, "body": body})
}

fn okta(code: &str, summary: &str) -> Json {
    json!({"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": "oaeFault", "errorCauses": []})
}
