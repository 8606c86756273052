//! A proxy on the way. It alone knows where the servers are, so that whoever gets there went through it.

use serde_json::json;

use crate::lab::{Lab, okta_block};
use crate::sandbox::Sandbox;
use crate::servers::{Proxy, TlsFront, address_of};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";
/// Loopback, because Okta is spoken to without TLS there; nobody listens on it.
const OKTA: &str = "127.0.0.9:9";
const PASSWORD: &str = "proxy-password-0123456789";

/// A provider for the org at `org_url`, with more arguments.
fn provider(sandbox: &Sandbox, org_url: &str, arguments: &str) -> String {
    let okta = okta_block(org_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    format!(
        "provider \"druva\" {{\n{okta}\nmax_retries = 0\n{arguments}\n}}\nvariable \"proxy\" {{ sensitive = true }}"
    )
}

/// A lab whose Okta only the proxy finds, which is given in the variable `proxy`.
fn behind(proxy: impl FnOnce(&Sandbox) -> (String, Proxy), arguments: &str) -> (Lab, String, Proxy) {
    let sandbox = Sandbox::start();
    let (url, proxy) = proxy(&sandbox);
    let provider = provider(&sandbox, &format!("http://{OKTA}"), arguments);
    let mut lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.plant(PASSWORD);
    lab.write("terraform.tfvars.json", &json!({"proxy": url}).to_string());
    (lab, url, proxy)
}

fn open(sandbox: &Sandbox) -> (String, Proxy) {
    let proxy = Proxy::start(&[(OKTA, address_of(&sandbox.okta_url))], None);
    (format!("http://{}", proxy.address), proxy)
}

fn guarded(sandbox: &Sandbox) -> (String, Proxy) {
    let proxy = Proxy::start(&[(OKTA, address_of(&sandbox.okta_url))], Some(&format!("me:{PASSWORD}")));
    (format!("http://me:{PASSWORD}@{}", proxy.address), proxy)
}

#[test]
fn a_proxy_is_given_by_argument() {
    for proxy in [open, guarded] {
        let (lab, _, proxy) = behind(proxy, "http_proxy = var.proxy");
        lab.full_loop();
        let line = format!("GET http://{OKTA}/integrations/api/v1/api-services");
        assert!(proxy.asked().iter().any(|asked| asked.starts_with(&line)), "{:?}", proxy.asked());
    }
}

#[test]
fn a_proxy_is_given_by_the_environment() {
    for proxy in [open, guarded] {
        let (mut lab, url, proxy) = behind(proxy, "");
        lab.apply_fails().says(&[&format!("Cannot connect to {OKTA}")]);
        assert_eq!(proxy.asked(), [""; 0]);
        lab.set_environment("HTTP_PROXY", &url);
        lab.full_loop();
        assert!(!proxy.asked().is_empty());
    }
}

#[test]
fn no_proxy_in_the_environment_is_heeded() {
    let (mut lab, url, proxy) = behind(open, "");
    lab.set_environment("HTTP_PROXY", &url);
    lab.set_environment("NO_PROXY", "127.0.0.9");
    lab.apply_fails().says(&[&format!("Cannot connect to {OKTA}")]);
    assert_eq!(proxy.asked(), [""; 0]);
}

#[test]
fn a_proxy_that_refuses_its_password_is_an_error_without_the_password() {
    let wrong = |sandbox: &Sandbox| {
        let proxy = Proxy::start(&[(OKTA, address_of(&sandbox.okta_url))], Some("me:another"));
        (format!("http://me:{PASSWORD}@{}", proxy.address), proxy)
    };
    let (lab, ..) = behind(wrong, "http_proxy = var.proxy");
    lab.apply_fails().says(&["Cannot list the installed integrations", "status 407 Proxy Authentication Required"]);
}

#[test]
fn a_proxy_that_is_not_there_is_an_error_without_the_password() {
    let (lab, ..) = behind(
        |sandbox| {
            let (_, proxy) = open(sandbox);
            (format!("http://me:{PASSWORD}@127.0.0.9:9"), proxy)
        },
        "http_proxy = var.proxy",
    );
    lab.apply_fails().says(&[
        &format!("Cannot connect to {OKTA}"),
        "Check okta.org_url, the network, and the proxy if there is one (http_proxy, or the environment",
    ]);
}

/// As in a company: a name that only the proxy can resolve, a tunnel, and TLS of a private CA at its end.
#[test]
fn tls_goes_through_the_proxy_as_a_tunnel() {
    let sandbox = Sandbox::start();
    let name = "example.okta.test";
    let front = TlsFront::start(name, address_of(&sandbox.okta_url), &rustls::version::TLS13);
    let authority = format!("{name}:443");
    let proxy = Proxy::start(&[(&authority, front.address)], Some(&format!("me:{PASSWORD}")));
    let arguments = "http_proxy = var.proxy\nca_certificate_file = \"ca.pem\"";
    let provider = provider(&sandbox, &format!("https://{name}"), arguments);
    let mut lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.plant(PASSWORD);
    let url = format!("http://me:{PASSWORD}@{}", proxy.address);
    lab.write("terraform.tfvars.json", &json!({"proxy": url}).to_string());
    lab.write("ca.pem", &front.ca);
    lab.full_loop();
    let asked = proxy.asked();
    assert!(
        !asked.is_empty() && asked.iter().all(|line| *line == format!("CONNECT {authority} HTTP/1.1")),
        "{asked:?}"
    );

    let other = TlsFront::start(name, front.address, &rustls::version::TLS13);
    lab.write("ca.pem", &other.ca);
    lab.apply_fails().says(&[&format!("Cannot connect to {name}"), "The server's certificate is not trusted"]);
}
