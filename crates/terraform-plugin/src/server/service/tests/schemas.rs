//! The schemas are built when they are asked for first, and once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use super::toy::SECRET;
use super::*;
use crate::diagnostics::Reported;
use crate::schema::Schema;

/// A provider that counts how often its schema is built, and panics the first time.
struct Counting(Arc<AtomicUsize>);

#[async_trait]
impl Provider for Counting {
    type Config = Option<()>;

    fn schema(&self) -> Schema {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) > 0, "{SECRET}");
        Schema::new("")
    }

    async fn configure(&self, _: Option<()>, _: &mut Diagnostics) -> Result<(), Reported> {
        Ok(())
    }

    fn register(&self, _: &mut Registry) {}
}

#[tokio::test]
async fn a_schema_is_built_when_it_is_asked_for_and_once() {
    let built = Arc::new(AtomicUsize::new(0));
    let service = Service::new(Counting(built.clone()), &INFO, CancellationToken::new());
    let schemas = async || {
        let answer = service.get_provider_schema(Request::new(Default::default())).await;
        answer.expect("an answer").into_inner()
    };
    assert_eq!(built.load(Ordering::Relaxed), 0, "the start needs none");

    let panicked = schemas().await;
    assert!(panicked.provider.is_none());
    clean(&panicked.diagnostics);
    one_error(&panicked.diagnostics, "panicked");

    assert!(schemas().await.provider.is_some());
    assert!(schemas().await.provider.is_some());
    service.get_functions(Request::new(Default::default())).await.expect("an answer");
    assert_eq!(built.load(Ordering::Relaxed), 2, "after the panic, once");
}
