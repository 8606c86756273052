//! A proxy on the way. It alone knows where the org is, so that whoever gets there went through it: as in a company, with a
//! tunnel, and TLS of a private CA at its end.

use serde_json::json;
use testkit::sandbox::Sandbox;
use testkit::servers::{Proxy, TlsFront, address_of};

use crate::lab::{Lab, okta_block};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";
const NAME: &str = "example.okta.test";
const TUNNEL: &str = "CONNECT example.okta.test:443 HTTP/1.1";
const PASSWORD: &str = "proxy-password-0123456789";

/// A provider for the org at `org_url`, with more arguments.
fn provider(sandbox: &Sandbox, org_url: &str, arguments: &str) -> String {
    let okta = okta_block(org_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    format!(
        "provider \"druva\" {{\n{okta}\nmax_retries = 0\nca_certificate_file = \"ca.pem\"\n{arguments}\n}}\nvariable \
         \"proxy\" {{ sensitive = true }}"
    )
}

/// A lab whose Okta only a proxy finds, which wants to know `who` asks. `url` makes the variable `proxy` from its address.
fn behind(who: Option<&str>, url: impl FnOnce(&str) -> String, arguments: &str) -> (Lab, String, Proxy) {
    let sandbox = Sandbox::start();
    let front = TlsFront::start(NAME, address_of(&sandbox.okta_url), &rustls::version::TLS13);
    let proxy = Proxy::start(&[(&format!("{NAME}:443"), front.address)], who);
    let provider = provider(&sandbox, &format!("https://{NAME}"), arguments);
    let mut lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.plant(PASSWORD);
    lab.write("ca.pem", &front.ca);
    let url = url(&proxy.address.to_string());
    lab.write("terraform.tfvars.json", &json!({"proxy": url}).to_string());
    (lab, url, proxy)
}

fn open(arguments: &str) -> (Lab, String, Proxy) {
    behind(None, |address| format!("http://{address}"), arguments)
}

fn guarded(arguments: &str) -> (Lab, String, Proxy) {
    behind(Some(&format!("me:{PASSWORD}")), |address| format!("http://me:{PASSWORD}@{address}"), arguments)
}

fn assert_tunnels(proxy: &Proxy) {
    let asked = proxy.asked();
    assert!(!asked.is_empty() && asked.iter().all(|line| line == TUNNEL), "{asked:?}");
}

#[test]
fn a_proxy_is_given_by_argument() {
    for behind in [open, guarded] {
        let (lab, _, proxy) = behind("http_proxy = var.proxy");
        lab.full_loop();
        assert_tunnels(&proxy);
    }
}

#[test]
fn a_proxy_is_given_by_the_environment() {
    for behind in [open, guarded] {
        let (mut lab, url, proxy) = behind("");
        lab.apply_fails().says(&[&format!("Cannot connect to {NAME}")]);
        assert_eq!(proxy.asked(), [""; 0]);
        lab.set_environment("HTTPS_PROXY", &url);
        lab.full_loop();
        assert_tunnels(&proxy);
    }
}

#[test]
fn no_proxy_in_the_environment_is_heeded() {
    let (mut lab, url, proxy) = open("");
    lab.set_environment("HTTPS_PROXY", &url);
    lab.set_environment("NO_PROXY", "*.okta.test");
    lab.apply_fails().says(&[&format!("Cannot connect to {NAME}")]);
    assert_eq!(proxy.asked(), [""; 0]);
}

#[test]
fn what_names_no_proxy_is_an_error_and_no_direct_connection() {
    let (mut lab, _, proxy) = open("");
    for (variable, value, said) in [
        (
            "HTTPS_PROXY",
            format!("http://me:{PASSWORD}@proxy.example.com:port"),
            "HTTPS_PROXY must be the URL of a proxy",
        ),
        ("HTTPS_PROXY", format!("socks5://me:{PASSWORD}@proxy.example.com"), "HTTPS_PROXY is a SOCKS proxy"),
    ] {
        lab.set_environment(variable, &value);
        lab.apply_fails().says(&["Invalid proxy", said]);
    }
    assert_eq!(proxy.asked(), [""; 0]);
}

/// The proxy would read the credential, which is sent to loopback without TLS.
#[test]
fn loopback_goes_through_no_proxy() {
    let proxy = Proxy::start(&[], None);
    let url = format!("http://{}", proxy.address);
    for arguments in [String::new(), format!("http_proxy = \"{url}\"")] {
        let sandbox = Sandbox::start();
        let okta = okta_block(&sandbox.okta_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
        let provider = format!("provider \"druva\" {{\n{okta}\n{arguments}\n}}");
        let mut lab = Lab::with_sandbox(sandbox, &provider, "data \"druva_okta_integrations\" \"all\" {}");
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            lab.set_environment(variable, &url);
        }
        lab.set_environment("NO_PROXY", "");
        lab.apply();
    }
    assert_eq!(proxy.asked(), [""; 0]);
}

#[test]
fn a_proxy_that_refuses_its_password_is_an_error_without_the_password() {
    let url = |address: &str| format!("http://me:{PASSWORD}@{address}");
    let (lab, ..) = behind(Some("me:another"), url, "http_proxy = var.proxy");
    lab.apply_fails().says(&["Cannot list the installed integrations", "through the proxy 127.0.0.1:"]);
}

#[test]
fn a_proxy_that_is_not_there_is_named_without_the_password() {
    let url = |_: &str| format!("http://me:{PASSWORD}@127.0.0.9:9");
    let (lab, ..) = behind(None, url, "http_proxy = var.proxy");
    lab.apply_fails()
        .says(&[&format!("Cannot connect to {NAME} through the proxy 127.0.0.9:9")])
        .diagnostics_are("Error: Cannot", "the_proxy_is_not_there");
}

#[test]
fn a_certificate_that_is_not_trusted_is_told_behind_a_proxy_too() {
    let (lab, ..) = guarded("http_proxy = var.proxy");
    let other = TlsFront::start(NAME, address_of("http://127.0.0.9:9"), &rustls::version::TLS13);
    lab.write("ca.pem", &other.ca);
    lab.apply_fails().says(&[&format!("Cannot connect to {NAME}"), "The server's certificate is not trusted"]);
}
