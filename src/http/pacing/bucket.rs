//! One bucket: what the server said of it last, and which requests are under way since.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::quota::Quota;
use super::{Cause, Moment, Wait};

/// When less than one part in so many is left of what may be used, requests are spread over the rest of the window.
const SLOW_PART: u32 = 10;
/// How long the first request of a bucket keeps the others waiting for what its answer says.
const FIRST_ANSWER: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
pub(super) struct Bucket {
    /// Held by the one request that asks for a place.
    pub turn: Arc<Mutex<()>>,
    under_way: u32,
    last_sent: Option<Instant>,
    window: Option<Window>,
    /// The server answered, and told no limit.
    is_silent: bool,
    /// The server refused, and said until when.
    closed_until: Option<Instant>,
    /// The wait that was logged last.
    announced: Option<Instant>,
}

/// A period for which the server counts.
#[derive(Debug)]
struct Window {
    quota: Quota,
    /// The next one has begun, with a full quota as far as we know; no answer has told of it yet.
    is_over: bool,
    /// It was logged that requests are spread.
    is_slow: bool,
}

impl Window {
    fn new(quota: Quota) -> Self {
        Self { quota, is_over: false, is_slow: false }
    }

    /// How many requests may be used of a full window, at least one: others share it, and their part is kept free.
    fn share(&self, capacity: u32) -> u32 {
        let share = u64::from(self.quota.limit) * u64::from(capacity) / 100;
        u32::try_from(share).unwrap_or(self.quota.limit).max(1)
    }

    /// How many of them are left, those under way included.
    fn usable(&self, capacity: u32) -> u32 {
        self.quota.remaining.saturating_sub(self.quota.limit.saturating_sub(self.share(capacity)))
    }

    fn note_end(&mut self, now: Moment) {
        if !self.is_over && self.quota.reset.here(now) <= now.here {
            self.is_over = true;
            self.quota.remaining = self.quota.limit;
        }
    }

    /// Answers overtake one another: of one window, the one that leaves least is the latest.
    fn learn(&mut self, quota: Quota) {
        if quota.reset > self.quota.reset {
            *self = Self::new(quota);
        } else if quota.reset == self.quota.reset && !self.is_over {
            self.quota.limit = quota.limit;
            self.quota.remaining = self.quota.remaining.min(quota.remaining);
        }
    }
}

impl Bucket {
    /// Why a request has to wait now, if it has to. `name` is what a log calls the bucket.
    pub fn wait(&mut self, now: Moment, capacity: u32, hurries: bool, name: &str) -> Option<Wait> {
        if let Some(until) = self.opens_at(now, capacity) {
            let seconds = (until - now.here).as_secs_f64();
            let news = format!("the rate limit of {name} is reached: waiting {seconds:.1} s");
            return Some(Wait { until: Some(until), cause: Cause::Limit, news: self.announce(until, news) });
        }
        let answer = |until| Some(Wait { until, cause: Cause::Answer, news: None });
        let Some(window) = &mut self.window else {
            let until = self.last_sent.map(|sent| sent + FIRST_ANSWER).filter(|until| *until > now.here);
            return if self.is_silent || self.under_way == 0 {
                None
            } else {
                until.and_then(|until| answer(Some(until)))
            };
        };
        let (usable, few) = (window.usable(capacity), window.share(capacity) / SLOW_PART);
        let left = usable.saturating_sub(self.under_way);
        if left > few {
            return None;
        }
        if left == 0 || usable > few {
            // It is scarce only if the server has not yet counted those under way.
            let until = (!window.is_over).then(|| window.quota.reset.here(now));
            return answer(until);
        }
        if hurries || window.is_over {
            return None;
        }
        let last = self.last_sent.unwrap_or(now.here);
        let end = window.quota.reset.here(now);
        let until = last + end.saturating_duration_since(last) / (left + 1);
        (until > now.here).then(|| {
            let seconds = (end - now.here).as_secs_f64();
            let is_news = !std::mem::replace(&mut window.is_slow, true);
            let news = format!("the rate limit of {name} is near: spreading {left} requests over {seconds:.1} s");
            Wait { until: Some(until), cause: Cause::Slow, news: is_news.then_some(news) }
        })
    }

    /// When there will be places again, if there are none whatever the requests under way bring.
    pub fn opens_at(&mut self, now: Moment, capacity: u32) -> Option<Instant> {
        if let Some(until) = self.closed_until.filter(|until| *until > now.here) {
            return Some(until);
        }
        let window = self.window.as_mut()?;
        window.note_end(now);
        if window.usable(capacity) > 0 {
            return None;
        }
        if window.is_over {
            // All that was sent into the new window got lost: nothing is known again.
            self.window = None;
            return None;
        }
        Some(window.quota.reset.here(now))
    }

    /// A request is sent.
    pub fn leaves(&mut self, now: Instant) {
        self.under_way += 1;
        self.last_sent = Some(now);
    }

    /// A request is answered.
    pub fn returns(&mut self, quota: Option<Quota>) {
        self.under_way = self.under_way.saturating_sub(1);
        match (quota, &mut self.window) {
            (Some(quota), Some(window)) => window.learn(quota),
            (Some(quota), None) => self.window = Some(Window::new(quota)),
            (None, Some(window)) => window.quota.remaining = window.quota.remaining.saturating_sub(1),
            (None, None) => self.is_silent = true,
        }
    }

    /// A request got no answer, and may have been counted.
    pub fn lost(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
        if let Some(window) = &mut self.window {
            window.quota.remaining = window.quota.remaining.saturating_sub(1);
        }
    }

    /// The server refused.
    pub fn close(&mut self, until: Instant) {
        self.closed_until = self.closed_until.max(Some(until));
    }

    /// One line for a wait, however often its end is computed anew.
    fn announce(&mut self, until: Instant, news: String) -> Option<String> {
        const SAME: Duration = Duration::from_millis(1500);
        let is_news = self.announced.is_none_or(|announced| until > announced + SAME);
        if is_news {
            self.announced = Some(until);
        }
        is_news.then_some(news)
    }
}
