//! One thing that the set-up needs, and whether it is there.

use serde::Serialize;
use terraform_plugin::schema::{Attribute, boolean, object, string};
use tf_provider::value::Value;

use crate::diagnostics::in_one_line;

/// The outcome of a check, in one line: diagnostics have paragraphs, lists of sentences have none. A look-up that was itself
/// refused shows nothing: then it is unknown, never false.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Check {
    /// Null while it is unknown.
    ok: Value<bool>,
    unknown: bool,
    detail: String,
    /// Whether nothing can be said about the set-up before this is known.
    #[serde(skip)]
    is_open: bool,
}

impl Check {
    pub fn passed(detail: impl Into<String>) -> Self {
        Self { ok: Value::Value(true), unknown: false, detail: detail.into(), is_open: false }
    }

    pub fn failed(detail: impl Into<String>) -> Self {
        Self { ok: Value::Value(false), unknown: false, detail: in_one_line(&detail.into()), is_open: false }
    }

    /// Nobody tells, and it may be fine.
    pub fn unknown(detail: impl Into<String>) -> Self {
        Self { ok: Value::Null, unknown: true, detail: in_one_line(&detail.into()), is_open: false }
    }

    /// Nobody could be asked, as during an outage: an apply would fail just so.
    pub fn open(detail: impl Into<String>) -> Self {
        Self { is_open: true, ..Self::unknown(detail) }
    }

    /// What stands in the way: something is wrong, or nobody could be asked.
    pub fn problem(&self) -> Option<&str> {
        (self.is_open || self.ok == Value::Value(false)).then_some(&self.detail)
    }

    /// In a word.
    #[cfg(test)]
    pub fn outcome(&self) -> &'static str {
        match (self.ok, self.is_open) {
            (Value::Value(true), _) => "passed",
            (Value::Value(false), _) => "failed",
            (_, true) => "open",
            (_, false) => "unknown",
        }
    }
}

/// The attribute of a check.
pub(super) fn check(name: &'static str, description: &'static str) -> Attribute {
    let attributes = [
        boolean("ok").computed().describe("Whether the check passed. Null while that is unknown."),
        boolean("unknown").computed().describe("Whether the check could not be made: `detail` says why."),
        string("detail").computed().describe("What was found, and what to do next if the check did not pass."),
    ];
    object(name, attributes).computed().describe(description)
}
