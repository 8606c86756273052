//! What the registry accepts: the checks of `tfplugindocs validate`, and a little stricter ones where it lets pass what
//! would be a mistake here (unknown files, unknown keys, a kind without any page).

use std::collections::BTreeSet;

use crate::examples::Files;
use crate::front_matter::{self, FrontMatter};
use crate::kind::Kind;
use crate::schema::ProviderSchema;

const GUIDES: &str = "guides";
/// The registry's limits.
const MAX_FILES: usize = 2000;
const MAX_BYTES: usize = 500_000;

/// A sentence for each rule that is broken.
#[must_use]
pub fn broken(files: &Files, schema: &ProviderSchema) -> Vec<String> {
    let mut broken = Vec::new();
    let docs: Vec<(&str, &str)> =
        files.iter().filter_map(|(path, text)| Some((path.strip_prefix("docs/")?, text.as_str()))).collect();
    for (path, text) in &docs {
        let mut say = |what: String| broken.push(format!("docs/{path}: {what}"));
        match place(path) {
            Ok(place) => check_front_matter(place, text, &mut say),
            Err(what) => say(what),
        }
        if text.len() >= MAX_BYTES {
            say(format!("{} bytes; the registry takes less than {MAX_BYTES}", text.len()));
        }
    }
    if docs.len() > MAX_FILES {
        broken.push(format!("docs/: {} files; the registry takes {MAX_FILES}", docs.len()));
    }
    if let Some(path) = files.keys().find(|path| path.starts_with("website/docs/")) {
        broken.push(format!("{path}: the layout before docs/, which the registry does not take beside it"));
    }
    let pages: BTreeSet<&str> = docs.iter().map(|(path, _)| *path).collect();
    check_names(&pages, schema, &mut broken);
    broken
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Index,
    Guide,
    Thing,
}

/// Where a page lies; what is wrong with its path otherwise.
fn place(path: &str) -> Result<Place, String> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.strip_suffix(".md").ok_or("the registry takes files that end in .md only")?;
    let is_plain = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '-' | '_');
    if stem.is_empty() || !stem.chars().all(is_plain) {
        return Err("a page's name consists of lower case letters, digits, - and _".to_owned());
    }
    match path.split('/').collect::<Vec<_>>()[..] {
        ["index.md"] => Ok(Place::Index),
        [GUIDES, _] => Ok(Place::Guide),
        [folder, _] if Kind::ALL.iter().any(|kind| kind.folder() == folder) => Ok(Place::Thing),
        [_] => Err("index.md is the only page at the top of docs/".to_owned()),
        _ => Err("this is no folder of the registry's layout".to_owned()),
    }
}

fn check_front_matter(place: Place, text: &str, say: &mut dyn FnMut(String)) {
    let matter = match front_matter::parse(text) {
        Ok(matter) => matter,
        Err(what) => return say(what),
    };
    let FrontMatter { page_title, subcategory, description, layout, sidebar_current } = matter;
    for (key, is_there) in [("layout", layout.is_some()), ("sidebar_current", sidebar_current.is_some())] {
        if is_there {
            say(format!("{key} in the front matter belongs to the layout before docs/"));
        }
    }
    if place == Place::Index && subcategory.is_some() {
        say("the index has no subcategory".to_owned());
    }
    for (key, value) in [("page_title", page_title), ("description", description)] {
        if value.is_none_or(|value| value.trim().is_empty()) {
            say(format!("{key} is missing in the front matter"));
        }
    }
}

fn check_names(pages: &BTreeSet<&str>, schema: &ProviderSchema, broken: &mut Vec<String>) {
    let mut expected = BTreeSet::from(["index.md".to_owned()]);
    for kind in Kind::ALL {
        expected
            .extend(kind.names(schema).iter().map(|name| format!("{}/{}.md", kind.folder(), Kind::page_name(name))));
    }
    for path in &expected {
        if !pages.contains(path.as_str()) {
            broken.push(format!("docs/{path}: this page is missing"));
        }
    }
    for path in pages {
        if place(path) == Ok(Place::Thing) && !expected.contains(*path) {
            broken.push(format!("docs/{path}: the schema has nothing of this name"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::tests::{read, sound};

    const PAGE: &str = "---\npage_title: \"A\"\nsubcategory: \"\"\ndescription: |-\n  One.\n---\n\n# A\n";
    const INDEX: &str = "---\npage_title: \"A\"\ndescription: |-\n  One.\n---\n\n# A\n";

    fn sound_files() -> Files {
        let pages = ["resources/thing", "data-sources/things", "functions/thing_names", "guides/set-up"];
        let mut files: Files = pages.map(|page| (format!("docs/{page}.md"), PAGE.to_owned())).into();
        files.insert("docs/index.md".to_owned(), INDEX.to_owned());
        files
    }

    /// What is broken when `path` is `text`, or is missing.
    fn with(path: &str, text: Option<&str>) -> Vec<String> {
        let mut files = sound_files();
        match text {
            Some(text) => drop(files.insert(path.to_owned(), text.to_owned())),
            None => drop(files.remove(path)),
        }
        broken(&files, &read(sound()))
    }

    #[test]
    fn nothing_is_wrong_with_sound_docs() {
        assert_eq!(broken(&sound_files(), &read(sound())), [""; 0]);
    }

    #[test]
    fn directories_and_names_are_the_registrys() {
        let folder = "this is no folder of the registry's layout";
        let name = "a page's name consists of lower case letters, digits, - and _";
        for (path, expected) in [
            ("docs/howto/x.md", folder),
            ("docs/guides/more/x.md", folder),
            ("docs/cdktf/python/index.md", folder),
            ("docs/faq.md", "index.md is the only page at the top of docs/"),
            ("docs/guides/x.markdown", "the registry takes files that end in .md only"),
            ("docs/resources/thing.html.md", name),
            ("docs/guides/Set Up.md", name),
        ] {
            assert_eq!(with(path, Some(PAGE)), [format!("{path}: {expected}")]);
        }
    }

    #[test]
    fn the_older_layout_is_not_mixed_in() {
        let broken = with("website/docs/r/thing.html.markdown", Some(PAGE));
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].starts_with("website/docs/r/thing.html.markdown: the layout before docs/"), "{broken:?}");
    }

    #[test]
    fn every_page_has_a_schema_and_every_schema_a_page() {
        let extra = with("docs/resources/other.md", Some(PAGE));
        assert_eq!(extra, ["docs/resources/other.md: the schema has nothing of this name"]);
        let unheard_of = with("docs/actions/start.md", Some(PAGE));
        assert_eq!(unheard_of, ["docs/actions/start.md: the schema has nothing of this name"]);
        for path in ["docs/data-sources/things.md", "docs/functions/thing_names.md", "docs/index.md"] {
            assert_eq!(with(path, None), [format!("{path}: this page is missing")]);
        }
    }

    #[test]
    fn front_matter_has_the_keys_of_its_kind() {
        let guide = "docs/guides/set-up.md";
        for (path, page, expected) in [
            (guide, PAGE.replace("page_title: \"A\"\n", ""), "page_title is missing in the front matter"),
            (guide, PAGE.replace("  One.\n", ""), "description is missing in the front matter"),
            (guide, "# A\n".to_owned(), "there is no front matter between two lines of ---"),
            (
                "docs/resources/thing.md",
                PAGE.replace("subcategory: \"\"", "layout: x"),
                "layout in the front matter belongs to the layout before docs/",
            ),
            (
                "docs/resources/thing.md",
                PAGE.replace("subcategory: \"\"", "sidebar_current: x"),
                "sidebar_current in the front matter belongs to the layout before docs/",
            ),
            ("docs/index.md", PAGE.to_owned(), "the index has no subcategory"),
        ] {
            assert_eq!(with(path, Some(&page)), [format!("{path}: {expected}")]);
        }
        let unknown = with(guide, Some(&PAGE.replace("page_title", "title")));
        assert!(unknown[0].contains("unknown field `title`"), "{unknown:?}");
    }

    #[test]
    fn sizes_and_numbers_are_within_the_registrys_limits() {
        let mut page = PAGE.to_owned();
        page += &" ".repeat(MAX_BYTES - 1 - page.len());
        assert!(with("docs/guides/set-up.md", Some(&page)).is_empty());
        let large = with("docs/guides/set-up.md", Some(&(page + " ")));
        assert_eq!(large, ["docs/guides/set-up.md: 500000 bytes; the registry takes less than 500000"]);
        let mut files = sound_files();
        files.extend((0..MAX_FILES - 5).map(|number| (format!("docs/guides/{number}.md"), PAGE.to_owned())));
        assert!(broken(&files, &read(sound())).is_empty());
        files.insert("docs/guides/more.md".to_owned(), PAGE.to_owned());
        assert_eq!(broken(&files, &read(sound())), ["docs/: 2001 files; the registry takes 2000"]);
    }
}
