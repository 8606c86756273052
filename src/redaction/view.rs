//! A text with an encoding undone, where each byte still knows which part of the text it comes from.

use std::ops::Range;

use super::characters::is_invisible;

/// How often a text is decoded at most: encodings of encodings.
const DEPTH: u8 = 3;

/// The bytes of a text, and where each comes from.
pub(super) struct View {
    pub bytes: Vec<u8>,
    at: Vec<Range<usize>>,
    depth: u8,
}

impl View {
    /// The text itself, without what nobody sees.
    pub fn of(text: &str) -> Self {
        let mut view = Self { bytes: Vec::new(), at: Vec::new(), depth: 0 };
        for (start, character) in text.char_indices().filter(|(_, character)| !is_invisible(*character)) {
            view.push(character, start..start + character.len_utf8());
        }
        view
    }

    /// The same with an encoding undone, again without what nobody sees. None where nothing is encoded so, or too much.
    pub fn decoded(&self, encoding: Encoding) -> Option<Self> {
        let mut decoded = Self { bytes: Vec::new(), at: Vec::new(), depth: self.depth + 1 };
        let (mut from, mut changed) = (0, false);
        while let Some(byte) = self.bytes.get(from) {
            let rest = &self.bytes[from..];
            let (character, length) = match escape(encoding, rest) {
                Some(found) => found,
                None => {
                    decoded.bytes.push(*byte);
                    decoded.at.push(self.at[from].clone());
                    from += 1;
                    continue;
                }
            };
            changed = true;
            let place = self.place(from..from + length);
            match character {
                Decoded::Byte(byte) if byte.is_ascii_control() => {}
                Decoded::Byte(byte) => {
                    decoded.bytes.push(byte);
                    decoded.at.push(place);
                }
                Decoded::Character(character) if is_invisible(character) => {}
                Decoded::Character(character) => decoded.push(character, place),
            }
            from += length;
        }
        (changed && decoded.depth <= DEPTH).then_some(decoded)
    }

    /// Where a range of bytes comes from.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        self.at[range.start].start..self.at[range.end - 1].end
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
            self.bytes.push(byte);
            self.at.push(place.clone());
        }
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
