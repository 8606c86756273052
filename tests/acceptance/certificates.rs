//! TLS with certificates of a private CA, in front of the sandbox.

use rustls::version::{TLS12, TLS13};
use rustls::{ProtocolVersion, SupportedProtocolVersion};
use testkit::sandbox::Sandbox;
use testkit::servers::{TlsFront, address_of};

use crate::lab::{BOTH, Lab, druva_arguments, okta_block};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";
const TRUSTED: &str = "ca_certificate_file = \"ca.pem\"";

/// The provider's block for an org behind TLS.
fn provider(sandbox: &Sandbox, front: &TlsFront, arguments: &str) -> String {
    let org_url = format!("https://{}", front.address);
    let okta = okta_block(&org_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    format!("provider \"druva\" {{\n{okta}\n{arguments}\n}}")
}

fn full_loop_over(version: &'static SupportedProtocolVersion, spoken: ProtocolVersion) {
    let sandbox = Sandbox::start();
    let front = TlsFront::start("127.0.0.1", address_of(&sandbox.okta_url), version);
    let provider = provider(&sandbox, &front, TRUSTED);
    let lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.write("ca.pem", &front.ca);
    lab.full_loop();
    let versions = front.spoken();
    assert!(!versions.is_empty() && versions.iter().all(|version| *version == spoken), "{versions:?}");
}

#[test]
fn tls_1_2_works() {
    full_loop_over(&TLS12, ProtocolVersion::TLSv1_2);
}

#[test]
fn tls_1_3_works() {
    full_loop_over(&TLS13, ProtocolVersion::TLSv1_3);
}

/// These are the variables of OpenSSL, which Terraform itself reads too. On Windows and macOS the system's own store counts.
#[cfg(target_os = "linux")]
#[test]
fn a_private_ca_is_given_by_the_environment() {
    let sandbox = Sandbox::start();
    let front = TlsFront::start("127.0.0.1", address_of(&sandbox.okta_url), &TLS13);
    let provider = provider(&sandbox, &front, "");
    let mut lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    let (file, folder) = (lab.path("ca.pem"), lab.path("certificates"));
    lab.write("ca.pem", &front.ca);
    lab.apply_fails().says(&["invalid peer certificate: UnknownIssuer"]);
    let (empty, file) = (crate::terraform::no_certificates(), file.to_str().unwrap().to_owned());
    lab.set_environment("SSL_CERT_FILE", &file);
    lab.full_loop();
    // The same in a folder, whose files may have any name.
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(&file, folder.join("a-ca.pem")).unwrap();
    lab.set_environment("SSL_CERT_FILE", empty.to_str().unwrap());
    lab.apply_fails().says(&["invalid peer certificate: UnknownIssuer"]);
    lab.set_environment("SSL_CERT_DIR", folder.to_str().unwrap());
    lab.full_loop();
}

/// As in an image FROM scratch. What is given is enough then.
#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_any_ca_certificate_is_told_how_to_get_them() {
    let sandbox = Sandbox::start();
    let front = TlsFront::start("127.0.0.1", address_of(&sandbox.okta_url), &TLS13);
    let (bare, trusting) = (provider(&sandbox, &front, ""), provider(&sandbox, &front, TRUSTED));
    let mut lab = Lab::with_sandbox(sandbox, &bare, ALONE);
    lab.write("ca.pem", &front.ca);
    lab.write("empty.pem", "");
    lab.set_environment("SSL_CERT_FILE", "empty.pem");
    lab.apply_fails().says(&[
        "Cannot list the installed integrations",
        "This machine has no CA certificates: SSL_CERT_FILE is \"empty.pem\"",
        "Do one of these:",
        "- Install the package ca-certificates.",
        "- Let SSL_CERT_FILE name a file with certificates in PEM, or SSL_CERT_DIR a folder of such files.",
        "- Give ca_certificate_file.",
    ]);
    lab.write("provider.tf", &trusting);
    lab.full_loop();
}

#[test]
fn a_private_ca_is_not_trusted_unless_it_is_given() {
    let sandbox = Sandbox::start();
    let front = TlsFront::start("127.0.0.1", address_of(&sandbox.okta_url), &TLS13);
    let provider = provider(&sandbox, &front, "");
    let lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.sandbox.clear_requests();
    lab.apply_fails().says(&[
        "Cannot list the installed integrations",
        &format!("Cannot connect to {}: invalid peer certificate: UnknownIssuer", front.address),
        "The server's certificate is not trusted. If a proxy inspects TLS here, give its CA certificate in ca_certificate_file.",
    ]);
    assert_eq!(lab.sandbox.requests(), [""; 0]);
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let sandbox = Sandbox::start();
    let front = TlsFront::start("127.0.0.2", address_of(&sandbox.okta_url), &TLS13);
    let provider = provider(&sandbox, &front, TRUSTED);
    let lab = Lab::with_sandbox(sandbox, &provider, ALONE);
    lab.write("ca.pem", &front.ca);
    lab.apply_fails().says(&[&format!("Cannot connect to {}: invalid peer certificate", front.address)]);
}

#[test]
fn a_private_ca_counts_for_druva_too() {
    let sandbox = Sandbox::start();
    let front = TlsFront::start("127.0.0.1", address_of(&sandbox.druva_url), &TLS13);
    let druva = druva_arguments(&sandbox).replace(&sandbox.druva_url, &format!("https://{}", front.address));
    let okta = okta_block(&sandbox.okta_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let provider = format!("provider \"druva\" {{\n{druva}\n{okta}\n{TRUSTED}\n}}");
    let lab = Lab::with_sandbox(sandbox, &provider, BOTH);
    lab.write("ca.pem", &front.ca);
    lab.full_loop();
    assert!(!front.spoken().is_empty());
}
