//! The paths of Druva's links, as patterns for the sandbox's faults. What they are is known to the provider's client alone.

use terraform_provider_druva::druva::okta_links::{self, Endpoint};

const ANY: &str = "ANY";

fn pattern(endpoint: &Endpoint) -> String {
    format!("{}$", endpoint.full_path().replace(ANY, "[^/]+"))
}

/// The list, and where links are made.
pub fn links() -> String {
    pattern(&okta_links::list())
}

/// A link, whichever it is.
pub fn link() -> String {
    pattern(&okta_links::get(ANY))
}

/// Where a link is given a secret.
pub fn authorize() -> String {
    pattern(&okta_links::authorize(ANY))
}

/// Where a backup is started.
pub fn backups() -> String {
    pattern(&okta_links::start_backup(ANY))
}
