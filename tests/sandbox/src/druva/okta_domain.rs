//! The name of an Okta org, as callers write it and as Druva shows it.

use std::net::SocketAddr;

/// `host[:port]` in lower case of a host or an http(s) URL without a path.
pub fn host_of(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(plain)).then(|| host.to_owned())
}

/// Whether a host is the Okta org that is played here, under its address or as `localhost`.
pub fn is_played_here(host: &str, okta: SocketAddr) -> bool {
    host == okta.to_string() || host == format!("localhost:{}", okta.port())
}

/// Whether two hosts are one org.
pub fn same(one: &str, other: &str, okta: SocketAddr) -> bool {
    one == other || (is_played_here(one, okta) && is_played_here(other, okta))
}

#[cfg(test)]
mod tests {
    use super::{host_of, same};

    #[test]
    fn a_host_has_several_spellings() {
        let okta = "127.0.0.1:4711".parse().unwrap();
        for text in ["127.0.0.1:4711", "http://127.0.0.1:4711", "localhost:4711", "HTTP://LocalHost:4711/"] {
            let host = host_of(text).unwrap();
            assert!(same(&host, "127.0.0.1:4711", okta), "{text}");
        }
        assert!(!same("127.0.0.1:4712", "127.0.0.1:4711", okta));
        assert_eq!(host_of("https://example.okta.com/").as_deref(), Some("example.okta.com"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in ["", "https://", "https://example.okta.com/path", "a b"] {
            assert_eq!(host_of(text), None, "{text}");
        }
    }
}
