//! The proxy that requests go through, and which requests do not: as Terraform and other programs in Go read the environment.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::domain::is_loopback;
use crate::redaction;

/// The variables for requests over HTTPS, and the one that other programs have for all. HTTP without TLS is spoken to
/// loopback alone, which no proxy gets.
pub const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy, and what does not go through it.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// It may hold a password.
    url: SecretString,
    exceptions: Vec<Exception>,
}

/// Why a text is not the URL of a proxy. The messages continue the name of what holds it, and quote nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProxy {
    /// It does not parse.
    #[error("must be the URL of a proxy, as in \"http://proxy.example.com:3128\"")]
    NotAUrl,
    /// It is a proxy of another kind.
    #[error(
        "is a SOCKS proxy, which this provider does not support: give an HTTP proxy, as in \"http://proxy.example.com:3128\""
    )]
    Socks,
}

/// Hosts that are reached without the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    All,
    /// Addresses that begin with so many bits of this one.
    Network {
        address: IpAddr,
        bits: u8,
    },
    Address {
        address: IpAddr,
        port: Option<u16>,
    },
    /// Names that end in this one, which begins with a dot; and the name itself.
    Domain {
        suffix: String,
        with_itself: bool,
        port: Option<u16>,
    },
}

impl Proxy {
    /// The proxy at a URL, for all but loopback.
    ///
    /// # Errors
    /// See [`InvalidProxy`].
    pub fn parse(text: &str) -> Result<Self, InvalidProxy> {
        let url = match Url::parse(text) {
            Ok(url) if url.scheme().starts_with("socks") => return Err(InvalidProxy::Socks),
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
            _ => return Err(InvalidProxy::NotAUrl),
        };
        let password = url.password().unwrap_or_default();
        // In the URL it is percent-encoded, and to the proxy it is sent as it is. A plus stands for itself.
        let query = Zeroizing::new(format!("p={}", password.replace('+', "%2B")));
        url::form_urlencoded::parse(query.as_bytes()).for_each(|(_, decoded)| redaction::hold(&decoded));
        redaction::hold(password);
        Ok(Self { url: text.into(), exceptions: Vec::new() })
    }

    /// The one that the environment names, if there is one, for all but loopback and what `NO_PROXY` says.
    ///
    /// # Errors
    /// The variable, and what is wrong with it.
    pub fn from_environment(
        mut variable: impl FnMut(&'static str) -> Option<String>,
    ) -> Result<Option<Self>, (&'static str, InvalidProxy)> {
        let mut set =
            |name: &&'static str| variable(name).filter(|text| !text.trim().is_empty()).map(|text| (*name, text));
        let Some((name, text)) = VARIABLES.iter().find_map(&mut set) else { return Ok(None) };
        let text = text.trim();
        // Go takes a host with a port for a proxy too.
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let proxy = Self::parse(&with_scheme).map_err(|error| (name, error))?;
        let exceptions = EXCEPTIONS.iter().find_map(&mut set).map(|(_, text)| text).unwrap_or_default();
        Ok(Some(Self { exceptions: exceptions.split(',').filter_map(Exception::parse).collect(), ..proxy }))
    }

    /// The proxy's URL for a request to `url`; None where it goes without.
    pub(super) fn of(&self, url: &Url) -> Option<Url> {
        let host = url.host()?;
        let port = url.port_or_known_default();
        if is_loopback(url) || self.exceptions.iter().any(|exception| exception.is(&host, port)) {
            return None;
        }
        Url::parse(self.url.expose_secret()).ok()
    }
}

impl Exception {
    /// An entry of `NO_PROXY`. None for one that names nothing.
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim().to_ascii_lowercase();
        if entry == "*" {
            return Some(Self::All);
        }
        if let Some((address, bits)) = entry.split_once('/') {
            let (address, bits) = (address.parse::<IpAddr>().ok()?, bits.parse().ok()?);
            return (bits <= bits_of(address)).then_some(Self::Network { address, bits });
        }
        // An address of IPv6 has colons of its own.
        if let Ok(address) = entry.trim_start_matches('[').trim_end_matches(']').parse() {
            return Some(Self::Address { address, port: None });
        }
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (entry.as_str(), None),
        };
        if let Ok(address) = name.trim_start_matches('[').trim_end_matches(']').parse() {
            return Some(Self::Address { address, port });
        }
        let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
        let bare = name.trim_start_matches('.');
        (!bare.is_empty()).then(|| Self::Domain {
            suffix: format!(".{bare}"),
            with_itself: !name.starts_with('.'),
            port,
        })
    }

    fn is(&self, host: &Host<&str>, of_request: Option<u16>) -> bool {
        let is_port = |port: &Option<u16>| port.is_none() || *port == of_request;
        match (self, address(host)) {
            (Self::All, _) => true,
            (Self::Network { address, bits }, Some(of_request)) => share(*address, of_request, *bits),
            (Self::Address { address, port }, Some(of_request)) => *address == of_request && is_port(port),
            (Self::Domain { suffix, with_itself, port }, None) => {
                let host = host.to_string().to_ascii_lowercase();
                let host = host.trim_end_matches('.');
                let is_meant = host.ends_with(suffix.as_str()) || (*with_itself && host == &suffix[1..]);
                is_meant && is_port(port)
            }
            _ => false,
        }
    }
}

fn address(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Ipv4(address) => Some((*address).into()),
        Host::Ipv6(address) => Some(IpAddr::from(*address).to_canonical()),
        Host::Domain(_) => None,
    }
}

fn bits_of(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Whether two addresses of one family begin with the same bits.
fn share(one: IpAddr, other: IpAddr, bits: u8) -> bool {
    let number = |address| match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    };
    let differ = number(one) ^ number(other);
    one.is_ipv4() == other.is_ipv4() && differ.leading_zeros() >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let variable = |name: &str| variables.iter().find(|(set, _)| *set == name).map(|(_, text)| (*text).to_owned());
        let proxy = Proxy::from_environment(variable).unwrap()?;
        proxy.of(&Url::parse(url).unwrap()).map(String::from)
    }

    #[test]
    fn the_environment_names_the_proxy() {
        let url = "https://example.okta.com/a";
        let proxy = |variables: &[(&str, &str)]| of(variables, url);
        assert_eq!(proxy(&[]), None);
        assert_eq!(proxy(&[("HTTP_PROXY", "http://p:1")]), None, "for HTTP alone");
        assert_eq!(proxy(&[("HTTPS_PROXY", "http://p:1"), ("https_proxy", "http://q:1")]).unwrap(), "http://p:1/");
        assert_eq!(proxy(&[("https_proxy", "https://me:pass@p")]).unwrap(), "https://me:pass@p/");
        assert_eq!(proxy(&[("ALL_PROXY", "p.example.com:3128")]).unwrap(), "http://p.example.com:3128/");
        assert_eq!(proxy(&[("HTTPS_PROXY", " "), ("all_proxy", "http://p")]).unwrap(), "http://p/");
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_an_error_and_no_direct_connection() {
        for (text, error) in [
            ("http://", InvalidProxy::NotAUrl),
            ("ftp://p", InvalidProxy::NotAUrl),
            ("http://p:port", InvalidProxy::NotAUrl),
            ("socks5://p:1080", InvalidProxy::Socks),
            ("socks5h://p:1080", InvalidProxy::Socks),
        ] {
            let found = Proxy::from_environment(|name| (name == "HTTPS_PROXY").then(|| text.to_owned()));
            assert_eq!(found.unwrap_err(), ("HTTPS_PROXY", error), "{text}");
        }
    }

    #[test]
    fn loopback_goes_through_no_proxy() {
        let proxy = Proxy::parse("http://p:1").unwrap();
        for url in [
            "http://127.0.0.1:80/",
            "http://127.9.9.9/",
            "http://localhost/",
            "https://LOCALHOST:1/",
            "http://[::1]:1/",
        ] {
            assert_eq!(proxy.of(&Url::parse(url).unwrap()), None, "{url}");
        }
        assert!(proxy.of(&Url::parse("https://localhost.example.com/").unwrap()).is_some());
    }

    /// The forms that Go's `golang.org/x/net/http/httpproxy` documents.
    #[test]
    fn no_proxy_is_read_as_go_reads_it() {
        for (exceptions, url, is_exempt) in [
            ("*", "https://example.okta.com", true),
            ("a.example, *", "https://192.0.2.1", true),
            ("example.com", "https://example.com", true),
            ("example.com", "https://a.example.com", true),
            ("example.com", "https://badexample.com", false),
            ("EXAMPLE.com", "https://a.Example.COM", true),
            (".example.com", "https://example.com", false),
            (".example.com", "https://a.b.example.com", true),
            ("*.example.com", "https://a.example.com", true),
            ("*.example.com", "https://example.com", false),
            ("example.com:443", "https://a.example.com", true),
            ("example.com:8443", "https://a.example.com", false),
            ("example.com:8443", "https://a.example.com:8443", true),
            ("192.0.2.1", "https://192.0.2.1", true),
            ("192.0.2.1", "https://192.0.2.10", false),
            ("192.0.2.1:8443", "https://192.0.2.1", false),
            ("192.0.2.1:8443", "https://192.0.2.1:8443", true),
            ("192.0.2.0/24", "https://192.0.2.77", true),
            ("192.0.2.0/24", "https://192.0.3.77", false),
            ("0.0.0.0/0", "https://192.0.3.77", true),
            ("0.0.0.0/0", "https://[2001:db8::1]", false),
            ("2001:db8::1", "https://[2001:db8::1]", true),
            ("[2001:db8::1]:443", "https://[2001:db8::1]", true),
            ("2001:db8::/32", "https://[2001:db8:1::1]", true),
            ("192.0.2.0/24", "https://a.example.com", false),
            (" a.example , b.example ", "https://b.example", true),
            ("", "https://b.example", false),
            (",,.,:443,/8,*.", "https://b.example", false),
        ] {
            for name in EXCEPTIONS {
                let proxy = of(&[("HTTPS_PROXY", "http://p"), (name, exceptions)], url);
                assert_eq!(proxy.is_none(), is_exempt, "{exceptions} for {url}");
            }
        }
    }

    #[test]
    fn no_text_shows_a_password() {
        let proxy = Proxy::parse("http://me:proxy-password@p").unwrap();
        assert!(!format!("{proxy:?}").contains("proxy-password"));
        assert_eq!(redaction::redact("It is proxy-password."), "It is ***.");
        Proxy::parse("http://me:p%40ss+w%26rd@p").unwrap();
        assert_eq!(redaction::redact("It is p@ss+w&rd or p%40ss+w%26rd."), "It is *** or ***.");
    }
}
