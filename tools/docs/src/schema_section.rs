//! The section "Schema" of a page.

use std::fmt::Write as _;

use crate::schema::{Attribute, Block, Named, NestingMode};

const WRITE_ONLY: &str = "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only";

type Group = (&'static str, fn(&Attribute) -> bool);

/// The groups of a section, in its order.
const GROUPS: [Group; 3] = [
    ("Required", |attribute| attribute.required),
    ("Optional", |attribute| attribute.optional && !attribute.required),
    ("Read-Only", |attribute| attribute.computed && !attribute.optional && !attribute.required),
];

/// Heading, groups, and a section for each nested attribute.
#[must_use]
pub fn schema(block: &Block) -> String {
    let mut text = "## Schema\n\n".to_owned();
    attributes(&mut text, &[], &block.attributes);
    text.trim_end().to_owned()
}

fn attributes(text: &mut String, path: &[&str], named: &Named<Attribute>) {
    for (title, belongs) in GROUPS {
        let group: Vec<_> = named.iter().filter(|(_, attribute)| belongs(attribute)).collect();
        if group.is_empty() {
            continue;
        }
        let _ = if path.is_empty() { write!(text, "### {title}\n\n") } else { write!(text, "{title}:\n\n") };
        if path.is_empty() && group.iter().any(|(_, attribute)| attribute.write_only) {
            let _ = write!(text, "-> [Write-only]({WRITE_ONLY}) arguments need Terraform 1.11 or OpenTofu 1.11.\n\n");
        }
        for (name, attribute) in group {
            line(text, path, name, attribute);
        }
        text.push('\n');
    }
    for (name, attribute) in named {
        if let Some(nested) = &attribute.nested_type {
            let path = [path, &[name]].concat();
            let _ = writeln!(text, "<a id=\"{}\"></a>", anchor(&path));
            let _ = write!(text, "### Nested Schema for `{}`\n\n", path.join("."));
            attributes(text, &path, &nested.attributes);
        }
    }
}

fn line(text: &mut String, path: &[&str], name: &str, attribute: &Attribute) {
    let _ = write!(text, "- `{name}` ({}", type_of(attribute));
    if attribute.sensitive {
        text.push_str(", Sensitive");
    }
    if attribute.deprecated {
        text.push_str(", Deprecated");
    }
    if attribute.write_only {
        let _ = write!(text, ", [Write-only]({WRITE_ONLY})");
    }
    let _ = write!(text, ") {}", attribute.description.trim());
    if attribute.nested_type.is_some() {
        let _ = write!(text, " (see [below for nested schema](#{}))", anchor(&[path, &[name]].concat()));
    }
    text.push('\n');
}

fn type_of(attribute: &Attribute) -> String {
    match (&attribute.nested_type, &attribute.r#type) {
        (Some(nested), _) => match nested.nesting_mode {
            NestingMode::Single => "Attributes".to_owned(),
            mode => format!("Attributes {mode:?}"),
        },
        (None, Some(plain)) => plain.to_string(),
        (None, None) => "Dynamic".to_owned(),
    }
}

fn anchor(path: &[&str]) -> String {
    format!("nestedatt--{}", path.join("--"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn section(attributes: serde_json::Value) -> String {
        schema(&serde_json::from_value(json!({ "attributes": attributes })).unwrap())
    }

    #[test]
    fn attributes_are_grouped_and_described() {
        let text = section(json!({
            "zone": {"type": "string", "description": "Where.", "required": true},
            "token_wo": {"type": "string", "description": "The token.", "optional": true, "sensitive": true, "write_only": true},
            "tags": {"type": ["set", "string"], "description": "Tags.", "optional": true, "computed": true, "deprecated": true},
            "id": {"type": "string", "description": "Its id.", "computed": true},
        }));
        assert_eq!(
            text,
            format!(
                "## Schema\n\n\
                 ### Required\n\n- `zone` (String) Where.\n\n\
                 ### Optional\n\n\
                 -> [Write-only]({WRITE_ONLY}) arguments need Terraform 1.11 or OpenTofu 1.11.\n\n\
                 - `tags` (Set of String, Deprecated) Tags.\n\
                 - `token_wo` (String, Sensitive, [Write-only]({WRITE_ONLY})) The token.\n\n\
                 ### Read-Only\n\n- `id` (String) Its id."
            )
        );
    }

    #[test]
    fn nested_attributes_have_sections_with_anchors() {
        let text = section(json!({
            "links": {"description": "The links.", "computed": true, "nested_type": {
                "nesting_mode": "list",
                "attributes": {"last": {"description": "The last.", "computed": true, "nested_type": {
                    "nesting_mode": "single",
                    "attributes": {"at": {"type": "string", "description": "When.", "computed": true}},
                }}},
            }},
        }));
        assert_eq!(
            text,
            "## Schema\n\n\
             ### Read-Only\n\n\
             - `links` (Attributes List) The links. (see [below for nested schema](#nestedatt--links))\n\n\
             <a id=\"nestedatt--links\"></a>\n### Nested Schema for `links`\n\n\
             Read-Only:\n\n\
             - `last` (Attributes) The last. (see [below for nested schema](#nestedatt--links--last))\n\n\
             <a id=\"nestedatt--links--last\"></a>\n### Nested Schema for `links.last`\n\n\
             Read-Only:\n\n- `at` (String) When."
        );
    }
}
