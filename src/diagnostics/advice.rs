//! Which advice an error gets: tables of rules, in which the first that applies counts.

use reqwest::StatusCode;
use serde::Serialize;

/// What to do about errors of the kind `E`. `D` is a function that says for which operations.
pub(super) struct Rule<D: 'static, E: 'static> {
    /// Whether the advice is meant for an operation.
    pub during: D,
    /// When, for the guide: what the reader sees of the error.
    pub when: &'static str,
    /// Whether an error is meant. Rules above this one have been asked before.
    pub applies: fn(&E) -> bool,
    /// What the reader can do. Several ways out are a list, the usual one first.
    pub advice: &'static str,
}

/// What to do about an answer, as the troubleshooting guide says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AdviceRow {
    /// What failed. Empty where that makes no difference.
    pub during: String,
    /// What was answered, or why nothing was.
    pub when: &'static str,
    /// What to do about it, word by word as the error says it.
    pub advice: &'static str,
}

/// The advice of the first rule that applies. `is_meant` puts the operation to a rule's function.
pub(super) fn find<D, E>(rules: &[Rule<D, E>], is_meant: impl Fn(&D) -> bool, error: &E) -> Option<&'static str> {
    let applies = |rule: &&Rule<D, E>| is_meant(&rule.during) && (rule.applies)(error);
    rules.iter().find(applies).map(|rule| rule.advice)
}

/// The rules for the guide. `each` has one operation of each kind, and its name.
pub(super) fn listed<D, E, O>(
    rules: &[Rule<D, E>],
    each: &[(O, &'static str)],
    is_meant: impl Fn(&D, &O) -> bool,
) -> Vec<AdviceRow> {
    let during = |rule: &Rule<D, E>| {
        let mut names: Vec<_> =
            each.iter().filter(|(operation, _)| is_meant(&rule.during, operation)).map(|(_, name)| *name).collect();
        if names.len() == each.len() {
            return String::new();
        }
        names.dedup();
        names.join(", ")
    };
    rules.iter().map(|rule| AdviceRow { during: during(rule), when: rule.when, advice: rule.advice }).collect()
}

/// The same advice without line breaks: what was a list is numbered.
pub fn in_one_line(advice: &str) -> String {
    let mut text = String::new();
    let mut number = 0;
    for line in advice.lines() {
        let item = line.strip_prefix("  - ");
        let is_command = line.starts_with("      ");
        number = if item.is_some() {
            number + 1
        } else if is_command {
            number
        } else {
            0
        };
        let lead = item.map(|_| format!("({number})"));
        let words = item.unwrap_or(line).split_whitespace();
        for word in lead.as_deref().into_iter().chain(words) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
    text
}

/// The request did not fit, whatever was asked: this provider does not send such, or something on the way changed it.
pub(super) fn is_misfit(status: StatusCode) -> bool {
    matches!(status.as_u16(), 405 | 411 | 412 | 413 | 415 | 501)
}

/// It may be over soon.
pub(super) fn is_passing(status: StatusCode) -> bool {
    status == StatusCode::REQUEST_TIMEOUT || (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED)
}

/// The server does not take the values that it was sent.
pub(super) fn is_invalid(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_numbered_in_one_line() {
        assert_eq!(in_one_line("Do this."), "Do this.");
        let list = "No.\n\nTo get on:\n  - One way.\n  - Another.\n\nSo.";
        assert_eq!(in_one_line(list), "No. To get on: (1) One way. (2) Another. So.");
        let list = "To get on:\n  - Type this:\n      command\n  - Or wait.";
        assert_eq!(in_one_line(list), "To get on: (1) Type this: command (2) Or wait.");
    }
}
