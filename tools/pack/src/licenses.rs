//! The licence texts of what is linked into the provider, on any platform that is released.
//!
//! A text is what lies beside the sources of a crate: it has the names of the holders. Where several licences are offered, the
//! first one that deny.toml allows is taken; where there is no text, that of SPDX.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::linked;

/// By what the text of a licence is recognized, white space and the signs of comments aside.
const RECOGNIZED: [(&str, &str); 5] = [
    ("Apache-2.0", "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION"),
    ("MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"),
    ("ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"),
    ("BSD-3-Clause", "may be used to endorse or promote products derived from this software"),
    ("Unicode-3.0", "UNICODE LICENSE V3"),
];

/// What deny.toml says that is of use here.
#[derive(Deserialize)]
struct Deny {
    graph: Graph,
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

pub fn text() -> Result<String, Box<dyn Error>> {
    let Deny { graph, licenses } = toml::from_str(&fs::read_to_string("deny.toml")?)?;
    let accepted = licenses.allow.iter().map(|id| Licensee::parse(id)).collect::<Result<Vec<_>, _>>()?;
    let mut texts: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for package in linked::on(&graph.targets)?.packages.values() {
        let named = format!("{} {}", package.name, package.version);
        // Our own crates have the licence of the repository, which is beside this file in the zip.
        let folder = package.source.as_ref().and(package.manifest_path.parent());
        let chosen = chosen(package.license.as_deref().unwrap_or_default(), &accepted);
        let chosen = chosen.map_err(|error| format!("{named}: {error}"))?;
        for text in texts_of(folder.map(AsRef::as_ref), &chosen).map_err(|error| format!("{named}: {error}"))? {
            texts.entry(text).or_default().insert(named.clone());
        }
    }
    let mut page = "The libraries that terraform-provider-druva is built from, and their licences.\n".to_owned();
    for ((heading, text), used_by) in texts {
        let used_by: String = used_by.iter().map(|named| format!("  {named}\n")).collect();
        page += &format!("\n{}\n{heading}\n\nUsed by:\n{used_by}\n{text}\n", "=".repeat(80));
    }
    Ok(page)
}

/// Which of the licences that a crate offers are taken.
fn chosen(expression: &str, accepted: &[Licensee]) -> Result<BTreeSet<&'static str>, Box<dyn Error>> {
    let expression =
        Expression::parse_mode(expression, ParseMode::LAX).map_err(|error| format!("its licence: {error}"))?;
    let taken = expression.minimized_requirements(accepted);
    let taken = taken.map_err(|error| format!("its licence \"{expression}\" is not what deny.toml allows: {error}"))?;
    let known = |id: &str| RECOGNIZED.iter().map(|(known, _)| *known).find(|known| *known == id);
    taken
        .iter()
        .map(|taken| {
            let id = taken.license.id().and_then(|id| known(id.name));
            id.ok_or_else(|| {
                format!("tools/pack/src/licenses.rs does not say how the text of {taken} is recognized").into()
            })
        })
        .collect()
}

/// The texts in the folder of a crate that belong to these licences, each below its heading.
fn texts_of(folder: Option<&Path>, chosen: &BTreeSet<&'static str>) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut missing = chosen.clone();
    let mut texts = Vec::new();
    let mut found = Vec::new();
    if let Some(folder) = folder {
        collect(folder, &mut found)?;
    }
    for text in found {
        let plain =
            text.split(|char: char| char.is_whitespace() || char == '*').filter(|word| !["", "//"].contains(word));
        let plain = plain.collect::<Vec<_>>().join(" ");
        let ids: BTreeSet<_> =
            RECOGNIZED.iter().filter(|(_, words)| plain.contains(words)).map(|(id, _)| *id).collect();
        // A text that nobody recognizes may be a notice that has to go along.
        if ids.is_empty() || !ids.is_disjoint(chosen) {
            missing.retain(|id| !ids.contains(id));
            texts.push((heading(&ids), text));
        }
    }
    texts.extend(missing.into_iter().map(|id| (heading(&[id].into()), canonical(id))));
    Ok(texts)
}

fn heading(ids: &BTreeSet<&str>) -> String {
    let full = |id: &&str| format!("{} ({id})", spdx::license_id(id).map_or(*id, |license| license.full_name));
    if ids.is_empty() { "Notices".to_owned() } else { ids.iter().map(full).collect::<Vec<_>>().join(", ") }
}

fn canonical(id: &str) -> String {
    spdx::license_id(id).map_or_else(String::new, |license| tidy(license.text()))
}

/// The texts of licences and notices in a folder and those below it.
fn collect(folder: &Path, found: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), found)?;
        } else if ["license", "licence", "copying", "copyright", "notice", "unlicense"]
            .iter()
            .any(|word| name.starts_with(word))
        {
            let text =
                fs::read_to_string(entry.path()).map_err(|error| format!("{}: {error}", entry.path().display()))?;
            found.push(tidy(&text));
        }
    }
    Ok(())
}

/// The same text for what differs in line ends and blank lines around it only.
fn tidy(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn licensees(ids: &[&str]) -> Vec<Licensee> {
        ids.iter().map(|id| Licensee::parse(id).expect("a licence")).collect()
    }

    #[test]
    fn of_several_licences_the_first_that_is_allowed_is_taken() {
        let accepted = licensees(&["Apache-2.0", "MIT", "ISC"]);
        for (expression, expected) in [
            ("MIT", &["MIT"][..]),
            ("MIT OR Apache-2.0", &["Apache-2.0"]),
            ("MIT/Apache-2.0", &["Apache-2.0"]),
            ("Unlicense OR MIT", &["MIT"]),
            ("MIT AND (MIT OR Apache-2.0)", &["MIT"]),
            ("Apache-2.0 AND ISC", &["Apache-2.0", "ISC"]),
        ] {
            assert_eq!(
                chosen(expression, &accepted).expect(expression),
                expected.iter().copied().collect(),
                "{expression}"
            );
        }
        let error = chosen("GPL-3.0-only", &accepted).expect_err("not allowed").to_string();
        assert!(error.contains("GPL-3.0-only") && error.contains("deny.toml"), "{error}");
        let error = chosen("", &accepted).expect_err("no licence").to_string();
        assert!(error.contains("its licence"), "{error}");
        let error = chosen("Zlib", &licensees(&["Zlib"])).expect_err("nobody knows its text").to_string();
        assert!(error.contains("how the text of Zlib is recognized"), "{error}");
    }

    #[test]
    fn each_licence_that_deny_toml_allows_is_recognized_by_its_text_and_as_no_other() {
        let deny = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deny.toml")).expect("is there");
        let deny: Deny = toml::from_str(&deny).expect("has both lists");
        for id in &deny.licenses.allow {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join("LICENSE"), canonical(id)).expect("written");
            for (known, _) in RECOGNIZED {
                let texts = texts_of(Some(folder.path()), &[known].into()).expect("texts");
                let own = RECOGNIZED.iter().any(|(other, _)| other == id && *other == known);
                // Its own text is found. For another licence that of SPDX is taken, and this one is left out.
                assert_eq!(texts, [(heading(&[known].into()), canonical(known))], "{id} for {known}");
                assert!(own || known != id, "{id} is not in the table");
            }
        }
    }

    #[test]
    fn the_texts_are_those_of_the_crate_with_its_notices() {
        let folder = tempfile::tempdir().expect("a folder");
        let mit = canonical("MIT").replace("<year> <copyright holders>", "1999 Somebody");
        fs::create_dir(folder.path().join("third_party")).expect("made");
        for (name, text) in [
            ("LICENSE-MIT", mit.replace('\n', "\r\n")),
            ("LICENSE-APACHE", canonical("Apache-2.0")),
            ("third_party/NOTICE.txt", "Parts are of somebody else.".to_owned()),
            ("README.md", "Permission is hereby granted, free of charge, to any person obtaining a copy".to_owned()),
        ] {
            fs::write(folder.path().join(name), text).expect("written");
        }
        let notice = ("Notices".to_owned(), "Parts are of somebody else.\n".to_owned());
        let texts = texts_of(Some(folder.path()), &["MIT"].into()).expect("texts");
        assert_eq!(texts, [("MIT License (MIT)".to_owned(), mit), notice.clone()]);
        let texts = texts_of(Some(folder.path()), &["ISC"].into()).expect("texts");
        assert_eq!(texts, [notice, ("ISC License (ISC)".to_owned(), canonical("ISC"))]);
    }

    #[test]
    fn comments_around_a_text_do_not_hide_it() {
        let folder = tempfile::tempdir().expect("a folder");
        for (sign, end) in [("// ", ""), (" * ", " */")] {
            let text: String = canonical("ISC").lines().map(|line| format!("{sign}{line}\n")).collect();
            fs::write(folder.path().join("LICENSE.txt"), text.clone() + end).expect("written");
            let texts = texts_of(Some(folder.path()), &["ISC"].into()).expect("texts");
            assert_eq!(texts.len(), 1, "{texts:?}");
        }
    }
}
