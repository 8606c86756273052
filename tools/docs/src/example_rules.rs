//! What has to be in `examples/`: something for everything in the schema, and nothing for anything else.

use std::collections::BTreeSet;

use crate::examples::{self, Files, Import};
use crate::kind::Kind;
use crate::schema::ProviderSchema;

/// A sentence for each rule that is broken.
#[must_use]
pub fn broken(files: &Files, schema: &ProviderSchema) -> Vec<String> {
    let mut broken = Vec::new();
    if examples::of_provider(files).is_empty() {
        broken.push("examples/provider/provider.tf: there is no such example".to_owned());
    }
    for kind in Kind::ALL {
        for name in kind.names(schema) {
            check_examples(&mut broken, files, kind, name);
        }
        check_folders(&mut broken, files, kind, &kind.names(schema));
    }
    for name in schema.resources.keys() {
        check_import(&mut broken, files, name);
    }
    broken
}

fn check_examples(broken: &mut Vec<String>, files: &Files, kind: Kind, name: &str) {
    let use_of = match kind {
        Kind::Resource => format!("resource \"{name}\""),
        Kind::DataSource => format!("data \"{name}\""),
        Kind::EphemeralResource => format!("ephemeral \"{name}\""),
        Kind::ListResource => format!("list \"{name}\""),
        Kind::Action => format!("action \"{name}\""),
        Kind::Function => format!("provider::druva::{name}("),
    };
    let (start, end) = kind.example_name();
    let plain = format!("{}{start}{end}", examples::folder(kind, name));
    if !files.contains_key(&plain) {
        broken.push(format!("{plain}: there is no such example"));
    }
    for path in examples::of(files, kind, name) {
        if !files[&path].contains(&use_of) {
            broken.push(format!("{path}: {use_of} does not occur in it"));
        }
    }
}

fn check_folders(broken: &mut Vec<String>, files: &Files, kind: Kind, names: &[&String]) {
    let start = format!("examples/{}/", kind.folder());
    let folders: BTreeSet<&str> =
        files.keys().filter_map(|path| path.strip_prefix(&start)?.split('/').next()).collect();
    for folder in folders {
        if !names.iter().any(|name| *name == folder) {
            broken.push(format!("{start}{folder}: the schema has nothing of this name"));
        }
    }
}

fn check_import(broken: &mut Vec<String>, files: &Files, name: &str) {
    let import = Import::of(files, Kind::Resource, name);
    let folder = examples::folder(Kind::Resource, name);
    for (file, path, use_of) in [
        ("import.sh", import.command, format!("terraform import {name}.")),
        ("import-by-string-id.tf", import.by_id, format!("to = {name}.")),
    ] {
        match path.map(|path| &files[&path]) {
            None => broken.push(format!("{folder}{file}: there is no such example")),
            Some(text) if !text.contains(&use_of) => {
                broken.push(format!("{folder}{file}: {use_of} does not occur in it"));
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::tests::{read, sound};

    const THING: &str = "examples/resources/druva_thing/";

    fn sound_files() -> Files {
        let thing = |file: &str| format!("{THING}{file}");
        [
            ("examples/provider/provider.tf".to_owned(), "provider \"druva\" {}"),
            ("examples/quickstart/main.tf".to_owned(), ""),
            (thing("resource.tf"), "resource \"druva_thing\" \"this\" {}"),
            (thing("import.sh"), "terraform import druva_thing.this x"),
            (thing("import-by-string-id.tf"), "import {\n  to = druva_thing.this\n}"),
            ("examples/data-sources/druva_things/data-source.tf".to_owned(), "data \"druva_things\" \"this\" {}"),
            ("examples/functions/thing_names/function.tf".to_owned(), "x = provider::druva::thing_names()"),
        ]
        .map(|(path, text)| (path, text.to_owned()))
        .into()
    }

    fn with(path: &str, text: Option<&str>) -> Vec<String> {
        let mut files = sound_files();
        match text {
            Some(text) => drop(files.insert(path.to_owned(), text.to_owned())),
            None => drop(files.remove(path)),
        }
        broken(&files, &read(sound()))
    }

    #[test]
    fn nothing_is_wrong_when_everything_has_its_example() {
        assert_eq!(broken(&sound_files(), &read(sound())), [""; 0]);
    }

    #[test]
    fn whatever_is_missing_is_named() {
        for path in sound_files().keys().filter(|path| !path.contains("quickstart")) {
            assert_eq!(with(path, None), [format!("{path}: there is no such example")]);
        }
    }

    #[test]
    fn an_example_uses_what_it_is_for() {
        for (path, use_of) in [
            (format!("{THING}resource-more.tf"), "resource \"druva_thing\""),
            (format!("{THING}import.sh"), "terraform import druva_thing."),
            (format!("{THING}import-by-string-id.tf"), "to = druva_thing."),
            ("examples/data-sources/druva_things/data-source.tf".to_owned(), "data \"druva_things\""),
            ("examples/functions/thing_names/function.tf".to_owned(), "provider::druva::thing_names("),
        ] {
            assert_eq!(with(&path, Some("x")), [format!("{path}: {use_of} does not occur in it")]);
        }
    }

    #[test]
    fn there_are_no_examples_of_what_is_not_there() {
        let path = "examples/functions/thing_name/function.tf";
        assert_eq!(with(path, Some("")), ["examples/functions/thing_name: the schema has nothing of this name"]);
    }
}
