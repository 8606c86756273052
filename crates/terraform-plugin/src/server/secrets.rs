//! Where no diagnostic may point to: the arguments that hold a secret.
//!
//! Terraform prints the line of the argument that a diagnostic is about, as it stands, whether the argument is sensitive or
//! not. Without an attribute path it prints where the block begins (in JSON, where it ends). So the path of such an
//! argument, and that of a block around it, which in JSON would print the whole block, is left out on the way to Terraform.

use std::collections::HashMap;

use tf_provider::{AttributePath, AttributePathStep, Diagnostics};

use super::proto::tfplugin6 as tf;

/// The paths of all attributes that are sensitive or write-only, whatever schema they are in: a name that means a secret
/// in one means a secret in all. Keys and indices do not count.
#[derive(Default)]
pub(super) struct Secrets(Vec<Vec<String>>);

impl Secrets {
    /// Those of everything that is served.
    pub fn of(schemas: &tf::get_provider_schema::Response) -> Self {
        fn each(found: &HashMap<String, tf::Schema>) -> impl Iterator<Item = &tf::Schema> {
            found.values()
        }
        let all = (schemas.provider.iter())
            .chain(each(&schemas.resource_schemas))
            .chain(each(&schemas.data_source_schemas))
            .chain(each(&schemas.ephemeral_resource_schemas))
            .chain(each(&schemas.list_resource_schemas))
            .chain(schemas.action_schemas.values().filter_map(|action| action.schema.as_ref()));
        let mut secrets = Self::default();
        for block in all.filter_map(|schema| schema.block.as_ref()) {
            secrets.add_block(&[], block);
        }
        secrets
    }

    fn add_block(&mut self, path: &[String], block: &tf::schema::Block) {
        self.add_attributes(path, &block.attributes);
        for nested in &block.block_types {
            if let Some(block) = &nested.block {
                self.add_block(&[path, std::slice::from_ref(&nested.type_name)].concat(), block);
            }
        }
    }

    fn add_attributes(&mut self, path: &[String], attributes: &[tf::schema::Attribute]) {
        for attribute in attributes {
            let path = [path, std::slice::from_ref(&attribute.name)].concat();
            if let Some(nested) = &attribute.nested_type {
                self.add_attributes(&path, &nested.attributes);
            }
            if attribute.sensitive || attribute.write_only {
                self.0.push(path);
            }
        }
    }

    /// The same diagnostics without those paths. Where the text does not name the argument, it does now.
    pub fn hide(&self, mut diags: Diagnostics) -> Diagnostics {
        for found in diags.errors.iter_mut().chain(&mut diags.warnings) {
            let names = names(&found.attribute);
            if !names.is_empty() && self.0.iter().any(|secret| secret.iter().zip(&names).all(|(a, b)| a == b)) {
                let name = names.join(".");
                if !found.summary.contains(&name) && !found.detail.contains(&name) {
                    found.detail = format!("{}\n\nThis is about {name}.", found.detail).into();
                }
                found.attribute = AttributePath::root();
            }
        }
        diags
    }
}

fn names(path: &AttributePath) -> Vec<&str> {
    let attributes = path.steps.iter().filter_map(|step| match step {
        AttributePathStep::Attribute(name) => Some(name.as_ref()),
        AttributePathStep::Key(_) | AttributePathStep::Index(_) => None,
    });
    attributes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Report;
    use crate::schema::{Schema, block, objects, string};
    use crate::server::schema_message::of_schema;

    #[expect(dead_code, reason = "no guide lists them")]
    mod told {
        crate::catalog::problems! {
            Error failed(): "e" { cause: "", cure: "", }
        }
    }

    fn secrets() -> Secrets {
        let inner = block("inner", "")
            .attribute(string("token").optional().sensitive().describe(""))
            .attribute(string("url").optional().describe(""));
        let schema = Schema::new("")
            .attribute(string("secret").optional().sensitive().describe(""))
            .attribute(string("name_wo").optional().write_only().describe(""))
            .attribute(string("name").optional().describe(""))
            .attribute(objects("list", [string("key").optional().sensitive().describe("")]).optional().describe(""))
            .block(inner);
        let provider = of_schema(&schema);
        Secrets::of(&tf::get_provider_schema::Response { provider: Some(provider), ..Default::default() })
    }

    /// The path and the detail that are left of a diagnostic.
    fn left(path: AttributePath, detail: &str) -> (String, String) {
        let mut diags = Diagnostics::default();
        diags.fail(told::failed(), detail, path);
        let left = secrets().hide(diags).errors.remove(0);
        (left.attribute.to_string(), left.detail.into_owned())
    }

    #[test]
    fn no_path_leads_to_a_secret_or_to_what_holds_one() {
        let within = |name: &'static str| AttributePath::new("inner").attribute(name);
        for path in [
            AttributePath::new("secret"),
            AttributePath::new("secret").index(1),
            AttributePath::new("name_wo"),
            AttributePath::new("inner"),
            within("token"),
            AttributePath::new("list"),
            AttributePath::new("list").index(0).attribute("key"),
        ] {
            let name = names(&path).join(".");
            assert_eq!(left(path.clone(), &format!("{name} is wrong.")), (String::new(), format!("{name} is wrong.")));
            assert_eq!(left(path, "It.").1, format!("It.\n\nThis is about {name}."));
        }
    }

    #[test]
    fn every_other_path_stays() {
        for path in [AttributePath::new("name"), AttributePath::new("inner").attribute("url"), AttributePath::root()] {
            assert_eq!(left(path.clone(), "It."), (path.to_string(), "It.".to_owned()));
        }
    }
}
