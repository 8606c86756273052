//! What Druva answers, and what to do about it.

use reqwest::StatusCode;

use super::advice::{self, Rule};
use super::no_answer;
use crate::druva::Error;

pub(super) fn advice(error: &Error) -> Option<String> {
    match error {
        Error::Http(error) => no_answer::advice(error, "api_url or cloud"),
        _ => advice::find(RULES, error).map(str::to_owned),
    }
}

pub(super) const RULES: &[Rule<Error>] = &[
    Rule {
        when: "\"explicit deny\"",
        applies: Error::is_wrong_cloud,
        advice: "The API credentials belong to another Druva cloud: set cloud to the one where the account lives.",
    },
    Rule {
        when: "404 for the list of links: Druva has no API at that address",
        applies: |error| matches!(error, Error::ApiMissing { .. }),
        // What to do by hand: the names are those of Druva's set-up article.
        advice: "Druva has not published an API for linking Okta, and this provider assumes one: see okta_api_path. If Okta \
            is not visible in the Druva Cloud Platform Console either, ask Druva Support to enable Okta Data Protection for \
            the account. Until then link by hand: Druva Cloud Platform Console > All Services > Okta > Authorize, with the \
            outputs org_url, client_id and client_secret of druva_okta_integration, and leave druva_okta_link out of the \
            configuration.",
    },
    Rule {
        when: "An answer that is not what this provider assumes, or a list that repeats a page",
        applies: |error| matches!(error, Error::Decode(_) | Error::StrangePage),
        advice: "Something else may have answered in Druva's place, or its API differs from what this provider assumes: \
            check api_url, cloud, okta_api_path and the proxy if there is one. Then run the command again.",
    },
    Rule {
        when: "The token endpoint answers 400, 401 or 403",
        applies: |error| {
            use StatusCode as Is;
            matches!(token_status(error), Some(Is::BAD_REQUEST | Is::UNAUTHORIZED | Is::FORBIDDEN))
        },
        advice: "Check client_id and client_secret (DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET) and the cloud: API credentials are \
            created in the Druva Cloud Platform Console by a Druva Cloud Administrator, and are valid in one cloud only.",
    },
    Rule {
        when: "The token endpoint answers 404",
        applies: |error| token_status(error) == Some(StatusCode::NOT_FOUND),
        advice: "Check api_url: there is no token endpoint below it.",
    },
    Rule {
        when: "400",
        applies: |error| error.status() == Some(StatusCode::BAD_REQUEST),
        advice: "Druva tries the client and its secret at the Okta org: check okta_domain, client_id and the secret, and \
            whether the org can be reached from Druva's cloud.",
    },
    Rule {
        when: "404",
        applies: |error| error.status() == Some(StatusCode::NOT_FOUND),
        advice: "It is gone from Druva, perhaps since the plan was made: plan again.",
    },
    Rule {
        when: "401",
        applies: |error| error.status() == Some(StatusCode::UNAUTHORIZED),
        advice: "Druva refuses a token that it has just issued: check cloud and api_url.",
    },
    Rule {
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "The role of the API credentials does not allow it, or they belong to another cloud. Looking needs a role that \
            may see the links; linking an Okta org and changing its settings needs the Druva Cloud Administrator role.",
    },
    Rule {
        when: "5xx, also from the token endpoint",
        applies: |error| error.status().or(token_status(error)).is_some_and(|status| status.is_server_error()),
        advice: "This is a fault on the way or in Druva: run the command again.",
    },
    Rule {
        when: "3xx, also from the token endpoint",
        applies: |error| error.status().or(token_status(error)).is_some_and(|status| status.is_redirection()),
        advice: "The answer leads elsewhere, and credentials do not follow it: check cloud and api_url.",
    },
];

fn token_status(error: &Error) -> Option<StatusCode> {
    match error {
        Error::Token(error) => error.status(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(error: &Error) -> &'static str {
        let rule = RULES.iter().find(|rule| (rule.applies)(error));
        rule.map_or("nothing", |rule| rule.when)
    }

    #[test]
    fn each_answer_gets_the_advice_that_is_listed_for_it() {
        let answer = |status: u16| Error::Unexpected { status: StatusCode::from_u16(status).unwrap(), excerpt: None };
        let token = |status| Error::Token(Box::new(answer(status)));
        let deny = || Error::Unexpected { status: StatusCode::FORBIDDEN, excerpt: Some("an explicit deny".into()) };
        for (error, when) in [
            (deny(), "\"explicit deny\""),
            (Error::Token(Box::new(deny())), "\"explicit deny\""),
            (Error::ApiMissing { url: String::new() }, RULES[1].when),
            (Error::StrangePage, RULES[2].when),
            (token(400), "The token endpoint answers 400, 401 or 403"),
            (token(401), "The token endpoint answers 400, 401 or 403"),
            (token(403), "The token endpoint answers 400, 401 or 403"),
            (token(404), "The token endpoint answers 404"),
            (token(503), "5xx, also from the token endpoint"),
            (token(302), "3xx, also from the token endpoint"),
            (token(418), "nothing"),
            (answer(400), "400"),
            (answer(401), "401"),
            (answer(403), "403"),
            (answer(404), "404"),
            (answer(500), "5xx, also from the token endpoint"),
            (answer(301), "3xx, also from the token endpoint"),
            (answer(409), "nothing"),
        ] {
            assert_eq!(told(&error), when, "{error:?}");
        }
    }
}
