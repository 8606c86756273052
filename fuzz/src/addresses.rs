//! Texts that should be the address of an org, of an API or of a proxy.

use terraform_provider_druva::domain::{OktaDomain, api_base, is_https_or_loopback};
use terraform_provider_druva::http::{Proxy, Settings, segment};

use super::keys::set_up;

/// What the arguments `okta.org_url`, `okta_domain`, `api_url` and `http_proxy` say, or the id of something in the state.
pub fn address(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(domain) = OktaDomain::parse(&text) {
        let origin = domain.origin();
        assert_eq!(OktaDomain::parse(&origin).as_ref(), Ok(&domain), "{text:?} has two spellings");
        let url = domain.join("/oauth2/v1/token");
        assert!(domain.is_same_org(&text), "{text:?} is not itself");
        let mut plain = url.clone();
        plain.set_scheme("http").expect("a scheme");
        // Druva names an org by its host. On this machine, that would mean http.
        assert!(is_https_or_loopback(&plain) || domain.is_same_org(domain.host()), "{text:?} is not its host");
        assert!(is_https_or_loopback(&url) && url.username().is_empty() && url.password().is_none(), "{url}");
        assert_eq!((url.path(), url.query(), url.fragment()), ("/oauth2/v1/token", None, None));
        assert_eq!(url.as_str(), format!("{origin}/oauth2/v1/token"));
    }
    let path = format!("/a/{}/b", segment(&text));
    let path = OktaDomain::parse("example.okta.com").expect("a domain").join(&path);
    let segments: Vec<&str> = path.path_segments().expect("segments").collect();
    assert!(matches!(segments[..], ["a", _, "b"]) && path.query().is_none(), "{path}");
    if let Some(url) = api_base(&text) {
        assert!(is_https_or_loopback(&url) && url.has_host(), "{url}");
        // Host and port are shown in errors and logs.
        assert!(!url.authority().contains('@') && url.query().is_none() && url.fragment().is_none(), "{url}");
    }
    if let Ok(proxy) = Proxy::parse(&text) {
        set_up(Settings { proxy: Some(proxy), ..Settings::default() });
    }
    let environment = |name: &str| (name == "NO_PROXY").then(|| text.to_string()).or(Some("http://p".to_owned()));
    assert!(Proxy::from_environment(environment).is_ok(), "{text:?}");
}
