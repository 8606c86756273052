//! Which crates are linked into the provider, from what Cargo says.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand, Package, PackageId};

pub const PROVIDER: &str = "terraform-provider-druva";

/// The crates that are linked in, the provider among them, and which of the others each of them uses.
pub struct Linked {
    pub packages: BTreeMap<PackageId, Package>,
    pub uses: BTreeMap<PackageId, BTreeSet<PackageId>>,
    pub provider: PackageId,
}

/// What is linked in on at least one of these targets. Macros count, though they only write code that is.
///
/// `cargo metadata` alone would not do: it names crates that a feature which is off would need. `cargo tree` does not name these.
pub fn on(targets: &[String]) -> Result<Linked, Box<dyn Error>> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["tree", "--quiet", "--locked", "--package", PROVIDER]);
    command.args(["--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    let output = command.args(targets.iter().flat_map(|target| ["--target", target])).output()?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let tree = String::from_utf8(output.stdout)?;
    // "name v1.2.3", and behind it what else there is to say.
    let named: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?, words.next()?.strip_prefix('v')?))
        })
        .collect();

    let mut options = vec!["--locked".to_owned()];
    options.extend(targets.iter().flat_map(|target| ["--filter-platform".to_owned(), target.clone()]));
    let metadata = MetadataCommand::new().other_options(options).exec()?;
    let is_named = |package: &Package| named.contains(&(package.name.as_str(), package.version.to_string().as_str()));
    let packages: BTreeMap<_, _> =
        metadata.packages.into_iter().filter(is_named).map(|package| (package.id.clone(), package)).collect();
    if packages.len() != named.len() {
        return Err(
            format!("cargo tree names {} crates, cargo metadata has {} of them", named.len(), packages.len()).into()
        );
    }
    let nodes = metadata.resolve.ok_or("cargo metadata resolved nothing")?.nodes;
    let uses = nodes.into_iter().filter(|node| packages.contains_key(&node.id)).map(|node| {
        let is_normal = |dependency: &&cargo_metadata::NodeDep| {
            dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        };
        let used = node.deps.iter().filter(is_normal).map(|dependency| dependency.pkg.clone());
        (node.id, used.filter(|id| packages.contains_key(id)).collect())
    });
    let provider = packages.values().find(|package| package.name == PROVIDER).ok_or("the provider is not there")?;
    Ok(Linked { uses: uses.collect(), provider: provider.id.clone(), packages })
}
