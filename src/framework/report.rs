//! Adding diagnostics without `tf-provider`'s constructors, which append a backtrace when `RUST_BACKTRACE` is set.

#![expect(clippy::disallowed_types, reason = "the one place where diagnostics are made")]

use tf_provider::{AttributePath, Diagnostic, Diagnostics};

use super::problem::{Error, Title, Warning};

/// Adds a problem to the list that Terraform shows: its title, then a detail that says what to do next.
pub trait Report {
    /// Adds an error on `attribute` (an empty path: on the whole resource).
    fn fail(&mut self, title: Title<Error>, detail: impl Into<String>, attribute: AttributePath);

    /// Adds a warning on `attribute` (an empty path: on the whole resource).
    fn warn(&mut self, title: Title<Warning>, detail: impl Into<String>, attribute: AttributePath);
}

impl Report for Diagnostics {
    fn fail(&mut self, title: Title<Error>, detail: impl Into<String>, attribute: AttributePath) {
        self.errors.push(diagnostic(title.into(), detail.into(), attribute));
    }

    fn warn(&mut self, title: Title<Warning>, detail: impl Into<String>, attribute: AttributePath) {
        self.warnings.push(diagnostic(title.into(), detail.into(), attribute));
    }
}

fn diagnostic(title: String, detail: String, attribute: AttributePath) -> Diagnostic {
    Diagnostic { summary: title.into(), detail: detail.into(), attribute }
}
