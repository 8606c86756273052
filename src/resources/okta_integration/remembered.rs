//! What stays wanted of an integration where the configuration does not say: what it was installed, imported or adopted with.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use super::model::Model;
use crate::okta::api_services::{DRUVA_TYPE, Instance};
use crate::scopes;

/// The arguments that Okta cannot change, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    kind: Option<String>,
    granted_scopes: Option<BTreeSet<String>>,
    properties: Option<BTreeMap<String, String>>,
}

impl Remembered {
    /// What a model says, as far as all of it is known.
    pub fn of(model: &Model) -> Self {
        let text = |value: &Value<String>| value.as_ref_option().cloned();
        let scopes = |scopes: &BTreeSet<Value<String>>| scopes.iter().map(text).collect();
        let properties = match &model.properties {
            Value::Unknown => None,
            Value::Null => Some(BTreeMap::new()),
            Value::Value(map) => map.iter().map(|(name, value)| Some((name.clone(), text(value)?))).collect(),
        };
        Self {
            kind: text(&model.kind),
            granted_scopes: model.granted_scopes.as_ref_option().and_then(scopes),
            properties,
        }
    }

    /// What an installation gets where the configuration does not say.
    pub fn by_default() -> Self {
        Self {
            kind: Some(DRUVA_TYPE.to_owned()),
            granted_scopes: Some(scopes::DOCUMENTED.iter().map(|scope| scope.name.to_owned()).collect()),
            properties: Some(BTreeMap::new()),
        }
    }

    /// With what `other` knows besides.
    pub fn or(self, other: Self) -> Self {
        Self {
            kind: self.kind.or(other.kind),
            granted_scopes: self.granted_scopes.or(other.granted_scopes),
            properties: self.properties.or(other.properties),
        }
    }

    /// With this type instead.
    pub fn with_kind(self, kind: String) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Of an integration that Okta has.
    pub fn of_instance(instance: &Instance) -> Self {
        Self {
            kind: Some(instance.kind.clone()),
            granted_scopes: Some(instance.granted_scopes.clone()),
            properties: Some(instance.properties.clone()),
        }
    }

    /// What both say alike. The rest is not known.
    pub fn common_with(self, other: &Self) -> Self {
        Self {
            kind: self.kind.filter(|kind| Some(kind) == other.kind.as_ref()),
            granted_scopes: self.granted_scopes.filter(|scopes| Some(scopes) == other.granted_scopes.as_ref()),
            properties: self.properties.filter(|properties| Some(properties) == other.properties.as_ref()),
        }
    }

    /// Gives `model` these values for what `config` leaves out, as far as they are known here.
    pub fn fill(self, model: &mut Model, config: &Model) {
        if let (Some(kind), true) = (self.kind, config.kind.is_null()) {
            model.kind = Value::Value(kind);
        }
        if let (Some(scopes), true) = (self.granted_scopes, config.granted_scopes.is_null()) {
            model.granted_scopes = Value::Value(scopes.into_iter().map(Value::Value).collect());
        }
        if let (Some(properties), true) = (self.properties, config.properties.is_null()) {
            let value = |(name, value)| (name, Value::Value(value));
            // None at all and an empty map are the same in Okta.
            model.properties = if properties.is_empty() {
                Value::Null
            } else {
                Value::Value(properties.into_iter().map(value).collect())
            };
        }
    }

    /// What to write into the configuration before this can be installed anew: a replacement removes first, and its creation
    /// is told nothing of the old object before Terraform 1.16. None where an installation would be the same.
    pub fn what_to_write(&self, config: &Model) -> Option<String> {
        let lines = self.lines_to_keep_it(config)?;
        Some(format!(
            "Okta cannot change an installed integration, so the apply would remove it and install another one. The \
             configuration leaves out arguments of the installed one. The new one would get the defaults for them. So the \
             apply is refused, and nothing is removed.\n\nTo have it installed anew, write into the resource:\n\n{lines}\nTo \
             keep the installed one, choose one of these:\n  - Undo the change of the configuration, or leave out \
             -replace.\n  - If somebody changed it in Okta, write into the resource what Okta has now."
        ))
    }

    /// What `config` leaves out and an installation would get otherwise: the lines that keep it.
    pub fn lines_to_keep_it(&self, config: &Model) -> Option<String> {
        let default = Self::by_default();
        let mut lines = String::new();
        if let (Some(kind), true) = (&self.kind, config.kind.is_null() && self.kind != default.kind) {
            let _ = writeln!(lines, "  type = {}", quoted(kind));
        }
        let scopes = &self.granted_scopes;
        if let (Some(scopes), true) = (scopes, config.granted_scopes.is_null() && *scopes != default.granted_scopes) {
            lines.push_str("  granted_scopes = [\n");
            scopes.iter().for_each(|scope| lines.push_str(&format!("    {},\n", quoted(scope))));
            lines.push_str("  ]\n");
        }
        let properties = &self.properties;
        if let (Some(map), true) = (properties, config.properties.is_null() && *properties != default.properties) {
            lines.push_str("  properties = {\n");
            map.iter().for_each(|(name, value)| lines.push_str(&format!("    {} = {}\n", quoted(name), quoted(value))));
            lines.push_str("  }\n");
        }
        (!lines.is_empty()).then_some(lines)
    }
}

/// A text as HCL writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{instance, map, model};
    use super::*;

    #[test]
    fn what_is_remembered_fills_in_what_the_configuration_leaves_out() {
        let remembered = Remembered::of(&model("druvaapiservice", &["okta.users.read"]));
        let config = Model { kind: Value::Value("other".to_owned()), ..Model::default() };
        let mut plan = Model { properties: Value::Unknown, ..config.clone() };
        remembered.fill(&mut plan, &config);
        assert_eq!(plan.kind, config.kind);
        assert_eq!(plan.granted_scopes, model("", &["okta.users.read"]).granted_scopes);
        assert_eq!(plan.properties, Value::Null);
    }

    #[test]
    fn what_is_not_known_is_neither_remembered_nor_invented() {
        let partly = BTreeSet::from([Value::Value("okta.users.read".to_owned()), Value::Unknown]);
        let mut plan = Model { granted_scopes: Value::Value(partly), properties: Value::Unknown, ..Model::default() };
        assert_eq!(Remembered::of(&plan), Remembered::default());
        let before = plan.clone();
        Remembered::default().fill(&mut plan, &Model::default());
        assert_eq!((plan.granted_scopes, plan.properties), (before.granted_scopes, before.properties));
        let known = Remembered::of(&model("druvaapiservice", &[]));
        assert_eq!(Remembered::default().or(known.clone()), known);
        let other = Remembered::of(&model("other", &[]));
        assert_eq!(other.common_with(&known), Remembered { kind: None, ..known });
    }

    #[test]
    fn only_what_is_left_out_and_is_not_the_default_has_to_be_written_out() {
        let nothing = Model::default();
        assert_eq!(Remembered::by_default().lines_to_keep_it(&nothing), None);
        assert_eq!(Remembered::default().lines_to_keep_it(&nothing), None);
        let mut installed = model("druvaapiservice", &["okta.users.read"]);
        installed.properties = Value::Value([("${a}".to_owned(), Value::Value("\"".to_owned()))].into());
        let remembered = Remembered::of(&installed);
        assert_eq!(
            remembered.lines_to_keep_it(&nothing).as_deref(),
            Some(
                "  type = \"druvaapiservice\"\n  granted_scopes = [\n    \"okta.users.read\",\n  ]\n  properties = {\n    \
                 \"$${a}\" = \"\\\"\"\n  }\n"
            )
        );
        assert_eq!(remembered.lines_to_keep_it(&installed), None);
    }

    #[test]
    fn what_two_say_alike_is_known_and_the_rest_is_not() {
        let all = || Remembered::of_instance(&instance("0oa1", "t", &["s.one"], &[("a", "1")]));
        let nothing = Remembered::default;
        for (name, other, expected) in [
            ("the same", all(), all()),
            ("nothing", nothing(), nothing()),
            ("another type", Remembered { kind: Some("u".to_owned()), ..all() }, Remembered { kind: None, ..all() }),
            (
                "other scopes",
                Remembered { granted_scopes: Some(BTreeSet::new()), ..all() },
                Remembered { granted_scopes: None, ..all() },
            ),
            ("unknown properties", Remembered { properties: None, ..all() }, Remembered { properties: None, ..all() }),
        ] {
            assert_eq!(all().common_with(&other), expected, "{name}");
        }
        assert_eq!(nothing().with_kind("u".to_owned()), Remembered { kind: Some("u".to_owned()), ..nothing() });
        assert_eq!(nothing().or(all()), all());
    }

    #[test]
    fn what_a_configuration_fills_in_is_never_overwritten() {
        let found = || Remembered::of_instance(&instance("0oa1", "t", &["s.one"], &[("a", "1")]));
        let (nothing, later) = (Model::default, Model { kind: Value::Unknown, ..Model::default() });
        let own = Model { properties: map(&[]), ..model("own", &["s.own"]) };
        let all = Model { properties: map(&[("a", "1")]), ..model("t", &["s.one"]) };
        let bare = || Remembered::of_instance(&instance("0oa1", "t", &["s.one"], &[]));
        for (name, remembered, config, expected) in [
            ("nothing said", found(), nothing(), all.clone()),
            ("nothing said, and no properties", bare(), nothing(), Model { properties: Value::Null, ..all.clone() }),
            ("all said", found(), own.clone(), own),
            ("a type that is known later", found(), later, Model { kind: Value::Unknown, ..all }),
            ("nothing known", Remembered::default(), nothing(), nothing()),
        ] {
            let mut plan = config.clone();
            remembered.fill(&mut plan, &config);
            assert_eq!(plan.kind, expected.kind, "{name}");
            assert_eq!(plan.granted_scopes, expected.granted_scopes, "{name}");
            assert_eq!(plan.properties, expected.properties, "{name}");
        }
    }

    #[test]
    fn it_is_said_what_to_write_where_an_installation_would_be_another_one() {
        let nothing = Model::default();
        assert_eq!(Remembered::by_default().what_to_write(&nothing), None);
        let what = Remembered::of(&model("t", &[])).what_to_write(&nothing).unwrap();
        assert!(what.contains("\n\n  type = \"t\"\n  granted_scopes = [\n  ]\n\nTo keep the installed one"), "{what}");
    }
}
