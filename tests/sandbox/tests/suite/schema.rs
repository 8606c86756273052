//! JSON Schema, as far as [`crate::openapi`] writes it. A keyword or format that is not known here is refused, so that none
//! is silently ignored.

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Adds to `errors` what is wrong with a value, with its place.
pub fn validate(schema: &Value, value: &Value, at: &str, errors: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema") {
        let fits = match keyword.as_str() {
            "type" => types(rule).any(|name| is_of_type(value, name)),
            "enum" => list(rule).contains(value),
            "format" => value.as_str().is_none_or(|text| has_format(text, rule.as_str().expect("a format"))),
            "pattern" => value.as_str().is_none_or(|text| is_like(text, rule.as_str().expect("a pattern"))),
            "required" => value.as_object().is_none_or(|object| names(rule).all(|name| object.contains_key(name))),
            "anyOf" => list(rule).iter().any(|variant| is_valid(variant, value)),
            "oneOf" => list(rule).iter().filter(|variant| is_valid(variant, value)).count() == 1,
            "allOf" => {
                list(rule).iter().for_each(|part| validate(part, value, at, errors));
                true
            }
            "if" => {
                if is_valid(rule, value) {
                    validate(&schema["then"], value, at, errors);
                }
                true
            }
            "then" => true,
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(rule, item, &format!("{at}/{place}"), errors);
                }
                true
            }
            "properties" => {
                for (name, schema) in rule.as_object().expect("schemas by name") {
                    if let Some(property) = value.get(name) {
                        validate(schema, property, &format!("{at}/{name}"), errors);
                    }
                }
                true
            }
            "additionalProperties" => {
                let others = value.as_object().into_iter().flatten();
                for (name, other) in others.filter(|(name, _)| schema["properties"].get(name.as_str()).is_none()) {
                    match rule {
                        Value::Bool(true) => {}
                        Value::Bool(false) => errors.push(format!("{at}/{name}: no such field")),
                        rule => validate(rule, other, &format!("{at}/{name}"), errors),
                    }
                }
                true
            }
            other => panic!("the keyword {other} is not known here"),
        };
        if !fits {
            errors.push(format!("{at}: {value} does not keep {keyword} {rule}"));
        }
    }
}

/// Whether a value keeps a schema.
pub fn is_valid(schema: &Value, value: &Value) -> bool {
    let mut errors = Vec::new();
    validate(schema, value, "", &mut errors);
    errors.is_empty()
}

fn list(rule: &Value) -> &Vec<Value> {
    rule.as_array().expect("a list")
}

fn names(rule: &Value) -> impl Iterator<Item = &str> {
    list(rule).iter().map(|name| name.as_str().expect("a name"))
}

/// One type or several.
fn types(rule: &Value) -> impl Iterator<Item = &str> {
    rule.as_str().into_iter().chain(rule.as_array().into_iter().flatten().map(|name| name.as_str().expect("a type")))
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("there is no type {other}"),
    }
}

fn is_like(text: &str, pattern: &str) -> bool {
    regex::Regex::new(pattern).expect("a regular expression").is_match(text)
}

fn has_format(text: &str, format: &str) -> bool {
    match format {
        "date-time" => OffsetDateTime::parse(text, &Rfc3339).is_ok(),
        // Says how a form shows it.
        "password" => true,
        other => panic!("the format {other} is not known here"),
    }
}

#[test]
fn what_breaks_a_rule_is_found_with_its_place() {
    use serde_json::json;
    let found = |schema: Value, value: Value| {
        let mut errors = Vec::new();
        validate(&schema, &value, "", &mut errors);
        errors.iter().map(|error| error.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    let item = json!({
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": {"id": {"type": "string"}, "at": {"type": ["string", "null"], "format": "date-time"}},
    });
    let list = json!({"type": "array", "items": item});
    assert_eq!(
        found(list.clone(), json!([{"id": "a", "at": "2026-11-20T03:00:00.000Z"}, {"id": "b", "at": null}])),
        none
    );
    assert_eq!(found(list.clone(), json!({})), [""]);
    assert_eq!(found(list.clone(), json!([{"id": "a"}, {}])), ["/1"]);
    assert_eq!(found(list.clone(), json!([{"id": 1}])), ["/0/id"]);
    assert_eq!(found(list.clone(), json!([{"id": "a", "at": "yesterday"}])), ["/0/at"]);
    assert_eq!(found(list, json!([{"id": "a", "more": 1}])), ["/0/more"]);
    assert_eq!(found(json!({"enum": ["a"]}), json!("b")), [""]);
    assert_eq!(found(json!({"type": "integer"}), json!(1.5)), [""]);
    assert_eq!(
        (found(json!({"pattern": "^[0-9]+$"}), json!("17")), found(json!({"pattern": "^[0-9]+$"}), json!("1d"))),
        (vec![], vec![String::new()])
    );
    let variants = json!([{"type": "string"}, {"enum": ["a", 1]}]);
    assert_eq!(
        (found(json!({"oneOf": variants}), json!("a")), found(json!({"oneOf": variants}), json!(1))),
        (vec![String::new()], vec![])
    );
    assert_eq!(
        (found(json!({"anyOf": variants}), json!("a")), found(json!({"anyOf": variants}), json!(2))),
        (vec![], vec![String::new()])
    );
    let values = json!({"additionalProperties": {"type": "string"}});
    assert_eq!(
        (found(values.clone(), json!({"a": "b"})), found(values, json!({"a": 1}))),
        (vec![], vec!["/a".to_owned()])
    );
    let when = json!({"allOf": [{"if": {"properties": {"kind": {"enum": ["a"]}}}, "then": {"required": ["a"]}}]});
    assert_eq!(
        (found(when.clone(), json!({"kind": "b"})), found(when, json!({"kind": "a"}))),
        (vec![], vec![String::new()])
    );
}
