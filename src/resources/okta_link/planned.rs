//! What a plan of a link leaves for the plan or the apply that follows it. Nothing of it stays once it was applied.

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use super::Model;

/// What a plan is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Planned {
    /// Druva's id of the link that was there before.
    pub id: Option<String>,
    /// Okta's id of the secret that was minted for it, and goes with it.
    pub minted_secret_id: Option<String>,
    /// Whether the plan removes it, and links another org.
    pub replaces: bool,
}

impl Planned {
    /// For a plan that begins with this state.
    pub fn of(prior: &Model) -> Self {
        let is_minted = prior.mint_client_secret == Value::Value(true);
        Self {
            id: prior.id.as_ref_option().cloned(),
            minted_secret_id: prior.client_secret_id.as_ref_option().filter(|_| is_minted).cloned(),
            replaces: false,
        }
    }
}
