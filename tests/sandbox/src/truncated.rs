//! An answer whose connection ends before its body does.

use axum::{
    body::{Body, to_bytes},
    http::header,
    response::Response,
};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use std::{io, time::Duration};

/// Announces the whole body and sends half of it. None when there is no body to cut.
pub async fn truncated(answer: Response) -> Option<Response> {
    let (mut head, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.ok()?;
    if whole.is_empty() {
        return None;
    }
    head.headers.insert(header::CONTENT_LENGTH, whole.len().into());
    let half = whole.slice(..whole.len() / 2);
    let frames = stream::once(async { Ok::<Bytes, io::Error>(half) }).chain(stream::once(async {
        // hyper sends what it holds while it waits for more; an error at once could take the first half with it.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the rest of this answer is withheld"))
    }));
    Some(Response::from_parts(head, Body::from_stream(frames)))
}
