//! Panics become answers. What was being said when it happened stays unsaid, because it may quote a secret.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

thread_local! {
    static LAST: Cell<Option<String>> = const { Cell::new(None) };
}

/// Makes every panic of this process one line of our log, which says where it happened and nothing else.
pub(super) fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(location = place, "the provider panicked");
        LAST.set(Some(place));
    }));
}

/// Where in the source an operation panicked, if the hook is installed.
pub(super) struct Panicked(pub Option<String>);

/// Runs `operation` until it ends or panics.
pub(super) async fn catch<F: Future>(operation: F) -> Result<F::Output, Panicked> {
    let mut operation = pin!(operation);
    poll_fn(|context| {
        // What the operation leaves half done is dropped with it, but for the diagnostics and the checkpoint, both of
        // which are whole after every single call on them.
        match catch_unwind(AssertUnwindSafe(|| operation.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Err(Panicked(LAST.take())).into(),
        }
    })
    .await
}
