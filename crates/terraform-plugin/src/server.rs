//! Terraform's plugin protocol 6: what Terraform starts, talks to over gRPC, and stops.
//!
//! What this channel guarantees:
//!
//! - **Only the Terraform that started us gets in.** The socket is in a folder that other users cannot enter, and TLS
//!   demands exactly the certificate that Terraform gave us. Clear text is served only if Terraform asks for it.
//! - **No object is lost.** Ctrl-C does not end the program; a panic, a silent `None` or an answer that cannot be encoded
//!   becomes an error diagnostic, and the state keeps what was known. See `lifecycle`.
//! - **No secret leaks.** No message quotes a value or a panic's text, and no diagnostic has a backtrace.
//! - **Nothing is left behind**: neither the socket nor the process, even if Terraform is killed. What a process leaves that is
//!   killed itself, the next one removes. See `leftovers`.
//! - **A start that fails says why** where Terraform shows it. See `last_words`.
//!
//! Some of its parts are public for tests that feed them bad input.

mod connections;
mod control;
mod diagnostic;
pub mod handshake;
mod last_words;
#[cfg(unix)]
mod leftovers;
mod lifecycle;
mod listener;
mod logging;
mod panics;
pub(crate) mod problems;
pub mod proto;
mod reattach;
pub(crate) mod schema_message;
mod secrets;
mod serve_error;

pub mod service;
mod shutdown;
#[cfg(unix)]
mod socket_folder;
pub mod tls;

use std::io::Write;
use std::process::ExitCode;

use tokio_util::sync::CancellationToken;

use crate::info::Info;
use crate::provider::Provider;
use handshake::Launch;
pub use last_words::say_why_it_ended;
use listener::Listener;
pub use serve_error::{Mode, ServeError};
use service::Service;
use shutdown::Shutdown;

/// [`serve`] for a main function: for a debugger with the argument `--debug`, otherwise for the Terraform that started the
/// program. What ends it is said.
pub async fn run(provider: impl Provider, info: &'static Info) -> ExitCode {
    let is_debug = std::env::args_os().skip(1).any(|argument| argument == "--debug" || argument == "-debug");
    let mode = if is_debug { Mode::Debug } else { Mode::Terraform };
    match serve(provider, info, CancellationToken::new(), mode).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_why_it_ended(&error, info, mode);
            ExitCode::FAILURE
        }
    }
}

/// Serves `provider` until Terraform or a signal ends it. Logs go to stderr, as Terraform's environment asks for them.
///
/// `stop` is cancelled when Terraform, on behalf of the user, wants an end to what is going on: whatever waits inside of
/// a resource or a client should watch it and return what it has.
///
/// # Errors
/// Why it could not be served, for [`say_why_it_ended`].
pub async fn serve(
    provider: impl Provider,
    info: &'static Info,
    stop: CancellationToken,
    mode: Mode,
) -> Result<(), ServeError> {
    // First of all, because it ends here if a person started the program.
    let launch = match mode {
        Mode::Terraform => Some(Launch::read(|name| std::env::var_os(name))?),
        Mode::Debug => None,
    };
    logging::install(info);
    panics::install_hook();
    let service = panics::catch(async { Service::new(provider, info, stop.clone()) })
        .await
        .map_err(|panicked| ServeError::Panicked(panicked.0.unwrap_or_default()))?;
    match launch {
        Some(launch) => serve_terraform(launch, service, stop).await,
        None => reattach::serve(service, stop).await,
    }
}

async fn serve_terraform(launch: Launch, service: Service, stop: CancellationToken) -> Result<(), ServeError> {
    // Before Terraform knows of us, so that no signal finds us unprepared.
    let shutdown = Shutdown::of_plugin()?;
    let (tls, certificate) = launch.client.clone().map(tls::acceptor).transpose()?.unzip();
    #[cfg(unix)]
    let listener = Listener::bind(&socket_folder::parents(|name| std::env::var_os(name)))?;
    #[cfg(windows)]
    let listener = Listener::bind(launch.ports.clone()).await?;

    let line = launch.line(Listener::NETWORK, &listener.address()?, certificate.as_ref());
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()?;
    drop(stdout);
    // Now that Terraform can go on.
    listener.remove_leftovers();
    tracing::debug!(version = service.info().version, tls = tls.is_some(), "serving");
    connections::run(listener, tls, service, stop, shutdown).await
}
