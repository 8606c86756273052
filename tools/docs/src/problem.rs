//! The problems that the provider reports, for the template function `problems()`.

use std::fmt::Write as _;

use terraform_plugin::catalog::{Problem, Severity};
use terraform_provider_druva::diagnostics::{AdviceRow, in_one_line};
use terraform_provider_druva::problems::{Section, sections};

/// The provider's own list.
#[must_use]
pub fn markdown() -> String {
    markdown_of(&sections())
}

/// A section for each, a heading for each problem, and a table for the answers: in the order of the list.
fn markdown_of(sections: &[Section]) -> String {
    let mut text = String::new();
    for Section { heading, problems, answers } in sections {
        let _ = write!(text, "### {heading}\n\n");
        for Problem { severity, title, cause, cure } in problems {
            let title = italics(title);
            let kind = match severity {
                Severity::Error => "",
                Severity::Warning => "Warning. ",
                Severity::Fatal => "The provider ends with it. ",
            };
            let _ = write!(text, "#### {title}\n\n{kind}{cause}\n\n**What to do:** {cure}\n\n");
        }
        if !answers.is_empty() {
            text += &table(answers);
        }
    }
    text.trim_end().to_owned()
}

/// A column says what failed, where that makes a difference to the advice.
fn table(answers: &[AdviceRow]) -> String {
    let is_told = answers.iter().any(|answer| !answer.during.is_empty());
    let mut text = String::from(match is_told {
        true => "| answer | what failed | what to do |\n|---|---|---|\n",
        false => "| answer | what to do |\n|---|---|\n",
    });
    for AdviceRow { during, when, advice } in answers {
        let during = match during.as_str() {
            _ if !is_told => String::new(),
            "" => " anything |".to_owned(),
            during => format!(" {} |", cell(during)),
        };
        let _ = writeln!(text, "| {} |{during} {} |", cell(when), cell(&in_one_line(advice)));
    }
    text + "\n"
}

/// A part that differs is a word in braces.
fn italics(text: &str) -> String {
    text.replace(['{', '}'], "*")
}

fn cell(text: &str) -> String {
    italics(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_headings_and_answers_a_table() {
        let problem = |severity, title| Problem { severity, title, cause: "It is so.", cure: "Look." };
        let problems = vec![problem(Severity::Error, "Invalid {argument}"), problem(Severity::Warning, "Odd")];
        let answer = |during: &str, advice| AdviceRow { during: during.to_owned(), when: "`a|b`", advice };
        let section = |answers| Section { heading: "Answers", problems: Vec::new(), answers };
        assert_eq!(
            markdown_of(&[
                Section { heading: "Arguments", problems, answers: Vec::new() },
                section(vec![answer("", "Wait.")]),
                section(vec![answer("", "Wait."), answer("reading", "Do:\n  - This.\n  - That.")]),
            ]),
            "### Arguments\n\n#### Invalid *argument*\n\nIt is so.\n\n**What to do:** Look.\n\n\
             #### Odd\n\nWarning. It is so.\n\n**What to do:** Look.\n\n\
             ### Answers\n\n| answer | what to do |\n|---|---|\n| `a\\|b` | Wait. |\n\n\
             ### Answers\n\n| answer | what failed | what to do |\n|---|---|---|\n| `a\\|b` | anything | Wait. |\n\
             | `a\\|b` | reading | Do: (1) This. (2) That. |"
        );
    }

    #[test]
    fn the_providers_list_is_there() {
        assert!(markdown().matches("\n#### ").count() > 50);
    }
}
