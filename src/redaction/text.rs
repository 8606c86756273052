//! A text that a server says, and what of its characters a terminal or a CI system would take for more than a text.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::instant_text;

/// A text of a successful answer that people read: whoever prints it gets it redacted.
///
/// It compares as it is, so that nothing changes about what is the same and what comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerText(String);

impl ServerText {
    /// As people may read it, and as it may be stored.
    #[must_use]
    pub fn shown(&self) -> String {
        super::redact(&self.0)
    }

    /// [`Self::shown`], or `otherwise` where the server said nothing.
    #[must_use]
    pub fn shown_or(text: Option<&Self>, otherwise: &str) -> String {
        text.map_or_else(|| otherwise.to_owned(), Self::shown)
    }

    /// Whether it is the same as a text of ours.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0 == other
    }

    /// The instant that it tells (ISO 8601), in nanoseconds since 1970. None where it is not a time.
    #[must_use]
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

/// What a terminal obeys, or what changes the order or the lines of a text: control characters, line and paragraph
/// separators, and the controls of bidirectional text.
pub(super) fn is_control(character: char) -> bool {
    let directs =
        matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || directs || matches!(character, '\u{2028}' | '\u{2029}')
}

/// What could part a secret without being seen: control characters, and those of no width, which many languages need.
pub(super) fn is_invisible(character: char) -> bool {
    let has_no_width = matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}'
    );
    is_control(character) || has_no_width
}

/// The same in one line that means nothing to a terminal or a CI system: a white space in the place of line breaks and tabs,
/// `\u{fffd}` in the place of other control characters.
///
/// A line of GitHub's runner that begins with `::`, and a `##[` or `##vso[` anywhere in GitHub's and Azure's, is a command.
pub(super) fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' => ' ',
            control if is_control(control) => char::REPLACEMENT_CHARACTER,
            visible => visible,
        })
        .collect();
    let words = visible
        .split(' ')
        .map(|word| word.strip_prefix("::").map_or_else(|| word.to_owned(), |rest| format!(": :{rest}")));
    words.collect::<Vec<_>>().join(" ").replace("##[", "## [").replace("##vso[", "## vso[").trim().to_owned()
}
