//! What is to be installed.

use std::collections::{BTreeMap, BTreeSet};

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::okta::api_services::Instance;

/// What the configuration asks for, all of it known.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub kind: String,
    pub granted_scopes: BTreeSet<String>,
    pub properties: BTreeMap<String, String>,
}

impl Wanted {
    /// None if something is unknown.
    pub fn of(model: &Model) -> Option<Self> {
        let text = |value: &Value<String>| value.as_ref_option().cloned();
        let properties = match &model.properties {
            Value::Unknown => return None,
            Value::Null => BTreeMap::new(),
            Value::Value(map) => {
                map.iter().map(|(name, value)| Some((name.clone(), text(value)?))).collect::<Option<_>>()?
            }
        };
        Some(Self {
            kind: text(&model.kind)?,
            granted_scopes: model.granted_scopes.as_ref_option()?.iter().map(text).collect::<Option<_>>()?,
            properties,
        })
    }

    /// [`Self::of`], which Terraform makes sure of at apply.
    ///
    /// # Errors
    /// One that something is unknown.
    pub fn expect(model: &Model, diags: &mut Diagnostics) -> Result<Self, Reported> {
        let detail = "Terraform applied before all values were known.";
        Self::of(model).ok_or_else(|| diags.fail(problems::still_unknown(), detail, AttributePath::root()))
    }

    /// Whether an installed integration is what was asked for.
    pub fn is(&self, instance: &Instance) -> bool {
        self.granted_scopes == instance.granted_scopes && self.properties == instance.properties
    }

    /// How an installed integration differs, a sentence each.
    pub fn differences(&self, instance: &Instance) -> String {
        let list = |scopes: Vec<&String>| scopes.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let missing = list(self.granted_scopes.difference(&instance.granted_scopes).collect());
        let surplus = list(instance.granted_scopes.difference(&self.granted_scopes).collect());
        let properties = &instance.properties;
        let mut sentences = Vec::new();
        if !missing.is_empty() {
            sentences.push(format!("Scopes that it lacks: {missing}."));
        }
        if !surplus.is_empty() {
            sentences.push(format!("Scopes that are not configured: {surplus}."));
        }
        if *properties != self.properties {
            sentences.push(format!("Its properties are {properties:?}, configured are {:?}.", self.properties));
        }
        sentences.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{instance, map, model, text};
    use super::*;

    #[test]
    fn nothing_is_installed_before_all_of_it_is_known() {
        let known = || model("t", &["okta.users.read"]);
        let partly = Value::Value(BTreeSet::from([text("okta.users.read"), Value::Unknown]));
        let later = Value::Value(BTreeMap::from([("a".to_owned(), Value::Unknown)]));
        for (name, model, is_known) in [
            ("without properties", known(), true),
            ("with properties", Model { properties: map(&[("a", "1")]), ..known() }, true),
            ("the type", Model { kind: Value::Unknown, ..known() }, false),
            ("no type", Model { kind: Value::Null, ..known() }, false),
            ("the scopes", Model { granted_scopes: Value::Unknown, ..known() }, false),
            ("no scopes", Model { granted_scopes: Value::Null, ..known() }, false),
            ("a scope", Model { granted_scopes: partly, ..known() }, false),
            ("the properties", Model { properties: Value::Unknown, ..known() }, false),
            ("a property", Model { properties: later, ..known() }, false),
        ] {
            let mut diags = Diagnostics::default();
            assert_eq!(Wanted::expect(&model, &mut diags).is_ok(), is_known, "{name}");
            assert_eq!(diags.errors.is_empty(), is_known, "{name}");
        }
    }

    #[test]
    fn each_difference_is_a_sentence() {
        let wanted = Wanted::of(&Model { properties: map(&[("a", "1")]), ..model("t", &["s.one", "s.two"]) }).unwrap();
        for (name, scopes, properties, expected) in [
            ("the same", ["s.one", "s.two"].as_slice(), [("a", "1")].as_slice(), ""),
            ("a scope less", &["s.one"], &[("a", "1")], "Scopes that it lacks: s.two."),
            ("a scope more", &["s.one", "s.two", "s.z"], &[("a", "1")], "Scopes that are not configured: s.z."),
            (
                "another property",
                &["s.one", "s.two"],
                &[("a", "2")],
                "Its properties are {\"a\": \"2\"}, configured are {\"a\": \"1\"}.",
            ),
            (
                "everything",
                &["s.z"],
                &[],
                "Scopes that it lacks: s.one, s.two.\nScopes that are not configured: s.z.\nIts properties are {}, \
                 configured are {\"a\": \"1\"}.",
            ),
        ] {
            // Another type is another integration.
            let instance = instance("0oa1", "other", scopes, properties);
            assert_eq!(wanted.differences(&instance), expected, "{name}");
            assert_eq!(wanted.is(&instance), expected.is_empty(), "{name}");
        }
    }
}
