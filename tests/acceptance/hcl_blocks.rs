//! Every block of Terraform's language in the pages of the repository, and every folder of `examples/`, is formatted and
//! valid.
//!
//! A block of a page may leave out what its reader has already: the required providers, the declarations of its variables,
//! and the pair of resources of the README, `druva_okta_integration.this` and `druva_okta_link.this`. These are added.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use druva_docs::examples::Files;
use druva_docs::markdown::code_blocks;
use tempfile::TempDir;
use testkit::environment;

use crate::documentation::files;
use crate::engine::program;
use crate::lab::{BOTH, TYPE};
use crate::printed::Printed;
use crate::terraform::cli_config;

/// What a configuration with the provider begins with.
pub const VERSIONS: &str = r#"terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}
"#;

/// What cannot be validated where only this provider is installed: page and heading of a block, or the folder of an
/// example and "", with the provider that it needs. These are checked for syntax and format.
const NEEDS_ANOTHER_PROVIDER: [(&str, &str, &str); 1] =
    [("docs/guides/rotating-secrets.md", "Rotate by the calendar", "time")];

/// Terraform, ready to be run in a folder, with the built provider as the only one.
pub fn terraform(folder: &Path) -> Command {
    let mut command = Command::new(program());
    environment::own(&mut command)
        .current_dir(folder)
        .env("TF_CLI_CONFIG_FILE", cli_config())
        .env("TF_IN_AUTOMATION", "1")
        .env("TF_INPUT", "0")
        .env("CHECKPOINT_DISABLE", "1")
        .env("GOGC", "off")
        .env("GOMEMLIMIT", "1GiB");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Printed {
    Printed::from(&terraform(folder).args(arguments).arg("-no-color").output().unwrap())
}

/// A folder with a configuration, after `terraform init`.
pub fn initialized(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), text).unwrap();
    run(folder.path(), &["init"]).expect_success();
    folder
}

/// A configuration of its own: a block of a page, or a folder of examples.
struct Configuration {
    /// `docs/index.md:42` or `examples/quickstart`.
    place: String,
    /// Where [`NEEDS_ANOTHER_PROVIDER`] would name it.
    key: (String, String),
    /// By name.
    files: Vec<(String, String)>,
}

impl Configuration {
    fn text(&self) -> String {
        self.files.iter().map(|(_, text)| text.as_str()).collect()
    }

    fn needs_another_provider(&self) -> Option<&'static str> {
        let (page, heading) = &self.key;
        NEEDS_ANOTHER_PROVIDER.iter().find(|(of, under, _)| of == page && under == heading).map(|(_, _, name)| *name)
    }

    /// What is wrong with it. `data` is what `terraform init` left in another folder with the same providers.
    fn validate(&self, folder: &Path, lock: &Path, data: &Path) -> Option<String> {
        std::fs::copy(lock, folder.join(".terraform.lock.hcl")).unwrap();
        let mut command = terraform(folder);
        if self.text().contains("\nmodule \"") || self.text().starts_with("module \"") {
            // A backend is another program's business, and asks for credentials.
            run(folder, &["init", "-backend=false"]).expect_success();
        } else {
            command.env("TF_DATA_DIR", data);
        }
        let printed = Printed::from(&command.args(["validate", "-no-color"]).output().unwrap());
        (printed.code != 0).then(|| format!("{}:\n{}", self.place, printed.text))
    }
}

/// The blocks of all pages, without those that are files of `examples/`.
fn blocks(files: &Files) -> Vec<Configuration> {
    let examples: BTreeSet<&str> =
        files.iter().filter(|(path, _)| path.starts_with("examples/")).map(|(_, text)| text.trim_end()).collect();
    let mut found = Vec::new();
    for (page, text) in files.iter().filter(|(path, _)| path.ends_with(".md") && !path.starts_with("crates/")) {
        for block in code_blocks(text) {
            if matches!(&*block.language, "hcl" | "terraform") && !examples.contains(block.text.trim_end()) {
                let mut parts = modules(&block.text, files);
                parts.push(("block.tf".to_owned(), block.text));
                found.push(Configuration {
                    place: format!("{page}:{}", block.line),
                    key: (page.clone(), block.heading),
                    files: parts,
                });
            }
        }
    }
    found
}

/// The files of the modules that a block refers to as the example beside it does, such as `modules/x/main.tf`.
fn modules(block: &str, files: &Files) -> Vec<(String, String)> {
    let sources = block.split("source = \"./").skip(1).filter_map(|rest| rest.split('"').next());
    let within = |source: &str| {
        let folder = format!("/{source}/");
        let of_module = |(path, text): (&String, &String)| {
            let (_, name) = path.strip_prefix("examples/")?.split_once(&folder)?;
            name.ends_with(".tf").then(|| (format!("{source}/{name}"), text.clone()))
        };
        files.iter().filter_map(of_module).collect::<Vec<_>>()
    };
    sources.flat_map(within).collect()
}

/// Every folder with a configuration.
fn example_folders(files: &Files) -> Vec<Configuration> {
    // Actions need Terraform 1.14: `actions` applies their examples.
    let is_configuration = |path: &&String| {
        path.starts_with("examples/") && path.ends_with(".tf") && !path.starts_with("examples/actions/")
    };
    let folders: BTreeSet<&str> =
        files.keys().filter(is_configuration).filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    let within = |folder: &str| {
        let named = files.iter().filter_map(|(path, text)| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?;
            name.ends_with(".tf").then(|| (name.to_owned(), text.clone()))
        });
        // An import by identity needs Terraform 1.12, and is beside one by id: `identity` applies it.
        named.filter(|(name, _)| !name.contains('/') && name != "import-by-identity.tf").collect()
    };
    let configuration = |folder: &str| Configuration {
        place: folder.to_owned(),
        key: (folder.to_owned(), String::new()),
        files: within(folder),
    };
    folders.into_iter().map(configuration).collect()
}

/// What a configuration refers to and does not declare, of what a reader has already.
fn left_out(text: &str) -> String {
    let mut added = String::new();
    if !text.contains("required_providers") {
        added += VERSIONS;
    }
    let (integration, link) = BOTH.trim().split_once("\n\n").unwrap();
    // The link refers to the integration.
    for (resource, kind) in [(link, "druva_okta_link"), (integration, "druva_okta_integration")] {
        let is_declared = text.contains(&format!("resource \"{kind}\" \"this\""));
        if !is_declared && refers_to(&format!("{text}{added}"), &format!("{kind}.this")) {
            added += &format!("\n{resource}\n");
        }
    }
    let names = text.split("var.").skip(1).map(|rest| {
        let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
        &rest[..end.unwrap_or(rest.len())]
    });
    for name in names.collect::<BTreeSet<_>>() {
        if !name.is_empty() && !text.contains(&format!("variable \"{name}\"")) {
            added += &format!("\nvariable \"{name}\" {{}}\n");
        }
    }
    added
}

/// Whether a resource's address occurs that is not the end of a data source's.
fn refers_to(text: &str, address: &str) -> bool {
    text.match_indices(address).any(|(at, _)| !text[..at].ends_with("data."))
}

/// The providers whose resources, data sources and the like a configuration has.
fn providers(text: &str) -> BTreeSet<&str> {
    let kinds = ["resource \"", "data \"", "ephemeral \""];
    let types = kinds.iter().flat_map(|kind| text.split(kind).skip(1));
    types.filter_map(|rest| rest.split(['_', '"']).next()).collect()
}

#[test]
fn every_block_and_every_example_is_formatted_and_valid() {
    let scratch = tempfile::tempdir().unwrap();
    let ready = initialized(VERSIONS);
    let (lock, data) = (ready.path().join(".terraform.lock.hcl"), ready.path().join(".terraform"));
    let mut all = Vec::new();
    for (number, block) in blocks(files()).into_iter().enumerate() {
        all.push((scratch.path().join(format!("block-{number}")), block));
    }
    for example in example_folders(files()) {
        // The tree of examples stays as it is: they refer to each other.
        all.push((scratch.path().join(&example.place), example));
    }
    for (folder, configuration) in &all {
        std::fs::create_dir_all(folder).unwrap();
        for (name, text) in &configuration.files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    // This parses too.
    let formatted = run(scratch.path(), &["fmt", "-check", "-recursive", "-diff"]);
    if formatted.code != 0 {
        let places = all.iter().map(|(folder, configuration)| {
            format!("{} is {}", folder.strip_prefix(scratch.path()).unwrap().display(), configuration.place)
        });
        panic!("not formatted:\n{}\n{}", formatted.text, places.collect::<Vec<_>>().join("\n"));
    }
    for (folder, configuration) in &all {
        let added = left_out(&configuration.text());
        if !added.is_empty() {
            std::fs::write(folder.join("left_out.tf"), added).unwrap();
        }
    }
    let (others, ours): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, configuration)| configuration.needs_another_provider().is_some());
    assert_eq!(others.len(), NEEDS_ANOTHER_PROVIDER.len(), "the list names what is not there, or something twice");
    for (_, configuration) in &others {
        let needed = configuration.needs_another_provider().unwrap();
        assert!(providers(&configuration.text()).contains(needed), "{} needs no {needed}", configuration.place);
    }
    for start in ["README.md:", "docs/index.md:", "docs/guides/", "examples/"] {
        assert!(ours.iter().any(|(_, configuration)| configuration.place.starts_with(start)), "nothing in {start}");
    }
    let (queue, wrong) = (Mutex::new(ours.into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some((folder, configuration)) = queue.lock().unwrap().next() else { return };
                    wrong.lock().unwrap().extend(configuration.validate(&folder, &lock, &data));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_what_readers_have_is_added() {
    assert_eq!(left_out("terraform {\n  required_providers {}\n}\n"), "");
    let both = "resource \"druva_okta_link\" \"this\" {\n  client_id = druva_okta_integration.this.client_id\n}\n";
    assert_eq!(
        left_out(both),
        format!("{VERSIONS}\nresource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n}}\n")
    );
    let data = "output \"x\" {\n  value = data.druva_okta_link.this.id\n}\n";
    assert_eq!(left_out(data), VERSIONS);
    let import = "import {\n  to = druva_okta_link.this\n}\n";
    assert!(
        left_out(import)
            .ends_with(&format!("\nresource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n}}\n")),
        "{}",
        left_out(import)
    );
    let variable = "variable \"a\" {}\nlocals {\n  x = \"${var.a}-${var.b_c}\"\n}\n";
    assert_eq!(left_out(variable), format!("{VERSIONS}\nvariable \"b_c\" {{}}\n"));
}
