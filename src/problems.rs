//! Every problem that this program can report, in the order of the troubleshooting guide: where one meets it.
//!
//! Each module lists its own, see [`terraform_plugin::catalog`]; this one only puts the lists in order.

use serde::Serialize;
use terraform_plugin::catalog::Problem;
use terraform_plugin::{PROBLEMS_OF_RESOURCES, PROBLEMS_OF_THE_CHANNEL};

use crate::diagnostics::{self, AdviceRow};
use crate::resources::{okta_integration, okta_link};
use crate::{actions, clients, data_sources, linking, provider, resources};

/// A section of the troubleshooting guide.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Where one meets these problems.
    pub heading: &'static str,
    /// What is reported.
    pub problems: Vec<Problem>,
    /// What a server answers, where that is what a problem is about.
    pub answers: Vec<AdviceRow>,
}

/// All of them.
pub fn sections() -> Vec<Section> {
    let problems = |heading, lists: &[&[Problem]]| Section { heading, problems: lists.concat(), answers: Vec::new() };
    let answers = |heading, answers| Section { heading, problems: Vec::new(), answers };
    vec![
        problems("The provider block", &[provider::problems::ALL, clients::problems::ALL]),
        problems("Arguments and state of any resource", &[PROBLEMS_OF_RESOURCES]),
        problems("druva_okta_integration", &[okta_integration::problems::ALL]),
        problems("druva_okta_link", &[linking::problems::of_links::ALL, okta_link::problems::ALL]),
        problems("Either resource", &[resources::problems::ALL, linking::problems::of_secrets::ALL]),
        problems("Data sources and functions", &[data_sources::problems::ALL]),
        problems("Actions", &[actions::problems::ALL]),
        problems("Talking to Okta and Druva", &[diagnostics::problems::ALL]),
        answers("What Okta answers", diagnostics::answers_of_okta()),
        answers("What Druva answers", diagnostics::answers_of_druva()),
        answers("Where no answer comes", diagnostics::lack_of_answers()),
        problems("Terraform and the provider", &[PROBLEMS_OF_THE_CHANNEL]),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::diagnostics::in_one_line;
    use crate::redaction::redact;
    use terraform_plugin::catalog::Severity;

    fn all() -> Vec<Problem> {
        sections().into_iter().flat_map(|section| section.problems).collect()
    }

    /// A title with its differing parts left out, so that two that a reader cannot tell apart are the same.
    fn skeleton(title: &str) -> String {
        title.split(['{', '}']).step_by(2).collect::<Vec<_>>().join("{}")
    }

    #[test]
    fn causes_cures_and_advice_are_sentences() {
        let texts = all().into_iter().flat_map(|problem| [problem.cause, problem.cure]);
        let answers = sections().into_iter().flat_map(|section| section.answers);
        let advice: Vec<String> = answers.map(|answer| in_one_line(answer.advice)).collect();
        for text in texts.chain(advice.iter().map(String::as_str)) {
            let starts = text.starts_with(|first: char| first.is_ascii_alphabetic());
            assert!(starts && text.ends_with('.') && !text.ends_with(".."), "{text:?}");
            assert!(!text.contains("  ") && !text.contains('\n'), "{text:?}");
        }
    }

    #[test]
    fn a_title_and_its_severity_tell_a_problem_from_all_others() {
        let mut seen = HashSet::new();
        for problem in all() {
            assert!(seen.insert((skeleton(problem.title), format!("{:?}", problem.severity))), "{problem:?}");
        }
    }

    #[test]
    fn a_title_of_a_diagnostic_is_short_and_no_sentence() {
        for problem in all().into_iter().filter(|problem| problem.severity != Severity::Fatal) {
            let title = problem.title;
            assert!(title.starts_with(|first: char| first.is_ascii_uppercase()), "{title}");
            assert!(title.len() <= 80 && !title.ends_with('.'), "{title}");
        }
    }

    #[test]
    fn no_text_looks_like_a_secret() {
        let listed = serde_json::to_value(sections()).unwrap().to_string();
        for word in listed.split_ascii_whitespace() {
            assert_eq!(redact(word), word);
        }
    }
}
