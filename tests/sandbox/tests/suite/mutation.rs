//! What a body must not be: values that a schema forbids, each one step away from a value that it allows.

use crate::schema::is_valid;
use serde_json::{Map, Value, json};

/// One value of each type.
fn of_each_type() -> [Value; 6] {
    [json!(null), json!(true), json!(7), json!("no-such-value"), json!([]), json!({})]
}

/// Every value that differs from `good` in one place, where the schema forbids it. With what was done.
pub fn forbidden(schema: &Value, good: &Value) -> Vec<(String, Value)> {
    assert!(is_valid(schema, good), "{good} is not good");
    let mut all = Vec::new();
    mutate(good, "", &mut |what, mutated| all.push((what, mutated)));
    all.retain(|(_, mutated)| !is_valid(schema, mutated));
    all
}

/// Gives every value that is one step away from `value`, which stands at `at`.
fn mutate(value: &Value, at: &str, found: &mut dyn FnMut(String, Value)) {
    for other in of_each_type() {
        if other != *value {
            found(format!("{at} is {other}"), other);
        }
    }
    match value {
        Value::Object(object) => {
            found(format!("{at} is a list of its members"), object.values().cloned().collect());
            for (name, member) in object {
                let at = format!("{at}/{name}");
                let mut less = object.clone();
                less.remove(name);
                found(format!("{at} is missing"), Value::Object(less));
                mutate(member, &at, &mut |what, member| found(what, with_member(object, name, member)));
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                mutate(item, &format!("{at}/{place}"), &mut |what, item| {
                    let mut items = items.clone();
                    items[place] = item;
                    found(what, Value::Array(items));
                });
            }
        }
        _ => {}
    }
}

fn with_member(object: &Map<String, Value>, name: &str, member: Value) -> Value {
    let mut object = object.clone();
    object.insert(name.to_owned(), member);
    Value::Object(object)
}

#[test]
fn what_is_forbidden_is_found_at_every_depth_and_what_is_allowed_is_not() {
    let schema = json!({
        "type": "object", "required": ["kind"],
        "properties": {
            "kind": {"enum": ["a"]},
            "list": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": ["integer", "null"]}}}},
        },
    });
    let found = forbidden(&schema, &json!({"kind": "a", "list": [{"n": 1}]}));
    let places: Vec<&str> = found.iter().map(|(what, _)| what.as_str()).collect();
    for expected in [
        "/kind is missing",
        "/kind is \"no-such-value\"",
        " is null",
        "/list is {}",
        "/list/0 is 7",
        "/list/0/n is true",
    ] {
        assert!(places.contains(&expected), "{expected}: {places:?}");
    }
    for allowed in ["/list is missing", "/list is []", "/list/0/n is null", "/list/0/n is missing"] {
        assert!(!places.contains(&allowed), "{allowed}: {places:?}");
    }
    assert_eq!(
        found.iter().find(|(what, _)| what == "/list/0/n is true").unwrap().1,
        json!({"kind": "a", "list": [{"n": true}]})
    );
}
