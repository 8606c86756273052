//! The provider in a root that holds the program alone: it has neither certificates of a system nor names. `tools/musl` starts
//! it there. What a test writes into the folder `etc` is its `/etc`.

use std::net::UdpSocket;

use rustls::version::TLS13;
use testkit::sandbox::Sandbox;
use testkit::servers::{TlsFront, address_of};

use crate::lab::{Lab, okta_block};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";
const NAME: &str = "okta.example.test";
/// Where nothing else listens: systems have a resolver of their own at other addresses of loopback.
const RESOLVER: &str = "127.0.0.77";

/// A lab whose org has a name, behind TLS.
fn named(arguments: &str) -> Lab {
    let sandbox = Sandbox::start();
    let front = TlsFront::start(NAME, address_of(&sandbox.okta_url), &TLS13);
    let org_url = format!("https://{NAME}:{}", front.address.port());
    let okta = okta_block(&org_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let provider = format!("provider \"druva\" {{\n{okta}\n{arguments}\n}}");
    let lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.write("ca.pem", &front.ca);
    std::fs::create_dir(lab.path("etc")).unwrap();
    lab
}

const TRUSTED: &str = "ca_certificate_file = \"ca.pem\"";

#[test]
#[ignore = "wants the provider in an empty root: tools/musl"]
fn there_are_no_certificates_unless_they_are_given() {
    let lab = named("");
    lab.write("etc/hosts", &format!("127.0.0.1 {NAME}\n"));
    let apply = || {
        let mut command = lab.terraform();
        let output =
            command.args(["apply", "-auto-approve", "-no-color"]).env_remove("SSL_CERT_FILE").output().unwrap();
        lab.examine(&output, "apply")
    };
    apply().expect_failure().says(&[
        "This machine has no CA certificates.",
        "- In an image that has no packages, copy /etc/ssl/certs/ca-certificates.crt to that place from another image.",
    ]);
    // Where systems have them.
    std::fs::create_dir_all(lab.path("etc/ssl/certs")).unwrap();
    std::fs::copy(lab.path("ca.pem"), lab.path("etc/ssl/certs/ca-certificates.crt")).unwrap();
    apply().expect_success().says(&["Apply complete! Resources: 1 added"]);
}

#[test]
#[ignore = "wants the provider in an empty root: tools/musl"]
fn a_name_in_hosts_is_found() {
    let lab = named(TRUSTED);
    lab.write("etc/hosts", &format!("127.0.0.1 {NAME}\n"));
    lab.full_loop();
}

#[test]
#[ignore = "wants the provider in an empty root: tools/musl"]
fn the_resolver_of_the_machine_is_asked() {
    std::thread::spawn(answer_with_loopback);
    let lab = named(TRUSTED);
    lab.write("etc/resolv.conf", &format!("nameserver {RESOLVER}\n"));
    lab.full_loop();
}

#[test]
#[ignore = "wants the provider in an empty root: tools/musl"]
fn where_no_name_is_found_the_network_is_named() {
    let lab = named(&format!("{TRUSTED}\nmax_retries = 0"));
    lab.apply_fails().says(&[
        &format!("Cannot connect to {NAME}:"),
        "failed to lookup address information",
        "- The network from this machine to that host.",
    ]);
}

/// A name server which knows one address for all names, and none of IPv6.
fn answer_with_loopback() {
    let socket = UdpSocket::bind((RESOLVER, 53)).expect("a port that root alone may have");
    let mut query = [0; 512];
    while let Ok((length, client)) = socket.recv_from(&mut query) {
        let asks_for_ipv4 = query[length - 4..length] == [0, 1, 0, 1];
        let mut answer = query[..length].to_vec();
        // An answer, without an error; one question, and as many answers as there are.
        answer[2..8].copy_from_slice(&[0x81, 0x80, 0, 1, 0, u8::from(asks_for_ipv4)]);
        answer[8..12].fill(0);
        if asks_for_ipv4 {
            // The name that was asked for, its address, for a minute.
            answer.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
        }
        socket.send_to(&answer, client).unwrap();
    }
}
