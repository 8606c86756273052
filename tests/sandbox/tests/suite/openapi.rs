//! Validates requests and answers against an OpenAPI 3.0 file. Answers more strictly than the file demands: a field that it
//! does not name is refused, a status that it does not list is refused unless the operation has a default, and a field that its
//! example shows must be there.

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

/// Which fields an object may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    /// Those that its schema names.
    Named,
    /// Any, as OpenAPI has it where a schema does not say.
    Any,
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
        let (_, response) = self.response(method, template, answer.status);
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
        assert!(self.spec["paths"][template][method].is_object(), "{at}: no such operation");
        let (name, response) = self.response(method, template, answer.status);
        assert!(response.is_object(), "{at}: no such answer, {}", answer.body);
        self.seen.borrow_mut().insert(format!("{method} {template} {name}"));

        let Some(content) = response.get("content") else {
            assert_eq!(answer.body, Value::Null, "{at}");
            return;
        };
        assert_eq!(answer.header("content-type"), "application/json", "{at}");
        let schema = self.schema(&content["application/json"]["schema"], Fields::Named);
        let mut errors = Vec::new();
        validate(&schema, &answer.body, "", &mut errors);
        assert!(errors.is_empty(), "{at}: {errors:#?}\n{}", answer.body);
    }

    /// Whether an operation may answer with this status.
    pub fn lists(&self, method: &str, template: &str, status: u16) -> bool {
        self.response(method, template, status).1.is_object()
    }

    /// What the file says about an answer, under its status or as the default.
    fn response(&self, method: &str, template: &str, status: u16) -> (String, &Value) {
        let responses = &self.spec["paths"][template][method]["responses"];
        let status = status.to_string();
        let name = if responses.get(&status).is_some() { status } else { "default".to_owned() };
        let response = self.resolve(&responses[&name]);
        (name, response)
    }

    /// All operations of the file, as `get /path`.
    pub fn operations(&self) -> BTreeSet<String> {
        let paths = self.spec["paths"].as_object().unwrap().iter();
        let within = |(template, item): (&String, &Value)| {
            let methods =
                item.as_object().unwrap().iter().filter(|(_, operation)| operation.get("responses").is_some());
            methods.map(|(method, _)| format!("{method} {template}")).collect::<Vec<_>>()
        };
        paths.flat_map(within).collect()
    }

    /// The media type of what an operation is sent, and its schema; none for an operation without a body.
    pub fn request(&self, method: &str, template: &str) -> Option<(&str, Value)> {
        let content = self.resolve(self.spec["paths"][template][method].get("requestBody")?)["content"].as_object()?;
        let (media_type, body) = content.iter().next()?;
        Some((media_type, self.schema(&body["schema"], Fields::Any)))
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

    /// The schema as JSON Schema with every reference in place.
    fn schema(&self, schema: &Value, fields: Fields) -> Value {
        let schema = self.flat(schema);
        if let Some(discriminator) = schema.get("discriminator") {
            return self.by_discriminator(discriminator, fields);
        }
        let mut made = Map::new();
        for keyword in ["type", "format", "enum", "required", "pattern"] {
            if let Some(value) = schema.get(keyword) {
                made.insert(keyword.to_owned(), value.clone());
            }
        }
        if schema.get("nullable") == Some(&json!(true)) {
            made.insert("type".to_owned(), json!([schema["type"], "null"]));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(variants) = schema.get(keyword).and_then(Value::as_array) {
                made.insert(keyword.to_owned(), variants.iter().map(|variant| self.schema(variant, fields)).collect());
            }
        }
        if let Some(items) = schema.get("items") {
            made.insert("items".to_owned(), self.schema(items, fields));
        }
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let properties = properties.iter().map(|(name, schema)| (name.clone(), self.schema(schema, fields)));
            made.insert("properties".to_owned(), properties.collect());
            if fields == Fields::Named {
                made.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        match schema.get("additionalProperties") {
            Some(Value::Object(values)) => {
                made.insert("additionalProperties".to_owned(), self.schema(&Value::Object(values.clone()), fields));
            }
            Some(open) => drop(made.insert("additionalProperties".to_owned(), open.clone())),
            None => {}
        }
        Value::Object(made)
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
    fn by_discriminator(&self, discriminator: &Value, fields: Fields) -> Value {
        let name = discriminator["propertyName"].as_str().unwrap();
        let mut variants: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (value, reference) in discriminator["mapping"].as_object().unwrap() {
            variants.entry(reference.as_str().unwrap()).or_default().push(value);
        }
        let rules: Vec<Value> = variants
            .iter()
            .map(|(reference, values)| {
                let then = self.schema(&json!({"$ref": reference}), fields);
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
        // In any order. An answer may have fewer items than its example, which then are like some that are shown.
        (Value::Array(example), Value::Array(answer)) => {
            let covers = |shown: &Value, value: &Value| gap(shown, value, "").is_none();
            let place = if answer.len() < example.len() {
                answer.iter().position(|value| !example.iter().any(|shown| covers(shown, value)))
            } else {
                example.iter().position(|shown| !answer.iter().any(|value| covers(shown, value)))
            };
            place.map(|place| format!("{at}/{place}"))
        }
        _ => None,
    }
}
