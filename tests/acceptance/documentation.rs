//! `docs/` is what `make docs` would make of the served schema, and keeps all rules; so do schema and examples.

use std::path::Path;
use std::sync::OnceLock;

use druva_docs::examples::Files;
use druva_docs::markdown::code_blocks;
use druva_docs::schema::ProviderSchema;
use druva_docs::{broken_rules, disk, made, schema};

use crate::hcl_blocks::{VERSIONS, initialized, terraform};

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of the repository.
pub fn files() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| disk::repository(root()).unwrap())
}

/// What the built provider serves, as the real Terraform understands it, and what an older Terraform leaves out.
pub fn served() -> &'static ProviderSchema {
    static SCHEMA: OnceLock<ProviderSchema> = OnceLock::new();
    SCHEMA.get_or_init(|| printed().completed())
}

/// What the built provider serves, as far as this Terraform knows such things.
pub fn printed() -> ProviderSchema {
    let folder = initialized(VERSIONS);
    let output = terraform(folder.path()).args(["providers", "schema", "-json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    schema::parse("terraform providers schema", &String::from_utf8(output.stdout).unwrap()).unwrap()
}

/// A block of a guide: of a language, below a heading, the first one or a later one.
pub fn block(guide: &str, language: &str, heading: &str, place: usize) -> String {
    let blocks = code_blocks(&files()[&format!("docs/guides/{guide}.md")]);
    let mut found = blocks.into_iter().filter(|block| block.language == language && block.heading == heading);
    found.nth(place).unwrap_or_else(|| panic!("{guide} has no block {place} of {language} below {heading}")).text
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn what_an_older_terraform_leaves_out_is_completed_as_a_newer_one_prints_it() {
    let printed = printed();
    assert_eq!((printed.actions.len(), printed.list_resources.len()), (2, 2));
    assert_eq!(printed.clone().completed(), printed);
}

#[test]
fn the_docs_are_as_make_docs_makes_them() {
    let made = made(files(), served()).unwrap();
    let stale = disk::stale(files(), &made);
    assert!(stale.is_empty(), "{stale}");
}

#[test]
fn docs_schema_and_examples_keep_the_rules() {
    let broken = broken_rules(root(), served()).unwrap();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
