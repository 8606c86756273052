//! What a provider's own tests should ask.

use std::collections::BTreeSet;

use rmpv::Value;

use crate::provider::Provider;
use crate::registry::Registry;
use crate::schema::{Attribute, Block, Kind, Schema, Type};

/// What is wrong with what `provider` offers, a line each; none in a provider that is whole.
///
/// - The model of a resource or data source has the attributes of its schema and no others.
/// - No name stands twice in a schema.
/// - Each attribute and block is described.
/// - A default has the type of its attribute.
/// - Each part of an identity is an attribute, and what can be listed has an identity.
///
/// ```
/// # use terraform_plugin::{NoConfig, Provider, Registry};
/// # struct Toys;
/// # impl Provider for Toys {
/// #     type Config = NoConfig;
/// #     fn register(&self, _: &mut Registry) {}
/// # }
/// assert_eq!(terraform_plugin::testing::mistakes(&Toys), [""; 0]);
/// ```
#[must_use]
pub fn mistakes(provider: &impl Provider) -> Vec<String> {
    let mut registry = Registry::default();
    provider.register(&mut registry);
    let mut mistakes = mistakes_of_schema("the provider block", &provider.schema());
    for (what, schema) in registry.all_schemas() {
        mistakes.extend(mistakes_of_schema(&what, &schema));
    }
    for (what, (schema, model)) in registry.models() {
        let names: BTreeSet<String> = schema.block.names().map(str::to_owned).collect();
        mistakes.extend(match model {
            Ok(model) => only_in(&what, "the schema, not in the model", &names, &model)
                .chain(only_in(&what, "the model, not in the schema", &model, &names))
                .collect(),
            Err(_) => vec![format!("{what}: the model cannot hold what is null")],
        });
    }
    mistakes.extend(registry.mistakes_of_identities());
    mistakes
}

fn only_in<'a>(
    what: &'a str,
    place: &'a str,
    one: &'a BTreeSet<String>,
    other: &'a BTreeSet<String>,
) -> impl Iterator<Item = String> + 'a {
    one.difference(other).map(move |name| format!("{what}: {name} is in {place}"))
}

fn mistakes_of_schema(what: &str, schema: &Schema) -> Vec<String> {
    mistakes_of_block(what, &schema.block)
}

fn mistakes_of_block(what: &str, block: &Block) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let twice = block.names().filter(|name| !seen.insert(*name)).map(|name| format!("{what}: {name} stands twice"));
    let mut mistakes: Vec<_> = twice.collect();
    mistakes.extend(block.attributes.iter().flat_map(|attribute| mistakes_of_attribute(what, attribute)));
    for nested in &block.blocks {
        mistakes.extend(mistakes_of_block(&format!("{what}.{}", nested.name), &nested.block));
    }
    mistakes
}

fn mistakes_of_attribute(what: &str, attribute: &Attribute) -> Vec<String> {
    let what = format!("{what}.{}", attribute.name);
    let fits = match (&attribute.default, &attribute.kind) {
        (None, _)
        | (Some((Value::Boolean(_), _)), Kind::Plain(Type::Bool))
        | (Some((Value::Integer(_), _)), Kind::Plain(Type::Number))
        | (Some((Value::String(_), _)), Kind::Plain(Type::String)) => None,
        _ => Some(format!("{what}: the default is of another type")),
    };
    let undescribed = attribute.description.is_empty().then(|| format!("{what} is not described"));
    let inner = match &attribute.kind {
        Kind::Plain(_) => &[],
        Kind::Object(inner) | Kind::Objects(inner) => inner.as_slice(),
    };
    let inner = inner.iter().flat_map(|attribute| mistakes_of_attribute(&what, attribute));
    fits.into_iter().chain(undescribed).chain(inner).collect()
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use serde::{Deserialize, Serialize};
    use tf_provider::Diagnostics;

    use super::*;
    use crate::diagnostics::Reported;
    use crate::provider::NoConfig;
    use crate::schema::{block, boolean, string};
    use crate::{DataSource, ListResource, Listed};

    #[derive(Serialize, Deserialize, Default)]
    #[serde(default)]
    struct Model {
        name: Option<String>,
        extra: Option<String>,
    }

    struct Sloppy;

    #[async_trait]
    impl DataSource for Sloppy {
        type Model = Model;

        fn schema(&self) -> Schema {
            let inner = block("inner", "").attribute(string("name").optional().describe("A name."));
            Schema::new("")
                .attribute(string("name").required().describe("A name."))
                .attribute(boolean("name").optional().describe("Another."))
                .attribute(boolean("on").optional().default("yes").describe(""))
                .block(inner)
        }

        async fn read(&self, config: Model, _: &mut Diagnostics) -> Result<Model, Reported> {
            Ok(config)
        }
    }

    #[async_trait]
    impl ListResource for Sloppy {
        type Config = Model;
        type State = Model;

        fn schema(&self) -> Schema {
            Schema::new("")
        }

        async fn list(&self, _: Model, _: &mut Diagnostics) -> Result<Vec<Listed<Model>>, Reported> {
            Ok(Vec::new())
        }
    }

    #[async_trait]
    impl Provider for Sloppy {
        type Config = NoConfig;

        fn register(&self, registry: &mut Registry) {
            registry.data_source("sloppy", Sloppy);
            registry.list_resource("sloppy", Sloppy);
        }
    }

    #[test]
    fn each_mistake_is_found() {
        let expected = [
            "data source sloppy: name stands twice",
            "data source sloppy.on: the default is of another type",
            "data source sloppy.on is not described",
            "data source sloppy: inner is in the schema, not in the model",
            "data source sloppy: on is in the schema, not in the model",
            "data source sloppy: extra is in the model, not in the schema",
            "list resource sloppy: there is no resource with an identity",
        ];
        assert_eq!(mistakes(&Sloppy), expected);
    }
}
