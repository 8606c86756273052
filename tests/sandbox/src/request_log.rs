//! The requests that both systems got, in order of arrival. Calls of `/_sandbox/` are not among them.

use crate::{
    clock,
    side::Side,
    traffic::{Connection, Traffic},
};
use axum::http::{StatusCode, request::Parts};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

#[derive(Default)]
pub struct RequestLog {
    last: u64,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
pub struct Entry {
    n: u64,
    side: Side,
    /// The number of the connection on which it came, and what was spoken there.
    connection: u64,
    version: String,
    method: String,
    path: String,
    query: String,
    /// Null as long as there is no answer, and for good when a fault kept it from being sent.
    status: Option<u16>,
    /// Whether the played system handled the request at all; a fault may have kept it from that.
    acted: bool,
    /// Milliseconds since 1970.
    at: u64,
    /// Of the whole connection.
    #[serde(skip)]
    traffic: Arc<Traffic>,
}

/// What one side got, and what it answered.
#[derive(Default, Serialize)]
pub struct Tally {
    requests: u64,
    received: u64,
    sent: u64,
}

impl RequestLog {
    /// Notes an arrival and numbers it.
    pub fn arrived(&mut self, side: Side, connection: Connection, head: &Parts) -> u64 {
        let Parts { method, uri, version, .. } = head;
        self.last += 1;
        self.entries.push(Entry {
            n: self.last,
            side,
            connection: connection.number,
            version: format!("{version:?}"),
            method: method.to_string(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            status: None,
            acted: false,
            at: clock::epoch_milliseconds(),
            traffic: connection.traffic,
        });
        self.last
    }

    pub fn acted(&mut self, n: u64) {
        if let Some(entry) = self.entry(n) {
            entry.acted = true;
        }
    }

    pub fn answered(&mut self, n: u64, status: StatusCode) {
        if let Some(entry) = self.entry(n) {
            entry.status = Some(status.as_u16());
        }
    }

    /// Forgets the entries, not the count: `n` stays unique.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// An empty log that counts on: a request from before a reset, which is still held back, must not be taken for a new
    /// one when its answer is noted.
    pub fn continued(&self) -> Self {
        Self { last: self.last, entries: Vec::new() }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many these are, and the bytes of the connections on which they came, since each connection began.
    pub fn traffic(&self) -> BTreeMap<Side, Tally> {
        let mut sides = BTreeMap::from([(Side::Okta, Tally::default()), (Side::Druva, Tally::default())]);
        let mut seen = BTreeSet::new();
        for Entry { side, connection, traffic, .. } in &self.entries {
            let tally = sides.entry(*side).or_default();
            tally.requests += 1;
            if seen.insert(connection) {
                tally.received += traffic.received();
                tally.sent += traffic.sent();
            }
        }
        sides
    }

    pub fn last(&self) -> u64 {
        self.last
    }

    fn entry(&mut self, n: u64) -> Option<&mut Entry> {
        self.entries.iter_mut().rev().find(|entry| entry.n == n)
    }
}
