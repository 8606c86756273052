//! What `terraform query` finds: one file a resource, named after it. None of them changes anything.

pub mod okta_integration;
pub mod okta_link;
