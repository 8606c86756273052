//! Texts that should be a key or certificates.

use std::time::Duration;

use terraform_provider_druva::http::{Error, Http, Repeat, Settings};
use terraform_provider_druva::okta::auth::PrivateKey;
use tokio_util::sync::CancellationToken;

use super::PLANTED;

/// What the argument `okta.private_key` or its file says.
pub fn private_key(data: &[u8]) {
    if let Err(error) = PrivateKey::parse(data) {
        assert!(!format!("{error} {error:?}").contains(PLANTED));
    }
}

/// The file that `ca_certificate_file` names.
pub fn certificates(data: &[u8]) {
    if !reqwest::Certificate::from_pem_bundle(data).is_ok_and(|found| !found.is_empty()) {
        return;
    }
    let settings = Settings {
        ca_certificates: Some(data.to_vec()),
        request_timeout: Duration::from_secs(1),
        max_retries: 0,
        ..Settings::default()
    };
    set_up(settings);
}

/// Sets an HTTP client up, and sends nothing.
pub(super) fn set_up(settings: Settings) {
    let http = Http::new(settings, CancellationToken::new());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runtime.block_on(http.send(Repeat::Always, |_| Err(Error::Stopped)));
    let error = outcome.err().expect("nothing was sent").to_string();
    assert!(!error.contains(PLANTED), "{error}");
}
