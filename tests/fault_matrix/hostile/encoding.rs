//! How a hostile server writes a credential that it reflects: the columns of the table.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

/// One column.
pub struct Encoding {
    pub name: &'static str,
    /// Whether SECURITY.md promises that no text shows what is written so. The others are counted and named.
    pub is_promised: bool,
    /// Whether the text is exact and the JSON around it has each character of it as an escape.
    pub escapes_json: bool,
    encode: fn(&str) -> String,
}

impl Encoding {
    const fn promised(name: &'static str, encode: fn(&str) -> String) -> Self {
        Self { name, is_promised: true, escapes_json: false, encode }
    }

    const fn other(name: &'static str, encode: fn(&str) -> String) -> Self {
        Self { name, is_promised: false, escapes_json: false, encode }
    }

    pub fn encode(&self, credential: &str) -> String {
        (self.encode)(credential)
    }
}

pub const ALL: [Encoding; 25] = [
    Encoding::promised("exact", str::to_owned),
    Encoding::promised("percent, all", |text| each(text, |byte| format!("%{byte:02X}"))),
    Encoding::promised("percent, small", |text| each(text, |byte| format!("%{byte:02x}"))),
    Encoding::promised("percent, needed", |text| url::form_urlencoded::byte_serialize(text.as_bytes()).collect()),
    Encoding::promised("base64 +0", |text| BASE64_STANDARD.encode(text)),
    Encoding::promised("base64 +1", |text| BASE64_STANDARD.encode(format!("a{text}"))),
    Encoding::promised("base64 +2", |text| BASE64_STANDARD.encode(format!("id{text}"))),
    Encoding::promised("base64url +0", |text| BASE64_URL_SAFE_NO_PAD.encode(text)),
    Encoding::promised("base64url +1", |text| BASE64_URL_SAFE_NO_PAD.encode(format!("0oa:{text}"))),
    Encoding::promised("base64url +2", |text| BASE64_URL_SAFE_NO_PAD.encode(format!("token{text}"))),
    Encoding { escapes_json: true, ..Encoding::promised("JSON, escaped", str::to_owned) },
    Encoding::promised("JSON, units", json_units),
    Encoding::promised("JSON, slashes", |text| text.replace('/', "\\/")),
    Encoding::promised("hex", |text| each(text, |byte| format!("{byte:02x}"))),
    Encoding::promised("hex, capitals", |text| each(text, |byte| format!("{byte:02X}"))),
    Encoding::other("base32", base32),
    Encoding::other("reversed", |text| text.chars().rev().collect()),
    Encoding::other("ROT13", |text| text.chars().map(rot13).collect()),
    Encoding::other("HTML entities", |text| each(text, |byte| format!("&#{byte};"))),
    Encoding::other("UTF-16 in base64", |text| {
        BASE64_STANDARD.encode(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
    }),
    Encoding::other("spaced", |text| parted(text, " ")),
    Encoding::other("hex with colons", |text| {
        text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
    }),
    Encoding::other("base64 twice", |text| BASE64_STANDARD.encode(BASE64_STANDARD.encode(text))),
    Encoding::other("decimal", |text| each(text, |byte| format!("{byte} "))),
    Encoding::other("quoted-printable", |text| each(text, |byte| format!("={byte:02X}"))),
];

/// Each unit of the text as an escape of JSON.
pub fn json_units(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut escaped, unit| {
        let _ = write!(escaped, "\\u{unit:04x}");
        escaped
    })
}

fn each(text: &str, encode: fn(u8) -> String) -> String {
    text.bytes().map(encode).collect()
}

fn parted(text: &str, by: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(by)
}

fn rot13(character: char) -> char {
    let turn = |first: u8| char::from((character as u8 - first + 13) % 26 + first);
    match character {
        'a'..='z' => turn(b'a'),
        'A'..='Z' => turn(b'A'),
        other => other,
    }
}

fn base32(text: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = text.bytes().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let digit = |bits: &[u8]| bits.iter().fold(0, |digit, bit| digit << 1 | bit) << (5 - bits.len());
    bits.chunks(5).map(|bits| char::from(ALPHABET[usize::from(digit(bits))])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_what_it_is_called() {
        let written = |name: &str| ALL.iter().find(|encoding| encoding.name == name).unwrap().encode("a/Z~");
        for (name, text) in [
            ("exact", "a/Z~"),
            ("percent, all", "%61%2F%5A%7E"),
            ("percent, needed", "a%2FZ%7E"),
            ("base64 +0", "YS9afg=="),
            ("base64url +1", "MG9hOmEvWn4"),
            ("JSON, units", "\\u0061\\u002f\\u005a\\u007e"),
            ("JSON, slashes", "a\\/Z~"),
            ("hex, capitals", "612F5A7E"),
            ("base32", "MEXVU7Q"),
            ("ROT13", "n/M~"),
            ("UTF-16 in base64", "YQAvAFoAfgA="),
            ("hex with colons", "61:2f:5a:7e"),
        ] {
            assert_eq!(written(name), text, "{name}");
        }
    }
}
