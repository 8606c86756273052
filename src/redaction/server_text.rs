//! A text that a server says.

use std::fmt;

use serde::{Deserialize, Deserializer};

use super::readable::redact;
use crate::instant_text;

/// A text of a successful answer that people read: whoever prints it gets it redacted.
///
/// It compares as it is, so that nothing changes about what is the same and what comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerText(String);

impl ServerText {
    /// As people may read it, and as it may be stored.
    pub fn shown(&self) -> String {
        redact(&self.0)
    }

    /// [`Self::shown`], or `otherwise` where the server said nothing.
    pub fn shown_or(text: Option<&Self>, otherwise: &str) -> String {
        text.map_or_else(|| otherwise.to_owned(), Self::shown)
    }

    /// Whether it is the same as a text of ours.
    pub fn is(&self, other: &str) -> bool {
        self.0 == other
    }

    /// The instant that it tells (ISO 8601), in nanoseconds since 1970. None where it is not a time.
    pub fn unix_nanos(&self) -> Option<i128> {
        instant_text::unix_nanos(&self.0)
    }
}

impl From<&str> for ServerText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for ServerText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl fmt::Display for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown(), f)
    }
}
