//! How many requests may be under way at once at one server, once it has said that there were too many.

use std::time::Duration;

use tokio::time::Instant;

use super::{Cause, Wait};

/// Refusals that come together are one: they say the same of the same moment.
const TOGETHER: Duration = Duration::from_secs(1);
/// A server that takes this many at once is not asked to bear less any more.
const NO_CROWD: u32 = 64;

#[derive(Debug, Default)]
pub(super) struct Crowd {
    under_way: u32,
    /// None as long as the server has never complained.
    most: Option<u32>,
    /// Good answers since `most` was changed.
    good: u32,
    refused: Option<Instant>,
}

impl Crowd {
    pub fn wait(&self) -> Option<Wait> {
        let is_full = self.most.is_some_and(|most| self.under_way >= most);
        is_full.then_some(Wait { until: None, cause: Cause::Answer, news: None })
    }

    pub fn enters(&mut self) {
        self.under_way += 1;
    }

    pub fn leaves(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// Half as many from now on.
    pub fn is_refused(&mut self, now: Instant) {
        if self.refused.is_none_or(|refused| now >= refused + TOGETHER) {
            self.refused = Some(now);
            self.most = Some((self.under_way / 2).max(1));
            self.good = 0;
        }
    }

    /// One more after each round of good answers.
    pub fn is_welcome(&mut self) {
        let Some(most) = self.most else { return };
        self.good += 1;
        if self.good >= most {
            self.good = 0;
            self.most = Some(most + 1).filter(|most| *most < NO_CROWD);
        }
    }
}
