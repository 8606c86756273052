//! What each answer of Okta means for each check.

use super::*;
use crate::okta::Error;

fn token(status: StatusCode, code: &str) -> Error {
    Error::Token { status, error: code.to_owned(), description: None }
}

fn other(status: StatusCode) -> Error {
    Error::Unexpected { status, excerpt: None }
}

fn no_answer() -> Error {
    Error::Http(http::Error::Timeout { host: "example.okta.com".to_owned() })
}

fn installed(list: &[(&str, &str, Option<&str>)]) -> Vec<Instance> {
    let instance = |(id, kind, name): &(&str, &str, Option<&str>)| {
        serde_json::from_value(serde_json::json!({"id": id, "type": kind, "name": name})).expect("an instance")
    };
    list.iter().map(instance).collect()
}

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const NO: StatusCode = StatusCode::UNAUTHORIZED;
const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;

#[test]
fn a_credential_is_accepted_whatever_it_may_do() {
    for (name, instances, expected) in [
        ("a list", Ok(Vec::new()), "passed"),
        ("a scope that it lacks", Err(token(BAD, "invalid_scope")), "passed"),
        ("no such client", Err(token(NO, "invalid_client")), "failed"),
        ("a token endpoint that fails", Err(token(StatusCode::BAD_GATEWAY, "server_error")), "open"),
        ("a token of somebody else's key", Err(Error::BoundToken(Box::new(other(BAD)))), "failed"),
        ("refused", Err(other(NO)), "failed"),
        ("forbidden", Err(other(FORBIDDEN)), "passed"),
        ("an outage", Err(other(StatusCode::BAD_GATEWAY)), "open"),
        ("no answer", Err(no_answer()), "open"),
    ] {
        assert_eq!(credential(&instances).outcome(), expected, "{name}");
    }
}

#[test]
fn a_role_is_known_by_name_or_by_what_it_may_not_do() {
    let roles = |roles: &[&str]| Ok(roles.iter().map(|role| (*role).to_owned()).collect());
    let asked = ["okta.oauthIntegrations.read".to_owned()];
    let (user, app) = (Scopes::Unlimited, Scopes::Are(&asked));
    let hint = "needs the scope okta.roles.read";
    for (name, granted, roles, instances, expected, hinted) in [
        ("a Super Administrator", &user, roles(&[SUPER_ADMIN, "APP_ADMIN"]), Ok(Vec::new()), "passed", false),
        ("another administrator", &user, roles(&["APP_ADMIN"]), Ok(Vec::new()), "failed", false),
        ("none", &user, roles(&[]), Ok(Vec::new()), "failed", false),
        (
            "nobody tells, and looking is forbidden",
            &user,
            Err(other(FORBIDDEN)),
            Err(other(FORBIDDEN)),
            "failed",
            false,
        ),
        ("nobody tells", &user, Err(other(FORBIDDEN)), Ok(Vec::new()), "unknown", false),
        ("nobody tells an app", &app, Err(other(FORBIDDEN)), Ok(Vec::new()), "unknown", true),
        ("an outage", &app, Err(no_answer()), Err(no_answer()), "unknown", false),
    ] {
        let check = role(granted, &roles, &instances);
        assert_eq!(check.outcome(), expected, "{name}");
        let detail = serde_json::to_value(&check).expect("JSON")["detail"].to_string();
        assert_eq!(detail.contains(hint), hinted, "{name}: {detail}");
    }
}

#[test]
fn scopes_are_told_by_what_a_token_was_issued_for() {
    let (both, read) = ([MANAGE.to_owned(), READ.to_owned()], [READ.to_owned()]);
    let challenge = Error::Challenge { status: FORBIDDEN, error: "insufficient_scope".to_owned(), description: None };
    for (name, granted, instances, expected) in [
        ("an API token", Scopes::Unlimited, Ok(Vec::new()), "passed"),
        ("somebody else's token", Scopes::Unknown, Ok(Vec::new()), "unknown"),
        ("both", Scopes::Are(&both), Ok(Vec::new()), "passed"),
        ("one of them", Scopes::Are(&read), Ok(Vec::new()), "failed"),
        ("one that was not granted", Scopes::Are(&both), Err(token(BAD, "invalid_scope")), "failed"),
        ("both, and a role that may not look", Scopes::Are(&both), Err(other(FORBIDDEN)), "passed"),
        ("both, and a token that does not suffice", Scopes::Are(&both), Err(challenge), "unknown"),
        ("no token", Scopes::Are(&both), Err(no_answer()), "unknown"),
    ] {
        assert_eq!(scopes(&granted, &instances).outcome(), expected, "{name}");
    }
}

#[test]
fn a_type_is_known_where_one_is_installed_and_never_known_to_be_wrong() {
    let guessed = [("0oa1", DRUVA_TYPE, None)];
    let named = [("0oa1", "x", Some(DRUVA_NAME))];
    let other = [("0oa1", "y", Some("Another App"))];
    for (name, instances, kind, expected) in [
        ("none, and no type", [].as_slice(), None, "unknown"),
        ("another one, and no type", &other, None, "unknown"),
        ("one of the guessed type", &guessed, None, "passed"),
        ("one by its name", &named, None, "unknown"),
        ("one of the type", &named, Some("x"), "passed"),
        ("none of the type", &named, Some("z"), "unknown"),
    ] {
        assert_eq!(integration_type(&installed(instances), kind).outcome(), expected, "{name}");
    }
}

#[test]
fn an_integration_is_absent_or_in_the_way_by_type_or_name() {
    let named = [("0oa1", "x", Some(DRUVA_NAME))];
    for (name, instances, kind, expected) in [
        ("none", Ok(Vec::new()), None, "passed"),
        ("Druva's", Ok(installed(&named)), None, "failed"),
        ("one of the type", Ok(installed(&named)), Some("x"), "failed"),
        ("one of another type", Ok(installed(&named)), Some("y"), "passed"),
        ("an outage", Err(no_answer()), None, "unknown"),
    ] {
        assert_eq!(integration_absent(&instances, kind).outcome(), expected, "{name}");
    }
}
