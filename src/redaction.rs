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

mod characters;
pub mod checked;
mod fit;
mod held;
mod readable;
mod search;
mod server_text;
mod shape;
#[cfg(test)]
mod tests;
mod view;

pub use fit::{Unfit, fit, fit_id, fit_word};
pub use held::{hold, hold_hash};
pub use readable::{hide_held, redact, redact_page};
pub use server_text::ServerText;
pub use shape::looks_like_an_id;
