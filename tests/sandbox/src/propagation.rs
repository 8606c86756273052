//! What was just created is not everywhere at once: Okta's own tests wait two seconds after a create.

use crate::{clock, settings::Settings};
use rand::RngExt as _;
use std::time::{Duration, Instant};

/// How long it takes where the settings do not say, in milliseconds: drawn for each object and each reader.
const USUAL_MS: std::ops::RangeInclusive<u64> = 1000..=2000;

/// From when on an object that is created now is seen by one of its readers.
pub fn visible_from(settings: &Settings) -> Instant {
    let delay = settings.propagation_ms.unwrap_or_else(|| rand::rng().random_range(USUAL_MS));
    clock::after(Duration::from_millis(delay))
}
