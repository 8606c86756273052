//! What the schema alone decides of a plan: defaults, what is unknown until an object exists, and what replaces it. And what a
//! plan has promised.
//!
//! It works on encoded values, before a model is decoded and after it was encoded.

use std::collections::{BTreeMap, BTreeSet};

use rmpv::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{AttributePath, Diagnostics};

use crate::codec::Encoded;
use crate::diagnostics::Reported;
use crate::schema::{Attribute, Fills, GivenBy, Kind, Schema, Type};

/// An unknown value, as Terraform writes it.
fn unknown() -> Value {
    Value::Ext(0, vec![0])
}

/// The plan of a creation: defaults where the configuration gives nothing, and unknown what the provider gives.
pub(crate) fn of_creation(schema: &Schema, proposed: Encoded, config: &Encoded) -> Encoded {
    with_each(schema, proposed, config, |attribute| match (&attribute.default, attribute.given_by) {
        (Some((default, _)), _) => Some(default.clone()),
        (None, GivenBy::Provider | GivenBy::UserOrProvider) => Some(unknown()),
        (None, GivenBy::User | GivenBy::UserOrNobody) => None,
    })
}

/// The plan of a change: defaults where the configuration gives nothing. What is computed stays, as Terraform proposes.
pub(crate) fn of_update(schema: &Schema, proposed: Encoded, config: &Encoded) -> Encoded {
    with_each(schema, proposed, config, |attribute| match &attribute.default {
        Some((default, Fills::Always)) => Some(default.clone()),
        _ => None,
    })
}

/// A state that was not made by a plan of this schema, with the defaults that it lacks.
pub(crate) fn with_defaults(schema: &Schema, state: Encoded) -> Encoded {
    let given = state.clone();
    of_update(schema, state, &given)
}

/// What forces the replacement of `prior` by `planned`.
pub(crate) fn replacing(schema: &Schema, prior: &Encoded, planned: &Encoded) -> Vec<AttributePath> {
    let mut attributes = schema.block.attributes.iter().filter(|attribute| attribute.replaces).peekable();
    if attributes.peek().is_none() {
        return Vec::new();
    }
    let (Some(prior), Some(planned)) = (entries(prior), entries(planned)) else { return Vec::new() };
    let of = |entries: &[(Value, Value)], name| {
        let found = entries.iter().find(|(key, _)| key.as_str() == Some(name));
        found.map_or(Value::Nil, |(_, value)| value.clone())
    };
    let replaces = |attribute: &&Attribute| {
        let (prior, planned) = (of(&prior, attribute.name), of(&planned, attribute.name));
        !is_unknown(&planned) && !is_same(&attribute.kind, &prior, &planned)
    };
    attributes.filter(replaces).map(|attribute| AttributePath::new(attribute.name)).collect()
}

/// What came of a plan, with what the plan promised: Terraform refuses a result in which a value differs that the plan knew,
/// although the object may have changed by itself meanwhile. The next plan shows such a difference.
pub(crate) fn with_promises(planned: &Encoded, result: Encoded) -> Encoded {
    let (Some(planned), Some(mut found)) = (entries(planned), entries(&result)) else { return result };
    for (name, value) in &mut found {
        if let Some((_, promised)) = planned.iter().find(|(key, promised)| key == name && !is_unknown(promised)) {
            value.clone_from(promised);
        }
    }
    Encoded::of_value(&Value::Map(found)).unwrap_or(result)
}

/// The names of the attributes that a model of this schema has, whatever their values.
pub(crate) fn attributes_of<M: Serialize + DeserializeOwned>(
    schema: &Schema,
    diags: &mut Diagnostics,
) -> Result<BTreeSet<String>, Reported> {
    let null: BTreeMap<&str, Option<()>> = schema.block.names().map(|name| (name, None)).collect();
    let model: M = Encoded::encode(diags, &null)?.decode(diags, "model")?;
    let names = entries(&Encoded::encode(diags, &model)?).unwrap_or_default().into_iter();
    Ok(names.filter_map(|(name, _)| name.as_str().map(str::to_owned)).collect())
}

/// Gives the attributes of `state` that `config` does not give the value that `filling` has for them.
fn with_each(
    schema: &Schema,
    state: Encoded,
    config: &Encoded,
    filling: impl Fn(&Attribute) -> Option<Value>,
) -> Encoded {
    let given = config.given();
    let left_out = schema.block.attributes.iter().filter(|attribute| !given.contains(attribute.name));
    let mut filled = left_out.filter_map(|attribute| Some((attribute.name, filling(attribute)?))).peekable();
    if filled.peek().is_none() {
        return state;
    }
    let Some(mut entries) = entries(&state) else { return state };
    for (name, value) in filled {
        match entries.iter_mut().find(|(key, _)| key.as_str() == Some(name)) {
            Some((_, found)) => *found = value,
            None => entries.push((name.into(), value)),
        }
    }
    Encoded::of_value(&Value::Map(entries)).unwrap_or(state)
}

/// Terraform uses extensions for unknown values only. What has an unknown part is not known either.
fn is_unknown(value: &Value) -> bool {
    match value {
        Value::Ext(..) => true,
        Value::Array(elements) => elements.iter().any(is_unknown),
        Value::Map(entries) => entries.iter().any(|(_, value)| is_unknown(value)),
        _ => false,
    }
}

/// A set has no order.
fn is_same(kind: &Kind, one: &Value, other: &Value) -> bool {
    match (kind, one, other) {
        (Kind::Plain(Type::Set(_)), Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().all(|element| other.contains(element))
        }
        _ => one == other,
    }
}

/// The attributes of an object, as far as it is one.
fn entries(value: &Encoded) -> Option<Vec<(Value, Value)>> {
    match value.to_value()? {
        Value::Map(entries) => Some(entries),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{boolean, number, set, string};

    fn schema() -> Schema {
        Schema::new("")
            .attribute(string("name").required().requires_replace().describe(""))
            .attribute(string("note").optional().describe(""))
            .attribute(boolean("on").optional().default(true).describe(""))
            .attribute(number("size").optional().default_on_create(3).requires_replace().describe(""))
            .attribute(string("zone").optional().computed().requires_replace().describe(""))
            .attribute(string("id").computed().describe(""))
    }

    fn object(entries: &[(&str, Value)]) -> Encoded {
        let entries = entries.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        Encoded::of_value(&Value::Map(entries)).expect("encodes")
    }

    fn by_name(encoded: &Encoded) -> BTreeMap<String, Value> {
        let entries = entries(encoded).expect("an object");
        entries.into_iter().map(|(name, value)| (name.as_str().expect("text").to_owned(), value)).collect()
    }

    #[test]
    fn a_creation_has_defaults_and_does_not_know_what_the_provider_gives() {
        let config = object(&[("name", "n".into()), ("note", Value::Nil)]);
        let planned = by_name(&of_creation(&schema(), config.clone(), &config));
        let expected = [
            ("name", "n".into()),
            ("note", Value::Nil),
            ("on", true.into()),
            ("size", 3.into()),
            ("zone", unknown()),
            ("id", unknown()),
        ];
        assert_eq!(planned, expected.map(|(name, value)| (name.to_owned(), value)).into());
    }

    #[test]
    fn what_the_user_gives_is_never_changed_also_when_it_is_unknown() {
        let config = object(&[
            ("name", unknown()),
            ("note", unknown()),
            ("on", unknown()),
            ("size", 5.into()),
            ("zone", "z".into()),
        ]);
        for planned in [of_creation(&schema(), config.clone(), &config), of_update(&schema(), config.clone(), &config)]
        {
            let planned = by_name(&planned);
            for (name, value) in by_name(&config) {
                assert_eq!(planned[&name], value, "{name}");
            }
        }
    }

    #[test]
    fn an_update_keeps_what_is_there_but_for_defaults() {
        let prior = object(&[("on", false.into()), ("size", 5.into()), ("zone", "z".into()), ("id", "1".into())]);
        let planned = by_name(&of_update(&schema(), prior, &object(&[("name", "n".into())])));
        let expected = [("on", true.into()), ("size", 5.into()), ("zone", "z".into()), ("id", "1".into())];
        for (name, value) in expected {
            assert_eq!(planned[name], value, "{name}");
        }
    }

    #[test]
    fn a_foreign_state_gets_the_defaults_that_it_lacks() {
        let state = by_name(&with_defaults(&schema(), object(&[("id", "1".into()), ("size", Value::Nil)])));
        assert_eq!((&state["on"], &state["size"], &state["id"]), (&true.into(), &Value::Nil, &"1".into()));
        let state = by_name(&with_defaults(&schema(), object(&[("on", false.into())])));
        assert_eq!(state["on"], false.into());
    }

    #[test]
    fn another_known_value_replaces() {
        let prior = [("name", Value::from("n")), ("note", "x".into()), ("size", 3.into()), ("id", "1".into())];
        let table: [(&str, &str, Value, bool); 7] = [
            ("the same", "name", "n".into(), false),
            ("another", "name", "m".into(), true),
            ("unknown", "name", unknown(), false),
            ("known to be null", "size", Value::Nil, true),
            ("null before", "zone", "z".into(), true),
            ("an argument that does not say so", "note", "y".into(), false),
            ("unknown within", "name", Value::Array(vec!["n".into(), unknown()]), false),
        ];
        for (what, name, value, replaces) in table {
            let mut planned: BTreeMap<&str, Value> = prior.clone().into();
            planned.insert(name, value);
            let planned: Vec<_> = planned.into_iter().collect();
            let found = replacing(&schema(), &object(&prior), &object(&planned));
            assert_eq!(found, if replaces { vec![AttributePath::new(name)] } else { vec![] }, "{what}");
        }
    }

    #[test]
    fn what_a_plan_promised_stands() {
        let planned = object(&[("name", "n".into()), ("note", Value::Nil), ("id", unknown()), ("gone", 1.into())]);
        let result = object(&[("name", "m".into()), ("note", "x".into()), ("id", "1".into()), ("more", 2.into())]);
        let found = by_name(&with_promises(&planned, result));
        let expected = [("name", "n".into()), ("note", Value::Nil), ("id", "1".into()), ("more", 2.into())];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value)).into());
    }

    #[test]
    fn a_set_in_another_order_is_the_same() {
        let schema = Schema::new("").attribute(set("words", Type::String).required().requires_replace().describe(""));
        let words =
            |words: &[&str]| object(&[("words", Value::Array(words.iter().map(|&word| word.into()).collect()))]);
        assert!(replacing(&schema, &words(&["a", "b"]), &words(&["b", "a"])).is_empty());
        assert_eq!(replacing(&schema, &words(&["a", "b"]), &words(&["a", "c"])).len(), 1);
    }

    #[test]
    fn what_is_no_object_is_left_as_it_is() {
        let text = Encoded::encode(&mut Diagnostics::default(), &"text").expect("encodes");
        assert_eq!(of_creation(&schema(), text.clone(), &text).as_bytes(), text.as_bytes());
        assert!(replacing(&schema(), &Encoded::null(), &text).is_empty());
    }
}
