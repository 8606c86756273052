//! The address of the Okta org: an argument, or variables, which are those of Okta's own provider.

use terraform_plugin::{Report, Reported};
use tf_provider::{AttributePath, Diagnostics};

use super::argument::{Argument, Environment, from_environment, path, text};
use super::config::OktaBlock;
use super::problems;
use crate::clients::Availability;
use crate::domain::{OktaDomain, is_host_of_okta};
use crate::redaction::redact;

const DEFAULT_BASE_URL: &str = "okta.com";

/// Parses the address.
///
/// # Errors
/// One that says how the address came about and what is wrong with it.
pub(super) fn parse(
    block: &OktaBlock,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Availability<OktaDomain>, Reported> {
    let attribute = path("okta").attribute("org_url");
    let (address, whose) = match text(&block.org_url, "OKTA_ORG_URL", environment, attribute.clone(), diags)? {
        Argument::Known(address, None) => (address, "okta.org_url".to_owned()),
        Argument::Known(address, Some(variable)) => {
            let whose = format!("{variable} (\"{}\")", redact(&address));
            (address, whose)
        }
        Argument::Unknown => return Ok(Availability::Unknown),
        Argument::Nothing => {
            let Argument::Known(name, _) = from_environment("OKTA_ORG_NAME", environment, diags)? else {
                return Ok(Availability::Missing);
            };
            let base = match from_environment("OKTA_BASE_URL", environment, diags)? {
                Argument::Known(base, _) => Some(base),
                _ => None,
            };
            let (address, is_clear) = compose(&bare(&name), base.as_deref().map(bare).as_deref());
            let set_to = base.map_or("not set".to_owned(), |base| format!("\"{}\"", redact(&base)));
            let whose = format!(
                "OKTA_ORG_NAME (\"{}\") and OKTA_BASE_URL ({set_to}) make {}, which",
                redact(&name),
                redact(&address)
            );
            if !is_clear {
                let detail = format!(
                    "{whose} has one host in another. Set OKTA_ORG_NAME to the first part of the address alone, and \
                     OKTA_BASE_URL to the rest, or OKTA_ORG_URL to the whole:\n\n  export \
                     OKTA_ORG_URL=https://example.okta.com"
                );
                return Err(diags.fail(problems::invalid_okta_org(), detail, AttributePath::root()));
            }
            (address, whose)
        }
    };
    OktaDomain::parse(&address).map(Availability::Ready).map_err(|error| {
        // A password before an @ is not shown; Terraform would print the line, and the password with it.
        let holds_password = address.contains('@');
        let whose = if holds_password { whose.split(" (").next().unwrap_or_default() } else { &whose };
        diags.fail(
            problems::invalid_okta_org(),
            format!("{whose} {error}. It is the address of the org, as in \"https://example.okta.com\"."),
            if block.org_url.is_null() || holds_password { AttributePath::root() } else { attribute },
        )
    })
}

/// Without scheme, and without the dots and slashes around it that are written by mistake.
fn bare(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    text.trim_matches(['.', '/']).to_ascii_lowercase()
}

/// `acme` and `okta.com` make `https://acme.okta.com`. Either of them may be the whole host, if it agrees with the other.
/// Returns also whether it is clear what is meant.
fn compose(name: &str, base: Option<&str>) -> (String, bool) {
    let whole_base = |base: &str| {
        let rest = base.strip_prefix(name).unwrap_or_default();
        rest.starts_with('.') || rest.starts_with("-admin.")
    };
    let (host, is_clear) = match base {
        None if name.contains('.') => (name.to_owned(), true),
        None => (format!("{name}.{DEFAULT_BASE_URL}"), true),
        Some(base) if name.ends_with(&format!(".{base}")) => (name.to_owned(), true),
        Some(base) if whole_base(base) => (base.to_owned(), true),
        Some(base) => (format!("{name}.{base}"), !name.contains('.') && !is_host_of_okta(base)),
    };
    (format!("https://{host}"), is_clear)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_with(name: &str, base: &str) -> Result<String, String> {
        let environment = |variable: &str| match variable {
            "OKTA_ORG_NAME" => Some(name.into()),
            "OKTA_BASE_URL" => Some(base.into()),
            _ => None,
        };
        let mut diags = Diagnostics::default();
        match parse(&OktaBlock::default(), &environment, &mut diags) {
            Ok(Availability::Ready(org)) => Ok(org.origin()),
            Ok(_) => panic!("no org"),
            Err(_) => Err(diags.errors[0].detail.to_string()),
        }
    }

    #[test]
    fn what_is_clear_is_taken_however_it_is_written() {
        for (name, base, expected) in [
            ("acme", "", "https://acme.okta.com"),
            ("acme", "oktapreview.com", "https://acme.oktapreview.com"),
            ("acme", "https://okta.com", "https://acme.okta.com"),
            ("acme", ".okta.com", "https://acme.okta.com"),
            ("acme", "okta.com/", "https://acme.okta.com"),
            ("acme", "https://okta.com:443/", "https://acme.okta.com"),
            ("acme", "okta.com:8443", "https://acme.okta.com:8443"),
            ("https://acme", "okta.com", "https://acme.okta.com"),
            ("Acme.", " okta.com ", "https://acme.okta.com"),
            ("acme-admin", "okta.com", "https://acme.okta.com"),
            ("acme.okta.com", "", "https://acme.okta.com"),
            ("https://acme.oktapreview.com/", "", "https://acme.oktapreview.com"),
            ("acme.oktapreview.com", "oktapreview.com", "https://acme.oktapreview.com"),
            ("acme", "acme.okta.com", "https://acme.okta.com"),
            ("acme", "https://acme-admin.okta.com/", "https://acme.okta.com"),
            ("login", "example.com", "https://login.example.com"),
        ] {
            assert_eq!(parse_with(name, base).as_deref(), Ok(expected), "{name} and {base}");
        }
    }

    #[test]
    fn what_is_not_clear_is_told_with_the_address_and_the_variables_that_make_it() {
        for (name, base, begins) in [
            (
                "acme.okta.com",
                "oktapreview.com",
                "OKTA_ORG_NAME (\"acme.okta.com\") and OKTA_BASE_URL (\"oktapreview.com\") make \
                 https://acme.okta.com.oktapreview.com, which has one host in another. Set OKTA_ORG_NAME to the first part",
            ),
            (
                "acme",
                "https://other.okta.com",
                "OKTA_ORG_NAME (\"acme\") and OKTA_BASE_URL (\"https://other.okta.com\") make \
                 https://acme.other.okta.com, which has one host in another.",
            ),
            (
                "ac me",
                "",
                "OKTA_ORG_NAME (\"ac me\") and OKTA_BASE_URL (not set) make https://ac me.okta.com, which is neither a URL \
                 nor a host name",
            ),
            (
                "acme:8443",
                "okta.com",
                "OKTA_ORG_NAME (\"acme:8443\") and OKTA_BASE_URL (\"okta.com\") make https://acme:8443.okta.com, which is \
                 neither a URL nor a host name (invalid port number).",
            ),
            (
                "acme",
                "okta.com/admin",
                "OKTA_ORG_NAME (\"acme\") and OKTA_BASE_URL (\"okta.com/admin\") make https://acme.okta.com/admin, which \
                 must be the org's address alone, without a path.",
            ),
        ] {
            let said = parse_with(name, base).unwrap_err();
            assert!(said.starts_with(begins), "{said}");
        }
        let said = parse_with("acme", "ada:hunter2@okta.com").unwrap_err();
        assert!(said.starts_with("OKTA_ORG_NAME must be the org's address alone"), "{said}");
    }
}
