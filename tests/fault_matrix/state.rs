//! Terraform's state: JSON, as its file has it.

use std::collections::BTreeMap;

use rmpv::Value;
use serde_json::Value as Json;

use crate::configuration::Resource;
use crate::value::{Object, to_json};

/// What Terraform remembers of each resource.
pub type State = BTreeMap<Resource, Instance>;

/// One resource in the state.
#[derive(Clone)]
pub struct Instance {
    pub attributes: Json,
    pub private: Vec<u8>,
    /// Its creation went wrong: the next apply replaces it.
    pub is_tainted: bool,
}

impl Instance {
    pub fn new(object: &Object, private: Vec<u8>, is_tainted: bool) -> Self {
        let pairs = object.iter().map(|(name, value)| (name.as_str().into(), value.clone()));
        Self { attributes: to_json(&Value::Map(pairs.collect())), private, is_tainted }
    }
}
