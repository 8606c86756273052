//! What Terraform does on request, and what leaves no object behind: one file an action, named after it.

mod link_argument;
pub mod okta_backup;
pub mod okta_reauthorize;
pub(crate) mod problems;
