//! What came of one run of Terraform.

use testkit::client::tfplugin6::{Diagnostic, diagnostic::Severity};

/// What the user would read, and what should never have happened.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub errors: Vec<String>,
    pub warnings: Vec<String>,
    /// Answers that Terraform core refuses, and the end of a provider that nobody killed.
    pub bugs: Vec<String>,
    /// What the plan changes, as `update Link: status`.
    pub changes: Vec<String>,
}

impl Report {
    /// Whether Terraform would end with success.
    pub fn is_success(&self) -> bool {
        self.errors.is_empty() && self.bugs.is_empty()
    }

    /// Takes diagnostics over. Whether there was no error among them.
    pub fn take(&mut self, diagnostics: Vec<Diagnostic>) -> bool {
        let before = self.errors.len();
        for diagnostic in diagnostics {
            let is_error = diagnostic.severity() == Severity::Error;
            let text = format!("{}\n{}", diagnostic.summary, diagnostic.detail);
            if is_error { self.errors.push(text) } else { self.warnings.push(text) }
        }
        self.errors.len() == before
    }

    /// Everything that the user would read.
    pub fn text(&self) -> String {
        let line = |kind: &'static str| move |text: &String| format!("{kind}: {text}\n");
        let bugs = self.bugs.iter().map(line("Bug"));
        bugs.chain(self.errors.iter().map(line("Error"))).chain(self.warnings.iter().map(line("Warning"))).collect()
    }
}
