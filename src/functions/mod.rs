//! What expressions can call as `provider::druva::…`: one file a function, named after it. None of them asks anybody.

pub mod okta_domain;
pub mod okta_scopes;
