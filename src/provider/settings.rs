//! The provider block with its environment fall-backs, parsed once: what is wrong is said on the argument concerned.

use terraform_plugin::{Report, Reported};
use tf_provider::Diagnostics;

use super::argument::Environment;
use super::config::Config;
use super::druva_settings::{self, DruvaSettings};
use super::http_settings;
use super::okta_settings::{self, OktaSettings};
use crate::clients::{Availability, Missing};
use crate::domain::OktaDomain;
use crate::{http, okta};

/// The provider block, parsed.
pub struct Settings {
    /// The address of the Okta org.
    pub org: Availability<OktaDomain>,
    /// The credential for Okta.
    pub okta: Availability<okta::Auth>,
    /// Druva.
    pub druva: Availability<DruvaSettings>,
    /// What to say where one of them is needed and not given.
    pub missing: Missing,
    /// The way to both.
    pub http: Availability<http::Settings>,
}

/// Parses the block.
///
/// # Errors
/// All that is wrong, each on its argument.
pub fn parse(config: &Config, environment: Environment<'_>, diags: &mut Diagnostics) -> Result<Settings, Reported> {
    let http = http_settings::parse(config, environment, diags);
    let okta = okta_settings::parse(&config.okta, environment, diags);
    let druva = druva_settings::parse(config, environment, diags);
    let (mut http, druva) = (http?, druva?);
    let OktaSettings { org, auth: okta, max_api_capacity } = okta?;
    // Of a proxy in the environment, what is no text is passed over.
    diags.check()?;
    if let (Availability::Ready(http), Some(percent)) = (&mut http, max_api_capacity) {
        http.max_api_capacity = percent;
    }
    let missing = Missing {
        okta: okta_settings::missing(&config.okta, &org, &okta, environment),
        is_only_the_org: matches!(org, Availability::Missing) && !matches!(okta, Availability::Missing),
        druva: druva_settings::missing(config, environment),
    };
    Ok(Settings { org, okta, druva, missing, http })
}

/// Warns of what is no mistake and seldom meant.
pub fn warn(config: &Config, settings: &Settings, environment: Environment<'_>, diags: &mut Diagnostics) {
    okta_settings::warn_of_another_org(&config.okta, &settings.org, environment, diags);
}

#[cfg(test)]
mod tests;
