//! The schemas are built when they are asked for first, and once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use tf_provider::schema::{Block, Schema};
use tf_provider::value::ValueEmpty;

use super::toy::SECRET;
use super::*;
use crate::framework::{self, DynResource};

/// A provider that counts how often its schema is built, and panics the first time.
struct Counting(Arc<AtomicUsize>);

#[async_trait]
impl tf_provider::Provider for Counting {
    type Config<'a> = ValueEmpty;
    type MetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) > 0, "{SECRET}");
        Some(Schema { version: 0, block: Block::default() })
    }
}

impl framework::Provider for Counting {
    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)> {
        Vec::new()
    }
}

#[tokio::test]
async fn a_schema_is_built_when_it_is_asked_for_and_once() {
    let built = Arc::new(AtomicUsize::new(0));
    let service = Service::new(Counting(built.clone()), CancellationToken::new());
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
