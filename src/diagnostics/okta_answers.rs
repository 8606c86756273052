//! What Okta answers, and what to do about it.

use reqwest::StatusCode;

use super::advice::{self, Rule};
use super::no_answer;
use crate::okta::Error;

pub(super) fn advice(error: &Error) -> Option<String> {
    match error {
        Error::Http(error) => no_answer::advice(error, "okta.org_url"),
        _ => advice::find(RULES, error).map(str::to_owned),
    }
}

pub(super) const RULES: &[Rule<Error>] = &[
    Rule {
        when: "An answer that is not Okta's, or a list whose next page lies elsewhere",
        applies: |error| matches!(error, Error::Decode(_) | Error::StrangePage),
        advice: "Something else may have answered in Okta's place: check okta.org_url and the proxy if there is one. Then \
            run the command again.",
    },
    Rule {
        when: "The token endpoint refuses with `invalid_client`",
        applies: |error| token_code(error) == Some("invalid_client"),
        advice: "Check okta.client_id, okta.private_key and okta.private_key_id: the app must exist in this org, be active, \
            use the client authentication \"Public key / Private key\", and know this public key.",
    },
    Rule {
        when: "The token endpoint refuses with `invalid_scope`",
        applies: |error| token_code(error) == Some("invalid_scope"),
        advice: "Grant the scopes in okta.scopes to the service app (Okta Admin Console > Applications > the app > Okta API \
            Scopes), at least okta.oauthIntegrations.manage.",
    },
    Rule {
        when: "`invalid_dpop_proof`",
        // Okta sees the time and the address of a request in its proof.
        applies: |error| error.oauth_code() == Some("invalid_dpop_proof"),
        advice: "The proof of possession (DPoP) was made for this very request: check that the clock of this machine is \
            right, and that nothing between here and Okta changes the address of requests.",
    },
    Rule {
        when: "The access token is bound to a key (DPoP)",
        applies: |error| matches!(error, Error::BoundToken(_)),
        advice: "An access token that was issued with DPoP works for nobody else. Set okta.client_id and okta.private_key of \
            the service app in the place of okta.access_token, or use an access token of an app that does not demand DPoP.",
    },
    Rule {
        when: "One DPoP nonce after the other, and none is accepted",
        applies: |error| matches!(error, Error::Nonces),
        advice: "Run the command again. If it stays, switch off \"Require Demonstrating Proof of Possession (DPoP) header in \
            token requests\" in the app's general settings, and tell Okta Support.",
    },
    Rule {
        when: "401 with the code E0000015",
        applies: |error| {
            refusal(error) == Some(StatusCode::UNAUTHORIZED)
                && matches!(error, Error::Api(error) if error.code == "E0000015")
        },
        advice: "The org's edition lacks this feature: ask Okta Support to enable API service integrations.",
    },
    Rule {
        when: "401",
        applies: |error| refusal(error) == Some(StatusCode::UNAUTHORIZED),
        advice: "The Okta credential is wrong, expired or revoked, or belongs to another org than okta.org_url. Create an \
            API token in the Okta Admin Console under Security > API > Tokens and set okta.api_token (OKTA_API_TOKEN), or \
            check the access token or service app that is used instead.",
    },
    Rule {
        when: "403",
        applies: |error| refusal(error) == Some(StatusCode::FORBIDDEN),
        advice: "Installing an integration, granting its scopes and minting its secrets needs the Super Administrator role \
            in Okta. With OAuth, the credential also needs the scope okta.oauthIntegrations.manage (to read: \
            okta.oauthIntegrations.read).",
    },
    Rule {
        when: "404",
        applies: |error| refusal(error) == Some(StatusCode::NOT_FOUND),
        advice: "It is gone from Okta, perhaps since the plan was made: plan again.",
    },
    Rule {
        when: "5xx",
        applies: |error| refusal(error).is_some_and(|status| status.is_server_error()),
        advice: "This is a fault on the way or in Okta: run the command again.",
    },
    Rule {
        when: "3xx",
        applies: |error| refusal(error).is_some_and(|status| status.is_redirection()),
        advice: "The answer leads elsewhere, and credentials do not follow it: set okta.org_url to the address of the org \
            itself.",
    },
];

/// The token endpoint's refusal.
fn token_code(error: &Error) -> Option<&str> {
    match error {
        Error::Token { error, .. } => Some(error),
        _ => None,
    }
}

/// The status of a refusal that the token endpoint has no part in.
fn refusal(error: &Error) -> Option<StatusCode> {
    match error {
        Error::Token { .. } => None,
        _ => error.status(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::okta::ApiError;

    fn told(error: &Error) -> &'static str {
        let rule = RULES.iter().find(|rule| (rule.applies)(error));
        rule.map_or("nothing", |rule| rule.when)
    }

    fn api(status: StatusCode, code: &str) -> Error {
        let (summary, causes) = (String::new(), Vec::new());
        Error::Api(Box::new(ApiError { status, code: code.into(), summary, causes, error_id: None, request_id: None }))
    }

    #[test]
    fn each_answer_gets_the_advice_that_is_listed_for_it() {
        let status = StatusCode::UNAUTHORIZED;
        let token = |code: &str| Error::Token { status, error: code.into(), description: None };
        let challenge = |code: &str| Error::Challenge { status, error: code.into(), description: None };
        for (error, when) in [
            (Error::StrangePage, RULES[0].when),
            (token("invalid_client"), "The token endpoint refuses with `invalid_client`"),
            (token("invalid_scope"), "The token endpoint refuses with `invalid_scope`"),
            (token("invalid_dpop_proof"), "`invalid_dpop_proof`"),
            (token("invalid_request"), "nothing"),
            (challenge("invalid_dpop_proof"), "`invalid_dpop_proof`"),
            (challenge("invalid_token"), "401"),
            (Error::BoundToken(Box::new(challenge("invalid_token"))), "The access token is bound to a key (DPoP)"),
            (Error::Nonces, "One DPoP nonce after the other, and none is accepted"),
            (api(StatusCode::UNAUTHORIZED, "E0000015"), "401 with the code E0000015"),
            (api(StatusCode::UNAUTHORIZED, "E0000011"), "401"),
            (api(StatusCode::FORBIDDEN, "E0000015"), "403"),
            (api(StatusCode::NOT_FOUND, "E0000007"), "404"),
            (api(StatusCode::BAD_GATEWAY, "E0000009"), "5xx"),
            (Error::Unexpected { status: StatusCode::FOUND, excerpt: None }, "3xx"),
            (api(StatusCode::BAD_REQUEST, "E0000001"), "nothing"),
        ] {
            assert_eq!(told(&error), when, "{error:?}");
        }
    }
}
