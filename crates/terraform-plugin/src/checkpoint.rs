//! The state that Terraform must learn even if the operation that reached it does not end well.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tf_provider::Diagnostics;

use crate::codec::Encoded;

type Slot = Arc<Mutex<Option<Encoded>>>;

tokio::task_local! {
    static SLOT: Slot;
}

/// Remembers `state` for Terraform in case that the running `create`, `update` or `destroy` panics or returns `None`.
///
/// Call it as soon as a remote object exists, with all that is known by then (its id, a secret that is shown once);
/// call it again when more is known. What is still unknown in it reaches Terraform as null. It holds for the task that
/// Terraform's request runs in; anywhere else it does nothing.
pub fn checkpoint<S: Serialize>(state: &S) {
    // An error leaves this closure only when there is no request to remember anything for.
    let _ = SLOT.try_with(|slot| match Encoded::encode(&mut Diagnostics::default(), state) {
        Ok(encoded) => *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(encoded),
        Err(_) => tracing::error!("a checkpoint could not be encoded, the one before it stays"),
    });
}

/// Forgets what was remembered: the operation has undone what it did, so that nothing is left for a state.
pub fn withdraw_checkpoint() {
    let _ = SLOT.try_with(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).take());
}

/// Runs `operation` with a place for [`checkpoint`]s, and returns the last of them besides the operation's answer.
pub async fn with_checkpoints<F: Future>(operation: F) -> (F::Output, Option<Encoded>) {
    let slot = Slot::default();
    let output = SLOT.scope(slot.clone(), operation).await;
    let last = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    (output, last.map(|state| state.without_unknowns().0))
}

#[cfg(test)]
mod tests {
    use tf_provider::value::{Value, ValueString};

    use super::*;

    #[tokio::test]
    async fn the_last_checkpoint_counts_and_its_unknowns_are_null() {
        let (answer, last) = with_checkpoints(async {
            checkpoint(&["first"]);
            tokio::task::yield_now().await;
            checkpoint(&[Value::Value("second"), Value::Unknown]);
            7
        })
        .await;
        let last = last.expect("a checkpoint");
        let last: Vec<ValueString> = last.decode(&mut Diagnostics::default(), "state").expect("decodes");
        assert_eq!((answer, last), (7, vec![Value::from("second"), Value::Null]));
    }

    #[tokio::test]
    async fn what_was_undone_is_not_remembered() {
        let undone = async {
            checkpoint(&"made");
            withdraw_checkpoint();
        };
        assert!(with_checkpoints(undone).await.1.is_none());
    }

    #[tokio::test]
    async fn outside_of_an_operation_it_does_nothing() {
        checkpoint(&"nobody listens");
        assert!(with_checkpoints(async {}).await.1.is_none());
    }
}
