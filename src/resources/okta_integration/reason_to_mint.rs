//! When a plan mints a secret beside the one in the state, or where there is none.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::{Model, problems};
use crate::framework::Report;
use crate::resources::client_secrets::{self, NOT_HELD};

/// Why a plan mints a secret in place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ReasonToMint {
    /// The secret in the state no longer works.
    Dead,
    /// `rotate_when_changed` changed.
    Rotated,
    /// The state holds none, and `adopt_existing` was switched on.
    Adopted,
    /// The state holds none, and `store_client_secret` was switched on.
    Stored,
}

impl ReasonToMint {
    /// Why `plan` mints a secret, if it does.
    pub fn between(prior: &Model, plan: &Model) -> Option<Self> {
        let status = prior.client_secret_status.as_deref_option();
        let is_dead = matches!(status, Some(client_secrets::INACTIVE | client_secrets::MISSING));
        let adopts = plan.adopt_existing == Value::Value(true) && prior.adopt_existing != Value::Value(true);
        if is_dead && prior.client_secret.is_value() {
            Some(Self::Dead)
        } else if !plan.rotate_when_changed.is_null() && plan.rotate_when_changed != prior.rotate_when_changed {
            Some(Self::Rotated)
        } else if status == Some(NOT_HELD) && adopts {
            Some(Self::Adopted)
        } else if !prior.stores_secret() {
            Some(Self::Stored)
        } else {
            None
        }
    }

    /// What the plan does not show by itself.
    pub fn announce(self, diags: &mut Diagnostics, prior: &Model) {
        if self != Self::Dead {
            return;
        }
        let id = prior.client_secret_id.as_deref_option().unwrap_or("of the integration");
        let status = prior.client_secret_status.as_deref_option();
        let happened = if status == Some(client_secrets::INACTIVE) { "deactivated" } else { "deleted" };
        diags.warn(
            problems::dead_secret(),
            format!(
                "Somebody {happened} the secret {id} in Okta. Applying this plan mints a new one, and every \
                 druva_okta_link that refers to this integration's client_secret is re-authorized with it."
            ),
            AttributePath::new("client_secret"),
        );
    }
}
