//! What a server lists, asked for once in a run for all who want to know.
//!
//! Terraform reads each resource by itself, and hundreds of them are on the same few pages. The first reader fetches a
//! page while the others wait, and each page is kept until we write something: whoever looks after that asks again. A
//! reader that must not be told what was known before says how old an answer may be ([`Freshness`]).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::client::Http;
use super::error::Error;

/// How old an answer may be.
#[derive(Clone, Copy, Debug)]
pub enum Freshness {
    /// From any time since the provider was configured, as long as we have not written since.
    Cached,
    /// Asked for at this instant or later.
    Since(Instant),
}

impl Freshness {
    /// Asked for from now on.
    pub fn now() -> Self {
        Self::Since(Instant::now())
    }
}

/// Counts the beginnings and ends of our own writes, so that nothing is remembered across one. Clones count together.
#[derive(Clone, Default)]
pub struct Writes(Arc<AtomicU64>);

impl Writes {
    /// Something is about to be written; dropped when its outcome is known, or is not going to be.
    pub fn begin(&self) -> Writing {
        self.0.fetch_add(1, Ordering::SeqCst);
        Writing(self.clone())
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A write that is under way.
pub struct Writing(Writes);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// How long a list may be as a whole, whatever its server says: all of it is kept while the process lives.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How many entries.
    pub entries: usize,
    /// How many bytes of answers.
    pub bytes: usize,
}

impl Bounds {
    /// For what an org or an account has of a kind. The largest have thousands.
    pub const OF_AN_ACCOUNT: Self = Self { entries: 20_000, bytes: 16 * 1024 * 1024 };
}

/// One page of a list.
pub struct ListPage<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// How long the answer was, in bytes.
    pub bytes: usize,
    /// Where the next one is.
    pub next: Option<Url>,
}

/// A list, as far as it was fetched.
pub struct Listing<T> {
    /// Whose writes change what the list says.
    writes: Vec<Writes>,
    bounds: Bounds,
    /// Held by who fetches.
    pages: Mutex<Pages<T>>,
    /// How many fetches failed so far.
    failures: AtomicU64,
}

/// The pages so far.
struct Pages<T> {
    /// When the first one was asked for.
    began: Option<Instant>,
    /// The count of writes at that moment.
    version: u64,
    number: usize,
    bytes: usize,
    items: Vec<T>,
    next: Option<Url>,
    is_one_asked_alone: bool,
}

/// What became of a search for one item.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// It is on the list.
    Listed(T),
    /// It is on none of the pages.
    Absent,
    /// It is not on the pages so far, and there are more: ask for it alone.
    AskAlone,
}

/// What a search does when the item is not on the pages so far, and there are more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnMiss {
    /// Goes on with the next page.
    NextPage,
    /// The first one has its item asked for alone, which is all that a configuration with one item of many needs; those
    /// that follow go on.
    FirstAlone,
}

impl<T: Clone> Listing<T> {
    /// An empty one, which forgets what it was told when one of `writes` happens.
    pub fn new(writes: impl IntoIterator<Item = Writes>) -> Self {
        Self::bounded(Bounds::OF_AN_ACCOUNT, writes)
    }

    /// [`Self::new`] with bounds of its own.
    pub fn bounded(bounds: Bounds, writes: impl IntoIterator<Item = Writes>) -> Self {
        let writes = writes.into_iter().collect();
        Self { writes, bounds, pages: Mutex::new(Pages::none(0)), failures: AtomicU64::new(0) }
    }

    /// Everything on the list. `fetch` gets the page at an address (None: the first one), and is told its number.
    ///
    /// # Errors
    /// Those of `fetch`, and those of waiting for another reader's.
    pub async fn all<E: From<Error>, Fetch: Future<Output = Result<ListPage<T>, E>>>(
        &self,
        http: &Http,
        freshness: Freshness,
        fetch: impl Fn(Option<Url>, usize) -> Fetch,
    ) -> Result<Vec<T>, E> {
        self.read(http, freshness, fetch, |pages| pages.is_complete().then(|| pages.items.clone())).await
    }

    /// The item that is `wanted`, from as few pages as possible.
    ///
    /// # Errors
    /// Those of [`Self::all`].
    pub async fn find<E: From<Error>, Fetch: Future<Output = Result<ListPage<T>, E>>>(
        &self,
        http: &Http,
        wanted: impl Fn(&T) -> bool,
        on_miss: OnMiss,
        fetch: impl Fn(Option<Url>, usize) -> Fetch,
    ) -> Result<Found<T>, E> {
        let search = |pages: &mut Pages<T>| match pages.items.iter().find(|item| wanted(item)) {
            Some(item) => Some(Found::Listed(item.clone())),
            None if pages.is_complete() => Some(Found::Absent),
            None if pages.began.is_some() && on_miss == OnMiss::FirstAlone && !pages.is_one_asked_alone => {
                pages.is_one_asked_alone = true;
                Some(Found::AskAlone)
            }
            None => None,
        };
        self.read(http, Freshness::Cached, fetch, search).await
    }

    /// The item that is `wanted`, if it is known already. Fetches nothing, and waits for nobody.
    pub fn peek(&self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        let pages = self.pages.try_lock().ok()?;
        let is_current = pages.version == self.version();
        pages.items.iter().filter(|_| is_current).find(|item| wanted(item)).cloned()
    }

    async fn read<R, E: From<Error>, Fetch: Future<Output = Result<ListPage<T>, E>>>(
        &self,
        http: &Http,
        freshness: Freshness,
        fetch: impl Fn(Option<Url>, usize) -> Fetch,
        answer: impl Fn(&mut Pages<T>) -> Option<R>,
    ) -> Result<R, E> {
        let failures = self.failures.load(Ordering::SeqCst);
        let mut pages = http.unless_late(self.pages.lock()).await?;
        if !pages.are_current(self.version(), freshness) {
            *pages = Pages::none(self.version());
        }
        if let Some(answer) = answer(&mut pages) {
            return Ok(answer);
        }
        let outcome = if self.failures.load(Ordering::SeqCst) == failures {
            pages.extend(self.bounds, fetch, answer).await
        } else {
            // Somebody's fetch failed while we waited for it: all who waited go on at the same time, each for itself.
            // One after the other, they would wait for as many failures.
            drop(pages);
            Pages::none(self.version()).extend(self.bounds, fetch, answer).await
        };
        if outcome.is_err() {
            self.failures.fetch_add(1, Ordering::SeqCst);
        }
        outcome
    }

    fn version(&self) -> u64 {
        self.writes.iter().map(Writes::count).sum()
    }
}

impl<T> Pages<T> {
    fn none(version: u64) -> Self {
        Self { began: None, version, number: 0, bytes: 0, items: Vec::new(), next: None, is_one_asked_alone: false }
    }

    fn are_current(&self, version: u64, freshness: Freshness) -> bool {
        self.version == version
            && match freshness {
                Freshness::Cached => true,
                Freshness::Since(instant) => self.began.is_some_and(|began| began >= instant),
            }
    }

    fn is_complete(&self) -> bool {
        self.began.is_some() && self.next.is_none()
    }

    /// Fetches page after page until there is an answer, which a complete list always has.
    async fn extend<R, E: From<Error>, Fetch: Future<Output = Result<ListPage<T>, E>>>(
        &mut self,
        bounds: Bounds,
        fetch: impl Fn(Option<Url>, usize) -> Fetch,
        answer: impl Fn(&mut Self) -> Option<R>,
    ) -> Result<R, E> {
        loop {
            let asked = Instant::now();
            let ListPage { mut items, bytes, next } = fetch(self.next.clone(), self.number).await?;
            self.began.get_or_insert(asked);
            self.number += 1;
            self.bytes += bytes;
            if self.items.len() + items.len() > bounds.entries || self.bytes > bounds.bytes {
                *self = Self::none(self.version);
                return Err(Error::ListTooLong { entries: bounds.entries, bytes: bounds.bytes }.into());
            }
            self.items.append(&mut items);
            self.next = next;
            if let Some(answer) = answer(self) {
                return Ok(answer);
            }
        }
    }
}
