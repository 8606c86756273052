//! One thing that the set-up needs, and whether it is there.

use std::collections::HashMap;

use serde::Serialize;
use tf_provider::schema::{Attribute, AttributeType};
use tf_provider::value::Value;

use crate::framework::attribute::{computed, named};

/// The outcome of a check. A look-up that was itself refused proves nothing: then it is unknown, never false.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Check {
    /// Null while it is unknown.
    ok: Value<bool>,
    unknown: bool,
    detail: String,
}

impl Check {
    pub fn passed(detail: impl Into<String>) -> Self {
        Self { ok: Value::Value(true), unknown: false, detail: detail.into() }
    }

    pub fn failed(detail: impl Into<String>) -> Self {
        Self { ok: Value::Value(false), unknown: false, detail: one_paragraph(detail) }
    }

    pub fn unknown(detail: impl Into<String>) -> Self {
        Self { ok: Value::Null, unknown: true, detail: one_paragraph(detail) }
    }

    /// What is wrong, if that is certain.
    pub fn problem(&self) -> Option<&str> {
        (self.ok == Value::Value(false)).then_some(&self.detail)
    }
}

/// Diagnostics have paragraphs; lists of sentences have none.
fn one_paragraph(text: impl Into<String>) -> String {
    text.into().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The attribute of a check.
pub(super) fn check(description: &str) -> Attribute {
    let attributes: HashMap<_, _> = named([
        (
            "ok",
            computed(
                AttributeType::Bool,
                "Whether it is as it must be; null while that is unknown, so that `ok != false` means \"nothing speaks \
                 against it\".",
            ),
        ),
        ("unknown", computed(AttributeType::Bool, "Whether it could not be found out: `detail` says why.")),
        ("detail", computed(AttributeType::String, "What was found and, unless it is fine, what to do next.")),
    ]);
    computed(AttributeType::AttributeSingle(attributes), description)
}
