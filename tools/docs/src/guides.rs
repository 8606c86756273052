//! The guides in reading order, which every list of them has: the index, the README, and the registry's sidebar.
//!
//! The registry shows `page_title` in its sidebar. How it sorts guides is documented nowhere; providers that want an order put
//! numbers into their titles. So do we: the generator writes the number, and the name of a page never changes.

use crate::examples::Files;
use crate::front_matter::{self, FrontMatter};
use crate::markdown;
use crate::pages::Pages;

/// The names of the pages: what a newcomer reads first comes first.
const ORDER: [&str; 19] = [
    "installation",
    "getting-started",
    "linking-by-hand",
    "adopting-an-existing-installation",
    "moving-from-the-okta-provider",
    "secrets-and-state",
    "least-privilege",
    "service-app-keys",
    "pipelines-and-concurrency",
    "detecting-drift",
    "rotating-secrets",
    "changing-scopes",
    "many-tenants",
    "testing",
    "upgrading",
    "troubleshooting",
    "performance",
    "compatibility",
    "what-is-assumed-about-druva",
];
const HERE: &str = "ORDER in tools/docs/src/guides.rs";
const FOLDER: &str = "docs/guides/";

/// The place of a page, from 1 on.
fn place(page: &str) -> Option<usize> {
    let name = page.strip_prefix(FOLDER)?.strip_suffix(".md")?;
    Some(ORDER.iter().position(|known| *known == name)? + 1)
}

/// A guide with its number before its title, for a sidebar that sorts by titles. Other pages stay as they are.
#[must_use]
pub fn numbered(page: &str, text: &str) -> String {
    match place(page) {
        // Two digits: a text that begins with 10 comes before one that begins with 2.
        Some(place) => text.replacen("page_title: \"", &format!("page_title: \"{place:02}. "), 1),
        None => text.to_owned(),
    }
}

/// The guides as a list for the index.
#[must_use]
pub fn list(pages: &Pages) -> String {
    let mut guides: Vec<(&String, &String)> = pages.iter().filter(|(page, _)| page.starts_with(FOLDER)).collect();
    guides.sort_by_key(|(page, _)| place(page).unwrap_or(usize::MAX));
    let item = |(page, text): (&String, &String)| {
        let FrontMatter { page_title, description, .. } = front_matter::parse(text).ok()?;
        let title = page_title?;
        let title = title.split_once(". ").filter(|_| place(page).is_some()).map_or(&*title, |(_, title)| title);
        let description = description?.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(format!("1. [{title}]({}): {description}", page.strip_prefix("docs/")?))
    };
    guides.into_iter().filter_map(item).collect::<Vec<_>>().join("\n")
}

/// A sentence for each rule that is broken.
#[must_use]
pub fn broken(files: &Files) -> Vec<String> {
    let guides = || files.keys().filter(|path| path.starts_with(FOLDER));
    let homeless = guides().filter(|page| place(page).is_none());
    let mut broken: Vec<String> =
        homeless.map(|page| format!("{page}: it has no place in the reading order, {HERE}")).collect();
    let missing = ORDER.map(|name| format!("{FOLDER}{name}.md")).into_iter().filter(|page| !files.contains_key(page));
    broken.extend(missing.map(|page| format!("{page}: this guide is missing, and has a place in {HERE}")));
    let readme = files.get("README.md").map_or("", String::as_str);
    let section = readme.split("\n## ").find(|section| section.starts_with("Guides\n")).unwrap_or_default();
    let linked: Vec<String> = markdown::links(section).into_iter().map(|link| link.target).collect();
    let mut expected: Vec<String> = guides().filter(|page| place(page).is_some()).cloned().collect();
    expected.sort_by_key(|page| place(page));
    if linked != expected {
        let next = expected.iter().zip(linked.iter().map(Some).chain(std::iter::repeat(None)));
        let first = next.into_iter().find(|(page, linked)| Some(*page) != *linked).map(|(page, _)| page.as_str());
        let first = first.unwrap_or("the last guide");
        broken.push(format!("README.md: its table of guides is in another order than {HERE}, from {first} on"));
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "---\npage_title: \"A\"\ndescription: |-\n  One\n  line.\n---\n";

    /// A repository with all guides, and a README that links these.
    fn files(linked: &[&str]) -> Files {
        let mut files: Files = ORDER.map(|name| (format!("{FOLDER}{name}.md"), PAGE.to_owned())).into();
        let links: String = linked.iter().map(|name| format!("| x | [y](docs/guides/{name}.md) |\n")).collect();
        files.insert("README.md".to_owned(), format!("# A\n\n[z](docs/index.md)\n\n## Guides\n\n{links}\n## B\n"));
        files
    }

    #[test]
    fn every_guide_has_its_place() {
        assert_eq!(broken(&files(&ORDER)), [""; 0]);
        let mut more = files(&ORDER);
        more.insert("docs/guides/new.md".to_owned(), PAGE.to_owned());
        assert_eq!(broken(&more), [format!("docs/guides/new.md: it has no place in the reading order, {HERE}")]);
        let mut less = files(&ORDER[1..]);
        less.remove("docs/guides/installation.md");
        assert_eq!(
            broken(&less),
            [format!("docs/guides/installation.md: this guide is missing, and has a place in {HERE}")]
        );
    }

    #[test]
    fn the_readme_has_the_same_order() {
        let mut swapped = ORDER;
        swapped.swap(1, 2);
        let twice = [&ORDER[..], &ORDER[18..]].concat();
        for (linked, first) in [
            (&swapped[..], "docs/guides/getting-started.md"),
            (&ORDER[..18], "docs/guides/what-is-assumed-about-druva.md"),
        ] {
            let expected = format!("README.md: its table of guides is in another order than {HERE}, from {first} on");
            assert_eq!(broken(&files(linked)), [expected]);
        }
        assert_eq!(broken(&files(&twice)).len(), 1);
    }

    #[test]
    fn titles_have_numbers_that_sort_and_lists_have_none() {
        let pages: Pages =
            ["docs/guides/getting-started.md", "docs/guides/installation.md", "docs/guides/a-new-one.md"]
                .map(|page| (page.to_owned(), numbered(page, PAGE)))
                .into();
        assert!(pages["docs/guides/getting-started.md"].contains("page_title: \"02. A\""), "{pages:?}");
        assert_eq!(numbered("docs/index.md", PAGE), PAGE);
        assert_eq!(
            list(&pages),
            "1. [A](guides/installation.md): One line.\n1. [A](guides/getting-started.md): One line.\n1. [A](guides/a-new-one.md): One line."
        );
        assert!(place("docs/guides/changing-scopes.md") > place("docs/guides/linking-by-hand.md"));
    }
}
