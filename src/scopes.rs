//! The Okta scopes that Druva documents for its integration, with the reason for each.

pub mod known;

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

impl Scope {
    /// What it allows: the last part of its name.
    pub fn access(&self) -> Access {
        if self.name.ends_with(".manage") { Access::Manage } else { Access::Read }
    }
}

/// What a scope allows. `[docs]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To create, read and update.
    Manage,
    /// To read.
    Read,
}

impl Access {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Manage, Self::Read];

    /// As the names of scopes end.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manage => "manage",
            Self::Read => "read",
        }
    }
}

/// The headings of Druva's documentation, in its order.
pub fn groups() -> Vec<&'static str> {
    let mut groups: Vec<_> = DOCUMENTED.iter().map(|scope| scope.group).collect();
    groups.dedup();
    groups
}

/// Checks that `name` is one of the [`groups`].
///
/// # Errors
/// A sentence that names them.
pub fn expect_group(name: &str) -> Result<(), String> {
    let groups = groups();
    if groups.contains(&name) {
        return Ok(());
    }
    let known = groups.iter().map(|group| format!("\"{group}\"")).collect::<Vec<_>>().join(", ");
    Err(format!("There is no group \"{name}\" among the documented scopes; there are {known}."))
}

/// What goes with every list of these scopes.
pub const MAY_BE_INCOMPLETE: &str = "These are the scopes of Druva's public documentation, whose list may be incomplete. \
    Compare them with what Okta shows when the integration is installed by hand.";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_is_named_once() {
        let groups = groups();
        let distinct: std::collections::BTreeSet<_> = groups.iter().collect();
        assert_eq!((groups.len(), groups[0], groups[6]), (distinct.len(), "users", "organization settings"));
    }

    #[test]
    fn the_access_is_the_last_part_of_the_name() {
        let wrong: Vec<_> = DOCUMENTED
            .iter()
            .filter(|scope| scope.name.rsplit('.').next() != Some(scope.access().name()))
            .map(|scope| scope.name)
            .collect();
        assert_eq!(wrong, [""; 0]);
    }
}
