//! Why no answer came, and what to do about it.

use super::advice::{self, AdviceRow, Rule};
use crate::http::Error;

/// What stands in an advice for the argument that gives the address.
const ARGUMENT: &str = "{argument}";

/// `argument` gives the address that was asked.
pub(super) fn advice(error: &Error, argument: &str) -> Option<String> {
    advice::find(RULES, |()| true, error).map(|advice| advice.replace(ARGUMENT, argument))
}

/// For the guide.
pub(super) fn listed() -> Vec<AdviceRow> {
    advice::listed(RULES, &[((), "")], |(), ()| true)
}

const RULES: &[Rule<(), Error>] = &[
    Rule {
        during: (),
        when: "`cannot connect to …`, for its certificate",
        applies: |error| matches!(error, Error::Connect { permanent: true, .. }),
        advice: "The server's certificate is not trusted. If a proxy inspects TLS here, give its CA certificate in \
            ca_certificate_file.",
    },
    Rule {
        during: (),
        when: "`cannot connect to …`, for any other reason",
        applies: |error| matches!(error, Error::Connect { permanent: false, .. }),
        advice: "Check these:\n  - {argument}.\n  - The network from this machine to that host.\n  - The proxy, if the \
            message names one: http_proxy, or HTTPS_PROXY and ALL_PROXY in the environment. NO_PROXY names hosts that are \
            reached without it. If the proxy demands a sign-in, write a user and a password into its URL.",
    },
    Rule {
        during: (),
        when: "`the connection to … broke before the answer was complete`, or `the answer of … is too large`",
        applies: |error| matches!(error, Error::Lost { .. } | Error::TooLarge { .. }),
        advice: "Run the command again. If the error stays, look at what is between this machine and the server, such as a \
            proxy.",
    },
    Rule {
        during: (),
        when: "`the list has more than …`",
        applies: |error| matches!(error, Error::ListTooLong { .. }),
        advice: "No org and no account has that many. Look at what is between this machine and the server, such as a proxy. \
            If the list is right, please report it.",
    },
    Rule {
        during: (),
        when: "`… did not answer in time`",
        applies: |error| matches!(error, Error::Timeout { .. }),
        advice: "Run the command again, or raise request_timeout_seconds.",
    },
    Rule {
        during: (),
        when: "`… limits the rate of requests`, or `the operation timed out (timeouts)`",
        applies: |error| matches!(error, Error::RateLimited { .. } | Error::DeadlinePassed),
        advice: "Run the command again, or raise the value in the timeouts block of the resource.",
    },
    Rule {
        during: (),
        when: "`Terraform was interrupted`",
        applies: |error| matches!(error, Error::Stopped),
        advice: "Run the command again to continue.",
    },
    Rule {
        during: (),
        when: "`a credential or an address holds characters that HTTP does not allow`",
        applies: |error| matches!(error, Error::InvalidCredential),
        advice: "Check the credentials and addresses of the provider block.",
    },
    Rule {
        during: (),
        when: "`the private key cannot sign`",
        applies: |error| matches!(error, Error::Signing(_)),
        advice: "Check okta.private_key.",
    },
    Rule {
        during: (),
        when: "`the CA certificates do not parse`",
        applies: |error| matches!(error, Error::InvalidCertificates(_)),
        advice: "Check the file that ca_certificate_file names.",
    },
    Rule {
        during: (),
        when: "`this machine has no CA certificates`",
        applies: |error| matches!(error, Error::NoCertificates),
        advice: "Without them no server can be trusted. Do one of these:\n  - Install the package ca-certificates.\n  - In an \
            image that has no packages, copy /etc/ssl/certs/ca-certificates.crt to that place from another image.\n  - Let \
            SSL_CERT_FILE name a file with certificates in PEM, or SSL_CERT_DIR a folder of such files.\n  - Give \
            ca_certificate_file.",
    },
    Rule {
        during: (),
        when: "`the HTTP client could not be set up`",
        applies: |error| matches!(error, Error::Setup(_)),
        advice: "Check the certificates of this machine and ca_certificate_file. If they are right, please report it.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn each() -> Vec<Error> {
        let (host, reason) = (|| "example.com".to_owned(), String::new);
        vec![
            Error::Connect { host: host(), reason: reason(), permanent: true },
            Error::Connect { host: host(), reason: reason(), permanent: false },
            Error::Lost { host: host(), reason: reason() },
            Error::TooLarge { host: host() },
            Error::ListTooLong { entries: 1, bytes: 1024 },
            Error::Timeout { host: host() },
            Error::RateLimited { host: host(), seconds: 1 },
            Error::DeadlinePassed,
            Error::Stopped,
            Error::InvalidCredential,
            Error::Signing(reason()),
            Error::InvalidCertificates(reason()),
            Error::NoCertificates,
            Error::Setup(reason()),
        ]
    }

    #[test]
    fn each_way_to_get_no_answer_has_one_rule_which_quotes_its_words() {
        for error in each() {
            let rules: Vec<_> = RULES.iter().filter(|rule| (rule.applies)(&error)).collect();
            let [rule] = rules[..] else { panic!("{error:?} has {} rules", rules.len()) };
            let words: String = error.to_string().replace("example.com", "…");
            let quotes = rule.when.split('`').skip(1).step_by(2);
            let is_quoted = quotes.into_iter().any(|quote| words.starts_with(quote.trim_end_matches('…')));
            assert!(is_quoted, "{:?} is not {words:?}", rule.when);
        }
    }

    #[test]
    fn the_argument_that_gives_the_address_is_named() {
        let error = Error::Connect { host: String::new(), reason: String::new(), permanent: false };
        let advice = advice(&error, "api_url or cloud").unwrap();
        assert!(advice.contains("\n  - api_url or cloud.\n") && !advice.contains(ARGUMENT), "{advice}");
    }
}
