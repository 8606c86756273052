//! Adding diagnostics without `tf-provider`'s constructors, which append a backtrace when `RUST_BACKTRACE` is set.

use tf_provider::{AttributePath, Diagnostic, Diagnostics};

/// Adds a problem to the list that Terraform shows: a short title, then a detail that says what to do next.
pub trait Report {
    /// Adds an error on `attribute` (an empty path: on the whole resource).
    fn fail(&mut self, summary: impl Into<String>, detail: impl Into<String>, attribute: AttributePath);

    /// Adds a warning on `attribute` (an empty path: on the whole resource).
    fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>, attribute: AttributePath);
}

impl Report for Diagnostics {
    fn fail(&mut self, summary: impl Into<String>, detail: impl Into<String>, attribute: AttributePath) {
        self.errors.push(diagnostic(summary, detail, attribute));
    }

    fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>, attribute: AttributePath) {
        self.warnings.push(diagnostic(summary, detail, attribute));
    }
}

fn diagnostic(summary: impl Into<String>, detail: impl Into<String>, attribute: AttributePath) -> Diagnostic {
    Diagnostic { summary: summary.into().into(), detail: detail.into().into(), attribute }
}
