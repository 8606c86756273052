//! Quotas per minute, one for each family of paths.

use crate::clock;
use std::collections::HashMap;

const WINDOW_SECONDS: u64 = 60;
const FAMILIES: [&str; 5] =
    ["/integrations/api/v1/api-services", "/api/v1/users", "/oauth2/v1/token", "/oauth2/v1/clients", "/.well-known"];

#[derive(Clone, Default)]
pub struct RateLimits {
    windows: HashMap<&'static str, Window>,
}

#[derive(Clone, Default)]
struct Window {
    /// In seconds since 1970: when the count starts again.
    reset: u64,
    used: u32,
}

/// What the `X-Rate-Limit-*` headers say about one request.
pub struct Quota {
    pub limit: u32,
    pub remaining: u32,
    pub reset: u64,
    pub exceeded: bool,
}

impl RateLimits {
    /// Counts a request. A window begins with its first request, so that no test straddles a fixed minute.
    pub fn take(&mut self, path: &str, limit: u32) -> Quota {
        let family = FAMILIES.into_iter().find(|family| path.starts_with(family)).unwrap_or_default();
        let window = self.windows.entry(family).or_default();
        let now = clock::epoch_seconds();
        if now >= window.reset {
            *window = Window { reset: now + WINDOW_SECONDS, used: 0 };
        }
        let exceeded = window.used >= limit;
        if !exceeded {
            window.used += 1;
        }
        Quota { limit, remaining: limit.saturating_sub(window.used), reset: window.reset, exceeded }
    }

    /// A new limit applies to a fresh minute.
    pub fn restart(&mut self) {
        self.windows.clear();
    }
}
