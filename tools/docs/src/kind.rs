//! The kinds of things that have a page each.

use crate::schema::{Named, ProviderSchema, Schema};

/// What a provider serves beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are Terraform's own names")]
pub enum Kind {
    Resource,
    DataSource,
    EphemeralResource,
    ListResource,
    Action,
    Function,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Resource, Self::DataSource, Self::EphemeralResource, Self::ListResource, Self::Action, Self::Function];

    /// The folder below `docs/`, `templates/` and `examples/`.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Resource => "resources",
            Self::DataSource => "data-sources",
            Self::EphemeralResource => "ephemeral-resources",
            Self::ListResource => "list-resources",
            Self::Action => "actions",
            Self::Function => "functions",
        }
    }

    /// How a page's title calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Resource => "Resource",
            Self::DataSource => "Data Source",
            Self::EphemeralResource => "Ephemeral Resource",
            Self::ListResource => "List Resource",
            Self::Action => "Action",
            Self::Function => "function",
        }
    }

    /// How the names of its example files begin and end: `resource.tf`, `resource-reviewed.tf`.
    #[must_use]
    pub const fn example_name(self) -> (&'static str, &'static str) {
        match self {
            Self::Resource => ("resource", ".tf"),
            Self::DataSource => ("data-source", ".tf"),
            Self::EphemeralResource => ("ephemeral-resource", ".tf"),
            Self::ListResource => ("list-resource", ".tfquery.hcl"),
            Self::Action => ("action", ".tf"),
            Self::Function => ("function", ".tf"),
        }
    }

    /// The schemas of this kind. Functions have signatures instead.
    #[must_use]
    pub fn schemas(self, schema: &ProviderSchema) -> Option<&Named<Schema>> {
        match self {
            Self::Resource => Some(&schema.resources),
            Self::DataSource => Some(&schema.data_sources),
            Self::EphemeralResource => Some(&schema.ephemeral_resources),
            Self::ListResource => Some(&schema.list_resources),
            Self::Action => Some(&schema.actions),
            Self::Function => None,
        }
    }

    /// The names of all things of this kind, as the schema has them.
    #[must_use]
    pub fn names(self, schema: &ProviderSchema) -> Vec<&String> {
        match self.schemas(schema) {
            Some(schemas) => schemas.keys().collect(),
            None => schema.functions.keys().collect(),
        }
    }

    /// The name of a thing's page and template: without the provider's prefix.
    #[must_use]
    pub fn page_name(name: &str) -> &str {
        name.strip_prefix("druva_").unwrap_or(name)
    }
}
