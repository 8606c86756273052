//! The repository on disk: reading it, writing pages, and finding those that are stale.

use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::examples::Files;
use crate::pages::Pages;
use crate::{Error, pictures};

/// Folders that are no part of the repository.
const SKIPPED: [&str; 5] = [".git", ".terraform", "artifacts", "corpus", "target"];

/// All text files of the repository.
///
/// # Errors
///
/// When one cannot be read.
pub fn repository(root: &Path) -> Result<Files, Error> {
    let mut files = Files::new();
    read_into(&mut files, root, "")?;
    Ok(files)
}

fn read_into(files: &mut Files, folder: &Path, prefix: &str) -> Result<(), Error> {
    let failed = |source| Error::File { path: folder.display().to_string(), source };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let failed = |source| Error::File { path: path.clone(), source };
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            read_into(files, &entry.path(), &format!("{path}/"))?;
        } else if kind.is_file() && !name.contains(".tfstate") {
            match std::fs::read_to_string(entry.path()) {
                Ok(text) => drop(files.insert(path, text)),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }
    Ok(())
}

/// Writes the pages that differ, and removes those that nothing makes. Returns a line for each.
///
/// # Errors
///
/// When a file cannot be written or removed.
pub fn write(root: &Path, files: &Files, pages: &Pages) -> Result<Vec<String>, Error> {
    let mut done = Vec::new();
    for (path, text) in pages {
        if files.get(path) != Some(text) {
            let file = root.join(path);
            let written =
                file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&file, text));
            written.map_err(|source| Error::File { path: path.clone(), source })?;
            done.push(format!("wrote {path}"));
        }
    }
    for path in left_over(files, pages) {
        std::fs::remove_file(root.join(path)).map_err(|source| Error::File { path: path.clone(), source })?;
        done.push(format!("removed {path}"));
    }
    Ok(done)
}

/// What `make docs` would change: the differences, file by file. Empty when nothing is stale.
#[must_use]
pub fn stale(files: &Files, pages: &Pages) -> String {
    let mut text = String::new();
    for (path, page) in pages {
        let there = files.get(path).map_or("", String::as_str);
        if there != page {
            let (old, new) = (format!("{path} (as it is)"), format!("{path} (as made)"));
            text += &TextDiff::from_lines(there, page).unified_diff().header(&old, &new).to_string();
        }
    }
    for path in left_over(files, pages) {
        text += &format!("{path}: nothing makes this page\n");
    }
    if text.is_empty() { text } else { format!("docs/ is stale: run make docs\n{text}") }
}

fn left_over<'a>(files: &'a Files, pages: &'a Pages) -> impl Iterator<Item = &'a String> {
    let is_made = |path: &str| path.starts_with("docs/") || pictures::is_drawn(path);
    files.keys().filter(move |path| is_made(path) && !pages.contains_key(*path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map<const N: usize>(pairs: [(&str, &str); N]) -> Files {
        pairs.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
    }

    #[test]
    fn what_was_written_is_not_stale() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("docs/guides")).unwrap();
        std::fs::write(root.join("docs/guides/old.md"), "old\n").unwrap();
        std::fs::create_dir_all(root.join("target")).unwrap();
        std::fs::write(root.join("target/x.md"), "x\n").unwrap();
        std::fs::write(root.join("binary"), [0xff, 0xfe]).unwrap();
        let pages = map([("docs/index.md", "a\nb\n")]);

        let before = repository(root).unwrap();
        assert_eq!(before, map([("docs/guides/old.md", "old\n")]));
        assert_eq!(
            stale(&before, &pages),
            "docs/ is stale: run make docs\n--- docs/index.md (as it is)\n+++ docs/index.md (as made)\n@@ -0,0 +1,2 @@\n\
             +a\n+b\ndocs/guides/old.md: nothing makes this page\n"
        );
        assert_eq!(write(root, &before, &pages).unwrap(), ["wrote docs/index.md", "removed docs/guides/old.md"]);

        let after = repository(root).unwrap();
        assert_eq!(stale(&after, &pages), "");
        assert!(write(root, &after, &pages).unwrap().is_empty());
        let changed = map([("docs/index.md", "a\nc\n")]);
        assert!(stale(&after, &changed).contains("\n a\n-b\n+c\n"), "{}", stale(&after, &changed));
    }
}
