//! Values of a server that must stay as they are: whether they are what they are meant to be.

use std::ops::Range;

use super::search::{SEARCHED, search};
use super::shape::looks_like_an_id;
use super::view::View;
use super::{characters, held, shape};

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
    if value.contains(characters::is_control) {
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
    pub(super) const ALL: [Self; 4] = [Self::Control, Self::TooLong, Self::NotAnId, Self::Secret];
}
