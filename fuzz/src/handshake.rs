//! The environment in which Terraform starts the program.

use std::collections::HashMap;
use std::ffi::OsString;

use terraform_plugin::ServeError;
use terraform_plugin::server::handshake::Launch;
use terraform_plugin::server::tls;

/// What makes every other variable be read.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// Reads `data` as an environment: each variable as in `NAME=value`, with NUL, which none can hold, between them.
pub fn handshake(data: &[u8]) -> Option<String> {
    let mut variables = HashMap::from([(COOKIE.0.to_owned(), OsString::from(COOKIE.1))]);
    for variable in data.split(|byte| *byte == 0) {
        if let Some(equals) = variable.iter().position(|byte| *byte == b'=') {
            let name = String::from_utf8_lossy(&variable[..equals]).into_owned();
            variables.insert(name, value(&variable[equals + 1..]));
        }
    }
    let launch = match Launch::read(|name| variables.get(name).cloned()) {
        Ok(launch) => launch,
        Err(error) => {
            assert!(matches!(error, ServeError::NotStartedByTerraform | ServeError::Environment(_)), "{error}");
            return None;
        }
    };
    // Whatever the client's certificate is, only its holder gets in; so it need not be one.
    let tls = launch.client.clone().map(|client| tls::acceptor(client).expect("TLS"));
    let line = launch.line("unix", "/socket", tls.as_ref().map(|(_, certificate)| certificate));
    let fields: Vec<&str> = line.split('|').collect();
    assert_eq!(fields[..5], ["1", "6", "unix", "/socket", "grpc"]);
    assert_eq!(fields[5].is_empty(), launch.client.is_none());
    assert!(!line.contains('\n'));
    Some(line)
}

#[cfg(unix)]
fn value(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn value(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
