//! What a plan changes of the arguments that Okta cannot change.

use std::collections::{BTreeMap, BTreeSet};

use tf_provider::value::Value;

use super::model::Model;

/// How a planned argument compares with what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It is the same.
    None,
    /// It is another one.
    Another,
    /// It, or a part of it, is not known yet.
    Unknown,
}

impl Change {
    fn of(is_unknown: bool, is_same: bool) -> Self {
        match (is_unknown, is_same) {
            (true, _) => Self::Unknown,
            (false, true) => Self::None,
            (false, false) => Self::Another,
        }
    }
}

fn is_unknown<T>(value: &Value<T>, in_part: impl FnOnce(&T) -> bool) -> bool {
    value.is_unknown() || value.as_ref_option().is_some_and(in_part)
}

/// The arguments that Okta cannot change, and how each of `plan` compares with what `prior` has.
pub(super) fn changes(prior: &Model, plan: &Model) -> [(&'static str, Change); 3] {
    let scopes = |scopes: &BTreeSet<Value<String>>| scopes.iter().any(Value::is_unknown);
    let properties = |properties: &BTreeMap<String, Value<String>>| properties.values().any(Value::is_unknown);
    // None at all and an empty map are the same: Okta shows `{}`.
    let (empty, none) = (BTreeMap::new(), |model: &Model| model.properties.is_null());
    let same_properties = plan.properties == prior.properties
        || (none(plan) || plan.properties.as_ref_option() == Some(&empty))
            && (none(prior) || prior.properties.as_ref_option() == Some(&empty));
    [
        ("type", Change::of(plan.kind.is_unknown(), plan.kind == prior.kind)),
        (
            "granted_scopes",
            Change::of(is_unknown(&plan.granted_scopes, scopes), plan.granted_scopes == prior.granted_scopes),
        ),
        ("properties", Change::of(is_unknown(&plan.properties, properties), same_properties)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::samples::{map, model, set, text};
    use super::*;

    #[test]
    fn what_is_unknown_is_no_other_value_and_no_properties_are_an_empty_map() {
        use Change::{Another, None as Same, Unknown};
        let read = || model("t", &["okta.users.read"]);
        let partly = || Value::Value(BTreeSet::from([text("okta.users.read"), Value::Unknown]));
        let with = |properties| Model { properties, ..read() };
        let one_later =
            || Value::Value(BTreeMap::from([("a".to_owned(), text("1")), ("b".to_owned(), Value::Unknown)]));
        for (name, prior, plan, expected) in [
            ("the same", read(), read(), [Same, Same, Same]),
            ("another type", read(), model("u", &["okta.users.read"]), [Another, Same, Same]),
            ("a type that is known later", read(), Model { kind: Value::Unknown, ..read() }, [Unknown, Same, Same]),
            ("a scope more", read(), model("t", &["okta.users.read", "okta.apps.read"]), [Same, Another, Same]),
            ("other scopes", read(), model("t", &["okta.apps.read"]), [Same, Another, Same]),
            (
                "scopes that are known later",
                read(),
                Model { granted_scopes: Value::Unknown, ..read() },
                [Same, Unknown, Same],
            ),
            (
                "a scope that is known later",
                read(),
                Model { granted_scopes: partly(), ..read() },
                [Same, Unknown, Same],
            ),
            ("an empty map instead of none", read(), with(map(&[])), [Same, Same, Same]),
            ("none instead of an empty map", with(map(&[])), read(), [Same, Same, Same]),
            ("the same properties", with(map(&[("a", "1")])), with(map(&[("a", "1")])), [Same, Same, Same]),
            ("a property", read(), with(map(&[("a", "1")])), [Same, Same, Another]),
            ("no property any more", with(map(&[("a", "1")])), read(), [Same, Same, Another]),
            ("another property", with(map(&[("a", "1")])), with(map(&[("a", "2")])), [Same, Same, Another]),
            ("properties that are known later", read(), with(Value::Unknown), [Same, Same, Unknown]),
            ("a property that is known later", with(map(&[("a", "1")])), with(one_later()), [Same, Same, Unknown]),
            (
                "everything",
                read(),
                Model { granted_scopes: set(&[]), properties: map(&[("a", "1")]), ..model("u", &[]) },
                [Another, Another, Another],
            ),
        ] {
            let changes = changes(&prior, &plan);
            assert_eq!(changes.map(|(argument, _)| argument), ["type", "granted_scopes", "properties"], "{name}");
            assert_eq!(changes.map(|(_, change)| change), expected, "{name}");
        }
    }
}
