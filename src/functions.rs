//! What expressions can call as `provider::druva::…`: one file a function, named after it. None of them asks anybody.
//!
//! Its problems are listed with those of the data sources, which share them.

pub mod okta_domain;
pub mod okta_scopes;
