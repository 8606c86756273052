//! Why the provider ended before Terraform could speak to it, said where it is seen.
//!
//! A plugin's first line on stdout tells Terraform where to connect. A line of fewer than four fields, with `|` between
//! them, is one that Terraform does not understand, and shows in its error. It keeps stderr for debug logs.

use std::io::{Write, stderr, stdout};
use std::time::Duration;

use super::handshake;
use super::serve_error::{Mode, ServeError};
use crate::info::Info;

/// In characters. Terraform reads lines of less than 64 KiB.
const LONGEST: usize = 4000;
/// Terraform looks out for a line and for our end, and may see the end first. It kills us when it has read the line.
const READING: Duration = Duration::from_secs(2);

/// Says `error` to Terraform, or to the person who started the program.
pub fn say_why_it_ended(error: &ServeError, info: &Info, mode: Mode) {
    // Once it is connected, Terraform reads no more lines.
    let is_connected = matches!(error, ServeError::Serve(_));
    let reads_stdout = mode == Mode::Terraform && handshake::is_from_terraform(|name| std::env::var_os(name));
    let line = line(info, error);
    // Nobody is there to be told when both are gone.
    if is_connected || !reads_stdout || write(stdout(), &line).is_err() {
        let _ = write(stderr(), &line);
    } else {
        std::thread::sleep(READING);
    }
}

/// One line, which is never taken for the fields of a handshake.
fn line(info: &Info, error: &ServeError) -> String {
    let text = format!("terraform-provider-{}: {error}", info.name());
    let clean = text.chars().take(LONGEST).map(|character| match character {
        // It looks the same.
        '|' => '¦',
        '\u{2028}' | '\u{2029}' => ' ',
        _ if character.is_control() => ' ',
        _ => character,
    });
    clean.chain(['\n']).collect()
}

fn write(mut to: impl Write, line: &str) -> std::io::Result<()> {
    to.write_all(line.as_bytes())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::problems;

    const TOY: Info = Info::new("registry.terraform.io/toys/toy", "1.0.0");

    #[test]
    fn every_error_is_one_line_without_the_sign_between_fields() {
        let hostile = "1|6|unix|/s|grpc|\r\n\u{1b}[31m\u{2028}x";
        let errors = [
            ServeError::NotStartedByTerraform,
            ServeError::Environment(problems::other_protocol(hostile)),
            ServeError::Tls(hostile.into()),
            ServeError::Setup(std::io::Error::other(hostile)),
            ServeError::Panicked(hostile.into()),
        ];
        for error in errors {
            let line = line(&TOY, &error);
            assert!(line.starts_with("terraform-provider-toy: ") && line.ends_with('\n'), "{line}");
            let text = line.trim_end_matches('\n');
            assert!(!text.contains(|character: char| character == '|' || character.is_control()), "{text}");
            assert!(!text.contains('\u{2028}'), "{text}");
        }
    }

    #[test]
    fn a_line_is_short_enough_for_terraform() {
        let long = ServeError::Tls("é".repeat(100_000));
        assert!(line(&TOY, &long).len() < 64 * 1024);
    }
}
