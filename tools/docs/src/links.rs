//! Links within the repository: what they name exists, and so does the anchor.

use std::collections::BTreeMap;

use crate::examples::Files;
use crate::markdown;

/// A sentence for each link that leads nowhere, in any page of the repository.
#[must_use]
pub fn broken(files: &Files) -> Vec<String> {
    let pages = files.iter().filter(|(path, _)| path.ends_with(".md"));
    let anchors: BTreeMap<&str, _> =
        pages.clone().map(|(path, text)| (path.as_str(), markdown::anchors(text))).collect();
    let mut broken = Vec::new();
    for (page, text) in pages {
        for link in markdown::links(text) {
            let mut say = |what: &str| broken.push(format!("{page}:{}: the link {} {what}", link.line, link.target));
            if link.target.split_once(':').is_some_and(|(scheme, _)| matches!(scheme, "http" | "https" | "mailto")) {
                continue;
            }
            let (target, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
            let Some(path) = resolve(page, target) else {
                say("leads out of the repository");
                continue;
            };
            if page.starts_with("docs/") && !path.starts_with("docs/") {
                say("leads out of docs/, which is all that the registry has");
            } else if !files.contains_key(&path) && !is_folder(files, &path) {
                say("leads to nothing");
            } else if let Some(known) = anchors.get(path.as_str())
                && !anchor.is_empty()
                && !known.contains(anchor)
            {
                say("names an anchor that is not there");
            }
        }
    }
    broken
}

fn is_folder(files: &Files, path: &str) -> bool {
    let start = format!("{path}/");
    files.range(start.clone()..).next().is_some_and(|(path, _)| path.starts_with(&start))
}

/// The path that a link from `page` leads to, if it stays in the repository.
fn resolve(page: &str, target: &str) -> Option<String> {
    if target.is_empty() {
        return Some(page.to_owned());
    }
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(page: &str, text: &str) -> Vec<String> {
        let files = [
            ("docs/guides/one.md", "# One\n\n## Second part\n"),
            ("docs/index.md", "# Index\n\n<a id=\"nestedatt--okta\"></a>\n"),
            ("src/lib.rs", "# no page"),
            (page, text),
        ];
        broken(&files.map(|(path, text)| (path.to_owned(), text.to_owned())).into())
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let text = "# Here\n[a](#here) [b](docs/guides/one.md#second-part) [c](docs/index.md#nestedatt--okta) [d](src/lib.rs)\n\
                    [e](src) [f](https://example.com/x#y) [g](./docs/../src/lib.rs#L3) [h](mailto:a@example.com) [i](docs/)\n";
        assert_eq!(with("README.md", text), [""; 0]);
        assert_eq!(with("docs/resources/x.md", "[a](../guides/one.md) [b](../index.md)"), [""; 0]);
    }

    #[test]
    fn links_that_lead_nowhere_are_named_with_their_line() {
        for (page, text, expected) in [
            ("README.md", "a\n\n[x](docs/two.md)", "README.md:3: the link docs/two.md leads to nothing"),
            ("README.md", "[x](#there)", "README.md:1: the link #there names an anchor that is not there"),
            (
                "docs/resources/x.md",
                "[x](../guides/one.md#first)",
                "docs/resources/x.md:1: the link ../guides/one.md#first names an anchor that is not there",
            ),
            (
                "docs/resources/x.md",
                "[x](../../src/lib.rs)",
                "docs/resources/x.md:1: the link ../../src/lib.rs leads out of docs/, which is all that the registry has",
            ),
            ("README.md", "[x](../x)", "README.md:1: the link ../x leads out of the repository"),
            ("README.md", "[x](/docs/index.md)", "README.md:1: the link /docs/index.md leads out of the repository"),
            ("README.md", "![x](shot.png)", "README.md:1: the link shot.png leads to nothing"),
        ] {
            assert_eq!(with(page, text), [expected]);
        }
    }
}
