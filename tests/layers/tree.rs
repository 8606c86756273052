//! The modules of a crate, as its files declare them, and what a path in one of them leads to.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Item, Meta, UseTree};

use crate::uses::{self, Use};

/// The texts of files, by their paths.
pub type Files = BTreeMap<String, String>;

/// The root of the library. That of a program beside it has the name of its file.
pub const LIBRARY: &str = "crate";

/// A module and what it says about others.
#[derive(Default)]
pub struct Module {
    /// The file that has its items.
    pub file: String,
    /// The modules that it declares, by their ids.
    children: BTreeMap<String, String>,
    /// What else it defines.
    items: BTreeSet<String>,
    /// What it imports, by the names that this gets here.
    names: BTreeMap<String, Vec<String>>,
    /// The modules of which it imports everything.
    globs: Vec<Vec<String>>,
    /// The paths in it.
    pub uses: Vec<Use>,
}

/// Where a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Module(String),
    /// Something that this module defines.
    Item(String),
}

/// All modules of a library and of the program beside it. Modules for tests are left out.
#[derive(Default)]
pub struct Tree {
    /// What the program calls the library.
    library: String,
    pub modules: BTreeMap<String, Module>,
}

impl Tree {
    /// Reads `lib.rs` and `main.rs` in a folder, those that are there, and the files of their modules.
    pub fn read(folder: &str, library: &str, files: &Files) -> Self {
        let mut tree = Self { library: library.to_owned(), ..Self::default() };
        for (root, id) in [("lib", LIBRARY), ("main", "main")] {
            let file = format!("{folder}/{root}.rs");
            if files.contains_key(&file) {
                tree.add_file(id.to_owned(), file, folder, files);
            }
        }
        assert!(!tree.modules.is_empty(), "{folder} has neither lib.rs nor main.rs");
        tree
    }

    fn add_file(&mut self, id: String, file: String, folder: &str, files: &Files) {
        let parsed = syn::parse_file(&files[&file]).unwrap_or_else(|error| {
            panic!("{file}:{}: {error}", error.span().start().line);
        });
        self.add(id, &file, folder, &parsed.items, files);
    }

    /// A module with these items, whose modules have their files in this folder.
    fn add(&mut self, id: String, file: &str, folder: &str, items: &[Item], files: &Files) {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(child) => {
                    let name = child.ident.to_string();
                    let below = format!("{folder}/{name}");
                    let child_id = format!("{id}::{name}");
                    match &child.content {
                        Some((_, items)) => self.add(child_id.clone(), file, &below, items, files),
                        None => {
                            let places = [format!("{below}.rs"), format!("{below}/mod.rs")];
                            let place = places.into_iter().find(|place| files.contains_key(place));
                            let place = place.unwrap_or_else(|| panic!("{file}: no file for mod {name}"));
                            self.add_file(child_id.clone(), place, &below, files);
                        }
                    }
                    module.children.insert(name, child_id);
                }
                Item::Use(_) => {}
                item => module.items.extend(name(item)),
            }
        }
        module.uses = uses::of(items);
        for import in &module.uses {
            if let Some(name) = &import.name {
                module.names.entry(name.clone()).or_insert_with(|| import.path.clone());
            } else if import.is_glob {
                module.globs.push(import.path.clone());
            }
        }
        self.modules.insert(id, module);
    }

    /// Where a path in a module leads to; None for what is of another crate, or a local name.
    pub fn resolve(&self, module: &str, path: &[String]) -> Option<Target> {
        self.resolve_within(module, path, 16)
    }

    /// The steps end where imports go in circles.
    fn resolve_within(&self, module: &str, path: &[String], steps: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let root = || module.split("::").next().expect("a root").to_owned();
        let (start, rest) = match first.as_str() {
            "crate" => (root(), rest),
            "self" => (module.to_owned(), rest),
            "super" => {
                let (parent, _) = module.rsplit_once("::")?;
                let above = rest.iter().take_while(|segment| *segment == "super").count();
                let parent = (0..above).try_fold(parent, |parent, _| Some(parent.rsplit_once("::")?.0))?;
                (parent.to_owned(), &rest[above..])
            }
            name if name == self.library && root() != LIBRARY => (LIBRARY.to_owned(), rest),
            _ => return self.walk(module, path, steps),
        };
        // What no item of the module is called was made by a macro in it.
        self.walk(&start, rest, steps).or(Some(Target::Item(start)))
    }

    /// Follows a path from a module: through modules, and through what a module imports from another.
    fn walk(&self, module: &str, path: &[String], steps: usize) -> Option<Target> {
        let Some((name, rest)) = path.split_first() else { return Some(Target::Module(module.to_owned())) };
        let steps = steps.checked_sub(1)?;
        let here = self.modules.get(module)?;
        if let Some(child) = here.children.get(name) {
            return self.walk(child, rest, steps).or_else(|| Some(Target::Item(child.clone())));
        }
        if here.items.contains(name) {
            return Some(Target::Item(module.to_owned()));
        }
        if let Some(path) = here.names.get(name).filter(|path| path.first() != Some(name)) {
            return match self.resolve_within(module, path, steps)? {
                Target::Module(found) => self.walk(&found, rest, steps).or(Some(Target::Item(found))),
                item => Some(item),
            };
        }
        here.globs.iter().find_map(|glob| match self.resolve_within(module, glob, steps)? {
            Target::Module(found) if found != module => self.walk(&found, path, steps),
            _ => None,
        })
    }
}

/// Whether something is only there in tests.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    fn means_test(meta: &Meta) -> bool {
        let any_of = |list: &syn::MetaList, wanted: fn(&Meta) -> bool| {
            let parser = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            list.parse_args_with(parser).is_ok_and(|inner| inner.iter().any(wanted))
        };
        match meta {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) if list.path.is_ident("all") || list.path.is_ident("cfg") => any_of(list, means_test),
            Meta::List(list) if list.path.is_ident("any") => !any_of(list, |meta| !means_test(meta)),
            _ => false,
        }
    }
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg") && means_test(&attribute.meta))
}

/// The attributes of an item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// What an item that is no module and no import is called.
fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The paths of an import: each with the name that it gets, or None where it is everything in a module.
pub fn leaves(tree: &UseTree, before: &[String], found: &mut Vec<(Vec<String>, Option<String>)>) {
    let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(path.ident.to_string()), found),
        UseTree::Name(name) if name.ident == "self" => found.push((before.to_vec(), before.last().cloned())),
        UseTree::Name(name) => found.push((with(name.ident.to_string()), Some(name.ident.to_string()))),
        UseTree::Rename(to) if to.ident == "self" => found.push((before.to_vec(), Some(to.rename.to_string()))),
        UseTree::Rename(to) => found.push((with(to.ident.to_string()), Some(to.rename.to_string()))),
        UseTree::Glob(_) => found.push((before.to_vec(), None)),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, before, found)),
    }
}
