//! Quotas per window, one for each family of paths of each host, and how well the callers keep to them.

use crate::clock;
use serde::Serialize;
use std::{collections::BTreeMap, num::NonZeroU64};

const FAMILIES: [&str; 5] =
    ["/integrations/api/v1/api-services", "/api/v1/users", "/oauth2/v1/token", "/oauth2/v1/clients", "/.well-known"];

#[derive(Clone, Default)]
pub struct RateLimits {
    buckets: BTreeMap<Bucket, Window>,
}

/// What is counted together. Each host is limited by itself, as if it were an org of its own.
pub type Bucket = (String, &'static str);

#[derive(Clone, Default)]
struct Window {
    /// In seconds since 1970: when the count starts again.
    reset: u64,
    used: u32,
    /// An answer with nothing left, or a refusal, was sent: who sends now was told to wait.
    has_told: bool,
    tally: Tally,
}

/// What came since the count was cleared.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Tally {
    requests: u32,
    windows: u32,
    /// Requests that were refused because the window was exhausted.
    refused: u32,
    /// Requests that arrived while their senders were told to wait.
    too_early: u32,
}

/// A tally with its bucket.
#[derive(Serialize)]
pub struct BucketTally {
    host: String,
    family: &'static str,
    #[serde(flatten)]
    tally: Tally,
}

/// What the `X-Rate-Limit-*` headers say about one request.
pub struct Quota {
    pub limit: u32,
    pub remaining: u32,
    pub reset: u64,
    pub exceeded: bool,
    bucket: Bucket,
}

impl RateLimits {
    /// Counts a request. A window begins with its first request, so that no test straddles a fixed minute, and ends with
    /// a second, so that the header says exactly when.
    pub fn take(&mut self, host: &str, path: &str, limit: u32, seconds: NonZeroU64) -> Quota {
        let family = FAMILIES.into_iter().find(|family| path.starts_with(family)).unwrap_or_default();
        let bucket = (host.to_owned(), family);
        let window = self.buckets.entry(bucket.clone()).or_default();
        let now = clock::epoch_seconds();
        if now >= window.reset {
            window.reset = now + seconds.get();
            window.used = 0;
            window.has_told = false;
            window.tally.windows += 1;
        }
        let exceeded = window.used >= limit;
        if !exceeded {
            window.used += 1;
        }
        window.tally.requests += 1;
        window.tally.refused += u32::from(exceeded);
        window.tally.too_early += u32::from(window.has_told);
        Quota { limit, remaining: limit.saturating_sub(window.used), reset: window.reset, exceeded, bucket }
    }

    /// Notes that an answer with this quota is sent.
    pub fn told(&mut self, quota: &Quota) {
        if let Some(window) = self.buckets.get_mut(&quota.bucket)
            && window.reset == quota.reset
            && (quota.exceeded || quota.remaining == 0)
        {
            window.has_told = true;
        }
    }

    /// A new limit applies to a fresh window, and nothing was counted yet.
    pub fn restart(&mut self) {
        self.buckets.clear();
    }

    pub fn tallies(&self) -> Vec<BucketTally> {
        let of = |(bucket, window): (&Bucket, &Window)| BucketTally {
            host: bucket.0.clone(),
            family: bucket.1,
            tally: window.tally,
        };
        self.buckets.iter().map(of).collect()
    }
}
