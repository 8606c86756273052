//! Texts as people may read them.

use std::borrow::Cow;
use std::ops::Range;

use super::search::{SEARCHED, search};
use super::view::View;
use super::{characters, held, shape};

/// What stands in the place of a secret.
pub(super) const MASK: &str = "***";
/// No vendor's text is longer, in characters, and nobody would read it.
const LONGEST: usize = 2000;
/// Of a longer text this many bytes may be shown.
pub(super) const BEGINNING: usize = 4 * LONGEST;
/// What a server says, as people may read it.
pub fn redact(text: &str) -> String {
    readable(text, shape::find)
}

/// [`redact`] for what is nobody's sentence, such as a page or a body that breaks off: half of a secret may stand at its end.
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
    let shown = characters::clean(&masked(beginning(text, BEGINNING), found));
    match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

/// A text of our own, without the secrets that this process holds: for what leaves the process on any way.
pub fn hide_held(text: &str) -> Cow<'_, str> {
    if !held::is_any() {
        return Cow::Borrowed(text);
    }
    let found = search(text, held::find);
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(masked(text, found)) }
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
