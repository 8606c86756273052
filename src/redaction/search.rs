//! Where secrets are in a text, also in what it decodes to.

use std::ops::Range;

use super::view::{Encoding, View};

/// This many bytes of a text are searched, so that a secret that only begins in what may be shown is found as a whole.
pub(super) const SEARCHED: usize = 64 * 1024;

/// The ranges of `text` that `find` finds in it and in what it decodes to, in order, none touching another.
pub(super) fn search(text: &str, find: impl Fn(&View, &mut Vec<Range<usize>>)) -> Vec<Range<usize>> {
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
