//! Diagnostics and attribute paths, as the protocol spells them.

#![expect(clippy::disallowed_types, reason = "they are taken apart here, not made")]

use tf_provider::{AttributePath, AttributePathStep, Diagnostic, Diagnostics};

use super::proto::tfplugin6 as tf;
use super::secrets::Secrets;
use crate::info::Redact;
use tf::attribute_path::{Step, step::Selector};
use tf::diagnostic::Severity;

/// All errors, then all warnings, none of which points to one of `secrets`. `redact` has the last look at each text.
pub(super) fn to_proto(diags: Diagnostics, secrets: &Secrets, redact: Redact) -> Vec<tf::Diagnostic> {
    let diags = secrets.hide(diags);
    let errors = diags.errors.into_iter().map(|found| diagnostic(found, Severity::Error, redact));
    errors.chain(diags.warnings.into_iter().map(|found| diagnostic(found, Severity::Warning, redact))).collect()
}

fn diagnostic(found: Diagnostic, severity: Severity, redact: Redact) -> tf::Diagnostic {
    tf::Diagnostic {
        severity: severity.into(),
        summary: redact(&found.summary).into_owned(),
        detail: redact(&found.detail).into_owned(),
        // An empty path is not a path to the root: Terraform expects none at all.
        attribute: (!found.attribute.steps.is_empty()).then(|| path_to_proto(found.attribute)),
    }
}

/// The first error, as a function reports it: Terraform shows one text, ends it with a full stop, and names the argument.
pub(super) fn function_error(diags: Diagnostics, redact: Redact) -> Option<tf::FunctionError> {
    let found = diags.errors.into_iter().next()?;
    let function_argument = match found.attribute.steps.first() {
        Some(AttributePathStep::Index(index)) => Some(*index),
        _ => None,
    };
    let text = format!("{}: {}", found.summary, found.detail.trim_end_matches('.'));
    Some(tf::FunctionError { text: redact(&text).into_owned(), function_argument })
}

/// One path.
pub(super) fn path_to_proto(path: AttributePath) -> tf::AttributePath {
    let step = |step| {
        let selector = Some(match step {
            AttributePathStep::Attribute(name) => Selector::AttributeName(name.into_owned()),
            AttributePathStep::Key(key) => Selector::ElementKeyString(key.into_owned()),
            AttributePathStep::Index(index) => Selector::ElementKeyInt(index),
        });
        Step { selector }
    };
    tf::AttributePath { steps: path.steps.into_iter().map(step).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Report;

    #[expect(dead_code, reason = "no guide lists them")]
    mod told {
        crate::catalog::problems! {
            Error failed(): "e" { cause: "", cure: "", }
            Warning warned(): "w" { cause: "", cure: "", }
        }
    }

    #[test]
    fn a_diagnostic_keeps_its_words_and_its_path() {
        let mut diags = Diagnostics::default();
        diags.warn(told::warned(), "", AttributePath::root());
        diags.fail(told::failed(), "what to do", AttributePath::new("a").key("k").index(3));
        let [error, warning] =
            <[_; 2]>::try_from(to_proto(diags, &Secrets::default(), |text| text.into())).expect("two");
        assert_eq!((error.severity(), error.detail.as_str()), (Severity::Error, "what to do"));
        let steps: Vec<_> =
            error.attribute.expect("a path").steps.into_iter().filter_map(|step| step.selector).collect();
        let expected =
            [Selector::AttributeName("a".into()), Selector::ElementKeyString("k".into()), Selector::ElementKeyInt(3)];
        assert_eq!(steps, expected);
        assert_eq!((warning.severity(), warning.attribute), (Severity::Warning, None));
    }
}
