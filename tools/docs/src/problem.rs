//! The problems that the provider reports, for the template function `problems()`.

use serde::Deserialize;

use crate::Error;

/// A problem, as the provider's own list has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// How Terraform's diagnostic begins: the heading under which people look for it.
    pub summary: String,
    /// Markdown: why it happens.
    pub cause: String,
    /// Markdown: what to do.
    pub cure: String,
}

/// Reads a list of problems. `path` is for errors.
///
/// # Errors
///
/// When it is no such list.
pub fn parse(path: &str, text: &str) -> Result<Vec<Problem>, Error> {
    serde_json::from_str(text).map_err(|source| Error::Json { path: path.to_owned(), source })
}

/// A section for each, in the order of the list.
#[must_use]
pub fn markdown(problems: &[Problem]) -> String {
    let section = |Problem { summary, cause, cure }: &Problem| {
        format!("### {summary}\n\n**Cause:** {}\n\n**Cure:** {}", cause.trim(), cure.trim())
    };
    problems.iter().map(section).collect::<Vec<_>>().join("\n\n")
}
