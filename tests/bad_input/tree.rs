//! Documents that are nearly right: a valid one, in which a few places are not.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// A text that [`msgpack`](super::msgpack) writes as something that JSON does not have.
pub const UNKNOWN: &str = "\u{0}unknown";
/// Likewise: unknown, with what is known already.
pub const REFINED: &str = "\u{0}refined";
/// Likewise: an extension that nobody uses.
pub const EXTENSION: &str = "\u{0}extension";
/// Likewise: bytes that are not text.
pub const BYTES: &str = "\u{0}bytes";
/// Likewise: a number that is none.
pub const NAN: &str = "\u{0}nan";

/// What happens to one place of a document.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Replace(Value),
    Wrap,
    Nest(usize),
    Rename(String),
    Add(Value),
}

/// `valid` after up to `changes` changes, each somewhere; `leaf` is what new leaves look like.
pub fn nearly(
    valid: Value,
    changes: usize,
    leaf: impl Strategy<Value = Value> + Clone + 'static,
) -> impl Strategy<Value = Value> {
    let tree = leaf.clone().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((name(), inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    let change = prop_oneof![
        3 => Just(Change::Remove),
        4 => leaf.prop_map(Change::Replace),
        2 => tree.clone().prop_map(Change::Replace),
        1 => Just(Change::Wrap),
        1 => (1..300usize).prop_map(Change::Nest),
        1 => name().prop_map(Change::Rename),
        1 => tree.prop_map(Change::Add),
    ];
    vec((any::<Index>(), change), 0..=changes).prop_map(move |changes| {
        let mut document = valid.clone();
        for (place, change) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            apply(&mut document, &found[place.index(found.len())], &change);
        }
        document
    })
}

/// Leaves of all kinds, extremes among them.
pub fn leaf() -> impl Strategy<Value = Value> + Clone {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![json!(u64::MAX), json!(i64::MIN), json!(1e308), json!(-0.5), json!(0)]),
        prop::sample::select(vec![UNKNOWN, REFINED, EXTENSION, BYTES, NAN]).prop_map(Value::from),
        prop::sample::select(vec![
            "",
            " ",
            "0s",
            "1h",
            "9999999999999999999h",
            "..",
            "../..",
            "https://",
            "https://example.okta.com/x",
            "example-admin.okta.com",
            "\u{202e}",
            "true",
            "null",
            "2026-01-01T00:00:00.000Z",
        ])
        .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> + Clone {
    prop_oneof![prop::sample::select(vec!["id", "type", "timeouts", "", "."]).prop_map(str::to_owned), "[a-z_]{1,12}"]
}

/// The JSON pointers of all values of a document, its own first.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                places(element, &format!("{here}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                places(member, &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        _ => {}
    }
}

fn apply(document: &mut Value, place: &str, change: &Change) {
    let Some(value) = document.pointer_mut(place) else { return };
    match change {
        Change::Replace(new) => *value = new.clone(),
        Change::Wrap => *value = Value::Array(vec![value.take()]),
        Change::Nest(depth) => {
            for _ in 0..*depth {
                *value = json!({ "a": [value.take()] });
            }
        }
        Change::Add(new) => match value {
            Value::Array(elements) => elements.push(new.clone()),
            Value::Object(members) => drop(members.insert("extra".to_owned(), new.clone())),
            _ => {}
        },
        Change::Remove | Change::Rename(_) => {
            let taken = value.take();
            let Some((parent, name)) = place.rsplit_once('/') else { return };
            if let Some(Value::Object(members)) = document.pointer_mut(parent) {
                members.remove(name);
                if let Change::Rename(name) = change {
                    members.insert(name.clone(), taken);
                }
            }
        }
    }
}
