//! When the program shuts down, and how long it waits for what is under way.

use std::future::pending;
use std::io;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// A signal may come in the middle of a change whose outcome must still reach the state.
const CHANGES_AFTER_SIGNAL: Duration = Duration::from_secs(60);

/// What can end this program.
pub(super) struct Shutdown {
    /// Cancelled by Terraform's `Shutdown`.
    pub shutdown: CancellationToken,
    signals: Signals,
    parent: Parent,
}

impl Shutdown {
    /// Started by Terraform. A terminal sends Ctrl-C and its hang-up to Terraform and to us alike: Terraform knows what
    /// it makes of them (under `nohup`, nothing) and tells us, or is gone, so the signals themselves are ignored.
    pub fn of_plugin() -> io::Result<Self> {
        Ok(Self { shutdown: CancellationToken::new(), signals: Signals::install(false)?, parent: Parent::watch() })
    }

    /// Started by a person, who ends it with Ctrl-C.
    pub fn of_debug_session() -> io::Result<Self> {
        Ok(Self { shutdown: CancellationToken::new(), signals: Signals::install(true)?, parent: Parent::ignore() })
    }

    /// Waits until it is time, and returns how long a change that is under way may still take. What waits inside of it
    /// is told through `stop`, unless Terraform has said so itself.
    pub async fn wait(&mut self, stop: &CancellationToken) -> Duration {
        tokio::select! {
            // Terraform has no request open by then, and kills us after two seconds.
            () = self.shutdown.cancelled() => Duration::ZERO,
            () = self.signals.end() => {
                tracing::info!("a signal asked to end");
                stop.cancel();
                CHANGES_AFTER_SIGNAL
            }
            () = self.parent.gone() => {
                tracing::warn!("what started the provider is gone");
                stop.cancel();
                // Nobody is there to be told how it ended.
                Duration::ZERO
            }
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    terminal_ends: bool,
}

#[cfg(unix)]
impl Signals {
    /// `terminal_ends`: whether Ctrl-C and a closed window mean us.
    fn install(terminal_ends: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            terminal_ends,
        })
    }

    async fn end(&mut self) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.hang_up.recv() => {}
                _ = self.terminate.recv() => return,
            }
            if self.terminal_ends {
                return;
            }
            tracing::debug!("a signal of the terminal is left to Terraform");
        }
    }
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    interrupt_by_break: tokio::signal::windows::CtrlBreak,
    closed_window: tokio::signal::windows::CtrlClose,
    terminal_ends: bool,
}

#[cfg(windows)]
impl Signals {
    fn install(terminal_ends: bool) -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close};
        Ok(Self {
            interrupt: ctrl_c()?,
            // Terraform takes it for Ctrl-C, and runners send it when a job is cancelled.
            interrupt_by_break: ctrl_break()?,
            // Windows leaves who asks for it some seconds.
            closed_window: ctrl_close()?,
            terminal_ends,
        })
    }

    async fn end(&mut self) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.interrupt_by_break.recv() => {}
                _ = self.closed_window.recv() => {}
            }
            if self.terminal_ends {
                return;
            }
        }
    }
}

/// The process that started us. When it dies without a word, a process that is left over belongs to somebody else.
#[cfg(unix)]
struct Parent(Option<rustix::process::RawPid>);

#[cfg(unix)]
impl Parent {
    const LOOK_EVERY: Duration = Duration::from_secs(1);

    fn id() -> rustix::process::RawPid {
        rustix::process::Pid::as_raw(rustix::process::getppid())
    }

    fn watch() -> Self {
        Self(Some(Self::id()))
    }

    fn ignore() -> Self {
        Self(None)
    }

    async fn gone(&self) {
        let Some(parent) = self.0 else { return pending().await };
        while Self::id() == parent {
            tokio::time::sleep(Self::LOOK_EVERY).await;
        }
    }
}

/// Windows has no such notion, and ends our console with Terraform's.
#[cfg(windows)]
struct Parent;

#[cfg(windows)]
impl Parent {
    fn watch() -> Self {
        Self
    }

    fn ignore() -> Self {
        Self
    }

    async fn gone(&self) {
        pending().await
    }
}
