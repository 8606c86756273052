//! Which files of `examples/` belong to what. The layout is the registry's.

use std::collections::BTreeMap;

use crate::kind::Kind;

/// Every text file below a folder, by its path with `/`, relative to the repository.
pub type Files = BTreeMap<String, String>;

/// The folder with the examples of one thing.
#[must_use]
pub fn folder(kind: Kind, name: &str) -> String {
    format!("examples/{}/{name}/", kind.folder())
}

/// The example configurations of one thing, the plain one first.
#[must_use]
pub fn of(files: &Files, kind: Kind, name: &str) -> Vec<String> {
    let (start, end) = kind.example_name();
    starting_with(files, &folder(kind, name), start, end)
}

/// The example configurations of the provider block.
#[must_use]
pub fn of_provider(files: &Files) -> Vec<String> {
    starting_with(files, "examples/provider/", "provider", ".tf")
}

fn starting_with(files: &Files, folder: &str, start: &str, end: &str) -> Vec<String> {
    let is_one = |path: &str| {
        let name = path.strip_prefix(folder)?.strip_prefix(start)?.strip_suffix(end)?;
        (!name.contains('/')).then_some(())
    };
    let mut found: Vec<String> = files.keys().filter(|path| is_one(path).is_some()).cloned().collect();
    // `resource-more.tf` sorts before `resource.tf`.
    found.sort_by_key(|path| (path.len() != folder.len() + start.len() + end.len(), path.clone()));
    found
}

/// How a resource is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// A file with `terraform import`.
    pub command: Option<String>,
    /// A file with an `import` block that names the id.
    pub by_id: Option<String>,
    /// A file with an `import` block that names the identity.
    pub by_identity: Option<String>,
}

impl Import {
    /// The files that there are.
    #[must_use]
    pub fn of(files: &Files, kind: Kind, name: &str) -> Self {
        let file = |file: &str| Some(folder(kind, name) + file).filter(|path| files.contains_key(path));
        match kind {
            Kind::Resource => Self {
                command: file("import.sh"),
                by_id: file("import-by-string-id.tf"),
                by_identity: file("import-by-identity.tf"),
            },
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_example_is_the_first() {
        let paths = ["resource-more.tf", "resource.tf", "resource.txt", "import.sh", "sub/resource.tf"];
        let files = paths.map(|name| (format!("examples/resources/druva_x/{name}"), String::new())).into();
        let folder = "examples/resources/druva_x";
        assert_eq!(
            of(&files, Kind::Resource, "druva_x"),
            [format!("{folder}/resource.tf"), format!("{folder}/resource-more.tf")]
        );
        let import = Import::of(&files, Kind::Resource, "druva_x");
        assert_eq!(import, Import { command: Some(format!("{folder}/import.sh")), ..Import::default() });
        assert_eq!(Import::of(&files, Kind::DataSource, "druva_x"), Import::default());
        assert!(of(&files, Kind::DataSource, "druva_x").is_empty());
    }
}
