//! What Okta answers, and what to do about it.

use reqwest::StatusCode;

use super::OktaOperation as Op;
use super::advice::{self, AdviceRow, Rule, is_invalid, is_misfit, is_passing};
use super::no_answer;
use crate::okta::Error;

/// What to do about `error`, which `operation` met.
pub(super) fn advice(operation: &Op<'_>, error: &Error) -> Option<String> {
    match error {
        Error::Http(error) => no_answer::advice(error, operation.address()),
        _ => advice::find(RULES, |during| during(operation), error).map(str::to_owned),
    }
}

/// The argument that a refusal is about, where it tells.
pub(super) fn argument(operation: &Op<'_>, error: &Error) -> Option<&'static str> {
    let Op::Install { .. } = operation else { return None };
    match error {
        _ if is_unlisted(error) => Some("type"),
        _ if refuses(error, "scope") => Some("granted_scopes"),
        _ if refuses(error, "propert") => Some("properties"),
        _ => None,
    }
}

/// For the guide.
pub(super) fn listed() -> Vec<AdviceRow> {
    let each: Vec<_> = Op::EACH.iter().map(|operation| (*operation, operation.name())).collect();
    advice::listed(RULES, &each, |during, operation| during(operation))
}

/// For which operations a rule is.
type During = for<'a, 'b> fn(&'a Op<'b>) -> bool;

const RULES: &[Rule<During, Error>] = &[
    Rule {
        during: |operation| *operation == Op::VerifySecret,
        when: "An answer that is not Okta's",
        applies: |error| matches!(error, Error::Decode(_) | Error::StrangePage),
        advice: "Something else may have answered in Okta's place. Check okta_domain, and the proxy if there is one. Then \
            run the command again.",
    },
    Rule {
        during: |operation| *operation != Op::VerifySecret,
        when: "An answer that is not Okta's, or a list whose next page lies elsewhere",
        applies: |error| matches!(error, Error::Decode(_) | Error::StrangePage),
        advice: "Something else may have answered in Okta's place. Check okta.org_url, and the proxy if there is one. Then \
            run the command again.",
    },
    Rule {
        during: |_| true,
        when: "`the clock of this machine is … s behind Okta's`, or ahead of it",
        applies: |error| matches!(error, Error::Clock { .. }),
        advice: "A service app signs with the time, and Okta checks it. The provider also signed with Okta's own time, and \
            Okta refused that too. So check these first: okta.client_id, okta.private_key and okta.private_key_id. The app \
            must be active, and use the client authentication \"Public key / Private key\". Then set the clock of this \
            machine, best by a time server (NTP).",
    },
    Rule {
        during: |operation| *operation != Op::VerifySecret,
        when: "The token endpoint refuses with `invalid_client`",
        applies: |error| token_code(error) == Some("invalid_client"),
        advice: "Check okta.client_id, okta.private_key and okta.private_key_id: the app must exist in this org, be active, \
            use the client authentication \"Public key / Private key\", and know this public key.",
    },
    Rule {
        during: |operation| operation.only_looks(),
        when: "The token endpoint refuses with `invalid_scope`",
        applies: |error| token_code(error) == Some("invalid_scope"),
        advice: "The provider asked for a scope that the service app was not granted. Unless okta.scopes (OKTA_API_SCOPES) \
            says otherwise, it asks for okta.oauthIntegrations.manage and okta.oauthIntegrations.read. What to do depends on \
            the job:\n  - A job that only plans: set OKTA_API_SCOPES=okta.oauthIntegrations.read\n  - A job that applies: \
            grant each of them to the app (Okta Admin Console > Applications > the app > Okta API Scopes).\n  - Another \
            scope in okta.scopes: take it out, or grant it to the app.",
    },
    Rule {
        during: |operation| needs_credential(operation) && !operation.only_looks(),
        when: "The token endpoint refuses with `invalid_scope`",
        applies: |error| token_code(error) == Some("invalid_scope"),
        advice: "To apply, grant okta.oauthIntegrations.manage, okta.oauthIntegrations.read and what else okta.scopes \
            (OKTA_API_SCOPES) names to the service app (Okta Admin Console > Applications > the app > Okta API Scopes).",
    },
    Rule {
        during: |_| true,
        when: "`invalid_dpop_proof`",
        // Okta sees the time and the address of a request in its proof.
        applies: |error| error.oauth_code() == Some("invalid_dpop_proof"),
        advice: "Okta did not accept the proof of possession (DPoP). Check that the clock of this machine is right, and \
            that no proxy changes the address of requests.",
    },
    Rule {
        during: |operation| *operation != Op::VerifySecret,
        when: "The token endpoint refuses with another code",
        applies: |error| token_code(error).is_some() && error.status().is_some_and(|status| !is_passing(status)),
        advice: "Look at the service app in the Okta Admin Console (Applications > the app): it must be active, and allow the \
            grant type \"Client Credentials\". Then check okta.client_id and okta.private_key.",
    },
    Rule {
        during: |_| true,
        when: "The access token is bound to a key (DPoP)",
        applies: |error| matches!(error, Error::BoundToken(_)),
        advice: "Only the program that got a DPoP access token can use it. Choose one of these:\n  - Set okta.client_id and \
            okta.private_key of the service app instead of okta.access_token.\n  - Use an access token of an app that does \
            not demand DPoP.",
    },
    Rule {
        during: |_| true,
        when: "One DPoP nonce after the other, and none is accepted",
        applies: |error| matches!(error, Error::Nonces),
        advice: "Run the command again. If the error stays, tell Okta Support. To go on meanwhile, switch off \"Require \
            Demonstrating Proof of Possession (DPoP) header in token requests\" in the app's general settings.",
    },
    // What was asked for.
    Rule {
        during: |operation| matches!(operation, Op::Install { is_guess: true, .. }),
        when: "400 or 422 about the type, or 404",
        applies: is_unlisted,
        advice: "type is not configured, and its default, druva_data_security_cloud, is a guess: Druva has not published the \
            key that Okta gave to its integration, and Okta does not know this one. To get on:\n  \
            - Install Druva's integration once by hand: Okta Admin Console > Applications > API Service Integrations > Add \
            Integration > Druva Data Security Cloud. Then set adopt_existing = true and leave type out: the integration is \
            found by its name.\n  \
            - Or install it by hand and read its key: the data source druva_okta_integrations lists it as type. Set type to \
            that, and import what is installed, or remove it so that Terraform installs it.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Install { is_guess: false, .. }),
        when: "400 or 422 about the type, or 404",
        applies: is_unlisted,
        advice: "Okta does not list an integration with this key, which type gives. The key cannot be derived from the name \
            of the integration. To find the right one:\n  \
            - Install the integration once by hand: Okta Admin Console > Applications > API Service Integrations > Add \
            Integration. The data source druva_okta_integrations then lists its key as type.\n  \
            - Or leave type out and set adopt_existing = true after installing it by hand: Druva's integration is found by \
            its name.",
    },
    Rule {
        during: is_installing,
        when: "400 or 422 about the scopes",
        applies: |error| refuses(error, "scope"),
        advice: "Okta does not grant these scopes to this integration. Compare granted_scopes with the list that Okta shows \
            before an installation: Okta Admin Console > Applications > API Service Integrations > Add Integration. Okta may \
            demand exactly that list.",
    },
    Rule {
        during: is_installing,
        when: "400 or 422 about anything else",
        applies: |error| refusal(error).is_some_and(is_invalid),
        advice: "Okta does not accept a value. The message names it: correct type, granted_scopes or properties.",
    },
    Rule {
        during: |operation| *operation == Op::Mint,
        when: "400 or 422",
        applies: |error| refusal(error).is_some_and(is_invalid),
        advice: "Okta allows two secrets for an integration. If it has two, deactivate the one that is not in use, and \
            apply again: Okta Admin Console > Applications > API Service Integrations > the integration > Client secrets.",
    },
    Rule {
        during: is_retiring,
        when: "400 or 422",
        applies: |error| refusal(error).is_some_and(is_invalid),
        advice: "Okta deletes only an inactive secret. Deactivate and delete it in the Okta Admin Console (Applications > \
            API Service Integrations > the integration > Client secrets).",
    },
    Rule {
        during: is_removing,
        when: "400 or 422",
        applies: |error| refusal(error).is_some_and(is_invalid),
        advice: "Remove the integration in the Okta Admin Console (Applications > API Service Integrations). Then apply \
            again: the provider sees that it is gone.",
    },
    Rule {
        during: |operation| operation.only_looks(),
        when: "400 or 422",
        applies: |error| refusal(error).is_some_and(is_invalid),
        advice: "Okta does not know this address. Check okta.org_url. If the message names an id, check that too.",
    },
    Rule {
        during: |operation| *operation == Op::ReadOrganization,
        when: "400, 401, 403, 404 or 422",
        applies: |error| {
            refusal(error).is_some_and(|status| is_invalid(status) || matches!(status.as_u16(), 401 | 403 | 404))
        },
        advice: "Every Okta org answers this request without a credential. Check that okta.org_url is the address of an \
            org, and that no proxy answers in its place.",
    },
    Rule {
        during: |operation| *operation == Op::VerifySecret,
        when: "400, 401, 403, 404 or 422 from the token endpoint, other than a refusal of the secret or a scope",
        applies: |error| {
            error.status().is_some_and(|status| is_invalid(status) || matches!(status.as_u16(), 401 | 403 | 404))
        },
        advice: "This says nothing about the secret. Check that okta_domain is the address of the org that has the \
            integration, and that no proxy answers in its place.",
    },
    Rule {
        during: needs_credential,
        when: "401 with the code E0000015",
        applies: |error| {
            refusal(error) == Some(StatusCode::UNAUTHORIZED)
                && matches!(error, Error::Api(error) if error.code == "E0000015")
        },
        advice: "The org's edition lacks this feature. Ask Okta Support to enable API service integrations.",
    },
    Rule {
        during: needs_credential,
        when: "401",
        applies: |error| refusal(error) == Some(StatusCode::UNAUTHORIZED),
        advice: "The Okta credential is wrong, expired or revoked, or belongs to another org than okta.org_url. Create an \
            API token in the Okta Admin Console under Security > API > Tokens and set okta.api_token (OKTA_API_TOKEN), or \
            check the access token or service app that is used instead.",
    },
    Rule {
        during: |operation| operation.only_looks(),
        when: "403",
        applies: |error| refusal(error) == Some(StatusCode::FORBIDDEN),
        advice: "The Okta credential may not read API service integrations. Reading needs:\n  \
            - With OAuth, the scope okta.oauthIntegrations.read.\n  \
            - An admin role that may read them, such as Read-only Administrator. Okta does not document which role is enough; \
            Super Administrator is.",
    },
    Rule {
        during: is_installing,
        when: "403",
        applies: |error| refusal(error) == Some(StatusCode::FORBIDDEN),
        advice: "Installing an integration and granting its scopes needs the Super Administrator role in Okta. With OAuth, \
            the credential also needs the scope okta.oauthIntegrations.manage.",
    },
    Rule {
        during: is_removing,
        when: "403",
        applies: |error| refusal(error) == Some(StatusCode::FORBIDDEN),
        advice: "Removing an integration needs the Super Administrator role in Okta. With OAuth, the credential also needs \
            the scope okta.oauthIntegrations.manage.",
    },
    Rule {
        during: changes_secrets,
        when: "403",
        applies: |error| refusal(error) == Some(StatusCode::FORBIDDEN),
        advice: "Changing the secrets of an integration needs the Super Administrator role in Okta. With OAuth, the \
            credential also needs the scope okta.oauthIntegrations.manage.",
    },
    Rule {
        during: |operation| matches!(operation, Op::ListIntegrations | Op::Install { .. }),
        when: "404",
        applies: |error| refusal(error) == Some(StatusCode::NOT_FOUND),
        advice: "This address has no API for API service integrations. Check okta.org_url, and the proxy if there is one. \
            If they are right, ask Okta Support whether the org has the feature.",
    },
    Rule {
        during: |operation| matches!(operation, Op::ReadIntegration(_) | Op::Remove(_)),
        when: "404",
        applies: |error| refusal(error) == Some(StatusCode::NOT_FOUND),
        advice: "Okta does not have it: it is gone since the plan, or okta.org_url is another org. Plan again.",
    },
    Rule {
        during: |operation| *operation == Op::Mint || matches!(operation, Op::ListSecrets(_)),
        when: "404",
        applies: |error| refusal(error) == Some(StatusCode::NOT_FOUND),
        advice: "Okta does not have the integration: it is gone since the plan, or okta.org_url is another org. Plan again.",
    },
    Rule {
        during: is_retiring,
        when: "404",
        applies: |error| refusal(error) == Some(StatusCode::NOT_FOUND),
        advice: "Okta does not have the integration or the secret: it is gone since the plan. Plan again.",
    },
    Rule {
        during: is_installing,
        when: "409",
        applies: |error| refusal(error) == Some(StatusCode::CONFLICT),
        advice: "The org may have this integration already. The data source druva_okta_integrations shows it.\n  - If it is \
            there, set adopt_existing = true, or import it.\n  - If it is not there, somebody may be installing it now. \
            Wait, and run the command again.",
    },
    Rule {
        during: |operation| is_removing(operation) || changes_secrets(operation),
        when: "409",
        applies: |error| refusal(error) == Some(StatusCode::CONFLICT),
        advice: "Something else changes the integration now, perhaps another apply. Wait until that has ended, and run the \
            command again.",
    },
    // Whatever was asked for.
    Rule {
        during: |_| true,
        when: "429",
        applies: |error| error.status() == Some(StatusCode::TOO_MANY_REQUESTS),
        advice: "Okta limits the rate of requests. Wait a minute, and run the command again. To leave a part of the limit \
            to others, set okta.max_api_capacity.",
    },
    Rule {
        during: |_| true,
        when: "408, or 5xx other than 501",
        applies: |error| error.status().is_some_and(is_passing),
        advice: "Okta, or something on the way to it, failed. Run the command again.",
    },
    Rule {
        during: |operation| *operation == Op::VerifySecret,
        when: "3xx",
        applies: |error| error.status().is_some_and(|status| status.is_redirection()),
        advice: "The answer redirects to another address. The provider does not send credentials there. Set okta_domain to \
            the address of the org itself.",
    },
    Rule {
        during: |operation| *operation != Op::VerifySecret,
        when: "3xx",
        applies: |error| error.status().is_some_and(|status| status.is_redirection()),
        advice: "The answer redirects to another address. The provider does not send credentials there. Set okta.org_url to \
            the address of the org itself.",
    },
    Rule {
        during: |_| true,
        when: "407",
        applies: |error| error.status() == Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
        advice: "The proxy demands a sign-in. Write a user and a password into its URL, in http_proxy.",
    },
    Rule {
        during: |_| true,
        when: "405, 411, 412, 413, 415 or 501",
        applies: |error| error.status().is_some_and(is_misfit),
        advice: "Okta, or a proxy on the way, does not accept the provider's requests. Check the proxy if there is one. If \
            there is none, use the newest version of this provider. If that fails too, please report it.",
    },
    Rule {
        during: |_| true,
        when: "Any other status",
        applies: |error| error.status().is_some(),
        advice: "Okta does not document this answer. Check that no proxy answers in its place. If none does, ask Okta \
            Support, and give the ids in the message.",
    },
];

fn is_installing(operation: &Op<'_>) -> bool {
    matches!(operation, Op::Install { .. })
}

fn is_removing(operation: &Op<'_>) -> bool {
    matches!(operation, Op::Remove(_))
}

fn is_retiring(operation: &Op<'_>) -> bool {
    matches!(operation, Op::Retire(_))
}

fn changes_secrets(operation: &Op<'_>) -> bool {
    *operation == Op::Mint || is_retiring(operation)
}

fn needs_credential(operation: &Op<'_>) -> bool {
    !matches!(operation, Op::ReadOrganization | Op::VerifySecret)
}

/// Okta's own refusal of a type: it names the type, or nothing in particular, or has nothing of that name.
fn is_unlisted(error: &Error) -> bool {
    let Error::Api(refusal) = error else { return false };
    match refusal.status {
        StatusCode::NOT_FOUND => true,
        status if is_invalid(status) => {
            refuses(error, "type") || !(refuses(error, "scope") || refuses(error, "propert"))
        }
        _ => false,
    }
}

/// Whether Okta refuses a value and names what holds it. Only which advice is given depends on Okta's words.
pub(super) fn refuses(error: &Error, what: &str) -> bool {
    let Error::Api(refusal) = error else { return false };
    let names_it = |text: &String| text.to_lowercase().contains(what);
    is_invalid(refusal.status) && (names_it(&refusal.summary) || refusal.causes.iter().any(names_it))
}

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
