//! A text with an encoding undone, where each byte still knows which part of the text it comes from.
//!
//! Every text of every answer is searched, and hardly any is encoded: one that stands as it is costs a copy of its bytes.

use std::ops::Range;

use super::characters::is_invisible;

/// How often a text is decoded at most: encodings of encodings.
const DEPTH: u8 = 3;

/// The bytes of a text, and where each comes from.
pub(super) struct View {
    pub bytes: Vec<u8>,
    /// None where each byte is the text's at the same place.
    at: Option<Vec<Range<usize>>>,
    depth: u8,
}

impl View {
    /// The text itself, without what nobody sees.
    pub fn of(text: &str) -> Self {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Self { bytes: text.into(), at: None, depth: 0 };
        }
        let mut view =
            Self { bytes: Vec::with_capacity(text.len()), at: Some(Vec::with_capacity(text.len())), depth: 0 };
        for (start, character) in text.char_indices().filter(|(_, character)| !is_invisible(*character)) {
            view.push(character, start..start + character.len_utf8());
        }
        view
    }

    /// The same with an encoding undone, again without what nobody sees. None where nothing is encoded so, or too much.
    pub fn decoded(&self, encoding: Encoding) -> Option<Self> {
        if !self.bytes.contains(&encoding.mark()) {
            return None;
        }
        let mut decoded = Self { bytes: Vec::new(), at: Some(Vec::new()), depth: self.depth + 1 };
        let (mut from, mut changed) = (0, false);
        while let Some(byte) = self.bytes.get(from) {
            let rest = &self.bytes[from..];
            let (character, length) = match escape(encoding, rest) {
                Some(found) => found,
                None => {
                    decoded.add(*byte, self.place(from..from + 1));
                    from += 1;
                    continue;
                }
            };
            changed = true;
            let place = self.place(from..from + length);
            match character {
                Decoded::Byte(byte) if byte.is_ascii_control() => {}
                Decoded::Byte(byte) => decoded.add(byte, place),
                Decoded::Character(character) if is_invisible(character) => {}
                Decoded::Character(character) => decoded.push(character, place),
            }
            from += length;
        }
        (changed && decoded.depth <= DEPTH).then_some(decoded)
    }

    /// Where a range of bytes comes from.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        match &self.at {
            Some(at) => at[range.start].start..at[range.end - 1].end,
            None => range,
        }
    }

    /// The longest ranges of bytes that are all of a kind.
    pub fn runs(&self, is_part: impl Fn(u8) -> bool) -> Vec<Range<usize>> {
        let (mut runs, mut start) = (Vec::new(), None);
        for (at, byte) in self.bytes.iter().enumerate() {
            match (is_part(*byte), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    runs.push(from..at);
                    start = None;
                }
                _ => {}
            }
        }
        runs.extend(start.map(|from| from..self.bytes.len()));
        runs
    }

    fn push(&mut self, character: char, place: Range<usize>) {
        let mut buffer = [0; 4];
        for byte in character.encode_utf8(&mut buffer).bytes() {
            self.add(byte, place.clone());
        }
    }

    /// For a view whose bytes know where they come from.
    fn add(&mut self, byte: u8, place: Range<usize>) {
        self.bytes.push(byte);
        self.at.get_or_insert_default().push(place);
    }
}

impl Drop for View {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}

/// How characters of a text may be written. One text may be written both ways, one around the other.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    Percent,
    Json,
}

impl Encoding {
    pub const ALL: [Self; 2] = [Self::Percent, Self::Json];

    /// What each escape begins with.
    fn mark(self) -> u8 {
        match self {
            Self::Percent => b'%',
            Self::Json => b'\\',
        }
    }
}

enum Decoded {
    Byte(u8),
    Character(char),
}

/// The escape that `bytes` begin with, and its length.
fn escape(encoding: Encoding, bytes: &[u8]) -> Option<(Decoded, usize)> {
    let hex = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    match bytes {
        _ if Some(&encoding.mark()) != bytes.first() => None,
        [b'%', first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit() => {
            Some((Decoded::Byte(u8::try_from(hex(&[*first, *second])?).ok()?), 3))
        }
        [b'\\', b'u', digits @ ..] if digits.len() >= 4 && digits[..4].iter().all(u8::is_ascii_hexdigit) => {
            Some((Decoded::Character(char::from_u32(hex(&digits[..4])?)?), 6))
        }
        [b'\\', character @ (b'"' | b'\\' | b'/'), ..] => Some((Decoded::Byte(*character), 2)),
        [b'\\', b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((Decoded::Byte(b'\n'), 2)),
        _ => None,
    }
}
