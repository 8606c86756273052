//! What people may read of a text that a server says: no secret, nothing that moves a terminal, no command to a CI system.
//!
//! Three things are taken for a secret: what this process holds, in the encodings below ([`hold`]); a word whose Okta hash
//! is that of a secret ([`hold_hash`]); and what looks like one, which is a guess and the second line.
//!
//! | encoding | how it is found |
//! |---|---|
//! | as it is, percent-encoded, escaped as in JSON, with characters between that nobody sees | the text is decoded |
//! | base64 and base64url at three alignments, hexadecimal | the secret is encoded |
//!
//! Only what people read is changed. A value that is compared, sent back or used as a secret is [`fit`] or an error.

pub mod checked;
mod held;
mod shape;
mod text;
mod view;

use std::borrow::Cow;
use std::ops::Range;

pub use held::{hold, hold_hash};
pub use shape::looks_like_an_id;
pub use text::ServerText;

use self::view::{Encoding, View};

/// What stands in the place of a secret.
const MASK: &str = "***";
/// No vendor's text is longer, in characters, and nobody would read it.
const LONGEST: usize = 2000;
/// Of a longer text this many bytes may be shown.
const BEGINNING: usize = 4 * LONGEST;
/// This many bytes of a text are searched, so that a secret that only begins in what may be shown is found as a whole.
const SEARCHED: usize = 64 * 1024;

/// What a server says, as people may read it.
#[must_use]
pub fn redact(text: &str) -> String {
    readable(text, shape::find)
}

/// [`redact`] for what is nobody's sentence, such as a page or a body that breaks off: half of a secret may stand at its end.
#[must_use]
pub fn redact_page(text: &str) -> String {
    readable(text, |view, found| {
        shape::find(view, found);
        shape::find_parts(view, found);
    })
}

fn readable(text: &str, guess: impl Fn(&View, &mut Vec<Range<usize>>)) -> String {
    let found = search(beginning(text, SEARCHED), |view, found| {
        held::find(view, found);
        held::find_hashed(view, found);
        guess(view, found);
    });
    let shown = text::clean(&masked(beginning(text, BEGINNING), found));
    match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

/// A text of our own, without the secrets that this process holds: for what leaves the process on any way.
#[must_use]
pub fn hide_held(text: &str) -> Cow<'_, str> {
    if !held::is_any() {
        return Cow::Borrowed(text);
    }
    let found = search(text, held::find);
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(masked(text, found)) }
}

/// A value of a server that must stay as it is, because it is compared or sent back.
///
/// # Errors
/// When it holds control characters, or a secret that is known: then it is not what it is meant to be.
pub fn fit(value: &str) -> Result<(), Unfit> {
    fit_but_for(value, |_, _| ())
}

/// [`fit`] for a key, a name, an address or a property, which cannot look like a secret either.
///
/// # Errors
/// Those of [`fit`], and what looks like a secret beyond doubt.
pub fn fit_word(value: &str) -> Result<(), Unfit> {
    fit_but_for(value, shape::find_in_word)
}

/// [`fit`] for an id.
///
/// # Errors
/// Those of [`fit`], what [is none](looks_like_an_id), and what looks like a secret beyond doubt.
pub fn fit_id(value: &str) -> Result<(), Unfit> {
    if looks_like_an_id(value) { fit_but_for(value, shape::find_in_id) } else { Err(Unfit::NotAnId) }
}

fn fit_but_for(value: &str, find: impl Fn(&View, &mut Vec<Range<usize>>)) -> Result<(), Unfit> {
    if value.len() > SEARCHED {
        return Err(Unfit::TooLong);
    }
    if value.contains(text::is_control) {
        return Err(Unfit::Control);
    }
    let found = search(value, |view, found| {
        held::find(view, found);
        held::find_hashed(view, found);
        find(view, found);
    });
    if found.is_empty() { Ok(()) } else { Err(Unfit::Secret) }
}

/// Why a value cannot be what it is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It holds what no value holds.
    #[error("a member holds control characters")]
    Control,
    /// It is longer than any.
    #[error("a member is longer than {} KiB", SEARCHED / 1024)]
    TooLong,
    /// It is not an id.
    #[error("an id is not made of letters, digits, \"-\" and \"_\", or has more than {} of them", shape::LONGEST_ID)]
    NotAnId,
    /// It holds what must not be shown.
    #[error("a member holds what looks like a secret")]
    Secret,
}

impl Unfit {
    const ALL: [Self; 4] = [Self::Control, Self::TooLong, Self::NotAnId, Self::Secret];
}

/// The ranges of `text` that `find` finds in it and in what it decodes to, in order, none touching another.
fn search(text: &str, find: impl Fn(&View, &mut Vec<Range<usize>>)) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut views = vec![View::of(text)];
    while let Some(view) = views.pop() {
        find(&view, &mut found);
        views.extend(Encoding::ALL.into_iter().filter_map(|encoding| view.decoded(encoding)));
    }
    found.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The text with a mask for each range, which may end behind it.
fn masked(text: &str, found: Vec<Range<usize>>) -> String {
    let (mut masked, mut from) = (String::new(), 0);
    for range in found.into_iter().filter(|range| range.start < text.len()) {
        masked.push_str(&text[from..range.start]);
        masked.push_str(MASK);
        from = range.end.min(text.len());
    }
    masked + &text[from..]
}

fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or_default()]
}

#[cfg(test)]
mod tests;
