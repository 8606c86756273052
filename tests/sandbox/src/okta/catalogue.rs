//! The listings of Okta's catalogue: what can be installed, under which key, and with which scopes.
//!
//! A key cannot be derived from the name, and Druva's is published nowhere. Each listing takes its own scopes only.

use super::scopes;
use crate::settings::Settings;

/// The key of Druva's listing here, unless the settings say another one.
pub const DRUVA_TYPE: &str = "druvainc-IdpVault_api_2";
/// Its name, which is published.
pub const DRUVA_NAME: &str = "Druva Data Security Cloud";

/// Of the listings of other vendors, some keys that are published or were recorded, with their names.
const OTHERS: [(&str, &str); 5] = [
    ("anzennaapiservice", "Anzenna"),
    ("acsenseapiservice", "Acsense"),
    ("my_app_cie", "My App Cloud Identity Engine"),
    ("acme_strawberrycentral_api_1", "Strawberry Central"),
    ("my_api_log_integration", "My API Log Integration"),
];

/// What Druva's listing has besides the scopes that are documented: the public list may go on.
const DRUVA_UNDOCUMENTED: [&str; 6] =
    ["okta.users.read", "okta.groups.read", "okta.apps.read", "okta.logs.read", "okta.devices.read", "okta.roles.read"];

/// The scopes that Druva documents.
const DRUVA_DOCUMENTED: [&str; 15] = [
    "okta.users.manage",
    "okta.factors.manage",
    "okta.groups.manage",
    "okta.apps.manage",
    "okta.appGrants.manage",
    "okta.clients.read",
    "okta.schemas.manage",
    "okta.profileMappings.manage",
    "okta.userTypes.manage",
    "okta.policies.manage",
    "okta.networkZones.manage",
    "okta.authenticators.manage",
    "okta.orgs.manage",
    "okta.emailDomains.manage",
    "okta.trustedOrigins.manage",
];

/// What the catalogue says of a key.
pub struct Listing<'k> {
    pub name: &'k str,
    is_druvas: bool,
}

/// The listing with this key.
pub fn listing<'k>(kind: &'k str, settings: &Settings) -> Option<Listing<'k>> {
    if kind == settings.druva_type {
        return Some(Listing { name: DRUVA_NAME, is_druvas: true });
    }
    let other = OTHERS.iter().find(|(key, _)| *key == kind).map(|(_, name)| *name);
    let name = other.or_else(|| settings.lists_any_type.then_some(kind))?;
    Some(Listing { name, is_druvas: false })
}

impl Listing<'_> {
    /// Whether the listing has this scope.
    pub fn has(&self, scope: &str) -> bool {
        if self.is_druvas {
            DRUVA_DOCUMENTED.contains(&scope) || DRUVA_UNDOCUMENTED.contains(&scope)
        } else {
            scopes::is_known(scope)
        }
    }

    /// Which of the scopes that the listing asks for are not among these.
    pub fn missing_of(&self, granted: &[String]) -> Option<&'static str> {
        let asked = if self.is_druvas { DRUVA_DOCUMENTED.as_slice() } else { &[] };
        asked.iter().copied().find(|scope| !granted.iter().any(|granted| granted == scope))
    }
}
