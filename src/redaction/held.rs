//! The secrets that this process holds, and where a text has one of them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::characters::is_invisible;
use super::view::View;
use crate::secret_hash::okta_hash;

/// In bytes. What is shorter stands in too many texts by chance.
const SHORTEST: usize = 8;

/// All that was held since the process began, by hashes: a secret itself stays in memory no longer than it is needed.
#[derive(Default)]
struct Held {
    /// Secrets in all their encodings, in one alphabet for base64 and base64url, by a hash of how each begins.
    patterns: HashMap<u64, Vec<Pattern>>,
    /// How long the shortest is: a text that is shorter has none.
    shortest: Option<usize>,
    /// Makes those hashes mean nothing to another process.
    key: RandomState,
    hashes: HashSet<String>,
}

struct Pattern {
    length: usize,
    digest: Digest,
    is_base64: bool,
}

type Digest = [u8; 32];

static HELD: LazyLock<RwLock<Held>> = LazyLock::new(RwLock::default);
static IS_ANY: AtomicBool = AtomicBool::new(false);

/// Notes a secret, token or key that this process holds, so that no text shows it. One of less than eight bytes is not noted.
pub fn hold(secret: &str) {
    let secret = secret.trim();
    if secret.len() < SHORTEST {
        return;
    }
    // A key has line breaks, which no text is searched with.
    let visible = Zeroizing::new(secret.replace(is_invisible, ""));
    let itself = Zeroizing::new(one_alphabet(visible.as_bytes()));
    if itself.len() < SHORTEST || HELD.read().unwrap_or_else(PoisonError::into_inner).has(&itself) {
        return;
    }
    let mut held = HELD.write().unwrap_or_else(PoisonError::into_inner);
    for (bytes, is_base64) in encodings(secret.as_bytes()) {
        held.add(&bytes, is_base64);
    }
    held.add(&itself, false);
    IS_ANY.store(true, Ordering::Release);
}

/// Notes Okta's hash of a secret that this process may not hold, so that no text shows the word that has it.
pub fn hold_hash(hash: &str) {
    if !HELD.read().unwrap_or_else(PoisonError::into_inner).hashes.contains(hash) {
        HELD.write().unwrap_or_else(PoisonError::into_inner).hashes.insert(hash.to_owned());
    }
}

impl Held {
    fn add(&mut self, bytes: &[u8], is_base64: bool) {
        let pattern = Pattern { length: bytes.len(), digest: digest(bytes), is_base64 };
        self.shortest = Some(self.shortest.map_or(bytes.len(), |shortest| shortest.min(bytes.len())));
        self.patterns.entry(self.key.hash_one(&bytes[..SHORTEST])).or_default().push(pattern);
    }

    fn has(&self, bytes: &[u8]) -> bool {
        self.at_start_of(bytes).any(|pattern| pattern.length == bytes.len())
    }

    /// The patterns that `bytes` begin with.
    fn at_start_of<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'a Pattern> {
        let candidates = bytes.get(..SHORTEST).and_then(|start| self.patterns.get(&self.key.hash_one(start)));
        candidates
            .into_iter()
            .flatten()
            .filter(|pattern| bytes.get(..pattern.length).is_some_and(|whole| digest(whole) == pattern.digest))
    }
}

/// Whether anything is held.
pub(super) fn is_any() -> bool {
    IS_ANY.load(Ordering::Acquire)
}

/// Adds where a text has a secret that is held.
pub(super) fn find(view: &View, found: &mut Vec<Range<usize>>) {
    let held = HELD.read().unwrap_or_else(PoisonError::into_inner);
    let Some(last) = held.shortest.and_then(|shortest| view.bytes.len().checked_sub(shortest)) else { return };
    let bytes = Zeroizing::new(one_alphabet(&view.bytes));
    for at in 0..=last {
        for pattern in held.at_start_of(&bytes[at..]) {
            let (mut start, mut end) = (at, at + pattern.length);
            if pattern.is_base64 {
                // The characters at both ends hold bits of the secret and of what stands beside it.
                start -= bytes[..start].iter().rev().take_while(|byte| is_base64(**byte)).count();
                end += bytes[end..].iter().take_while(|byte| is_base64(**byte)).count();
            }
            found.push(view.place(start..end));
        }
    }
}

/// Adds where a text has a word whose hash is that of a secret.
pub(super) fn find_hashed(view: &View, found: &mut Vec<Range<usize>>) {
    let held = HELD.read().unwrap_or_else(PoisonError::into_inner);
    if held.hashes.is_empty() {
        return;
    }
    // A secret may end in what ends a sentence, and may not.
    let delimiters: [&[u8]; 2] = [b"\"'`<>()[]{}", b"\"'`<>()[]{},;:=&?.!/"];
    let mut before: Vec<Range<usize>> = Vec::new();
    for delimiters in delimiters {
        let words = view.runs(|byte| byte.is_ascii_graphic() && !delimiters.contains(&byte));
        let is_known = |word: &Range<usize>| {
            before.binary_search_by_key(&word.start, |known| known.start).is_ok_and(|at| before[at] == *word)
        };
        for word in words.iter().filter(|word| word.len() >= SHORTEST && !is_known(word)) {
            if held.hashes.contains(&okta_hash(&view.bytes[word.clone()])) {
                found.push(view.place(word.clone()));
            }
        }
        before = words;
    }
}

fn encodings(secret: &[u8]) -> impl Iterator<Item = (Zeroizing<Vec<u8>>, bool)> {
    let base64 = (0..3_usize).map(|before| {
        let bytes = Zeroizing::new([&[0; 2][..before], secret].concat());
        let text = Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes));
        // Only the characters all of whose bits are the secret's.
        let whole = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
        (Zeroizing::new(one_alphabet(&text.as_bytes()[whole])), true)
    });
    let lower: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let upper = lower.to_ascii_uppercase();
    base64.chain([lower, upper].map(|hex| (Zeroizing::new(hex.into_bytes()), false)))
}

/// The same bytes in the alphabet of base64, where they may be in that of base64url.
fn one_alphabet(bytes: &[u8]) -> Vec<u8> {
    let letter = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    };
    bytes.iter().map(letter).collect()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn digest(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}
