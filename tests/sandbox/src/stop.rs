//! What ends the program: a signal, or standard input when it was asked to watch that.

use std::{io, io::Read as _};
use tokio::sync::oneshot;

/// Watches from the moment it exists: whoever has read the ready line may stop the program at once.
pub struct Stop {
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupted: tokio::signal::windows::CtrlC,
    input_closed: oneshot::Receiver<()>,
}

impl Stop {
    #[cfg(unix)]
    pub fn watch(input: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = signal(SignalKind::terminate())?;
        let interrupted = signal(SignalKind::interrupt())?;
        Ok(Self { terminated, interrupted, input_closed: input_closed(input) })
    }

    #[cfg(windows)]
    pub fn watch(input: bool) -> io::Result<Self> {
        Ok(Self { interrupted: tokio::signal::windows::ctrl_c()?, input_closed: input_closed(input) })
    }

    /// Resolves when it is time to stop.
    #[cfg(unix)]
    pub async fn requested(mut self) {
        tokio::select! {
            _ = self.terminated.recv() => {}
            _ = self.interrupted.recv() => {}
            Ok(()) = self.input_closed => {}
        }
    }

    /// Resolves when it is time to stop.
    #[cfg(windows)]
    pub async fn requested(mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            Ok(()) = self.input_closed => {}
        }
    }
}

/// Resolves when standard input ends; fails at once when nobody asked for that. A thread of its own does the reading
/// because a blocked read of tokio's standard input would keep the runtime from shutting down.
fn input_closed(wanted: bool) -> oneshot::Receiver<()> {
    let (closed, receiver) = oneshot::channel();
    if wanted {
        std::thread::spawn(move || {
            let mut input = io::stdin().lock();
            let mut scrap = [0; 1024];
            while input.read(&mut scrap).is_ok_and(|read| read > 0) {}
            let _ = closed.send(());
        });
    }
    receiver
}
