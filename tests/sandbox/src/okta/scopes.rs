//! The scopes that this org knows.

/// The `okta.*` and `ssf.*` scopes of the two published files in `spec/`.
const PUBLISHED: &str = include_str!("scopes.txt");

/// Druva documents that it asks for this scope, while the published files do not list it.
const UNLISTED: [&str; 1] = ["okta.factors.manage"];

pub fn is_known(scope: &str) -> bool {
    PUBLISHED.lines().chain(UNLISTED).any(|known| known == scope)
}
