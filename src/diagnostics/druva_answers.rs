//! What Druva answers, and what to do about it.

use reqwest::StatusCode;

use super::DruvaOperation as Op;
use super::advice::{self, AdviceRow, Rule, is_invalid, is_misfit, is_passing};
use super::no_answer;
use crate::domain::OktaDomain;
use crate::druva::Error;

/// What to do about `error`, which `operation` met.
pub(super) fn advice(operation: &Op<'_>, error: &Error) -> Option<String> {
    match error {
        Error::Http(error) => no_answer::advice(error, "api_url or cloud"),
        _ => advice::find(RULES, |during| during(operation), error).map(str::to_owned),
    }
}

/// For the guide.
pub(super) fn listed() -> Vec<AdviceRow> {
    let Ok(domain) = OktaDomain::parse("https://example.okta.com") else { return Vec::new() };
    let each: Vec<_> = Op::each(&domain).into_iter().map(|operation| (operation, operation.name())).collect();
    advice::listed(RULES, &each, |during, operation| during(operation))
}

/// For which operations a rule is.
type During = for<'a, 'b> fn(&'a Op<'b>) -> bool;

const RULES: &[Rule<During, Error>] = &[
    Rule {
        during: |_| true,
        when: "\"explicit deny\", also from the token endpoint",
        applies: Error::is_explicit_deny,
        advice: "Druva answers this for two reasons:\n  \
            - The API credentials belong to another Druva cloud: set cloud to the one where the account lives.\n  \
            - A right or a setting of the account forbids it: check the role of the API credentials in the Druva Cloud \
            Platform Console, and ask Druva Support whether Okta Data Protection is enabled for the account.",
    },
    Rule {
        during: |_| true,
        when: "403 \"Missing Authentication Token\", or 404 for the list of links: there is no API at that address",
        applies: |error| matches!(error, Error::ApiMissing { .. }),
        // What to do by hand: the names are those of Druva's set-up articles.
        advice: "This is no matter of the credentials or their role: Druva has not published an API for linking Okta, and this \
            provider assumes one at okta_api_path. To get on:\n  \
            - Link by hand, and leave druva_okta_link out of the configuration: in the Druva Cloud Platform Console choose All \
            Services > Okta (in the newer console All Services > Identity > Okta), then Authorize, with the outputs org_url, \
            client_id and client_secret of druva_okta_integration. Switch on Cloud Key Management, which cannot be switched \
            off again: unless the account has keys of its own, scheduled backups do not start without it. At last choose \
            Configure Backup > Save.\n  \
            - If Okta is not in that menu, ask Druva Support to enable Okta Data Protection for the account.\n  \
            - If Druva Support names an API for linking Okta, set okta_api_path to its path.",
    },
    Rule {
        during: |_| true,
        when: "An answer that is not what this provider assumes, or a list that repeats a page",
        applies: |error| matches!(error, Error::Decode(_) | Error::StrangePage),
        advice: "Something else may have answered in Druva's place, or its API differs from what this provider assumes: \
            check api_url, cloud, okta_api_path and the proxy if there is one. Then run the command again.",
    },
    Rule {
        during: |_| true,
        when: "401 or 403 to an access token that the provider was given",
        applies: |error| matches!(error, Error::HeldToken(_)),
        advice: "Somebody else obtained the token in access_token (DRUVA_ACCESS_TOKEN), and the provider cannot renew it. \
            Druva's tokens live for half an hour (15 minutes in one GovCloud), and cannot be extended. To get on:\n  \
            - Get another one, as a managed service provider does for a customer, and run the command again within that \
            time.\n  \
            - If a fresh one is refused too, it does not allow this: check that it is for this customer and this cloud, and \
            what whoever obtained it may do.\n  \
            - For runs that take longer, set client_id and client_secret instead: the provider then renews its tokens itself.",
    },
    Rule {
        during: |_| true,
        when: "An access token is to be got, and the provider was given one",
        applies: |error| matches!(error, Error::NoCredentials),
        advice: "Use the token in access_token (DRUVA_ACCESS_TOKEN) itself where another one is needed, or set client_id and \
            client_secret instead.",
    },
    Rule {
        during: |_| true,
        when: "The token endpoint answers 400, 401, 403 or 422",
        applies: |error| {
            token_status(error).is_some_and(|status| is_invalid(status) || matches!(status.as_u16(), 401 | 403))
        },
        advice: "Check client_id and client_secret (DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET) and the cloud: API credentials are \
            created in the Druva Cloud Platform Console by a Druva Cloud Administrator, and are valid in one cloud only.",
    },
    Rule {
        during: |_| true,
        when: "The token endpoint answers 404",
        applies: |error| token_status(error) == Some(StatusCode::NOT_FOUND),
        advice: "Check api_url: there is no token endpoint below it.",
    },
    // What was asked for.
    Rule {
        during: |operation| operation.tries_a_client(),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Druva tries the client and its secret at the Okta org: check okta_domain, client_id and the secret, and \
            whether the org can be reached from Druva's cloud.",
    },
    Rule {
        during: |operation| matches!(operation, Op::SetSwitches(_)),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Look at the link in the Druva Cloud Platform Console: set there what can be set, and backup_enabled and \
            cloud_key_management_enabled to what it has then.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Unlink(_)),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Look at the link in the Druva Cloud Platform Console, and unlink the org there: what is gone already counts \
            as unlinked.",
    },
    Rule {
        during: |operation| matches!(operation, Op::StartBackup(_)),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Look at the link in the Druva Cloud Platform Console: it must be connected, and backups must be enabled.",
    },
    Rule {
        during: |operation| operation.only_looks(),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Druva does not take this for an address of its API: check api_url, okta_api_path and, where the message \
            names one, the id.",
    },
    Rule {
        during: |operation| !matches!(operation, Op::GetToken),
        when: "401",
        applies: |error| error.status() == Some(StatusCode::UNAUTHORIZED),
        advice: "Druva refuses a token that it has just issued: check cloud and api_url.",
    },
    Rule {
        during: |operation| operation.only_looks(),
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "The API credentials may not look at the links: give them a role that may, such as Druva Cloud Administrator.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Link(_)),
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "Linking an Okta org needs the Druva Cloud Administrator role: give it to the API credentials.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Authorize(_)),
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "Re-authorizing Druva needs the Druva Cloud Administrator role: give it to the API credentials.",
    },
    Rule {
        during: |operation| matches!(operation, Op::SetSwitches(_)),
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "Changing the settings of a link needs the Druva Cloud Administrator role: give it to the API credentials.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Unlink(_)),
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "Unlinking an Okta org needs the Druva Cloud Administrator role: give it to the API credentials.",
    },
    Rule {
        during: |operation| matches!(operation, Op::StartBackup(_)),
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "The role of the API credentials does not allow starting a backup: give them one that does, such as Druva \
            Cloud Administrator.",
    },
    Rule {
        during: |operation| operation.lists() || matches!(operation, Op::Link(_)),
        when: "404",
        applies: |error| error.status() == Some(StatusCode::NOT_FOUND),
        advice: "There is nothing at this address: check api_url and okta_api_path.",
    },
    Rule {
        during: |operation| !operation.lists() && !matches!(operation, Op::Link(_) | Op::GetToken),
        when: "404",
        applies: |error| error.status() == Some(StatusCode::NOT_FOUND),
        advice: "The link is gone from Druva, perhaps since the plan was made: plan again.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Link(_)),
        when: "409, without a link in the list",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "Druva has a link of this org that its list does not show under this address. Look with the data source \
            druva_okta_links and in the Druva Cloud Platform Console (All Services > Okta), and import that one.",
    },
    Rule {
        during: |operation| matches!(operation, Op::SetSwitches(_)),
        when: "409",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "Druva cannot set this now. Cloud Key Management may be on for good, or may stay off because the account has \
            keys of its own: leave cloud_key_management_enabled out to keep what Druva has.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Authorize(_) | Op::Unlink(_)),
        when: "409",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "Something else is under way with this link, such as a backup: wait until it has ended, and run the command \
            again.",
    },
    Rule {
        during: |operation| matches!(operation, Op::StartBackup(_)),
        when: "409",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "A backup of the org runs already, or backups are switched off: wait until it has ended, or set \
            backup_enabled = true on the druva_okta_link.",
    },
    // Whatever was asked for.
    Rule {
        during: |_| true,
        when: "429, also from the token endpoint",
        applies: |error| any_status(error) == Some(StatusCode::TOO_MANY_REQUESTS),
        advice: "Druva limits the rate of requests, and went on doing so: wait a minute, and run the command again.",
    },
    Rule {
        during: |operation| matches!(operation, Op::StartBackup(_)),
        when: "408, or 5xx other than 501",
        applies: |error| error.status().is_some_and(is_passing),
        advice: "Look in the Druva Cloud Platform Console (All Services > Okta) whether the backup runs, before another one is \
            started.",
    },
    Rule {
        during: |_| true,
        when: "408, or 5xx other than 501, also from the token endpoint",
        applies: |error| any_status(error).is_some_and(is_passing),
        advice: "This is a fault on the way or in Druva: run the command again.",
    },
    Rule {
        during: |_| true,
        when: "3xx, also from the token endpoint",
        applies: |error| any_status(error).is_some_and(|status| status.is_redirection()),
        advice: "The answer leads elsewhere, and credentials do not follow it: check cloud and api_url.",
    },
    Rule {
        during: |_| true,
        when: "407",
        applies: |error| any_status(error) == Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
        advice: "The proxy wants to know who asks: give it a user and a password in http_proxy.",
    },
    Rule {
        during: |_| true,
        when: "405, 411, 412, 413, 415 or 501",
        applies: |error| error.status().is_some_and(is_misfit),
        advice: "Druva, or something between here and Druva, does not take requests as this provider sends them. Druva has not \
            published an API for linking Okta, and this provider assumes one: check okta_api_path and the proxy if there is \
            one. If they are right, please report it.",
    },
    Rule {
        during: |_| true,
        when: "Any other status, also from the token endpoint",
        applies: |error| any_status(error).is_some(),
        advice: "This provider knows no such answer to this request. Check api_url, and that nothing between here and Druva \
            answers in its place; otherwise ask Druva Support, and give the request id if the message has one.",
    },
];

fn token_status(error: &Error) -> Option<StatusCode> {
    match error {
        Error::Token(error) => error.status(),
        _ => None,
    }
}

fn any_status(error: &Error) -> Option<StatusCode> {
    error.status().or_else(|| token_status(error))
}
