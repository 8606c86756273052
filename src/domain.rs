//! An Okta domain that parsed: https, a host, and nothing else.

use std::fmt;

use url::{Host, Url};

/// The domains that Okta gives to orgs. Their admin console lives on a host of its own (`example-admin.okta.com`).
const OKTA_SUFFIXES: [&str; 5] = [".okta.com", ".oktapreview.com", ".okta-emea.com", ".okta-gov.com", ".okta.mil"];

/// The address of an Okta org, in one spelling: lower case, without path, the admin console's host folded into the org's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OktaDomain(Url);

/// Why a text is not the address of an Okta org.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDomain {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// The text does not parse as a URL or a host.
    #[error("is neither a URL nor a host name ({0})")]
    NotAUrl(#[from] url::ParseError),
    /// The scheme is not https, and the host is not this machine.
    #[error("must start with https:// (plain http is accepted for loopback addresses only)")]
    NotHttps,
    /// More than scheme and host.
    #[error("must be the org's address alone, without {0}")]
    TooMuch(&'static str),
    /// What a browser reads as an IP address, and nobody writes as one: it is an id, or a mistake.
    #[error("is a number, or an IP address in a short form, and no host name")]
    Number,
    /// What is left where a part of the host is missing.
    #[error("has a dot too many")]
    EmptyLabel,
    /// A name without a dot, such as the bare name of the org.
    #[error("has no domain: write the whole host, as in \"https://{0}.okta.com\"")]
    NoDots(String),
}

impl OktaDomain {
    /// Parses `https://example.okta.com`, `example.okta.com` or `example-admin.okta.com`.
    ///
    /// # Errors
    /// Says what is wrong with the text; the message continues a sentence that starts with the argument's name.
    pub fn parse(text: &str) -> Result<Self, InvalidDomain> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidDomain::Empty);
        }
        let mut url = if text.contains("://") {
            Url::parse(text)?
        } else {
            let url = Url::parse(&format!("https://{text}"))?;
            // A test server is written without a scheme too, and speaks plain http.
            if is_loopback(&url) { Url::parse(&format!("http://{text}"))? } else { url }
        };
        if !is_https_or_loopback(&url) {
            return Err(InvalidDomain::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidDomain::TooMuch("a user name or password"));
        }
        if url.path() != "/" {
            return Err(InvalidDomain::TooMuch("a path"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidDomain::TooMuch("a query or fragment"));
        }
        let host = match url.host() {
            Some(Host::Ipv4(address)) if written_host(text) != address.to_string() => {
                return Err(InvalidDomain::Number);
            }
            Some(Host::Domain(host)) => host.trim_end_matches('.').to_owned(),
            _ => return Ok(Self(url)),
        };
        if host.split('.').any(str::is_empty) {
            return Err(InvalidDomain::EmptyLabel);
        }
        // With a port, a name without a dot is a server somewhere in this network.
        if !host.contains('.') && host != "localhost" && url.port().is_none() {
            return Err(InvalidDomain::NoDots(host));
        }
        url.set_host(Some(&without_admin(&host)))?;
        Ok(Self(url))
    }

    /// Scheme and host, as in `https://example.okta.com`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host, with the port if it is not the usual one, as in `example.okta.com`.
    pub fn host(&self) -> &str {
        self.0.authority()
    }

    /// The URL of `path` (which starts with `/`) in this org.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// Whether two spellings mean the same org.
    pub fn is_same_org(&self, other: &str) -> bool {
        Self::parse(other).is_ok_and(|other| other.host() == self.host())
    }
}

impl fmt::Display for OktaDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

/// Whether a host is that of an org at Okta, and not Okta's own domain.
pub fn is_host_of_okta(host: &str) -> bool {
    OKTA_SUFFIXES.iter().any(|suffix| host.strip_suffix(suffix).is_some_and(|org| !org.is_empty()))
}

/// Whether a request to `url` cannot be read on the way: https, or it never leaves this machine.
pub fn is_https_or_loopback(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// The base URL of an API, which is https (or never leaves this machine) and holds no credential, query or fragment: its
/// host and port are shown in errors and logs.
pub fn api_base(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_bare = url.username().is_empty() && url.password().is_none();
    let is_base = is_bare && url.query().is_none() && url.fragment().is_none();
    (is_https_or_loopback(&url) && is_base).then_some(url)
}

/// Whether a request to `url` never leaves this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The host as it was written, in a text that is a scheme, a host and a port at most.
fn written_host(text: &str) -> &str {
    let authority = text.split_once("://").map_or(text, |(_, authority)| authority).trim_end_matches('/');
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

fn without_admin(host: &str) -> String {
    for suffix in OKTA_SUFFIXES {
        // More than once, so that the result has no other spelling: the state is compared with it.
        if let Some(org) = host.strip_suffix(suffix).map(|org| org.trim_end_matches("-admin"))
            && !org.is_empty()
        {
            return format!("{org}{suffix}");
        }
    }
    host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_org_are_one_domain() {
        for text in [
            "https://example.okta.com",
            "https://example.okta.com/",
            "example.okta.com",
            " Example.Okta.com ",
            "https://example-admin.okta.com",
            "https://example-admin-admin.okta.com",
            "https://example.okta.com:443",
        ] {
            let domain = OktaDomain::parse(text).unwrap();
            assert_eq!(domain.origin(), "https://example.okta.com", "{text}");
            assert_eq!(domain.host(), "example.okta.com", "{text}");
        }
    }

    #[test]
    fn the_base_of_an_api_holds_no_credential() {
        assert_eq!(api_base("https://apis.druva.com/v1").unwrap().as_str(), "https://apis.druva.com/v1");
        for text in ["https://u@x.com", "https://u:p@x.com", "https://:p@x.com", "https://x.com?a", "https://x.com#a"] {
            assert_eq!(api_base(text), None, "{text}");
        }
        assert_eq!(api_base("http://x.com"), None);
    }

    #[test]
    fn a_host_that_is_not_ascii_is_refused_and_its_punycode_is_not() {
        for text in ["https://bücher.example.com", "ÄBC.okta.com", "Ab\u{212A}.okta.com", "https://ＡＢＣ.okta.com"]
        {
            assert!(OktaDomain::parse(text).is_err(), "{text}");
        }
        assert_eq!(OktaDomain::parse("xn--bcher-kva.example.com").unwrap().host(), "xn--bcher-kva.example.com");
    }

    #[test]
    fn a_custom_domain_keeps_its_name() {
        assert_eq!(OktaDomain::parse("https://login-admin.example.com").unwrap().host(), "login-admin.example.com");
    }

    #[test]
    fn loopback_may_speak_http() {
        assert_eq!(OktaDomain::parse("http://127.0.0.1:8080").unwrap().origin(), "http://127.0.0.1:8080");
        assert!(OktaDomain::parse("http://localhost:1").unwrap().is_same_org("localhost:1"));
        assert!(OktaDomain::parse("http://127.0.0.1:8080").unwrap().is_same_org("127.0.0.1:8080"));
    }

    #[test]
    fn a_number_is_no_host_however_it_is_written() {
        for text in [
            "34756",
            "0",
            "2130706433",
            "4294967295",
            "0x7f000001",
            "0X7F000001",
            "017700000001",
            "127.1",
            "127.0.1",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "127.0.0.01",
            "00.0.0.0",
            "127.0.0.1.",
            "34756:8080",
            "https://34756",
            "https://34756/",
            "http://2130706433:8080/",
            " 34756 ",
        ] {
            assert_eq!(OktaDomain::parse(text), Err(InvalidDomain::Number), "{text}");
        }
        // No address at all, so that the parser of URLs refuses them.
        for text in ["4294967296", "99999999999999999999", "1.2.3.4.5", "256.0.0.1"] {
            assert!(matches!(OktaDomain::parse(text), Err(InvalidDomain::NotAUrl(_))), "{text}");
        }
    }

    #[test]
    fn an_address_of_four_numbers_stays_what_it_is() {
        for (text, host) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("https://10.1.2.3", "10.1.2.3"),
            ("https://10.1.2.3:8443/", "10.1.2.3:8443"),
            ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
            ("[::1]:8080", "[::1]:8080"),
        ] {
            assert_eq!(OktaDomain::parse(text).unwrap().host(), host, "{text}");
        }
    }

    #[test]
    fn a_single_label_is_a_host_with_a_port_only() {
        use InvalidDomain::NoDots;
        for text in ["example", "https://example", "https://example:443", "d-1", "0oa72lrepvp4WqEET1d9", "example."] {
            assert!(matches!(OktaDomain::parse(text), Err(NoDots(_))), "{text}");
        }
        assert_eq!(OktaDomain::parse("okta:8443").unwrap().origin(), "https://okta:8443");
        assert_eq!(OktaDomain::parse("localhost").unwrap().origin(), "http://localhost");
    }

    #[test]
    fn what_is_not_an_org_is_refused_with_the_reason() {
        use InvalidDomain::{Empty, EmptyLabel, NoDots, NotAUrl, NotHttps, TooMuch};
        let refusal = |text| OktaDomain::parse(text).unwrap_err();
        assert_eq!(refusal(" "), Empty);
        assert_eq!(refusal("http://example.okta.com"), NotHttps);
        assert_eq!(refusal("ftp://example.okta.com"), NotHttps);
        assert_eq!(refusal("https://example.okta.com/admin"), TooMuch("a path"));
        assert_eq!(refusal("https://u:p@example.okta.com"), TooMuch("a user name or password"));
        assert_eq!(refusal("https://example.okta.com?x=1"), TooMuch("a query or fragment"));
        assert_eq!(refusal("example"), NoDots("example".into()));
        assert_eq!(refusal(".example.okta.com"), EmptyLabel);
        assert_eq!(refusal("https://example..okta.com"), EmptyLabel);
        assert!(matches!(refusal("https://exa mple"), NotAUrl(_)));
    }
}
