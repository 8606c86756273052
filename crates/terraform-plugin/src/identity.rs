//! What says which remote object a resource is: some attributes of its state, all of them texts.
//!
//! Terraform keeps the identity beside the state and imports by it (1.12), and finds resources by it in queries (1.14).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use crate::diagnostics::{Report, Reported};
use crate::problems;

/// An attribute of the state that is a part of the identity.
#[derive(Clone, Copy, Debug)]
pub struct IdentityAttribute {
    /// The name, here and in the state.
    pub name: &'static str,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// Whether an import by identity must give it. What it does not give, the provider finds out.
    pub required_for_import: bool,
}

/// The identity that an import gives: what is null is not given.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct GivenIdentity(BTreeMap<String, Option<String>>);

impl GivenIdentity {
    /// What the import gives for an attribute, if anything.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref()
    }

    /// What the import must give for an attribute.
    ///
    /// # Errors
    /// One on that attribute.
    pub fn expect(&self, diags: &mut Diagnostics, name: &str) -> Result<&str, Reported> {
        self.get(name).ok_or_else(|| {
            diags.fail(
                problems::incomplete_identity(),
                format!("The identity of this resource needs {name}."),
                AttributePath::new(name.to_owned()),
            )
        })
    }
}

/// Takes the identity out of a state. Nothing else of it is kept, a secret least of all.
pub(super) struct IdentityOf<'a>(pub &'a [IdentityAttribute]);

impl<'de> DeserializeSeed<'de> for IdentityOf<'_> {
    type Value = BTreeMap<String, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for IdentityOf<'_> {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = BTreeMap::new();
        while let Some(name) = object.next_key::<String>()? {
            if self.0.iter().all(|attribute| attribute.name != name) {
                object.next_value::<IgnoredAny>()?;
            } else if let Value::Value(text) = object.next_value()? {
                found.insert(name, text);
            }
        }
        Ok(found)
    }
}
