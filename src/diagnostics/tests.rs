//! Every operation has advice for every answer, and none that belongs to another operation.

use reqwest::StatusCode;

use super::*;
use crate::http;
use crate::okta::api_services::DRUVA_TYPE;

/// What a server may answer: each status that either API or something before it is known to use, and one that nobody uses.
const STATUSES: &[u16] = &[
    301, 302, 307, 308, 400, 401, 403, 404, 405, 407, 408, 409, 411, 412, 413, 415, 418, 422, 429, 500, 501, 502, 503,
    504, 599,
];

/// Where the same command may have another outcome without anything else being done.
const PASSING: &[u16] = &[408, 409, 429, 500, 502, 503, 504, 599];

const AGAIN: &str = "run the command again";

fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap()
}

fn okta_error(number: u16, code: &str, summary: &str) -> okta::Error {
    okta::Error::Api(Box::new(okta::ApiError {
        status: status(number),
        code: code.into(),
        summary: summary.into(),
        causes: Vec::new(),
        error_id: None,
        request_id: None,
    }))
}

/// All that Okta may refuse with: in its own words, and in those of something else.
fn okta_errors() -> Vec<(u16, okta::Error)> {
    let bare = |number| okta::Error::Unexpected { status: status(number), excerpt: None };
    let each =
        STATUSES.iter().flat_map(|number| [(*number, okta_error(*number, "E0000001", "No")), (*number, bare(*number))]);
    let token = |number, code: &str| {
        (number, okta::Error::Token { status: status(number), error: code.into(), description: None })
    };
    each.chain([token(400, "invalid_request"), token(401, "unauthorized_client"), token(503, "server_error")]).collect()
}

fn druva_errors(token: bool) -> Vec<(u16, druva::Error)> {
    let error = |number| druva::Error::Unexpected { status: status(number), excerpt: None };
    let error = |number| if token { druva::Error::Token(Box::new(error(number))) } else { error(number) };
    STATUSES.iter().map(|number| (*number, error(*number))).collect()
}

/// Fails where an answer has no advice, or one that cannot help.
fn assert_fits(what: &str, number: u16, advice: Option<String>, foreign: &[&str]) {
    let advice = advice.unwrap_or_else(|| panic!("{what}, {number}: no advice"));
    let lower = advice.to_lowercase();
    for word in foreign {
        assert!(!lower.contains(word), "{what}, {number} speaks of \"{word}\": {advice}");
    }
    assert!(!lower.contains(AGAIN) || PASSING.contains(&number), "{what}, {number} cannot help: {advice}");
    if [429, 502, 503, 504].contains(&number) && what != "starting a backup" {
        assert!(lower.contains(AGAIN), "{what}, {number} may be over soon: {advice}");
    }
}

/// Stems of words, and the operations whose advice may have them.
type Words<O> = [(&'static str, fn(&O) -> bool)];

/// The words that the advice of an operation must not have.
fn foreign<O>(operation: &O, words: &Words<O>) -> Vec<&'static str> {
    words.iter().filter(|(_, may_use)| !may_use(operation)).map(|(word, _)| *word).collect()
}

#[test]
fn each_answer_of_okta_has_advice_that_fits_what_was_asked() {
    use OktaOperation as Op;
    let words: &Words<Op<'static>> = &[
        ("install", |operation| matches!(operation, Op::Install { .. })),
        ("granting", |operation| matches!(operation, Op::Install { .. })),
        ("adopt", |operation| matches!(operation, Op::Install { .. })),
        ("remov", |operation| matches!(operation, Op::Install { .. } | Op::Remove(_))),
        ("two secrets", |operation| *operation == Op::Mint),
        ("deactivat", |operation| matches!(operation, Op::Mint | Op::Retire(_))),
        ("gone", |operation| {
            !matches!(operation, Op::ReadOrganization | Op::ListIntegrations | Op::Install { .. } | Op::VerifySecret)
        }),
        ("okta_domain", |operation| *operation == Op::VerifySecret),
        ("okta.org_url", |operation| *operation != Op::VerifySecret),
        ("super administrator", |operation| !matches!(operation, Op::ReadOrganization | Op::VerifySecret)),
        ("integrations.manage", |operation| {
            !matches!(operation, Op::ReadIntegration(_) | Op::ListSecrets(_) | Op::ReadOrganization | Op::VerifySecret)
        }),
    ];
    for operation in Op::EACH {
        for (number, error) in okta_errors() {
            assert_fits(operation.name(), number, okta_answers::advice(operation, &error), &foreign(operation, words));
        }
    }
}

#[test]
fn each_answer_of_druva_has_advice_that_fits_what_was_asked() {
    use DruvaOperation as Op;
    let domain = OktaDomain::parse("https://example.okta.com").unwrap();
    let words: &Words<Op<'_>> = &[
        ("linking an okta org needs", |operation| matches!(operation, Op::Link(_) | Op::Unlink(_))),
        ("unlink", |operation| matches!(operation, Op::Unlink(_))),
        ("re-authoriz", |operation| matches!(operation, Op::Authorize(_))),
        ("tries the client", |operation| matches!(operation, Op::Link(_) | Op::Authorize(_))),
        ("settings", |operation| matches!(operation, Op::SetSwitches(_))),
        ("cloud_key_management", |operation| matches!(operation, Op::SetSwitches(_))),
        ("backup", |operation| {
            matches!(operation, Op::StartBackup(_) | Op::SetSwitches(_) | Op::Authorize(_) | Op::Unlink(_))
        }),
        ("gone", |operation| !operation.lists() && !matches!(operation, Op::Link(_))),
    ];
    for operation in Op::each(&domain) {
        let foreign = foreign(&operation, words);
        for (number, error) in druva_errors(true) {
            let advice = druva_answers::advice(&operation, &error);
            assert!(advice.as_ref().is_none_or(|advice| !advice.contains("link")), "{operation}: {advice:?}");
            assert_fits("getting a token", number, advice, &foreign);
        }
        // An answer to the request for a token is the token endpoint's.
        if !matches!(operation, Op::GetToken) {
            for (number, error) in druva_errors(false) {
                assert_fits(operation.name(), number, druva_answers::advice(&operation, &error), &foreign);
            }
        }
    }
}

#[test]
fn a_type_that_okta_does_not_list_is_told_from_other_refusals() {
    let guess = OktaOperation::Install { kind: DRUVA_TYPE, is_guess: true };
    let configured = OktaOperation::Install { kind: "acme", is_guess: false };
    let scopes = "Api validation failed: grantedScopes";
    for (error, argument) in [
        (okta_error(400, "E0000001", "Api validation failed: type"), Some("type")),
        (okta_error(422, "E0000001", "Api validation failed"), Some("type")),
        (okta_error(404, "E0000007", "Not found"), Some("type")),
        (okta_error(400, "E0000001", scopes), Some("granted_scopes")),
        (okta_error(400, "E0000001", "Api validation failed: properties"), Some("properties")),
        (okta_error(403, "E0000006", "type"), None),
        (okta::Error::Unexpected { status: StatusCode::NOT_FOUND, excerpt: None }, None),
    ] {
        assert_eq!(okta_answers::argument(&guess, &error), argument, "{error}");
        assert_eq!(okta_answers::argument(&OktaOperation::ListIntegrations, &error), None);
        let (of_guess, of_configured) = (explain_okta(guess, &error), explain_okta(configured, &error));
        assert!(of_guess.contains("Nothing was installed."), "{of_guess}");
        let is_unlisted = argument == Some("type");
        assert_eq!(of_guess.contains(&format!("its default, {DRUVA_TYPE}, is a guess")), is_unlisted, "{of_guess}");
        assert_eq!(of_configured.contains("Okta does not list an integration with this key"), is_unlisted, "{error}");
        assert!(!of_configured.contains("guess"), "{of_configured}");
    }
    let lost = okta_error(502, "E0000009", "later");
    assert!(!explain_okta(guess, &lost).contains("Nothing was installed"));
}

#[test]
fn an_explicit_deny_has_two_causes() {
    let deny = || druva::Error::Unexpected { status: StatusCode::FORBIDDEN, excerpt: Some("an explicit deny".into()) };
    for error in [deny(), druva::Error::Token(Box::new(deny()))] {
        let said = explain_druva(DruvaOperation::ReadLink("okd-1"), &error);
        assert!(said.contains("\n  - The API credentials belong to another Druva cloud: set cloud"), "{said}");
        assert!(said.contains("\n  - A right or a setting of the account forbids it"), "{said}");
    }
}

/// The step of the job that only reads comes first, and is enough for it.
#[test]
fn who_only_reads_is_not_told_to_take_what_only_writing_needs() {
    let no_scope =
        okta::Error::Token { status: StatusCode::BAD_REQUEST, error: "invalid_scope".into(), description: None };
    let reading = OktaOperation::EACH.iter().filter(|operation| operation.only_looks());
    for operation in reading {
        let said = okta_answers::advice(operation, &no_scope).unwrap();
        assert!(
            said.contains("\n  - A job that only plans: set OKTA_API_SCOPES=okta.oauthIntegrations.read\n"),
            "{said}"
        );
        let said = okta_answers::advice(operation, &okta_error(403, "E0000006", "")).unwrap();
        let (least, most) = (said.find("Read-only Administrator"), said.find("Super Administrator"));
        assert!(least.is_some() && least < most && !said.contains("manage"), "{said}");
    }
    let forbidden = druva::Error::Unexpected { status: StatusCode::FORBIDDEN, excerpt: None };
    let said = druva_answers::advice(&DruvaOperation::ListLinks, &forbidden).unwrap();
    assert!(said.find("Cloud Admin (Read Only)") < said.find("Druva Cloud Administrator"), "{said}");
}

#[test]
fn what_is_no_refusal_keeps_its_advice() {
    let told = |operation, error| okta_answers::advice(&operation, &error).unwrap();
    assert!(told(OktaOperation::Mint, okta::Error::StrangePage).starts_with("Something else may have answered"));
    assert!(told(OktaOperation::VerifySecret, okta::Error::StrangePage).contains("Check okta_domain"));
    let token =
        |code: &str| okta::Error::Token { status: StatusCode::UNAUTHORIZED, error: code.into(), description: None };
    assert!(told(OktaOperation::Mint, token("invalid_client")).starts_with("Check okta.client_id, okta.private_key"));
    assert!(
        told(OktaOperation::Mint, token("invalid_scope")).starts_with("To apply, grant okta.oauthIntegrations.manage")
    );
    assert!(told(OktaOperation::Mint, token("invalid_dpop_proof")).contains("clock of this machine"));
    assert!(told(OktaOperation::Mint, okta::Error::Nonces).contains("Require Demonstrating Proof"));
    let clock = okta::Error::Clock { skew: http::Skew::default(), error: Box::new(token("invalid_client")) };
    assert!(told(OktaOperation::Mint, clock).contains("Then set the clock of this machine"));
    let bound = okta::Error::BoundToken(Box::new(token("invalid_token")));
    assert!(told(OktaOperation::Mint, bound).starts_with("Only the program that got a DPoP access token"));
    assert!(told(OktaOperation::Mint, okta_error(401, "E0000015", "")).starts_with("The org's edition lacks this"));
    assert!(told(OktaOperation::Mint, http::Error::Stopped.into()).starts_with("Run the command again"));
    let held = druva::Error::HeldToken(Box::new(druva::Error::Unexpected { status: status(401), excerpt: None }));
    let said = druva_answers::advice(&DruvaOperation::ListLinks, &held).unwrap();
    assert!(said.contains("so the provider cannot renew it. Druva's tokens live for half an hour"), "{said}");
    let missing = druva::Error::ApiMissing { url: String::new(), answer: Box::new(druva::Error::StrangePage) };
    let said = druva_answers::advice(&DruvaOperation::ListLinks, &missing).unwrap();
    assert!(said.contains("ask Druva Support to enable Okta Data Protection"), "{said}");
}
