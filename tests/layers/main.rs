//! Layers: no two files use each other in a circle, and no arrow goes up.

mod checker;
mod graph;
mod tree;
mod uses;

use std::collections::BTreeSet;
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
    only: &'static [(&'static str, &'static [&'static str])],
}

const ROOTS: [Root; 2] = [
    Root { folder: "src", library: "terraform_provider_druva", layers: LAYERS, only: ONLY },
    Root { folder: "crates/terraform-plugin/src", library: "terraform_plugin", layers: &[], only: &[] },
];

/// The modules of the provider, the highest layer first. A module may use the layers below its own, and none of its own.
const LAYERS: &[&[&str]] = &[
    &["main", "lib"],
    &["problems"],
    &["provider"],
    &["actions", "functions", "list_resources"],
    &["data_sources", "ephemeral_resources"],
    &["resources"],
    &["linking"],
    &["clients"],
    &["diagnostics"],
    &["plugin"],
    &["framework"],
    &["okta", "druva"],
    &["http"],
    &["domain", "memory", "scopes", "secret"],
    &["redaction"],
    &["instant_text", "secret_hash"],
];

/// Modules that know less than what is below them: what they may use.
const ONLY: &[(&str, &[&str])] = &[("plugin", &["framework", "redaction"]), ("framework", &[])];

/// Circles that are not open yet.
const KNOWN: &[&[&str]] = &[
    &[
        "src/http/body.rs",
        "src/http/listing.rs",
        "src/http/mod.rs",
        "src/http/pacing.rs",
        "src/http/pacing/bucket.rs",
        "src/http/pacing/crowd.rs",
        "src/http/pacing/quota.rs",
        "src/http/retry.rs",
    ],
    &[
        "src/okta/api_services.rs",
        "src/okta/auth.rs",
        "src/okta/auth/service_app.rs",
        "src/okta/mod.rs",
        "src/okta/new_secrets.rs",
    ],
    &["src/okta/auth/jwk.rs", "src/okta/auth/private_key.rs"],
    &[
        "src/plugin/handshake.rs",
        "src/plugin/last_words.rs",
        "src/plugin/mod.rs",
        "src/plugin/reattach.rs",
        "src/plugin/server.rs",
        "src/plugin/tls.rs",
    ],
    &["src/provider/druva_settings.rs", "src/provider/okta_settings.rs", "src/provider/settings.rs"],
    &[
        "src/redaction.rs",
        "src/redaction/held.rs",
        "src/redaction/shape.rs",
        "src/redaction/text.rs",
        "src/redaction/view.rs",
    ],
    &["src/resources/okta_integration/installation.rs", "src/resources/okta_integration/lost_installation.rs"],
    &[
        "src/resources/okta_link.rs",
        "src/resources/okta_link/creation.rs",
        "src/resources/okta_link/handover.rs",
        "src/resources/okta_link/import.rs",
        "src/resources/okta_link/update.rs",
    ],
    &["src/resources/okta_link/authorization.rs", "src/resources/okta_link/model.rs"],
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
    let is_known =
        |circle: &BTreeSet<String>| KNOWN.iter().any(|known| circle.iter().all(|file| known.contains(&file.as_str())));
    let circles = GRAPHS.iter().flat_map(|(_, graph)| graph.circles().into_iter().map(move |circle| (graph, circle)));
    let new = circles.filter(|(_, circle)| !is_known(circle));
    let found: Vec<String> = new.map(|(graph, circle)| graph.describe(&circle)).collect();
    assert!(found.is_empty(), "\n{}", found.concat());
}

#[test]
fn no_arrow_goes_up() {
    let with_layers = GRAPHS.iter().filter(|(root, _)| !root.layers.is_empty());
    let found: Vec<String> = with_layers.flat_map(|(root, graph)| graph.upward(root.folder, root.layers)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn what_shall_know_less_does() {
    let found: Vec<String> = GRAPHS.iter().flat_map(|(root, graph)| graph.beyond(root.folder, root.only)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
