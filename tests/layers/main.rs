//! Layers: no two files use each other in a circle, and no arrow goes up.

mod checker;
mod graph;
mod tree;
mod uses;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use self::graph::Graph;
use self::tree::{Files, Tree};

/// A crate that is held to the rules, where it is there.
struct Root {
    folder: &'static str,
    /// What programs call its library.
    library: &'static str,
    layers: &'static [&'static [&'static str]],
}

const ROOTS: [Root; 2] = [
    Root { folder: "src", library: "terraform_provider_druva", layers: LAYERS },
    Root { folder: "crates/terraform-plugin/src", library: "terraform_plugin", layers: &[] },
];

/// The modules of the provider, the highest layer first. A module may use the layers below its own, and none of its own.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["lib"],
    &["problems"],
    &["provider"],
    &["actions", "functions", "list_resources"],
    &["data_sources", "ephemeral_resources"],
    &["resources"],
    &["linking"],
    &["clients"],
    &["diagnostics"],
    &["okta", "druva"],
    &["http"],
    &["domain", "memory", "scopes", "secret"],
    &["redaction"],
    &["instant_text", "secret_hash"],
];

static GRAPHS: LazyLock<Vec<(&Root, Graph)>> = LazyLock::new(|| {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = ROOTS.iter().filter(|root| top.join(root.folder).is_dir());
    let graph = |root: &'static Root| {
        let mut files = Files::new();
        read(top, root.folder, &mut files);
        (root, Graph::of(&Tree::read(root.folder, root.library, &files)))
    };
    there.map(graph).collect()
});

fn read(top: &Path, folder: &str, files: &mut Files) {
    for entry in fs::read_dir(top.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read(top, &path, files);
        } else if path.ends_with(".rs") {
            files.insert(path, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let circles = GRAPHS.iter().flat_map(|(_, graph)| graph.circles().into_iter().map(move |circle| (graph, circle)));
    let found: Vec<String> = circles.map(|(graph, circle)| graph.describe(&circle)).collect();
    assert!(found.is_empty(), "\n{}", found.concat());
}

#[test]
fn no_arrow_goes_up() {
    let with_layers = GRAPHS.iter().filter(|(root, _)| !root.layers.is_empty());
    let found: Vec<String> = with_layers.flat_map(|(root, graph)| graph.upward(root.folder, root.layers)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
