//! What Terraform says in the environment when it starts a plugin, and the one line that the plugin answers.

use std::ffi::OsString;
use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{ServeError, problems};

const COOKIE: &str = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// What Terraform asked for.
#[derive(Debug)]
pub struct Launch {
    /// The one certificate that may speak to us. `None` only if Terraform does without TLS.
    pub client: Option<CertificateDer<'static>>,
    /// The ports to listen on where there are no unix sockets.
    #[cfg_attr(not(windows), allow(dead_code, reason = "read on Windows, parsed and tested everywhere"))]
    pub ports: RangeInclusive<u16>,
    /// Whether the line must say that connections are not multiplexed.
    pub names_multiplexing: bool,
}

impl Launch {
    /// Reads the environment through `variable`.
    ///
    /// # Errors
    /// What did not come from Terraform, or makes no sense.
    pub fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, ServeError> {
        let text = |name: &str| match variable(name).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
            Some(Err(_)) => Err(ServeError::Environment(problems::not_text(name))),
        };
        if !is_from_terraform(&variable) {
            return Err(ServeError::NotStartedByTerraform);
        }
        if let Some(versions) = text("PLUGIN_PROTOCOL_VERSIONS")?
            && !versions.split(',').any(|version| version.trim() == "6")
        {
            return Err(ServeError::Environment(problems::other_protocol(versions)));
        }
        let port = |name: &str, default: u16| match text(name)? {
            None => Ok(default),
            Some(port) => port.parse().map_err(|_| ServeError::Environment(problems::not_a_port(name))),
        };
        Ok(Self {
            client: text("PLUGIN_CLIENT_CERT")?.map(|pem| certificate(&pem)).transpose()?,
            ports: port("PLUGIN_MIN_PORT", 10_000)?..=port("PLUGIN_MAX_PORT", 25_000)?,
            names_multiplexing: text("PLUGIN_MULTIPLEX_GRPC")?.is_some(),
        })
    }

    /// The line for Terraform: where we listen, and the certificate that it has to trust.
    pub fn line(&self, network: &str, address: &str, server: Option<&CertificateDer<'_>>) -> String {
        let certificate = server.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
        let multiplexing = if self.names_multiplexing { "|false" } else { "" };
        format!("1|6|{network}|{address}|grpc|{certificate}{multiplexing}")
    }
}

/// Whether Terraform started this process, and not a person.
pub(super) fn is_from_terraform(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    variable(COOKIE).is_some_and(|value| value == COOKIE_VALUE)
}

/// A certificate that does not parse is an error, never a reason to go without TLS.
fn certificate(pem: &str) -> Result<CertificateDer<'static>, ServeError> {
    let mut found = CertificateDer::pem_slice_iter(pem.as_bytes());
    match (found.next(), found.next()) {
        (Some(Ok(certificate)), None) => Ok(certificate),
        _ => Err(ServeError::Environment(problems::not_a_certificate())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";

    fn read(more: &[(&str, &str)]) -> Result<Launch, ServeError> {
        let cookie = [(COOKIE, COOKIE_VALUE)];
        let all: Vec<_> =
            cookie.iter().chain(more).map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Launch::read(|name| all.iter().rev().find(|(found, _)| found == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn without_terraform_s_cookie_there_is_nothing_to_serve() {
        for cookie in ["", "d602"] {
            assert!(matches!(read(&[(COOKIE, cookie)]), Err(ServeError::NotStartedByTerraform)));
        }
        assert!(matches!(Launch::read(|_| None), Err(ServeError::NotStartedByTerraform)));
    }

    #[test]
    fn the_environment_is_read() {
        let launch = read(&[
            ("PLUGIN_CLIENT_CERT", PEM),
            ("PLUGIN_MIN_PORT", "10"),
            ("PLUGIN_MAX_PORT", "20"),
            ("PLUGIN_PROTOCOL_VERSIONS", "5,6"),
        ])
        .expect("fits");
        assert_eq!(launch.client.as_deref(), Some(&[1, 2, 3][..]));
        assert_eq!(launch.ports, 10..=20);
        assert!(read(&[("PLUGIN_PROTOCOL_VERSIONS", "6,5")]).is_ok());
    }

    #[test]
    fn a_certificate_or_port_or_version_that_does_not_fit_is_refused() {
        for (name, value) in [
            ("PLUGIN_CLIENT_CERT", "nonsense"),
            ("PLUGIN_CLIENT_CERT", &PEM.repeat(2)),
            ("PLUGIN_CLIENT_CERT", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            ("PLUGIN_MIN_PORT", "70000"),
            ("PLUGIN_PROTOCOL_VERSIONS", "4,5"),
        ] {
            assert!(matches!(read(&[(name, value)]), Err(ServeError::Environment(_))), "{name}={value}");
        }
        assert!(read(&[("PLUGIN_CLIENT_CERT", "")]).expect("as if unset").client.is_none());
    }

    #[test]
    fn the_line_has_six_fields_or_seven_and_no_padding() {
        let plain = read(&[]).expect("fits");
        let server = CertificateDer::from(vec![1]);
        assert_eq!(plain.line("unix", "/s", Some(&server)), "1|6|unix|/s|grpc|AQ");
        assert_eq!(plain.line("unix", "/s", None), "1|6|unix|/s|grpc|");
        let multiplexed = read(&[("PLUGIN_MULTIPLEX_GRPC", "true")]).expect("fits");
        assert_eq!(multiplexed.line("tcp", "127.0.0.1:1", None), "1|6|tcp|127.0.0.1:1|grpc||false");
    }
}
