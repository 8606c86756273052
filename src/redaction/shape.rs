//! What looks like a secret, without being known as one.

use std::ops::Range;

use super::view::View;

/// Client secrets and access tokens have 40 characters and more, ids of Okta 20.
const SHORTEST: usize = 32;
/// In what is nobody's sentence. Addresses go too.
const SHORTEST_PART: usize = 16;
/// In a value that must stay as it is, what is shorter may be a random id: some have 32 characters.
const SHORTEST_IN_VALUE: usize = 36;
/// So often a random text changes between letters and digits, or from a small letter to a capital, as words do not: one of 40
/// characters does it seventeen times.
const FEWEST_CHANGES: usize = 9;
/// The longest id that is believed: a secret of 40 characters has 80 hexadecimal digits.
pub(super) const LONGEST_ID: usize = 64;
/// No word has more letters.
const LONGEST_WORD: usize = 20;
/// Of what has slashes as a path has, one in so many characters may belong to a word by chance.
const MOST_WORDS: usize = 8;
/// No number that stands among words has more digits.
const LONGEST_NUMBER: usize = 8;

/// Whether a text can be the id of something, as one that stands in a path or in a command.
pub fn looks_like_an_id(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_ID).contains(&text.len())
        && text.bytes().all(is_part)
        // A command would take it for an option.
        && !text.starts_with('-')
}

/// Adds where a text has what looks like a secret.
pub(super) fn find(view: &View, found: &mut Vec<Range<usize>>) {
    find_runs(view, found, is_secret);
    find_runs_with_slashes(view, found, |run| run.len() >= SHORTEST && has_all_classes(run));
}

/// Adds where a text has what may be a part of a secret.
pub(super) fn find_parts(view: &View, found: &mut Vec<Range<usize>>) {
    let runs = view.runs(|byte| is_token(byte) || matches!(byte, b'/' | b'+' | b'=' | b'.' | b'~'));
    found.extend(runs.into_iter().filter(|run| run.len() >= SHORTEST_PART).map(|run| view.place(run)));
}

/// Adds where an id has what looks like a secret. An id is made by a program, and may be random too, and shorter.
pub(super) fn find_in_id(view: &View, found: &mut Vec<Range<usize>>) {
    find_runs(view, found, |run| run.len() >= SHORTEST_IN_VALUE && has_all_classes(run) && is_secret(run));
}

/// Adds where a key, a name, an address or a property has what looks like a secret. People make these of words, in any
/// writing.
pub(super) fn find_in_word(view: &View, found: &mut Vec<Range<usize>>) {
    let is_random =
        |run: &[u8]| run.len() >= SHORTEST_IN_VALUE && has_all_classes(run) && !is_uuid(run) && has_changes(run);
    find_runs(view, found, |run| run.len() > LONGEST_ID || is_random(run));
    find_runs_with_slashes(view, found, is_random);
}

fn find_runs(view: &View, found: &mut Vec<Range<usize>>, is_meant: impl Fn(&[u8]) -> bool) {
    let runs = view.runs(is_token).into_iter();
    found.extend(runs.filter(|run| is_meant(&view.bytes[run.clone()])).map(|run| view.place(run)));
}

/// Some secrets have a slash or a plus, as base64 and paths have: then hardly anything of it may be words.
fn find_runs_with_slashes(view: &View, found: &mut Vec<Range<usize>>, is_meant: impl Fn(&[u8]) -> bool) {
    for run in view.runs(|byte| is_token(byte) || matches!(byte, b'/' | b'+' | b'=')) {
        let bytes = &view.bytes[run.clone()];
        let parts = bytes.split(|byte| matches!(byte, b'/' | b'+' | b'=')).filter(|part| part.len() >= 4);
        let words: usize = parts.clone().filter(|part| is_words(part)).map(<[u8]>::len).sum();
        if is_meant(bytes) && parts.count() > 0 && words * MOST_WORDS <= bytes.len() {
            found.push(view.place(run));
        }
    }
}

fn has_changes(run: &[u8]) -> bool {
    let is_change = |pair: &&[u8]| match (pair[0], pair[1]) {
        (first, second) if first.is_ascii_digit() => second.is_ascii_alphabetic(),
        (first, second) if first.is_ascii_lowercase() => second.is_ascii_digit() || second.is_ascii_uppercase(),
        (first, second) => first.is_ascii_uppercase() && second.is_ascii_digit(),
    };
    run.windows(2).filter(is_change).count() >= FEWEST_CHANGES
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_secret(run: &[u8]) -> bool {
    run.len() >= SHORTEST && !is_words(run) && !is_uuid(run)
}

fn has_all_classes(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_uppercase)
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.iter().any(u8::is_ascii_digit)
}

/// Whether these are words and numbers, as in the last part of a page's address: `getting-started-with-SSO-2024`.
fn is_words(run: &[u8]) -> bool {
    run.split(|byte| matches!(byte, b'-' | b'_')).all(|part| {
        let digits = part.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        digits <= LONGEST_NUMBER && is_word(&part[..part.len() - digits])
    })
}

/// One word, or several with a capital each and two small letters at least: `CloudIdentity`.
fn is_word(letters: &[u8]) -> bool {
    let is_plain = letters.iter().all(u8::is_ascii_lowercase) || letters.iter().all(u8::is_ascii_uppercase);
    if is_plain && letters.len() <= LONGEST_WORD {
        return true;
    }
    let mut humps = letters.chunk_by(|_, next| next.is_ascii_lowercase());
    letters.iter().all(u8::is_ascii_alphabetic) && humps.all(|hump| (3..=LONGEST_WORD).contains(&hump.len()))
}

fn is_uuid(run: &[u8]) -> bool {
    run.len() == 36
        && run.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
