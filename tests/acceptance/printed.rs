//! What Terraform printed, and what a test expects of it.

use std::process::Output;

use crate::engine::{Engine, engine};

/// What a command printed, both streams together.
pub struct Printed {
    pub succeeded: bool,
    pub code: i32,
    pub text: String,
}

impl From<&Output> for Printed {
    fn from(output: &Output) -> Self {
        Self {
            succeeded: output.status.success(),
            code: output.status.code().unwrap_or(-1),
            text: String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        }
    }
}

impl Printed {
    /// Fails unless each of `parts` was printed. Line breaks and box characters of Terraform's diagnostics do not count.
    pub fn says(&self, parts: &[&str]) -> &Self {
        let flat = flat(&self.text);
        for part in parts {
            assert!(flat.contains(&flat_part(&in_its_words(part))), "\"{part}\" is not in:\n{}", self.text);
        }
        self
    }

    /// Fails unless a diagnostic has this command on a line of its own.
    pub fn says_to_type(&self, command: &str) -> &Self {
        let is_it = |line: &str| line.trim_start_matches(['│', ' ']).trim_end() == command;
        assert!(self.text.lines().any(is_it), "\"{command}\" does not stand on a line of its own in:\n{}", self.text);
        self
    }

    /// Fails if any of `parts` was printed.
    pub fn does_not_say(&self, parts: &[&str]) -> &Self {
        let flat = flat(&self.text);
        for part in parts {
            assert!(!flat.contains(&flat_part(&in_its_words(part))), "\"{part}\" is in:\n{}", self.text);
        }
        self
    }

    /// Passes if the command succeeded.
    pub fn expect_success(self) -> Self {
        assert!(self.succeeded, "failed with {}:\n{}", self.code, self.text);
        self
    }

    /// Passes if the command failed.
    pub fn expect_failure(self) -> Self {
        assert!(!self.succeeded, "succeeded:\n{}", self.text);
        self
    }
}

/// What Terraform prints, and what OpenTofu prints in its place.
const IN_OPENTOFU: [(&str, &str); 4] = [
    ("Terraform has been successfully initialized", "OpenTofu has been successfully initialized"),
    ("is tainted, so must be replaced", "is tainted, so it must be replaced"),
    ("Instance cannot be destroyed", "Resource instance cannot be destroyed"),
    ("will no longer be managed by Terraform, but", "will be removed from the OpenTofu state but"),
];

/// In the words of the engine that is tested with.
pub fn in_its_words(part: &str) -> String {
    let words = if engine() == Engine::OpenTofu { &IN_OPENTOFU[..] } else { &[] };
    words.iter().fold(part.to_owned(), |part, (terraform, opentofu)| part.replace(terraform, opentofu))
}

fn flat(text: &str) -> String {
    flat_part(&text.replace(['│', '╷', '╵'], " "))
}

fn flat_part(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
