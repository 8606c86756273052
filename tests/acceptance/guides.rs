//! Blocks of the guides, taken out of them and applied. All the others are validated: see [`crate::hcl_blocks`].

use std::path::Path;

use druva_docs::markdown::{CodeBlock, code_blocks};

use crate::connections::ends_well;
use crate::lab::Lab;
use crate::rotation::only_secret;

/// The only block under a heading of a guide that starts like this.
fn block(guide: &str, heading: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/guides/{guide}.md"));
    let blocks = code_blocks(&std::fs::read_to_string(path).unwrap());
    let is_meant = |block: &CodeBlock| block.language == "hcl" && block.heading.starts_with(heading);
    let found: Vec<_> = blocks.into_iter().filter(is_meant).collect();
    assert_eq!(found.len(), 1, "{heading}: {found:?}");
    found[0].text.clone()
}

#[test]
fn rotating_by_hand() {
    let text = block("rotating-secrets", "Rotate now");
    let lab = Lab::for_documents(&text);
    lab.apply();
    let first = only_secret(&lab);
    lab.plan_is_empty();
    let other = text.replace("\"2026-11\"", "\"2026-12\"");
    assert_ne!(other, text);
    lab.configure(&other);
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}

#[test]
fn the_first_way() {
    let lab = Lab::for_documents(&block("secrets-and-state", "Way 1"));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

/// The integration comes first: its secret is minted by hand before the link can use it.
#[test]
fn the_second_way() {
    let mut lab = Lab::for_documents(&block("secrets-and-state", "Way 2"));
    lab.run(&["apply", "-auto-approve", "-target=druva_okta_integration.this", "-var=client_secret=none-yet"])
        .expect_success();
    let secret = lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    lab.set_environment("TF_VAR_client_secret", &secret);
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn the_third_way() {
    let text = block("secrets-and-state", "Way 3");
    let lab = Lab::for_documents(&text);
    lab.apply();
    let first = only_secret(&lab);
    lab.plan_is_empty();
    lab.configure(&text.replace("\"2026-11\"", "\"2026-12\""));
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}
