//! Adding diagnostics without `tf-provider`'s constructors, which append a backtrace when `RUST_BACKTRACE` is set.

#![expect(clippy::disallowed_types, reason = "the one place where diagnostics are made")]

use tf_provider::{AttributePath, Diagnostic, Diagnostics};

use crate::catalog::{Error, Title, Warning};

/// The user is told what is wrong: an error is among the diagnostics. Only having reported one gives this.
#[derive(Clone, Copy, Debug)]
pub struct Reported(());

/// Adds a problem to the list that Terraform shows: its title, then a detail that says what to do next.
pub trait Report {
    /// Adds an error on `attribute` (an empty path: on the whole resource).
    fn fail(&mut self, title: Title<Error>, detail: impl Into<String>, attribute: AttributePath) -> Reported;

    /// [`fail`](Self::fail) with the problem's cause and cure, where they are all that there is to say.
    fn fail_as_listed(&mut self, title: Title<Error>, attribute: AttributePath) -> Reported;

    /// [`warn`](Self::warn) with the problem's cause and cure, where they are all that there is to say.
    fn warn_as_listed(&mut self, title: Title<Warning>, attribute: AttributePath);

    /// Ends here if an error has been reported.
    ///
    /// # Errors
    /// That error.
    fn check(&self) -> Result<(), Reported>;

    /// Adds a warning on `attribute` (an empty path: on the whole resource).
    fn warn(&mut self, title: Title<Warning>, detail: impl Into<String>, attribute: AttributePath);

    /// Adds all of `found`, its errors as warnings: what an apply would refuse because of the remote side, told by a plan.
    ///
    /// An error at plan is for what the configuration alone makes wrong. `terraform destroy` begins with an ordinary plan,
    /// and so does what replaces a tainted object: an error there would take the way out away.
    fn warn_of(&mut self, found: Diagnostics);
}

impl Report for Diagnostics {
    fn fail(&mut self, title: Title<Error>, detail: impl Into<String>, attribute: AttributePath) -> Reported {
        self.errors.push(diagnostic(title.into(), detail.into(), attribute));
        Reported(())
    }

    fn fail_as_listed(&mut self, title: Title<Error>, attribute: AttributePath) -> Reported {
        let detail = title.detail();
        self.fail(title, detail, attribute)
    }

    fn warn_as_listed(&mut self, title: Title<Warning>, attribute: AttributePath) {
        let detail = title.detail();
        self.warn(title, detail, attribute);
    }

    fn check(&self) -> Result<(), Reported> {
        if self.errors.is_empty() { Ok(()) } else { Err(Reported(())) }
    }

    fn warn(&mut self, title: Title<Warning>, detail: impl Into<String>, attribute: AttributePath) {
        self.warnings.push(diagnostic(title.into(), detail.into(), attribute));
    }

    fn warn_of(&mut self, found: Diagnostics) {
        self.warnings.extend(found.errors.into_iter().chain(found.warnings));
    }
}

fn diagnostic(title: String, detail: String, attribute: AttributePath) -> Diagnostic {
    Diagnostic { summary: title.into(), detail: detail.into(), attribute }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(dead_code, reason = "no guide lists them")]
    mod told {
        crate::catalog::problems! {
            Error failed(): "e" { cause: "It is so.", cure: "Look.", }
            Warning warned(): "w" { cause: "It is so.", cure: "Look.", }
        }
    }

    #[test]
    fn what_the_guide_says_is_the_detail_where_there_is_nothing_to_add() {
        let mut diags = Diagnostics::default();
        diags.warn_as_listed(told::warned(), AttributePath::root());
        assert!(diags.check().is_ok(), "a warning is no error");
        diags.fail_as_listed(told::failed(), AttributePath::new("a"));
        assert!(diags.check().is_err());
        for found in [&diags.errors[0], &diags.warnings[0]] {
            assert_eq!(found.detail, "It is so. Look.");
        }
        assert_eq!(diags.errors[0].attribute.to_string(), "a");
    }
}
