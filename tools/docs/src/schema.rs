//! What `terraform providers schema -json` prints.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Error;
use crate::types::Type;

/// A named thing each.
pub type Named<T> = BTreeMap<String, T>;

/// Everything that a provider serves.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ProviderSchema {
    /// The provider block.
    pub provider: Schema,
    /// By the full name, as in `druva_okta_link`.
    #[serde(rename = "resource_schemas")]
    pub resources: Named<Schema>,
    /// Likewise.
    #[serde(rename = "data_source_schemas")]
    pub data_sources: Named<Schema>,
    /// Likewise, from Terraform 1.10 on.
    #[serde(rename = "ephemeral_resource_schemas")]
    pub ephemeral_resources: Named<Schema>,
    /// Likewise, from Terraform 1.14 on.
    #[serde(rename = "list_resource_schemas")]
    pub list_resources: Named<Schema>,
    /// Likewise, from Terraform 1.14 on.
    #[serde(rename = "action_schemas")]
    pub actions: Named<Schema>,
    /// By the name after `provider::druva::`, from Terraform 1.8 on.
    pub functions: Named<Function>,
}

/// The schema of one thing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// Its attributes.
    pub block: Block,
}

/// Attributes and blocks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Block {
    /// By name.
    pub attributes: Named<Attribute>,
    /// By name.
    pub block_types: Named<NestedBlock>,
    /// Markdown.
    pub description: String,
    /// Whether nobody should start using it.
    pub deprecated: bool,
}

/// A block within a block.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct NestedBlock {
    /// What is in it.
    pub block: Block,
    /// How many of them, and how they are told apart.
    pub nesting_mode: BlockNesting,
    /// How often it must be given. 0 is the same as left out.
    pub min_items: u64,
    /// How often it may be given; 0 is no limit, but for a single block.
    pub max_items: u64,
}

/// How often a block may be given, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are Terraform's own names")]
pub enum BlockNesting {
    #[default]
    Single,
    Group,
    List,
    Set,
    Map,
}

/// An attribute. The names are the schema's.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[expect(missing_docs, clippy::struct_excessive_bools, reason = "they are Terraform's own names")]
pub struct Attribute {
    pub r#type: Option<Type>,
    pub nested_type: Option<NestedType>,
    pub description: String,
    pub required: bool,
    pub optional: bool,
    pub computed: bool,
    pub sensitive: bool,
    pub deprecated: bool,
    pub write_only: bool,
}

/// Attributes within an attribute.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct NestedType {
    /// By name.
    pub attributes: Named<Attribute>,
    /// How many of them.
    pub nesting_mode: NestingMode,
}

/// How many objects a nested attribute holds, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are Terraform's own names")]
pub enum NestingMode {
    #[default]
    Single,
    List,
    Set,
    Map,
}

/// The signature of a function.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Function {
    /// Markdown.
    #[serde(default)]
    pub description: String,
    /// A title.
    #[serde(default)]
    pub summary: String,
    /// Set when nobody should start using it.
    #[serde(default)]
    pub deprecation_message: String,
    /// What it gives.
    pub return_type: Type,
    /// In order.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// What may be given any number of times after them.
    pub variadic_parameter: Option<Parameter>,
}

impl Function {
    /// All parameters, the variadic one last.
    pub fn all_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().chain(&self.variadic_parameter)
    }
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Parameter {
    /// How pages call it.
    #[serde(default)]
    pub name: String,
    /// Markdown.
    #[serde(default)]
    pub description: String,
    /// What it takes.
    pub r#type: Type,
    /// Whether null is taken.
    #[serde(default)]
    pub is_nullable: bool,
}

#[derive(Deserialize)]
struct Document {
    provider_schemas: Named<ProviderSchema>,
}

/// Reads the schema of the only provider in `text`. `path` is for errors.
///
/// # Errors
///
/// When it is no schema, or not that of one provider.
pub fn parse(path: &str, text: &str) -> Result<ProviderSchema, Error> {
    let document: Document =
        serde_json::from_str(text).map_err(|source| Error::Json { path: path.to_owned(), source })?;
    let count = document.provider_schemas.len();
    let mut providers = document.provider_schemas.into_values();
    match (providers.next(), count) {
        (Some(only), 1) => Ok(only),
        _ => Err(Error::NotOneProvider(count)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A schema that follows every rule, with one thing of each kind that the tests need.
    pub(crate) fn sound() -> serde_json::Value {
        let text = |description: &str| json!({"type": "string", "description": description, "optional": true});
        json!({
            "provider": {"block": {"description": "Sets up things.", "attributes": {"cloud": text("The cloud.")}}},
            "resource_schemas": {"druva_thing": {"block": {"description": "A `thing`.", "attributes": {
                "id": {"type": "string", "description": "Its id.", "computed": true},
                "name": {"type": "string", "description": "Its name.", "required": true},
                "tags": {"type": ["set", "string"], "description": "Its tags.", "optional": true, "computed": true},
            }, "block_types": {"timeouts": {"nesting_mode": "single", "block": {"description": "How long.", "attributes": {
                "create": text("Creating."),
                "read": text("Reading."),
                "update": text("Updating."),
                "delete": text("Deleting."),
            }}}}}}},
            "data_source_schemas": {"druva_things": {"block": {"description": "Things.", "attributes": {
                "ids": {"type": ["set", "string"], "description": "Their ids.", "computed": true},
            }, "block_types": {"timeouts": {"nesting_mode": "single", "block": {"description": "How long.", "attributes": {
                "read": text("Reading."),
            }}}}}}},
            "functions": {"thing_names": {
                "summary": "Names of things",
                "description": "The names, for any number of groups.",
                "return_type": ["set", "string"],
                "variadic_parameter": {"name": "groups", "description": "The groups.", "type": "string"},
            }},
        })
    }

    /// The same, read.
    pub(crate) fn read(json: serde_json::Value) -> ProviderSchema {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_schema_of_one_provider_is_read() {
        let text = json!({"format_version": "1.0", "provider_schemas": {"registry/druva": sound()}}).to_string();
        let schema = parse("schema.json", &text).unwrap();
        assert_eq!(schema.resources.keys().collect::<Vec<_>>(), ["druva_thing"]);
        assert_eq!(schema.functions["thing_names"].all_parameters().count(), 1);
        assert!(schema.actions.is_empty());
    }

    #[test]
    fn anything_else_is_refused() {
        let none = parse("schema.json", r#"{"provider_schemas": {}}"#).unwrap_err().to_string();
        assert!(none.contains("that of 0 providers"), "{none}");
        let broken = parse("schema.json", "{").unwrap_err().to_string();
        assert!(broken.starts_with("schema.json: EOF"), "{broken}");
    }
}
