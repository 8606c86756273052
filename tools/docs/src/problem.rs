//! The problems that the provider reports, for the template function `problems()`.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::Error;

/// A section of the provider's own list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Where one meets these problems.
    pub heading: String,
    /// What is reported.
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// What a server answers, where that is what a problem is about.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

/// A diagnostic. The texts are Markdown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// `error`, `warning` or `fatal`.
    pub severity: String,
    /// How it begins; a part that differs is a word in braces.
    pub title: String,
    /// How it comes about.
    pub cause: String,
    /// What to do about it.
    pub cure: String,
}

/// What a server answers, and the advice that the message then ends with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What was answered, or why nothing was.
    pub when: String,
    /// What to do about it.
    pub advice: String,
}

/// Reads the list from JSON. `path` is for errors.
///
/// # Errors
///
/// When it is no such list.
pub fn parse(path: &str, text: &str) -> Result<Vec<Section>, Error> {
    serde_json::from_str(text).map_err(|source| Error::Json { path: path.to_owned(), source })
}

/// A section for each, a heading for each problem, and a table for the answers: in the order of the list.
#[must_use]
pub fn markdown(sections: &[Section]) -> String {
    let mut text = String::new();
    for Section { heading, problems, answers } in sections {
        let _ = write!(text, "## {heading}\n\n");
        for Problem { severity, title, cause, cure } in problems {
            let title = title.replace(['{', '}'], "*");
            let kind = if severity == "warning" { "Warning. " } else { "" };
            let _ = write!(text, "### {title}\n\n{kind}{}\n\n**What to do:** {}\n\n", cause.trim(), cure.trim());
        }
        if !answers.is_empty() {
            text += "| answer | what to do |\n|---|---|\n";
            for Answer { when, advice } in answers {
                let _ = writeln!(text, "| {} | {} |", cell(when), cell(advice));
            }
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_headings_and_answers_a_table() {
        let text = r#"[
            {"heading": "Arguments", "answers": [], "problems": [
                {"severity": "error", "title": "Invalid {argument}", "cause": "It is wrong.", "cure": "Correct it."},
                {"severity": "warning", "title": "Odd", "cause": "It is odd.", "cure": "Look."}
            ]},
            {"heading": "Answers", "problems": [], "answers": [{"when": "`a|b`", "advice": "Wait."}]}
        ]"#;
        assert_eq!(
            markdown(&parse("problems.json", text).unwrap()),
            "## Arguments\n\n### Invalid *argument*\n\nIt is wrong.\n\n**What to do:** Correct it.\n\n\
             ### Odd\n\nWarning. It is odd.\n\n**What to do:** Look.\n\n\
             ## Answers\n\n| answer | what to do |\n|---|---|\n| `a\\|b` | Wait. |"
        );
    }

    #[test]
    fn what_is_no_such_list_is_refused() {
        let error = parse("problems.json", r#"[{"heading": "A", "problem": []}]"#).unwrap_err().to_string();
        assert!(error.starts_with("problems.json: unknown field `problem`"), "{error}");
    }
}
