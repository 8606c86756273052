//! What a schema should be like: the rules of `tfproviderlint` that can be seen in what a provider serves, and this
//! project's own.

use crate::kind::Kind;
use crate::schema::{Attribute, Block, BlockNesting, Function, Named, NestedBlock, ProviderSchema};

/// Words in a name that say that the value is a secret.
const SECRET_WORDS: [&str; 6] = ["secret", "token", "password", "passphrase", "private_key", "api_key"];
/// Last words of a name that say that the value is about a secret.
const ABOUT_SECRETS: [&str; 10] = ["at", "count", "created", "hash", "id", "ids", "name", "status", "url", "version"];
/// First words of a flag that switches something off.
const NEGATIONS: [&str; 9] = ["disable", "disabled", "dont", "ignore", "no", "not", "prevent", "skip", "without"];
/// What Terraform itself understands in a block.
const META_ARGUMENTS: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// A sentence for each rule that is broken.
#[must_use]
pub fn broken(schema: &ProviderSchema) -> Vec<String> {
    let mut broken = Vec::new();
    check_block(&mut broken, "the provider", &schema.provider.block);
    for kind in Kind::ALL {
        for (name, schema) in kind.schemas(schema).into_iter().flatten() {
            check_name(&mut broken, name, name);
            check_block(&mut broken, name, &schema.block);
            check_kind(&mut broken, kind, name, &schema.block);
        }
    }
    for (name, function) in &schema.functions {
        check_name(&mut broken, name, name);
        check_function(&mut broken, name, function);
    }
    broken
}

fn check_kind(broken: &mut Vec<String>, kind: Kind, name: &str, block: &Block) {
    let timeouts = block.block_types.get("timeouts");
    // A data source that asks nobody needs none.
    let operations: &[&str] = match (kind, timeouts) {
        (Kind::Resource, _) => &["create", "read", "update", "delete"],
        (Kind::DataSource, Some(_)) => &["read"],
        _ => &[],
    };
    for operation in operations {
        if !timeouts.is_some_and(|timeouts| timeouts.block.attributes.contains_key(*operation)) {
            broken.push(format!("{name}: there is no timeouts.{operation}"));
        }
    }
    if kind == Kind::Resource {
        check_write_only(broken, name, &block.attributes);
        match block.attributes.get("id") {
            Some(id) if id.computed && !id.optional && !id.required => {}
            Some(_) => broken.push(format!("{name}.id: the id of a resource is computed, and nothing else")),
            None => broken.push(format!("{name}: there is no id")),
        }
    }
}

/// What a state does not keep needs a version, whose change says that it is another one. An action has no state.
fn check_write_only(broken: &mut Vec<String>, path: &str, attributes: &Named<Attribute>) {
    for name in attributes.iter().filter(|(_, attribute)| attribute.write_only).map(|(name, _)| name) {
        if !(name.ends_with("_wo") && attributes.contains_key(&format!("{name}_version"))) {
            broken.push(format!(
                "{path}.{name}: a write-only argument is called NAME_wo and has a NAME_wo_version beside it"
            ));
        }
    }
}

fn check_block(broken: &mut Vec<String>, name: &str, block: &Block) {
    check_description(broken, name, &block.description);
    check_deprecation(broken, name, block.deprecated, &block.description);
    for argument in META_ARGUMENTS {
        if block.attributes.contains_key(argument) || block.block_types.contains_key(argument) {
            broken.push(format!("{name}.{argument}: Terraform understands this name itself"));
        }
    }
    check_attributes(broken, name, &block.attributes);
    for (nested_name, nested) in &block.block_types {
        check_nested_block(broken, &format!("{name}.{nested_name}"), nested_name, nested);
    }
}

/// A block is for arguments that belong together and may be left out: null, then, and not an object of nulls or a list.
fn check_nested_block(broken: &mut Vec<String>, path: &str, name: &str, nested: &NestedBlock) {
    check_name(broken, path, name);
    if nested.nesting_mode != BlockNesting::Single || nested.min_items > 0 || nested.max_items > 0 {
        broken.push(format!("{path}: a block is a single one that may be left out"));
    }
    for (name, attribute) in &nested.block.attributes {
        if attribute.computed {
            broken.push(format!("{path}.{name}: what is in a block is for the user to give"));
        }
    }
    check_block(broken, path, &nested.block);
}

fn check_attributes(broken: &mut Vec<String>, path: &str, attributes: &Named<Attribute>) {
    for (name, attribute) in attributes {
        let path = format!("{path}.{name}");
        check_name(broken, &path, name);
        check_description(broken, &path, &attribute.description);
        check_deprecation(broken, &path, attribute.deprecated, &attribute.description);
        check_modes(broken, &path, attribute);
        check_value(broken, &path, name, attribute);
        if let Some(nested) = &attribute.nested_type {
            if attribute.required || attribute.optional {
                broken.push(format!(
                    "{path}: Terraform drops a misspelt member of an object without a word, and refuses it in a block"
                ));
            }
            check_attributes(broken, &path, &nested.attributes);
        }
    }
}

fn check_name(broken: &mut Vec<String>, path: &str, name: &str) {
    let is_plain = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '_');
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
    if !starts_well || !name.chars().all(is_plain) || name.ends_with('_') || name.contains("__") {
        broken.push(format!("{path}: names are in lower snake case"));
    }
}

fn is_start(first: char) -> bool {
    first.is_uppercase() || first.is_numeric() || first == '`'
}

fn check_description(broken: &mut Vec<String>, path: &str, description: &str) {
    if description.trim().is_empty() {
        broken.push(format!("{path}: there is no description"));
    } else if !description.ends_with('.') || !description.starts_with(is_start) {
        broken.push(format!("{path}: the description is not made of sentences: {description:?}"));
    }
}

fn check_deprecation(broken: &mut Vec<String>, path: &str, is_deprecated: bool, description: &str) {
    if is_deprecated && !description.contains("instead") {
        broken.push(format!("{path}: the description of what is deprecated says what to use instead"));
    }
}

fn check_modes(broken: &mut Vec<String>, path: &str, attribute: &Attribute) {
    let Attribute { required, optional, computed, write_only, .. } = *attribute;
    if required && (optional || computed) {
        broken.push(format!("{path}: what is required is neither optional nor computed"));
    }
    if !required && !optional && !computed {
        broken.push(format!("{path}: neither required nor optional nor computed"));
    }
    if write_only && computed {
        broken.push(format!("{path}: what is write-only cannot be computed"));
    }
}

fn check_value(broken: &mut Vec<String>, path: &str, name: &str, attribute: &Attribute) {
    let Some(plain) = &attribute.r#type else { return };
    if plain.has_object() {
        broken.push(format!("{path}: attributes of an object have no descriptions; nested attributes have"));
    }
    if plain.holds_text() && !attribute.sensitive && names_secret(name) {
        broken.push(format!("{path}: this sounds like a secret, and is not sensitive"));
    }
    if *plain == crate::types::Type::Bool && NEGATIONS.iter().any(|word| name.split('_').next() == Some(word)) {
        broken.push(format!("{path}: a flag says what happens when it is true"));
    }
}

fn names_secret(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or_default();
    SECRET_WORDS.iter().any(|word| name.contains(word)) && !ABOUT_SECRETS.contains(&last)
}

fn check_function(broken: &mut Vec<String>, name: &str, function: &Function) {
    // It is a title, which has no full stop.
    if !function.summary.starts_with(is_start) || function.summary.ends_with('.') {
        broken.push(format!("{name}: the summary is no title: {:?}", function.summary));
    }
    check_description(broken, name, &function.description);
    check_deprecation(broken, name, !function.deprecation_message.is_empty(), &function.deprecation_message);
    for parameter in function.all_parameters() {
        let path = format!("{name}({})", parameter.name);
        check_name(broken, &path, &parameter.name);
        check_description(broken, &path, &parameter.description);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::schema::tests::{read, sound};

    /// What is broken when a sound schema has `value` at `pointer`.
    fn with(pointer: &str, value: Value) -> Vec<String> {
        let mut json = sound();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        json.pointer_mut(parent).unwrap()[name] = value;
        broken(&read(json))
    }

    /// What is broken when the resource has this attribute too.
    fn with_attribute(name: &str, attribute: Value) -> Vec<String> {
        with(&format!("/resource_schemas/druva_thing/block/attributes/{name}"), attribute)
    }

    /// What is broken when the resource has this block too.
    fn with_block(name: &str, block: Value) -> Vec<String> {
        with(&format!("/resource_schemas/druva_thing/block/block_types/{name}"), block)
    }

    fn block(attributes: Value) -> Value {
        json!({"nesting_mode": "single", "block": {"description": "What it is.", "attributes": attributes}})
    }

    fn optional(kind: &str) -> Value {
        json!({"type": kind, "description": "What it is.", "optional": true})
    }

    #[test]
    fn nothing_is_wrong_with_a_sound_schema() {
        assert_eq!(broken(&read(sound())), [""; 0]);
    }

    #[test]
    fn everything_is_described_in_sentences() {
        for (pointer, path) in [
            ("/provider/block/description", "the provider"),
            ("/provider/block/attributes/cloud/description", "the provider.cloud"),
            ("/resource_schemas/druva_thing/block/description", "druva_thing"),
            (
                "/resource_schemas/druva_thing/block/block_types/timeouts/block/attributes/create/description",
                "druva_thing.timeouts.create",
            ),
            ("/data_source_schemas/druva_things/block/block_types/timeouts/block/description", "druva_things.timeouts"),
            ("/data_source_schemas/druva_things/block/attributes/ids/description", "druva_things.ids"),
            ("/functions/thing_names/description", "thing_names"),
            ("/functions/thing_names/variadic_parameter/description", "thing_names(groups)"),
        ] {
            assert_eq!(with(pointer, json!("")), [format!("{path}: there is no description")]);
            for text in ["No full stop", "no capital."] {
                let expected = format!("{path}: the description is not made of sentences: {text:?}");
                assert_eq!(with(pointer, json!(text)), [expected]);
            }
        }
    }

    #[test]
    fn a_summary_is_a_title() {
        for text in ["", "Names of things.", "names of things"] {
            let broken = with("/functions/thing_names/summary", json!(text));
            assert_eq!(broken, [format!("thing_names: the summary is no title: {text:?}")]);
        }
    }

    #[test]
    fn an_attribute_is_required_or_optional_or_computed() {
        let both = "druva_thing.x: what is required is neither optional nor computed";
        let attribute =
            |mode: &str, other: &str| json!({"type": "string", "description": "X.", mode: true, other: true});
        assert_eq!(with_attribute("x", attribute("required", "computed")), [both]);
        assert_eq!(with_attribute("x", attribute("required", "optional")), [both]);
        assert_eq!(with_attribute("x", attribute("optional", "computed")), [""; 0]);
        let none = with_attribute("x", json!({"type": "string", "description": "X."}));
        assert_eq!(none, ["druva_thing.x: neither required nor optional nor computed"]);
    }

    #[test]
    fn secrets_are_sensitive() {
        for name in ["client_secret", "token", "admin_password", "private_key", "secrets", "token_text"] {
            let expected = format!("druva_thing.{name}: this sounds like a secret, and is not sensitive");
            assert_eq!(with_attribute(name, optional("string")), [expected]);
            let mut sensitive = optional("string");
            sensitive["sensitive"] = json!(true);
            assert_eq!(with_attribute(name, sensitive), [""; 0]);
        }
        for name in ["client_secret_id", "secret_hash", "superseded_secret_ids", "token_status", "secret_version"] {
            assert_eq!(with_attribute(name, optional("string")), [""; 0]);
        }
        assert_eq!(with_attribute("mint_client_secret", optional("bool")), [""; 0]);
    }

    #[test]
    fn write_only_arguments_follow_the_convention() {
        let mut token = optional("string");
        token["sensitive"] = json!(true);
        token["write_only"] = json!(true);
        let alone = "druva_thing.token_wo: a write-only argument is called NAME_wo and has a NAME_wo_version beside it";
        assert_eq!(with_attribute("token_wo", token.clone()), [alone]);
        token["computed"] = json!(true);
        let broken = with_attribute("token_wo", token);
        assert_eq!(broken, ["druva_thing.token_wo: what is write-only cannot be computed", alone]);
        let mut schema = sound();
        let token =
            json!({"type": "string", "description": "It.", "required": true, "sensitive": true, "write_only": true});
        schema["action_schemas"] =
            json!({"druva_start": {"block": {"description": "Starts it.", "attributes": {"token": token}}}});
        assert_eq!(super::broken(&read(schema)), [""; 0]);
    }

    #[test]
    fn resources_and_data_sources_have_timeouts_and_resources_an_id() {
        let missing = ["create", "update", "delete"].map(|name| format!("druva_thing: there is no timeouts.{name}"));
        assert_eq!(with_block("timeouts", block(json!({"read": optional("string")}))), missing);
        let other = block(json!({"list": optional("string")}));
        let broken = with("/data_source_schemas/druva_things/block/block_types/timeouts", other);
        assert_eq!(broken, ["druva_things: there is no timeouts.read"]);
        let mut json = sound();
        json["data_source_schemas"]["druva_things"]["block"].as_object_mut().unwrap().remove("block_types");
        assert_eq!(super::broken(&read(json)), [""; 0]);
        let broken = with_attribute("id", optional("string"));
        assert_eq!(broken, ["druva_thing.id: the id of a resource is computed, and nothing else"]);
        let mut json = sound();
        json["resource_schemas"]["druva_thing"]["block"]["attributes"].as_object_mut().unwrap().remove("id");
        assert_eq!(super::broken(&read(json)), ["druva_thing: there is no id"]);
    }

    #[test]
    fn names_are_in_snake_case_and_not_terraforms() {
        for name in ["camelCase", "Upper", "with-dash", "9lives", "end_", "two__lines"] {
            let expected = format!("druva_thing.{name}: names are in lower snake case");
            assert_eq!(with_attribute(name, optional("string")), [expected]);
        }
        let parameter = with("/functions/thing_names/variadic_parameter/name", json!("theGroups"));
        assert_eq!(parameter, ["thing_names(theGroups): names are in lower snake case"]);
        let reserved = with_attribute("count", optional("number"));
        assert_eq!(reserved, ["druva_thing.count: Terraform understands this name itself"]);
    }

    #[test]
    fn flags_are_positive() {
        for name in ["disable_backups", "skip_check", "no_wait", "disabled"] {
            let expected = format!("druva_thing.{name}: a flag says what happens when it is true");
            assert_eq!(with_attribute(name, optional("bool")), [expected]);
        }
        assert_eq!(with_attribute("notify", optional("bool")), [""; 0]);
        assert_eq!(with_attribute("no_of_users", optional("number")), [""; 0]);
    }

    #[test]
    fn what_is_deprecated_says_what_to_use_instead() {
        let mut old = optional("string");
        old["deprecated"] = json!(true);
        let expected = "druva_thing.old: the description of what is deprecated says what to use instead";
        assert_eq!(with_attribute("old", old.clone()), [expected]);
        old["description"] = json!("Use `new` instead.");
        assert_eq!(with_attribute("old", old), [""; 0]);
        let function = with("/functions/thing_names/deprecation_message", json!("It is old."));
        assert_eq!(function, ["thing_names: the description of what is deprecated says what to use instead"]);
    }

    #[test]
    fn arguments_are_nested_in_blocks_and_answers_in_attributes() {
        let inside = || json!({"name": optional("string")});
        assert_eq!(with_block("rule", block(inside())), [""; 0]);
        for (key, value) in [("nesting_mode", json!("list")), ("min_items", json!(1)), ("max_items", json!(1))] {
            let mut rule = block(inside());
            rule[key] = value;
            assert_eq!(with_block("rule", rule), ["druva_thing.rule: a block is a single one that may be left out"]);
        }
        let computed = json!({"name": {"type": "string", "description": "X.", "computed": true}});
        let expected = "druva_thing.rule.name: what is in a block is for the user to give";
        assert_eq!(with_block("rule", block(computed)), [expected]);
        assert_eq!(
            with_block("lifecycle", block(inside())),
            ["druva_thing.lifecycle: Terraform understands this name itself"]
        );
        let nested = |mode: &str| {
            let object = json!({"nesting_mode": "single", "attributes": inside()});
            with_attribute("x", json!({"description": "X.", mode: true, "nested_type": object}))
        };
        let expected =
            "druva_thing.x: Terraform drops a misspelt member of an object without a word, and refuses it in a block";
        assert_eq!((nested("optional"), nested("required")), (vec![expected.to_owned()], vec![expected.to_owned()]));
        assert_eq!(nested("computed"), [""; 0]);
        let object = json!({"type": ["list", ["object", {"id": "string"}]], "description": "X.", "computed": true});
        let expected = "druva_thing.x: attributes of an object have no descriptions; nested attributes have";
        assert_eq!(with_attribute("x", object), [expected]);
    }
}
