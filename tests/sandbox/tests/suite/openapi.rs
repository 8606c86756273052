//! Validates answers against an OpenAPI 3.0 file, more strictly than the file demands: a field that it does not name is
//! refused, a status that it does not list is refused, and a field that its example shows must be there.

use crate::{sandbox::Answer, schema::validate};
use serde_json::{Map, Value, json};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

pub struct OpenApi {
    spec: Value,
    seen: RefCell<BTreeSet<String>>,
}

impl OpenApi {
    pub fn load(file: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec").join(file);
        let spec = serde_yaml_ng::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        Self { spec, seen: RefCell::default() }
    }

    /// Holds an answer against what the file says about this operation, given by its path as the file writes it.
    #[track_caller]
    pub fn check(&self, method: &str, template: &str, answer: &Answer) {
        self.check_schema(method, template, answer);
        let response = self.resolve(&self.spec["paths"][template][method]["responses"][answer.status.to_string()]);
        // Several examples show several variants: one of them has to be covered.
        let examples: Vec<&Value> = match response["content"]["application/json"]["examples"].as_object() {
            Some(examples) => examples.values().map(|example| &self.resolve(example)["value"]).collect(),
            None => Vec::new(),
        };
        let gaps: Vec<_> = examples.iter().map(|example| gap(example, &answer.body, "")).collect();
        let lacks = !gaps.is_empty() && gaps.iter().all(Option::is_some);
        assert!(!lacks, "{method} {template} {}: lacks {gaps:?}\n{}", answer.status, answer.body);
    }

    /// The same without a look at the examples.
    #[track_caller]
    pub fn check_schema(&self, method: &str, template: &str, answer: &Answer) {
        let at = format!("{method} {template} {}", answer.status);
        let operation = &self.spec["paths"][template][method];
        assert!(operation.is_object(), "{at}: no such operation");
        let response = self.resolve(&operation["responses"][answer.status.to_string()]);
        assert!(response.is_object(), "{at}: no such answer, {}", answer.body);
        self.seen.borrow_mut().insert(at.clone());

        let Some(content) = response.get("content") else {
            assert_eq!(answer.body, Value::Null, "{at}");
            return;
        };
        assert_eq!(answer.header("content-type"), "application/json", "{at}");
        let schema = self.strict(&content["application/json"]["schema"]);
        let mut errors = Vec::new();
        validate(&schema, &answer.body, "", &mut errors);
        assert!(errors.is_empty(), "{at}: {errors:#?}\n{}", answer.body);
    }

    /// The answers of the file that no check has seen.
    pub fn unseen(&self) -> Vec<String> {
        let mut unseen = Vec::new();
        for (template, item) in self.spec["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                for status in operation["responses"].as_object().into_iter().flatten().map(|(status, _)| status) {
                    let at = format!("{method} {template} {status}");
                    if !self.seen.borrow().contains(&at) {
                        unseen.push(at);
                    }
                }
            }
        }
        unseen
    }

    fn resolve<'s>(&'s self, value: &'s Value) -> &'s Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                self.resolve(self.spec.pointer(reference.strip_prefix('#').unwrap()).expect("a reference to something"))
            }
            None => value,
        }
    }

    /// The schema as JSON Schema with every reference in place, closed to fields that it does not name.
    fn strict(&self, schema: &Value) -> Value {
        let schema = self.flat(schema);
        if let (Some(_), Some(discriminator)) = (schema.get("oneOf"), schema.get("discriminator")) {
            return self.by_discriminator(discriminator);
        }
        let mut strict = Map::new();
        for keyword in ["type", "format", "enum", "required"] {
            if let Some(value) = schema.get(keyword) {
                strict.insert(keyword.to_owned(), value.clone());
            }
        }
        if schema.get("nullable") == Some(&json!(true)) {
            strict.insert("type".to_owned(), json!([schema["type"], "null"]));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(variants) = schema.get(keyword).and_then(Value::as_array) {
                strict.insert(keyword.to_owned(), variants.iter().map(|variant| self.strict(variant)).collect());
            }
        }
        if let Some(items) = schema.get("items") {
            strict.insert("items".to_owned(), self.strict(items));
        }
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let properties = properties.iter().map(|(name, schema)| (name.clone(), self.strict(schema)));
            strict.insert("properties".to_owned(), properties.collect());
            strict.insert("additionalProperties".to_owned(), json!(false));
        }
        match schema.get("additionalProperties") {
            Some(Value::Object(values)) => {
                strict.insert("additionalProperties".to_owned(), self.strict(&Value::Object(values.clone())));
            }
            Some(open) => drop(strict.insert("additionalProperties".to_owned(), open.clone())),
            None => {}
        }
        Value::Object(strict)
    }

    /// References and `allOf` folded into one schema: closing each part for itself would refuse the other's fields.
    fn flat(&self, schema: &Value) -> Map<String, Value> {
        let mut flat = self.resolve(schema).as_object().expect("a schema").clone();
        let Some(Value::Array(parts)) = flat.remove("allOf") else {
            return flat;
        };
        for part in &parts {
            for (keyword, value) in self.flat(part) {
                match (flat.get_mut(&keyword), value) {
                    (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
                    (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
                    (_, value) => drop(flat.insert(keyword, value)),
                }
            }
        }
        flat
    }

    /// Variants that overlap are told apart by a field; plain `oneOf` would find that several fit.
    fn by_discriminator(&self, discriminator: &Value) -> Value {
        let name = discriminator["propertyName"].as_str().unwrap();
        let mut variants: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (value, reference) in discriminator["mapping"].as_object().unwrap() {
            variants.entry(reference.as_str().unwrap()).or_default().push(value);
        }
        let rules: Vec<Value> = variants
            .iter()
            .map(|(reference, values)| {
                let then = self.strict(&json!({"$ref": reference}));
                json!({"if": {"properties": {name: {"enum": values}}}, "then": then})
            })
            .collect();
        let all: Vec<&&str> = variants.values().flatten().collect();
        json!({"allOf": rules, "required": [name], "properties": {name: {"enum": all}}})
    }
}

/// The first field that an example shows and an answer lacks.
fn gap(example: &Value, answer: &Value, at: &str) -> Option<String> {
    match (example, answer) {
        (Value::Object(example), Value::Object(answer)) => example.iter().find_map(|(key, shown)| {
            let at = format!("{at}/{key}");
            answer.get(key).map_or(Some(at.clone()), |value| gap(shown, value, &at))
        }),
        (Value::Array(example), Value::Array(answer)) => example
            .iter()
            .zip(answer)
            .enumerate()
            .find_map(|(n, (shown, value))| gap(shown, value, &format!("{at}/{n}"))),
        _ => None,
    }
}
