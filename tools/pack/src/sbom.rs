//! What is linked into the provider on one platform, in CycloneDX 1.5, which scanners read.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use cargo_metadata::{Package, PackageId};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::linked::{self, Linked};

#[derive(clap::Args)]
pub struct Arguments {
    /// Rust's name of the platform, for example x86_64-unknown-linux-musl
    #[arg(long)]
    target: String,
    /// The time of the release, in seconds since 1970
    #[arg(long)]
    modified: i64,
    /// The file to write
    #[arg(long)]
    pub output: PathBuf,
}

/// What Cargo.lock says of a crate.
#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

pub fn text(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let linked = linked::on(std::slice::from_ref(&arguments.target))?;
    let lock: Lock = toml::from_str(&std::fs::read_to_string("Cargo.lock")?)?;
    let sums = lock.package.into_iter().filter_map(|locked| Some(((locked.name, locked.version), locked.checksum?)));
    let modified = OffsetDateTime::from_unix_timestamp(arguments.modified)?.format(&Rfc3339)?;
    let bom = bom(&linked, &sums.collect(), &arguments.target, &modified);
    Ok(serde_json::to_string_pretty(&bom)? + "\n")
}

fn bom(linked: &Linked, sums: &BTreeMap<(String, String), String>, target: &str, modified: &str) -> Value {
    let reference = |id: &PackageId| reference(&linked.packages[id]);
    let described = |package: &Package| {
        let sum = sums.get(&(package.name.to_string(), package.version.to_string()));
        component(package, sum.map(String::as_str))
    };
    let mut provider = described(&linked.packages[&linked.provider]);
    provider["type"] = json!("application");
    let others = linked.packages.values().filter(|package| package.id != linked.provider);
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": modified,
            "tools": [{"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")}],
            "component": provider,
            "properties": [{"name": "cdx:rustc:sbom:target:triple", "value": target}],
        },
        "components": others.map(described).collect::<Vec<_>>(),
        "dependencies": linked.uses.iter().map(|(id, used)| {
            json!({"ref": reference(id), "dependsOn": used.iter().map(reference).collect::<Vec<_>>()})
        }).collect::<Vec<_>>(),
    })
}

/// The same wherever it is built: the ids of our own crates, as Cargo has them, begin with a path.
fn reference(package: &Package) -> String {
    match package.source {
        Some(_) => package.id.to_string(),
        None => format!("{}@{}", package.name, package.version),
    }
}

fn component(package: &Package, sum: Option<&str>) -> Value {
    let pages =
        [("documentation", &package.documentation), ("website", &package.homepage), ("vcs", &package.repository)];
    let pages = pages.into_iter().filter_map(|(kind, url)| Some(json!({"type": kind, "url": url.as_ref()?})));
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(package),
        "name": package.name,
        "version": package.version,
        "scope": "required",
        "purl": purl(package),
    });
    let parts = [
        ("author", (!package.authors.is_empty()).then(|| json!(package.authors.join(", ")))),
        (
            "description",
            package.description.as_deref().map(|text| json!(text.split_whitespace().collect::<Vec<_>>().join(" "))),
        ),
        ("licenses", package.license.as_deref().map(|license| json!([{"expression": license.replace('/', " OR ")}]))),
        ("hashes", sum.map(|sum| json!([{"alg": "SHA-256", "content": sum}]))),
        (
            "externalReferences",
            Some(pages.collect::<Vec<_>>()).filter(|pages| !pages.is_empty()).map(|pages| json!(pages)),
        ),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            component[name] = value;
        }
    }
    component
}

/// The name of a crate for all package managers. A version may have a plus, which must be encoded there.
fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version.to_string().replace('+', "%2B"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const TARGET: &str = "x86_64-unknown-linux-gnu";

    fn strings<'a>(list: &'a Value, name: &str) -> BTreeSet<&'a str> {
        list.as_array().into_iter().flatten().filter_map(|item| item[name].as_str()).collect()
    }

    #[test]
    fn what_is_linked_in_is_listed_and_what_only_builds_or_tests_is_not() {
        let linked = linked::on(&[TARGET.to_owned()]).expect("linked");
        let sums = linked.packages.values().filter(|package| package.source.is_some());
        let sums = sums.map(|package| ((package.name.to_string(), package.version.to_string()), "5a".repeat(32)));
        let bom = bom(&linked, &sums.collect(), TARGET, "2023-11-14T22:13:20Z");
        let names = strings(&bom["components"], "name");
        for name in ["aws-lc-sys", "reqwest", "rustls", "terraform-plugin", "tf-provider"] {
            assert!(names.contains(name), "{name} is linked in: {names:?}");
        }
        // Of tests, of build scripts, of a feature that is off, and for another platform.
        for name in ["proptest", "tonic-build", "quinn", "windows-sys"] {
            assert!(!names.contains(name), "{name} is not linked in");
        }
        assert_eq!(bom["metadata"]["component"]["name"], "terraform-provider-druva");
        assert!(!names.contains("terraform-provider-druva"));
        assert_eq!(bom["metadata"]["timestamp"], "2023-11-14T22:13:20Z");

        // Each is named once, uses only what is named, and has what a scanner looks for.
        let mut references = strings(&bom["components"], "bom-ref");
        assert_eq!(references.len(), bom["components"].as_array().expect("a list").len());
        references.extend(bom["metadata"]["component"]["bom-ref"].as_str());
        assert_eq!(strings(&bom["dependencies"], "ref"), references);
        for used in
            bom["dependencies"].as_array().into_iter().flatten().flat_map(|item| item["dependsOn"].as_array()).flatten()
        {
            assert!(references.contains(used.as_str().expect("a name")), "{used}");
        }
        for component in bom["components"].as_array().expect("a list") {
            assert!(component["licenses"][0]["expression"].is_string(), "{component}");
            assert!(component["purl"].as_str().is_some_and(|purl| purl.starts_with("pkg:cargo/")), "{component}");
            assert_eq!(component["hashes"].is_array(), component["name"] != "terraform-plugin", "{component}");
        }
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("is there");
        assert!(!bom.to_string().contains(&*root.to_string_lossy()), "the same wherever it is built");
    }

    #[test]
    fn a_crate_has_its_name_for_scanners_and_its_sum() {
        let package: Package = serde_json::from_value(json!({
            "name": "some-crate", "version": "1.2.3+spec-1.0", "authors": ["A <a@example.com>", "B"],
            "id": "registry+https://github.com/rust-lang/crates.io-index#some-crate@1.2.3+spec-1.0",
            "source": "registry+https://github.com/rust-lang/crates.io-index",
            "description": "Does\n  something", "dependencies": [], "license": "MIT/Apache-2.0", "targets": [], "features": {},
            "manifest_path": "/somewhere/Cargo.toml", "repository": "https://example.com/some-crate", "edition": "2024"
        }))
        .expect("as Cargo prints it");
        assert_eq!(
            component(&package, Some("ab12")),
            json!({
                "type": "library",
                "bom-ref": "registry+https://github.com/rust-lang/crates.io-index#some-crate@1.2.3+spec-1.0",
                "name": "some-crate",
                "version": "1.2.3+spec-1.0",
                "scope": "required",
                "purl": "pkg:cargo/some-crate@1.2.3%2Bspec-1.0",
                "author": "A <a@example.com>, B",
                "description": "Does something",
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
                "hashes": [{"alg": "SHA-256", "content": "ab12"}],
                "externalReferences": [{"type": "vcs", "url": "https://example.com/some-crate"}],
            })
        );
    }
}
