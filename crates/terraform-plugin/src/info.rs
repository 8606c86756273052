//! What a provider says of itself.

use std::borrow::Cow;

/// The last look at a text before people can read it.
pub type Redact = fn(&str) -> Cow<'_, str>;

/// What a provider says of itself.
#[derive(Debug)]
pub struct Info {
    /// Where configurations find it: `registry.terraform.io/<namespace>/<name>`.
    pub address: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The crates whose events go to Terraform's log, by the name that `tracing` has for them. Those of others stay out: an
    /// HTTP library's may show headers.
    pub log_targets: &'static [&'static str],
    /// Looks at every diagnostic, progress message and log line last, and hides what nobody may read. A provider that holds
    /// secrets should know them here.
    pub redact: Redact,
}

impl Info {
    /// One whose provider logs nothing of its own and holds no secrets.
    #[must_use]
    pub const fn new(address: &'static str, version: &'static str) -> Self {
        Self { address, version, log_targets: &[], redact: |text| Cow::Borrowed(text) }
    }

    /// The provider's name, which is the last part of its address.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.address.rsplit('/').next().unwrap_or_default()
    }
}
