//! Problems: every title that a diagnostic can have, in lists that the troubleshooting guide is made from.
//!
//! A module declares its problems with `problems!`, each with its cause and its cure. That makes a function of each, which
//! gives the title, and `ALL`, the module's list. There is no other way to a title: [`Report`](crate::Report) takes no text,
//! and `clippy.toml` forbids `Title::listed` anywhere else. As the functions are private to the crate, a problem that
//! nothing reports any more is dead code, and so is a list that the guide does not get.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

/// What can go wrong, as the troubleshooting guide says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What the user reads first. A part that differs is a word in braces: `Invalid {argument}`.
    pub title: &'static str,
    /// How it comes about.
    pub cause: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Terraform stops here.
    Error,
    /// Terraform goes on.
    Warning,
    /// The provider ends, most often before it can answer: Terraform shows the one line that it printed.
    Fatal,
}

/// [`Severity::Error`] as a type.
#[derive(Debug)]
pub enum Error {}
/// [`Severity::Warning`] as a type.
#[derive(Debug)]
pub enum Warning {}
/// [`Severity::Fatal`] as a type.
#[derive(Debug)]
pub enum Fatal {}

/// The title of a listed problem whose severity is `S`.
#[derive(Debug)]
pub struct Title<S> {
    text: String,
    cause: &'static str,
    cure: &'static str,
    severity: PhantomData<S>,
}

impl<S> Title<S> {
    /// For `problems!` alone.
    #[doc(hidden)]
    #[must_use]
    pub fn listed(text: fmt::Arguments<'_>, cause: &'static str, cure: &'static str) -> Self {
        Self { text: text.to_string(), cause, cure, severity: PhantomData }
    }

    /// What the guide says of it, as the detail of a diagnostic that has nothing to add.
    pub(crate) fn detail(&self) -> String {
        format!("{} {}", self.cause, self.cure)
    }
}

impl<S> fmt::Display for Title<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<S> From<Title<S>> for String {
    fn from(title: Title<S>) -> Self {
        title.text
    }
}

/// Declares a module's problems. Each is a function, whose parameters are the parts of the title that differ: `Error
/// invalid(argument): "Invalid {argument}" { cause: "…", cure: "…", }` is reported with
/// `diags.fail(problems::invalid("max_retries"), detail, attribute)`.
#[macro_export]
macro_rules! problems {
    ($(
        $severity:ident $name:ident($($part:ident),*): $title:literal {
            cause: $cause:literal,
            cure: $cure:literal,
        }
    )+) => {
        $(
            #[allow(clippy::disallowed_methods, reason = "the one way to a title")]
            pub(crate) fn $name(
                $($part: impl ::std::fmt::Display),*
            ) -> $crate::catalog::Title<$crate::catalog::$severity> {
                $crate::catalog::Title::listed(format_args!($title), $cause, $cure)
            }
        )+

        /// All of them.
        pub(crate) const ALL: &[$crate::catalog::Problem] = &[$(
            $crate::catalog::Problem {
                severity: $crate::catalog::Severity::$severity,
                title: $title,
                cause: $cause,
                cure: $cure,
            }
        ),+];
    };
}
pub use problems;
