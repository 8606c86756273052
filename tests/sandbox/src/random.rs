//! Random identifiers and secrets in the vendors' shapes.

use rand::RngExt as _;

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Letters and digits.
pub fn alphanumeric(length: usize) -> String {
    draw(ALPHANUMERIC, length)
}

/// The alphabet of base64url, as Okta's secrets and tokens have it.
pub fn url_safe(length: usize) -> String {
    draw(URL_SAFE, length)
}

/// Okta's identifiers have 20 characters, of which the first three tell the kind of object.
pub fn okta_id(kind: &str) -> String {
    format!("{kind}{}", alphanumeric(20 - kind.len()))
}

fn draw(alphabet: &[u8], length: usize) -> String {
    let mut rng = rand::rng();
    (0..length).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
}
