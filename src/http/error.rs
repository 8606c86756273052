//! Why no answer came.

use std::error::Error as StdError;

use crate::redaction::redact;

/// Why a request has no answer. The texts hold no URL, header or body.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection came up; nothing was sent.
    #[error("cannot connect to {host}: {reason}")]
    Connect {
        /// Host and port, and the proxy on the way.
        host: String,
        /// What the layers below said.
        reason: String,
        /// Whether trying again is pointless, as for a certificate that is not trusted.
        permanent: bool,
    },
    /// The request may have reached the server, the answer did not reach us.
    #[error("the connection to {host} broke before the answer was complete: {reason}")]
    Lost {
        /// Host and port.
        host: String,
        /// What the layers below said.
        reason: String,
    },
    /// The request may have reached the server, the answer did not come in time.
    #[error("{host} did not answer in time (request_timeout_seconds)")]
    Timeout {
        /// Host and port.
        host: String,
    },
    /// The answer is larger than any that the server has reason to send.
    #[error("the answer of {host} is too large")]
    TooLarge {
        /// Host and port.
        host: String,
    },
    /// A list goes on and on.
    #[error("the list has more than {entries} entries, or more than {} KiB of text", bytes / 1024)]
    ListTooLong {
        /// How many entries are read at most.
        entries: usize,
        /// How many bytes are read at most.
        bytes: usize,
    },
    /// The server asked to wait longer than the operation's timeout allows.
    #[error(
        "{host} limits the rate of requests and asks to wait {seconds} s{}, which is longer than the operation may take",
        // No longer wait is believed.
        if *seconds >= 3600 { " or longer" } else { "" }
    )]
    RateLimited {
        /// Host and port.
        host: String,
        /// How long the server asked to wait.
        seconds: u64,
    },
    /// The operation's timeout passed while waiting.
    #[error("the operation timed out (timeouts)")]
    DeadlinePassed,
    /// Terraform asked the provider to stop.
    #[error("Terraform was interrupted")]
    Stopped,
    /// The file of certificates does not parse.
    #[error("the CA certificates do not parse: {0}")]
    InvalidCertificates(String),
    /// Neither this machine nor the configuration has a certificate that others can be traced to.
    #[error("this machine has no CA certificates{}", looked_in())]
    NoCertificates,
    /// A credential or an address holds characters that a request cannot, such as a line break.
    #[error("a credential or an address holds characters that HTTP does not allow, such as a line break")]
    InvalidCredential,
    /// What proves who we are could not be signed.
    #[error("the private key cannot sign: {0}")]
    Signing(String),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {0}")]
    Setup(String),
}

impl Error {
    /// Whether the server may have carried out the request although no answer came.
    pub fn may_have_acted(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Timeout { .. } | Self::TooLarge { .. })
    }

    /// Why there is no client to send with.
    pub(super) fn from_setup(error: &reqwest::Error) -> Self {
        let reason = innermost(error);
        // In the words of rustls-platform-verifier, which has no type for it.
        if reason.contains("No CA certificates") { Self::NoCertificates } else { Self::Setup(reason) }
    }

    pub(super) fn from_reqwest(error: reqwest::Error, host: &str) -> Self {
        // The URL is of no use to the reader, and a proxy's would hold its password.
        let error = error.without_url();
        let host = host.to_owned();
        if error.is_connect() {
            let permanent = is_certificate_problem(&error);
            return Self::Connect { host, reason: innermost(&error), permanent };
        }
        if error.is_timeout() { Self::Timeout { host } } else { Self::Lost { host, reason: innermost(&error) } }
    }
}

/// What the innermost of an error's sources says: the ones around it only repeat that a request failed. A server may have
/// said it, as when it closes a connection of HTTP/2.
pub(super) fn innermost(error: &dyn StdError) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    redact(&innermost.to_string())
}

/// Where the environment has them looked for, instead of the places where systems have them.
fn looked_in() -> String {
    let name_and_value = |name| Some(format!("{name} is {:?}", std::env::var_os(name)?));
    let given: Vec<_> = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter_map(name_and_value).collect();
    if given.is_empty() { String::new() } else { format!(": {}", given.join(", ")) }
}

fn is_certificate_problem(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // An I/O error hides what it holds from `source`, which may be another I/O error.
        let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = held.map(|held| held as &(dyn StdError + 'static)).or_else(|| error.source());
    }
    false
}
