//! Which of the two vendors a request is for.

use serde::{Deserialize, Serialize};

/// One of the two systems played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Okta,
    Druva,
}
