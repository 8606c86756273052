//! The scopes that Okta is known to have, for a name that is written wrongly.
//!
//! No list is complete. So a name that is missing here is a reason to ask, never a reason to refuse.

use super::DOCUMENTED;

/// What Okta's published API names with both `manage` and `read` (version 2026.06.3), without the leading `okta.`.
/// `[spec]` Two of them, `clients` and `factors`, stand in Okta's list of scopes alone. `[docs]`
const WITH_BOTH: &str = "agentPools apiTokens appGrants apps.interclientTrust apps authenticators authorizationServers \
    behaviors botProtection brands captchas clients customTelephonyProvider deviceAssurance deviceIntegrations \
    devicePostureChecks devices directories.groups domains dr emailDomains emailServers eventHooks factors features groups \
    identitySources idps inlineHooks linkedObjects logStreams networkZones oauthIntegrations orgs personal.adminSettings \
    policies principalRateLimits profileMappings pushProviders rateLimits realmAssignments realms roles schemas \
    securityEventsProviders serviceAccounts serviceAccounts.okta sessions templates threatInsights trustedOrigins uischemas \
    userRisk userTypes users";

/// The others, with what each allows. `[spec]`
const WITH_ONE: &str = "logs.read support.cases.manage users.credentials.manage users.userprofile.manage";

/// Names further from each other than this are not mistaken for each other.
const FURTHEST: usize = 4;

fn all() -> impl Iterator<Item = String> {
    let both = WITH_BOTH.split(' ').flat_map(|name| ["manage", "read"].map(|access| format!("okta.{name}.{access}")));
    let one = WITH_ONE.split(' ').map(|name| format!("okta.{name}"));
    let others = DOCUMENTED.iter().map(|scope| scope.name).chain(["ssf.manage"]).map(str::to_owned);
    both.chain(one).chain(others)
}

/// Whether the scope is in a list.
pub fn is_known(scope: &str) -> bool {
    all().any(|known| known == scope)
}

/// The known scope that was most likely meant.
pub fn nearest(scope: &str) -> Option<String> {
    let distance = |known: &str| strsim::osa_distance(&scope.to_lowercase(), &known.to_lowercase());
    let near = all().map(|known| (distance(&known), known)).filter(|(distance, _)| *distance <= FURTHEST);
    near.min().map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_documented_and_what_okta_names_is_known() {
        for scope in ["okta.users.manage", "okta.logs.read", "okta.apps.interclientTrust.read", "okta.factors.manage"] {
            assert!(is_known(scope), "{scope}");
        }
        assert!(DOCUMENTED.iter().all(|scope| is_known(scope.name)));
        for scope in ["okta.user.manage", "okta.logs.manage", "okta.Users.manage", ""] {
            assert!(!is_known(scope), "{scope}");
        }
    }

    #[test]
    fn a_name_that_is_written_wrongly_is_told() {
        for (written, meant) in [
            ("okta.user.manage", Some("okta.users.manage")),
            ("okta.Users.manage", Some("okta.users.manage")),
            ("okta.grups.read", Some("okta.groups.read")),
            ("okta.appgrants.manage", Some("okta.appGrants.manage")),
            ("okta.profileMapping.manage", Some("okta.profileMappings.manage")),
            ("okta.logs.manage", Some("okta.orgs.manage")),
            ("okta.somethingElse.manage", None),
        ] {
            assert_eq!(nearest(written).as_deref(), meant, "{written}");
        }
    }
}
