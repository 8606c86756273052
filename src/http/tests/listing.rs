//! Readers of one list, at the same time and one after the other.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::task::JoinHandle;

use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::http::*;

/// A server with pages of two numbers each: 0 and 1, 2 and 3, and so on. Each answer takes a second.
struct Server {
    pages: usize,
    requests: AtomicU32,
    /// The first so many requests fail.
    failures: u32,
}

impl Server {
    async fn page(&self, next: Option<Url>, number: usize) -> Result<ListPage<usize>, Error> {
        let request = self.requests.fetch_add(1, Ordering::SeqCst);
        assert_eq!(next.map(|url| url.path().to_owned()), (number > 0).then(|| format!("/{number}")));
        tokio::time::sleep(Duration::from_secs(1)).await;
        if request < self.failures {
            return Err(Error::TooLarge { host: "h".into() });
        }
        let next = (number + 1 < self.pages).then(|| format!("http://h/{}", number + 1).parse().unwrap());
        Ok(ListPage { items: vec![number * 2, number * 2 + 1], bytes: 10, next })
    }
}

/// A list, its server and a reader of it. Clones share the first two.
#[derive(Clone)]
struct Reader {
    list: Arc<Listing<usize>>,
    server: Arc<Server>,
    writes: Writes,
    http: Http,
}

impl Reader {
    fn of(pages: usize, failures: u32) -> Self {
        let writes = Writes::default();
        Self {
            list: Arc::new(Listing::new([writes.clone()])),
            server: Arc::new(Server { pages, requests: AtomicU32::new(0), failures }),
            writes,
            http: Http::new(Settings::default(), CancellationToken::new()),
        }
    }

    async fn all(&self, freshness: Freshness) -> Result<Vec<usize>, Error> {
        self.list.all(&self.http, freshness, |next, number| self.server.page(next, number)).await
    }

    fn spawn(&self) -> JoinHandle<Result<Vec<usize>, Error>> {
        let reader = self.clone();
        tokio::spawn(async move { reader.all(Freshness::Cached).await })
    }

    async fn find(&self, item: usize, on_miss: OnMiss) -> Found<usize> {
        let fetch = |next, number| self.server.page(next, number);
        self.list.find(&self.http, |known| *known == item, on_miss, fetch).await.unwrap()
    }

    fn requests(&self) -> u32 {
        self.server.requests.load(Ordering::SeqCst)
    }
}

/// Lets all that was spawned begin.
async fn begin() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_readers_at_once_cost_the_pages_of_one_list() {
    let reader = Reader::of(3, 0);
    let readers: Vec<_> = (0..100).map(|_| reader.spawn()).collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap().unwrap(), [0, 1, 2, 3, 4, 5]);
    }
    assert_eq!(reader.all(Freshness::Cached).await.unwrap().len(), 6);
    assert_eq!(reader.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_write_drops_what_was_known() {
    let reader = Reader::of(1, 0);
    reader.all(Freshness::Cached).await.unwrap();
    let writing = reader.writes.begin();
    reader.all(Freshness::Cached).await.unwrap();
    assert_eq!(reader.requests(), 2, "it may have acted already");
    drop(writing);
    assert_eq!(reader.list.peek(|item| *item == 1), None);
    reader.all(Freshness::Cached).await.unwrap();
    assert_eq!(reader.requests(), 3, "it may have acted after the second answer");
    assert_eq!(reader.list.peek(|item| *item == 1), Some(1));
}

#[tokio::test(start_paused = true)]
async fn what_was_fetched_during_a_write_is_not_kept() {
    let reader = Reader::of(2, 0);
    // One that begins within the fetch, and one that ends within it.
    for requests in [2, 6] {
        let before = (requests > 2).then(|| reader.writes.begin());
        let fetching = reader.spawn();
        begin().await;
        let within = before.unwrap_or_else(|| reader.writes.begin());
        drop(within);
        fetching.await.unwrap().unwrap();
        assert_eq!(reader.requests(), requests);
        reader.all(Freshness::Cached).await.unwrap();
        assert_eq!(reader.requests(), requests + 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_remembered_and_costs_the_waiting_no_more_than_their_own() {
    let reader = Reader::of(1, 3);
    let readers: Vec<_> = (0..3).map(|_| reader.spawn()).collect();
    let start = Instant::now();
    for reader in readers {
        assert!(reader.await.unwrap().is_err());
    }
    assert_eq!((reader.requests(), start.elapsed().as_secs()), (3, 2), "one after the other, or again");
    assert_eq!(reader.all(Freshness::Cached).await.unwrap(), [0, 1]);
    assert_eq!(reader.requests(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_goes_away_does_not_hang_the_others() {
    let reader = Reader::of(1, 0);
    let first = reader.spawn();
    begin().await;
    let others: Vec<_> = (0..10).map(|_| reader.spawn()).collect();
    begin().await;
    first.abort();
    for other in others {
        assert_eq!(other.await.unwrap().unwrap(), [0, 1]);
    }
    assert_eq!(reader.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_another_keeps_its_own_deadline_and_the_stop() {
    let reader = Reader::of(60, 0);
    let _first = reader.spawn();
    begin().await;
    let start = Instant::now();
    let hurried = Reader { http: reader.http.until(start + Duration::from_secs(5)), ..reader.clone() };
    assert!(matches!(hurried.all(Freshness::Cached).await, Err(Error::DeadlinePassed)));
    assert_eq!(start.elapsed().as_secs(), 5);
    let stop = CancellationToken::new();
    let stopped = Reader { http: Http::new(Settings::default(), stop.clone()), ..reader.clone() };
    stop.cancel();
    assert!(matches!(stopped.all(Freshness::Cached).await, Err(Error::Stopped)));
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_as_fresh_as_it_is_asked_to_be() {
    let reader = Reader::of(1, 0);
    let start = Instant::now();
    begin().await;
    reader.all(Freshness::Cached).await.unwrap();
    reader.all(Freshness::Since(start)).await.unwrap();
    assert_eq!(reader.requests(), 1);
    reader.all(Freshness::now()).await.unwrap();
    assert_eq!(reader.requests(), 2);
    reader.all(Freshness::Cached).await.unwrap();
    assert_eq!(reader.requests(), 2, "a fresh answer serves the others too");
}

#[tokio::test(start_paused = true)]
async fn pages_are_fetched_as_far_as_they_are_needed() {
    let reader = Reader::of(4, 0);
    assert_eq!(reader.find(1, OnMiss::FirstAlone).await, Found::Listed(1));
    assert_eq!(reader.requests(), 1);
    assert_eq!(reader.find(4, OnMiss::FirstAlone).await, Found::AskAlone);
    assert_eq!(reader.requests(), 1);
    assert_eq!(reader.find(4, OnMiss::FirstAlone).await, Found::Listed(4));
    assert_eq!(reader.requests(), 3);
    assert_eq!(reader.find(9, OnMiss::FirstAlone).await, Found::Absent);
    assert_eq!(reader.requests(), 4);
    let other = Reader::of(3, 0);
    assert_eq!(other.find(3, OnMiss::NextPage).await, Found::Listed(3));
    assert_eq!(other.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_list_is_bounded_as_a_whole() {
    for (bounds, requests) in [
        (Bounds { entries: 7, bytes: 1000 }, 4),
        (Bounds { entries: 1000, bytes: 25 }, 3),
        (Bounds { entries: 0, bytes: 1000 }, 1),
    ] {
        let mut reader = Reader::of(usize::MAX, 0);
        reader.list = Arc::new(Listing::bounded(bounds, [reader.writes.clone()]));
        let error = reader.all(Freshness::Cached).await.unwrap_err();
        assert!(matches!(error, Error::ListTooLong { entries, .. } if entries == bounds.entries), "{error}");
        assert_eq!(reader.server.requests.load(Ordering::SeqCst), requests);
        // Nothing of it is kept, and what was asked for again is bounded again.
        assert_eq!(reader.list.peek(|_| true), None);
        assert!(reader.all(Freshness::Cached).await.is_err());
    }
    let mut reader = Reader::of(4, 0);
    reader.list = Arc::new(Listing::bounded(Bounds { entries: 8, bytes: 40 }, [reader.writes.clone()]));
    assert_eq!(reader.all(Freshness::Cached).await.unwrap().len(), 8);
}
