//! Why a secret is retired, which takes both sides: Okta has the secret, and Druva's link tells whether it was in use.

use std::fmt;

/// Why a secret is retired, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retirement<'a> {
    /// Another one is to be minted, and there is no slot for it.
    ToFreeASlot(&'a str),
    /// It was minted for Druva, which did not take it.
    NotTaken(&'a str),
}

impl fmt::Display for Retirement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ToFreeASlot(id) => write!(f, "retire the secret {id}, so that Okta can create another one"),
            Self::NotTaken(id) => write!(f, "delete the new secret {id}, which Druva did not take"),
        }
    }
}
