//! The YAML between `---` at the top of a page.

use serde::Deserialize;

/// The keys that the registry and its predecessor know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "they are the registry's own names")]
pub struct FrontMatter {
    pub page_title: Option<String>,
    pub subcategory: Option<String>,
    pub description: Option<String>,
    pub layout: Option<String>,
    pub sidebar_current: Option<String>,
}

/// Reads the front matter of a page.
///
/// # Errors
///
/// When there is none, or a key that nobody knows: in one sentence.
pub fn parse(page: &str) -> Result<FrontMatter, String> {
    let (yaml, _) = split(page).ok_or("there is no front matter between two lines of ---")?;
    serde_yaml_ng::from_str(yaml).map_err(|error| format!("the front matter is not valid: {error}"))
}

/// The front matter, and what is below it.
#[must_use]
pub fn split(page: &str) -> Option<(&str, &str)> {
    page.strip_prefix("---\n")?.split_once("\n---\n")
}

/// The page with a comment as the first line of its front matter.
#[must_use]
pub fn with_comment(page: &str, comment: &str) -> String {
    match page.strip_prefix("---\n") {
        Some(rest) => format!("---\n# {comment}\n{rest}"),
        None => page.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_read_with_its_comment() {
        let page = with_comment("---\npage_title: \"A: b\"\ndescription: |-\n  One.\n---\n\n# A\n", "made by x");
        assert!(page.starts_with("---\n# made by x\npage_title"), "{page}");
        let matter = parse(&page).unwrap();
        assert_eq!((matter.page_title.as_deref(), matter.description.as_deref()), (Some("A: b"), Some("One.")));
    }

    #[test]
    fn what_is_missing_or_unknown_is_said() {
        assert!(parse("# A\n").unwrap_err().contains("no front matter"));
        assert!(parse("---\ntitle: A\n---\n").unwrap_err().contains("unknown field `title`"));
    }
}
