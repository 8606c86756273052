//! The name of an Okta org, as callers write it and as Druva shows it.

use crate::identity::OktaAddresses;

/// `host[:port]` in lower case of a host or an http(s) URL without a path.
pub fn host_of(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(plain)).then(|| host.to_owned())
}

/// Whether a host is the Okta org that is played here, under one of its addresses or as `localhost`.
pub fn is_played_here(host: &str, okta: &OktaAddresses) -> bool {
    is_main(host, okta) || okta.others.iter().any(|other| host == other.to_string())
}

fn is_main(host: &str, okta: &OktaAddresses) -> bool {
    host == okta.main.to_string() || host == format!("localhost:{}", okta.main.port())
}

#[cfg(test)]
mod tests {
    use super::{host_of, is_played_here};
    use crate::identity::OktaAddresses;

    fn okta() -> OktaAddresses {
        let address = |text: &str| text.parse().unwrap();
        OktaAddresses { main: address("127.0.0.1:4711"), others: vec![address("127.0.0.2:4711")] }
    }

    #[test]
    fn a_host_has_several_spellings() {
        for text in ["localhost:4711", "http://localhost:4711", "HTTP://LocalHost:4711/"] {
            assert_eq!(host_of(text).as_deref(), Some("localhost:4711"), "{text}");
        }
        assert_eq!(host_of("https://example.okta.com/").as_deref(), Some("example.okta.com"));
    }

    #[test]
    fn all_addresses_are_played_here() {
        let okta = okta();
        assert!(is_played_here("localhost:4711", &okta) && is_played_here("127.0.0.2:4711", &okta));
        assert!(!is_played_here("127.0.0.3:4711", &okta));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in ["", "https://", "https://example.okta.com/path", "a b"] {
            assert_eq!(host_of(text), None, "{text}");
        }
    }
}
