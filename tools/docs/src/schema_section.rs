//! The section "Schema" of a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::schema::{Attribute, Block, BlockNesting, Named, NestedBlock, NestingMode};

const WRITE_ONLY: &str = "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only";

/// What a section lists: an attribute, or a block, which stands among the optional attributes.
enum Member<'a> {
    Attribute(&'a Attribute),
    Block(&'a NestedBlock),
}

impl Member<'_> {
    /// The title of the group that it belongs to.
    fn group(&self) -> &'static str {
        match self {
            Self::Attribute(attribute) if attribute.required => "Required",
            Self::Attribute(attribute) if attribute.computed && !attribute.optional => "Read-Only",
            Self::Block(block) if block.min_items > 0 => "Required",
            Self::Attribute(_) | Self::Block(_) => "Optional",
        }
    }

    fn is_write_only(&self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.write_only)
    }
}

/// The groups of a section, in its order.
const GROUPS: [&str; 3] = ["Required", "Optional", "Read-Only"];

/// Heading, groups, and a section for each nested attribute and each block.
#[must_use]
pub fn schema(block: &Block) -> String {
    let mut text = "## Schema\n\n".to_owned();
    members(&mut text, &[], &block.attributes, &block.block_types);
    text.trim_end().to_owned()
}

fn members(text: &mut String, path: &[&str], attributes: &Named<Attribute>, blocks: &Named<NestedBlock>) {
    let attributes = attributes.iter().map(|(name, found)| (name.as_str(), Member::Attribute(found)));
    let blocks = blocks.iter().map(|(name, found)| (name.as_str(), Member::Block(found)));
    let all: BTreeMap<&str, Member<'_>> = attributes.chain(blocks).collect();
    for title in GROUPS {
        let group: Vec<_> = all.iter().filter(|(_, member)| member.group() == title).collect();
        if group.is_empty() {
            continue;
        }
        let _ = if path.is_empty() { write!(text, "### {title}\n\n") } else { write!(text, "{title}:\n\n") };
        if path.is_empty() && group.iter().any(|(_, member)| member.is_write_only()) {
            let _ = write!(text, "-> [Write-only]({WRITE_ONLY}) arguments need Terraform 1.11 or OpenTofu 1.11.\n\n");
        }
        for (name, member) in group {
            match member {
                Member::Attribute(attribute) => attribute_line(text, path, name, attribute),
                Member::Block(block) => block_line(text, path, name, block),
            }
        }
        text.push('\n');
    }
    for (name, member) in &all {
        let path = [path, &[*name]].concat();
        let (anchor, attributes, blocks) = match member {
            Member::Attribute(Attribute { nested_type: Some(nested), .. }) => {
                (attribute_anchor(&path), &nested.attributes, &Named::new())
            }
            Member::Attribute(_) => continue,
            Member::Block(nested) => (block_anchor(&path), &nested.block.attributes, &nested.block.block_types),
        };
        let _ = writeln!(text, "<a id=\"{anchor}\"></a>");
        let _ = write!(text, "### Nested Schema for `{}`\n\n", path.join("."));
        members(text, &path, attributes, blocks);
    }
}

fn attribute_line(text: &mut String, path: &[&str], name: &str, attribute: &Attribute) {
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
        let _ = write!(text, " (see [below for nested schema](#{}))", attribute_anchor(&[path, &[name]].concat()));
    }
    text.push('\n');
}

fn block_line(text: &mut String, path: &[&str], name: &str, nested: &NestedBlock) {
    let kind = match nested.nesting_mode {
        BlockNesting::Single | BlockNesting::Group => "Block".to_owned(),
        mode => format!("Block {mode:?}"),
    };
    let _ = write!(text, "- `{name}` ({kind}");
    if nested.min_items > 0 {
        let _ = write!(text, ", Min: {}", nested.min_items);
    } else if nested.nesting_mode == BlockNesting::Single {
        text.push_str(", Optional");
    }
    if nested.max_items > 0 {
        let _ = write!(text, ", Max: {}", nested.max_items);
    }
    if nested.block.deprecated {
        text.push_str(", Deprecated");
    }
    let anchor = block_anchor(&[path, &[name]].concat());
    let _ = writeln!(text, ") {} (see [below for nested schema](#{anchor}))", nested.block.description.trim());
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

fn attribute_anchor(path: &[&str]) -> String {
    format!("nestedatt--{}", path.join("--"))
}

fn block_anchor(path: &[&str]) -> String {
    format!("nestedblock--{}", path.join("--"))
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

    #[test]
    fn blocks_stand_among_the_optional_attributes_and_have_sections_too() {
        let text = |description: &str| json!({"type": "string", "description": description, "optional": true});
        let block = json!({
            "attributes": {"alpha": text("First."), "zone": text("Where.")},
            "block_types": {"okta": {"nesting_mode": "single", "block": {
                "description": "The org.",
                "attributes": {"url": text("Its address.")},
                "block_types": {"rule": {"nesting_mode": "list", "min_items": 1, "max_items": 2, "block": {
                    "description": "A rule.", "attributes": {"is": text("It.")},
                }}},
            }}},
        });
        assert_eq!(
            schema(&serde_json::from_value(block).unwrap()),
            "## Schema\n\n\
             ### Optional\n\n\
             - `alpha` (String) First.\n\
             - `okta` (Block, Optional) The org. (see [below for nested schema](#nestedblock--okta))\n\
             - `zone` (String) Where.\n\n\
             <a id=\"nestedblock--okta\"></a>\n### Nested Schema for `okta`\n\n\
             Required:\n\n\
             - `rule` (Block List, Min: 1, Max: 2) A rule. (see [below for nested schema](#nestedblock--okta--rule))\n\n\
             Optional:\n\n\
             - `url` (String) Its address.\n\n\
             <a id=\"nestedblock--okta--rule\"></a>\n### Nested Schema for `okta.rule`\n\n\
             Optional:\n\n- `is` (String) It."
        );
    }
}
