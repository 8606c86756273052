//! Who speaks to the provider, and why it could not be served.

use super::problems;
use crate::catalog::{Fatal, Title};

/// Who speaks to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The Terraform that started this process, with its handshake.
    Terraform,
    /// Any Terraform of this user that is told where to find this process: for a debugger.
    Debug,
}

/// Why the provider could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Terraform's cookie is not in the environment.
    #[error("{}", problems::not_started_by_terraform())]
    NotStartedByTerraform,
    /// What Terraform said in the environment does not make sense.
    #[error("{0}")]
    Environment(Title<Fatal>),
    /// The certificate or the TLS configuration could not be made.
    #[error("{}", problems::no_tls(.0))]
    Tls(String),
    /// The socket, the signals or stdout could not be used.
    #[error("{}", problems::no_connection(.0))]
    Setup(#[from] std::io::Error),
    /// What the provider offers could not be listed. The place in the source is all that is said about a panic.
    #[error("{}", problems::panicked_at_start(.0))]
    Panicked(String),
    /// The gRPC server failed.
    #[error("{}", problems::connection_failed(.0))]
    Serve(#[source] tonic::transport::Error),
}
