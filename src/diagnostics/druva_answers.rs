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
        during: |operation| matches!(operation, Op::Unlink(_)),
        when: "403 \"Missing Authentication Token\", or 404 for the list of links: there is no API at that address",
        applies: |error| matches!(error, Error::ApiMissing { .. }),
        advice: "Druva does not have the API that this provider assumes at okta_api_path, so the link stays. Choose one of \
            these:\n  - Take the link out of the state. ADDRESS is the address of the druva_okta_link. Then unlink the org \
            in the Druva Cloud Platform Console (All Services > Okta), or leave it linked:\n      terraform state rm \
            ADDRESS\n  - If the API has another path, set okta_api_path to it.",
    },
    Rule {
        during: |_| true,
        when: "403 \"Missing Authentication Token\", or 404 for the list of links: there is no API at that address",
        applies: |error| matches!(error, Error::ApiMissing { .. }),
        // What to do by hand: the names are those of Druva's set-up articles.
        advice: "The credentials and their role are not the cause. Druva has not published an API for linking Okta. This \
            provider assumes one at okta_api_path, and Druva does not have it. Choose one of these:\n  - Link by hand, and \
            leave druva_okta_link out of the configuration. In the Druva Cloud Platform Console choose All Services > Okta \
            (in the newer console All Services > Identity > Okta), then Authorize. Give it the outputs org_url, client_id \
            and client_secret of druva_okta_integration. Switch on Cloud Key Management: without it scheduled backups do not \
            start, unless the account has keys of its own. It cannot be switched off again. Then choose Configure Backup > \
            Save.\n  - If Okta is not in that menu, ask Druva Support to enable Okta Data Protection for the account.\n  - \
            If Druva Support names an API for linking Okta, set okta_api_path to its path.",
    },
    Rule {
        during: |_| true,
        when: "An answer that is not what this provider assumes, or a list that repeats a page",
        applies: |error| matches!(error, Error::Decode(_) | Error::StrangePage),
        advice: "Something else may have answered in Druva's place, or Druva's API differs from what this provider assumes. \
            Check api_url, cloud and okta_api_path, and the proxy if there is one. Then run the command again.",
    },
    Rule {
        during: |_| true,
        when: "401 or 403 to an access token that the provider was given",
        applies: |error| matches!(error, Error::HeldToken(_)),
        advice: "Somebody else obtained the token in access_token (DRUVA_ACCESS_TOKEN), so the provider cannot renew it. \
            Druva's tokens live for half an hour (15 minutes in one GovCloud). Choose one of these:\n  - Get another token, \
            and run the command again within that time.\n  - If Druva refuses a fresh token too, check that it is for this \
            customer and this cloud, and that its owner may do this.\n  - For longer runs, set client_id and client_secret \
            instead. The provider then renews its tokens itself.",
    },
    Rule {
        during: |_| true,
        when: "An access token is to be got, and the provider was given one",
        applies: |error| matches!(error, Error::NoCredentials),
        advice: "Choose one of these:\n  - Use the token in access_token (DRUVA_ACCESS_TOKEN) itself.\n  - Set client_id \
            and client_secret instead of access_token.",
    },
    Rule {
        during: |_| true,
        when: "The token endpoint answers 400, 401, 403 or 422",
        applies: |error| {
            token_status(error).is_some_and(|status| is_invalid(status) || matches!(status.as_u16(), 401 | 403))
        },
        advice: "Check client_id and client_secret (DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET), and cloud. A Druva Cloud \
            Administrator creates API credentials in the Druva Cloud Platform Console. They are valid in one cloud only.",
    },
    Rule {
        during: |_| true,
        when: "The token endpoint answers 404",
        applies: |error| token_status(error) == Some(StatusCode::NOT_FOUND),
        advice: "Check api_url. It has no token endpoint.",
    },
    // What was asked for.
    Rule {
        during: |operation| operation.tries_a_client(),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Druva tries the client and its secret at the Okta org. Check okta_domain, client_id and the secret. The \
            org must accept connections from Druva's cloud.",
    },
    Rule {
        during: |operation| matches!(operation, Op::SetSwitches(_)),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Look at the link in the Druva Cloud Platform Console, and set there what can be set. Then give \
            backup_enabled and cloud_key_management_enabled the values that it has.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Unlink(_)),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Unlink the org in the Druva Cloud Platform Console (All Services > Okta). Then apply again: the provider \
            sees that the link is gone.",
    },
    Rule {
        during: |operation| matches!(operation, Op::StartBackup(_)),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Look at the link in the Druva Cloud Platform Console. It must be connected, and backups must be enabled.",
    },
    Rule {
        during: |operation| operation.only_looks(),
        when: "400 or 422",
        applies: |error| error.status().is_some_and(is_invalid),
        advice: "Druva does not know this address. Check api_url and okta_api_path. If the message names an id, check that \
            too.",
    },
    Rule {
        during: |operation| !matches!(operation, Op::GetToken),
        when: "401",
        applies: |error| error.status() == Some(StatusCode::UNAUTHORIZED),
        advice: "Druva refuses a token that it has just issued. Check cloud and api_url.",
    },
    Rule {
        during: |operation| operation.only_looks(),
        when: "403",
        applies: |error| error.status() == Some(StatusCode::FORBIDDEN),
        advice: "The API credentials may not read the links. Reading needs a role that may look at Okta in Druva, such as Cloud \
            Admin (Read Only) or Product Administrator. Druva does not document which role is enough; Druva Cloud \
            Administrator is.",
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
        advice: "This address has nothing. Check api_url and okta_api_path.",
    },
    Rule {
        during: |operation| !operation.lists() && !matches!(operation, Op::Link(_) | Op::GetToken),
        when: "404",
        applies: |error| error.status() == Some(StatusCode::NOT_FOUND),
        advice: "Druva does not have the link: it is gone since the plan. Plan again.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Link(_)),
        when: "409, without a link in the list",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "Druva has a link of this org, and lists it under another address. The data source druva_okta_links shows \
            all links, and so does the Druva Cloud Platform Console (All Services > Okta). Import that link.",
    },
    Rule {
        during: |operation| matches!(operation, Op::SetSwitches(_)),
        when: "409",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "Druva cannot set this. Cloud Key Management may be on for good, or may be off because the account has keys \
            of its own. To keep what Druva has, leave cloud_key_management_enabled out.",
    },
    Rule {
        during: |operation| matches!(operation, Op::Authorize(_) | Op::Unlink(_)),
        when: "409",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "Druva does something else with this link now, such as a backup. Wait until that has ended, and run the \
            command again.",
    },
    Rule {
        during: |operation| matches!(operation, Op::StartBackup(_)),
        when: "409",
        applies: |error| error.status() == Some(StatusCode::CONFLICT),
        advice: "A backup of the org runs already, or backups are switched off.\n  - If one runs, wait until it has \
            ended.\n  - If backups are off, set backup_enabled = true on the druva_okta_link.",
    },
    // Whatever was asked for.
    Rule {
        during: |_| true,
        when: "429, also from the token endpoint",
        applies: |error| any_status(error) == Some(StatusCode::TOO_MANY_REQUESTS),
        advice: "Druva limits the rate of requests. Wait a minute, and run the command again.",
    },
    Rule {
        during: |operation| matches!(operation, Op::StartBackup(_)),
        when: "408, or 5xx other than 501",
        applies: |error| error.status().is_some_and(is_passing),
        advice: "The backup may have started. Look in the Druva Cloud Platform Console (All Services > Okta) before you \
            start another one.",
    },
    Rule {
        during: |_| true,
        when: "408, or 5xx other than 501, also from the token endpoint",
        applies: |error| any_status(error).is_some_and(is_passing),
        advice: "Druva, or something on the way to it, failed. Run the command again.",
    },
    Rule {
        during: |_| true,
        when: "3xx, also from the token endpoint",
        applies: |error| any_status(error).is_some_and(|status| status.is_redirection()),
        advice: "The answer redirects to another address. The provider does not send credentials there. Check cloud and \
            api_url.",
    },
    Rule {
        during: |_| true,
        when: "407",
        applies: |error| any_status(error) == Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
        advice: "The proxy demands a sign-in. Write a user and a password into its URL, in http_proxy.",
    },
    Rule {
        during: |_| true,
        when: "405, 411, 412, 413, 415 or 501",
        applies: |error| error.status().is_some_and(is_misfit),
        advice: "Druva, or a proxy on the way, does not accept the provider's requests. Druva has not published an API for \
            linking Okta, and this provider assumes one. Check okta_api_path, and the proxy if there is one. If they are \
            right, please report it.",
    },
    Rule {
        during: |_| true,
        when: "Any other status, also from the token endpoint",
        applies: |error| any_status(error).is_some(),
        advice: "This provider does not know this answer. Check api_url, and that no proxy answers in Druva's place. If \
            none does, ask Druva Support, and give the request id of the message.",
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
