//! The Okta scopes that Druva documents for its integration, with the reason for each.

/// One scope that Druva's integration asks for.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Okta's name of the scope.
    pub name: &'static str,
    /// The heading under which Druva documents it.
    pub group: &'static str,
    /// What Druva needs it for, as a phrase.
    pub reason: &'static str,
}

/// The scopes of Druva's public documentation, in its order.
///
/// The public excerpt ends after the last one: the list may go on, so it is never called complete.
pub const DOCUMENTED: [Scope; 15] = [
    scope("okta.users.manage", "users", "create, update and delete user accounts"),
    scope("okta.factors.manage", "users", "MFA factors of users"),
    scope("okta.groups.manage", "groups", "create, update and delete groups"),
    scope("okta.apps.manage", "applications", "application integrations and their configuration"),
    scope("okta.appGrants.manage", "applications", "grants and scopes of applications"),
    scope("okta.clients.read", "applications", "information about OAuth clients"),
    scope("okta.schemas.manage", "schemas and profiles", "user and application schemas"),
    scope("okta.profileMappings.manage", "schemas and profiles", "attribute mappings between profiles"),
    scope("okta.userTypes.manage", "schemas and profiles", "custom user types"),
    scope("okta.policies.manage", "security and policies", "sign-on, MFA and password policies"),
    scope("okta.networkZones.manage", "security and policies", "network zones"),
    scope("okta.authenticators.manage", "authenticators", "system authenticators"),
    scope("okta.orgs.manage", "organization settings", "organization-wide settings and branding"),
    scope("okta.emailDomains.manage", "organization settings", "custom e-mail domains"),
    scope("okta.trustedOrigins.manage", "organization settings", "CORS and redirect origins"),
];

const fn scope(name: &'static str, group: &'static str, reason: &'static str) -> Scope {
    Scope { name, group, reason }
}
