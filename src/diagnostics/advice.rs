//! Which advice an error gets: tables of rules, in which the first that applies counts.

use serde::Serialize;

/// What to do about errors of the kind `E` to which `applies` applies.
pub(super) struct Rule<E: 'static> {
    /// When, for the guide: what the reader sees of the error.
    pub when: &'static str,
    /// Whether an error is meant. Rules above this one have been asked before.
    pub applies: fn(&E) -> bool,
    /// What the reader can do.
    pub advice: &'static str,
}

/// A [`Rule`], as the troubleshooting guide says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// What was answered, or why nothing was.
    pub when: &'static str,
    /// What to do about it, word by word as the error says it.
    pub advice: &'static str,
}

/// The advice of the first rule that applies.
pub(super) fn find<E>(rules: &[Rule<E>], error: &E) -> Option<&'static str> {
    rules.iter().find(|rule| (rule.applies)(error)).map(|rule| rule.advice)
}

/// The rules without what only the program needs.
pub(super) fn listed<E>(rules: &[Rule<E>]) -> Vec<Answer> {
    rules.iter().map(|Rule { when, advice, .. }| Answer { when, advice }).collect()
}
