//! What each answer of Druva means for each check.

use super::*;

const NO: StatusCode = StatusCode::UNAUTHORIZED;
const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;

fn other(status: StatusCode) -> Error {
    Error::Unexpected { status, excerpt: None }
}

fn refused(status: StatusCode) -> Error {
    Error::Token(Box::new(other(status)))
}

fn missing() -> Error {
    Error::ApiMissing { url: "https://apis.druva.com/okta/v1".to_owned(), answer: Box::new(other(FORBIDDEN)) }
}

fn lost() -> Error {
    Error::Http(http::Error::Timeout { host: "apis.druva.com".to_owned() })
}

fn unreachable() -> Error {
    let (host, reason) = ("apis.druva.com".to_owned(), "refused".to_owned());
    Error::Http(http::Error::Connect { host, reason, permanent: false })
}

#[test]
fn each_answer_says_something_of_each_check() {
    // The cloud, API credentials, an access token, the API for Okta, the role, and whether there is no link.
    for (name, links, expected) in [
        ("no link", Ok(None), ["passed", "passed", "passed", "passed", "unknown", "passed"]),
        ("not routed", Err(missing()), ["passed", "passed", "passed", "failed", "unknown", "unknown"]),
        ("wrong", Err(refused(NO)), ["passed", "failed", "failed", "unknown", "unknown", "unknown"]),
        ("bad", Err(refused(StatusCode::BAD_REQUEST)), ["passed", "failed", "failed", "unknown", "unknown", "unknown"]),
        (
            "a token endpoint that fails",
            Err(refused(StatusCode::BAD_GATEWAY)),
            ["passed", "open", "open", "unknown", "unknown", "unknown"],
        ),
        ("refused", Err(other(NO)), ["passed", "failed", "failed", "unknown", "unknown", "unknown"]),
        ("forbidden", Err(other(FORBIDDEN)), ["passed", "passed", "open", "unknown", "failed", "unknown"]),
        ("an outage", Err(other(StatusCode::BAD_GATEWAY)), ["passed", "open", "open", "unknown", "unknown", "unknown"]),
        ("no answer", Err(lost()), ["open", "open", "open", "unknown", "unknown", "unknown"]),
        ("no connection", Err(unreachable()), ["failed", "open", "open", "unknown", "unknown", "unknown"]),
    ] {
        let checks = [
            cloud(&links, "apis.druva.com"),
            credential(&links, false),
            credential(&links, true),
            okta_api(&links),
            role(&links),
            link_absent(&links, "example.okta.com"),
        ];
        assert_eq!(checks.map(|check| check.outcome()), expected, "{name}");
    }
}
