//! Obtaining the secret that Druva is given, from the source that the configuration names.

use terraform_plugin::Reported;
use tf_provider::Diagnostics;

use super::model::Model;
use super::reason::Reason;
use super::secret_source::SecretSource;
use crate::linking::connection_probe::ConnectionProbe;
use crate::linking::handover::{Candidate, Handover};

/// Which secret Druva is to be given.
pub(super) struct Wanted<'a> {
    /// The plan, which holds a secret that the state keeps.
    pub planned: &'a Model,
    /// The configuration, which holds one that nobody keeps.
    pub config: &'a Model,
    /// Why it is given one.
    pub reason: &'a Reason,
    /// Okta's id of the one that Druva uses, as far as that is known.
    pub in_use: Option<&'a str>,
    /// The link that there is.
    pub probe: Option<ConnectionProbe<'a>>,
}

impl Wanted<'_> {
    /// The secret, verified unless that is switched off.
    ///
    /// # Errors
    /// One that says why there is none that works.
    pub async fn obtain(self, handover: &Handover<'_>, diags: &mut Diagnostics) -> Result<Candidate, Reported> {
        let source = SecretSource::of(self.config);
        let candidate = if source == SecretSource::Minted {
            handover.mint(self.in_use, self.probe, diags).await?
        } else {
            let given = source.given(self.planned, self.config);
            handover.take(given.ok_or_else(|| self.reason.demand_secret(diags))?)
        };
        if self.planned.verifies() {
            handover.verify(&candidate, diags).await?;
        }
        Ok(candidate)
    }
}
