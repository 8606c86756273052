//! When a plan mints a secret beside the one in the state, or where there is none.

use terraform_plugin::Report;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::linking::client_secrets::{self, NOT_HELD};

/// Why a plan mints a secret in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
                "Somebody {happened} the secret {id} in Okta. If another state or workspace manages this integration too, \
                 its apply may have done that: then stop, because the two would replace each other's secret in \
                 turn.\n\nOtherwise apply this plan: it mints a new secret, and re-authorizes every druva_okta_link that \
                 refers to this integration's client_secret."
            ),
            AttributePath::new("client_secret"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{installed, map, text};
    use super::*;
    use crate::linking::client_secrets::{ACTIVE, INACTIVE, MISSING};

    #[test]
    fn a_secret_is_minted_for_one_reason_or_none() {
        const NO: Value<bool> = Value::Value(false);
        const YES: Value<bool> = Value::Value(true);
        let with = |status: &str| Model { client_secret_status: text(status), ..installed() };
        let imported = || Model { client_secret: Value::Null, client_secret_id: Value::Null, ..with(NOT_HELD) };
        let adopting = |prior: Model| Model { adopt_existing: YES, ..prior };
        let rotating = |prior: Model, to| Model { rotate_when_changed: to, ..prior };
        let not_stored = || Model { store_client_secret: NO, ..imported() };
        let one = || map(&[("month", "1")]);
        let two = || map(&[("month", "2")]);
        for (name, prior, plan, expected) in [
            ("nothing changes", with(ACTIVE), with(ACTIVE), None),
            ("somebody deactivated it", with(INACTIVE), with(INACTIVE), Some(ReasonToMint::Dead)),
            ("somebody deleted it", with(MISSING), with(MISSING), Some(ReasonToMint::Dead)),
            ("deleted, and rotated too", with(MISSING), rotating(with(MISSING), one()), Some(ReasonToMint::Dead)),
            (
                "deleted, and none is held",
                Model { client_secret_status: text(MISSING), ..imported() },
                Model { client_secret_status: text(MISSING), ..imported() },
                None,
            ),
            ("rotation begins", with(ACTIVE), rotating(with(ACTIVE), one()), Some(ReasonToMint::Rotated)),
            (
                "rotated again",
                rotating(with(ACTIVE), one()),
                rotating(with(ACTIVE), two()),
                Some(ReasonToMint::Rotated),
            ),
            ("known later", with(ACTIVE), rotating(with(ACTIVE), Value::Unknown), Some(ReasonToMint::Rotated)),
            ("the same values", rotating(with(ACTIVE), one()), rotating(with(ACTIVE), one()), None),
            ("rotation is taken out", rotating(with(ACTIVE), one()), with(ACTIVE), None),
            ("imported", imported(), imported(), None),
            ("rotated after an import", imported(), rotating(imported(), one()), Some(ReasonToMint::Rotated)),
            ("adopted after an import", imported(), adopting(imported()), Some(ReasonToMint::Adopted)),
            ("adopted before", adopting(imported()), adopting(imported()), None),
            ("adopted although one is held", with(ACTIVE), adopting(with(ACTIVE)), None),
            ("stored from now on", not_stored(), imported(), Some(ReasonToMint::Stored)),
        ] {
            assert_eq!(ReasonToMint::between(&prior, &plan), expected, "{name}");
        }
    }

    #[test]
    fn only_a_dead_secret_is_announced_and_how_it_died() {
        for (reason, status, expected) in [
            (ReasonToMint::Dead, INACTIVE, Some("Somebody deactivated the secret ocs1 in Okta.")),
            (ReasonToMint::Dead, MISSING, Some("Somebody deleted the secret ocs1 in Okta.")),
            (ReasonToMint::Rotated, ACTIVE, None),
            (ReasonToMint::Adopted, NOT_HELD, None),
            (ReasonToMint::Stored, NOT_HELD, None),
        ] {
            let mut diags = Diagnostics::default();
            reason.announce(&mut diags, &Model { client_secret_status: text(status), ..installed() });
            let said = diags.warnings.first().map(|warning| warning.detail.to_string());
            assert_eq!(said.is_some(), expected.is_some(), "{reason:?} {status}");
            assert!(said.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{reason:?} {status}");
        }
    }
}
