//! Which HTTP is spoken behind TLS, and on how many connections.

use std::collections::BTreeSet;

use rustls::version::TLS13;
use serde_json::{Value, json};
use testkit::sandbox::Sandbox;
use testkit::servers::{HTTP_2, TlsFront, address_of};

use crate::lab::{Lab, TYPE, okta_block};

const INTEGRATIONS: usize = 19;

/// The requests of a plan of many integrations, whose server offers `protocols`.
fn requests(protocols: &[&[u8]]) -> Vec<Value> {
    let sandbox = Sandbox::start().list_any_type();
    let front = TlsFront::offering(protocols, "127.0.0.1", address_of(&sandbox.okta_url), &TLS13);
    let credential = format!("api_token = \"{}\"", sandbox.okta_api_token);
    let okta = okta_block(&format!("https://{}", front.address), &credential);
    let provider = format!("provider \"druva\" {{\n{okta}\nca_certificate_file = \"ca.pem\"\n}}");
    let resources = format!(
        "resource \"druva_okta_integration\" \"many\" {{\n  count = {INTEGRATIONS}\n  type = \"number_${{count.index}}\"\n}}"
    );
    let lab = Lab::with_sandbox(sandbox, &provider, &resources);
    lab.write("ca.pem", &front.ca);
    lab.apply();
    lab.sandbox.clear_requests();
    lab.plan();
    let requests = lab.sandbox.control("GET", "requests", None).as_array().unwrap().clone();
    assert_eq!(requests.len(), INTEGRATIONS + 1);
    requests
}

fn distinct<'a>(requests: &'a [Value], what: &str) -> Vec<&'a Value> {
    let distinct: BTreeSet<String> = requests.iter().map(|entry| entry[what].to_string()).collect();
    let first = |text: &String| requests.iter().map(|entry| &entry[what]).find(|value| value.to_string() == *text);
    distinct.iter().filter_map(first).collect()
}

#[test]
fn http_2_is_spoken_where_the_server_offers_it() {
    let requests = requests(&[HTTP_2, b"http/1.1"]);
    assert_eq!(distinct(&requests, "version"), ["HTTP/2.0"]);
    let connections = distinct(&requests, "connection");
    assert!(connections.len() <= 2, "{connections:?}");
}

#[test]
fn connections_are_reused_with_http_1_1() {
    let requests = requests(&[b"http/1.1"]);
    assert_eq!(distinct(&requests, "version"), ["HTTP/1.1"]);
    // Terraform reads ten resources at once, and the first of them asks for the list and for secrets.
    let connections = distinct(&requests, "connection");
    assert!(connections.len() <= 11, "{connections:?}");
}

/// Minting a secret is a POST without a body, which Okta refuses with 411 where nothing says that there is none.
fn rotates(protocols: &[&[u8]], version: &str) {
    let sandbox = Sandbox::start();
    let front = TlsFront::offering(protocols, "127.0.0.1", address_of(&sandbox.okta_url), &TLS13);
    let okta =
        okta_block(&format!("https://{}", front.address), &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let provider = format!("provider \"druva\" {{\n{okta}\nca_certificate_file = \"ca.pem\"\n}}");
    let integration = |turn: &str| {
        format!(
            "resource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n  rotate_when_changed = {{ turn = \"{turn}\" }}\n}}"
        )
    };
    let lab = Lab::with_sandbox(sandbox, &provider, &integration("first"));
    lab.write("ca.pem", &front.ca);
    lab.apply();
    lab.configure(&integration("second"));
    lab.sandbox.clear_requests();
    lab.apply();
    assert_eq!(lab.sandbox.secrets().len(), 2);
    let log = lab.sandbox.control("GET", "requests", None);
    let is_minting =
        |entry: &&Value| entry["method"] == "POST" && entry["path"].as_str().unwrap().ends_with("/secrets");
    let minted: Vec<&Value> = log.as_array().unwrap().iter().filter(is_minting).collect();
    let [minted] = minted[..] else { panic!("{minted:?}") };
    assert_eq!((&minted["status"], &minted["version"]), (&json!(201), &json!(version)));
}

#[test]
fn row_d_a_rotation_says_over_http_1_1_that_it_has_no_body() {
    rotates(&[b"http/1.1"], "HTTP/1.1");
}

#[test]
fn row_d_a_rotation_says_over_http_2_that_it_has_no_body() {
    rotates(&[HTTP_2], "HTTP/2.0");
}
