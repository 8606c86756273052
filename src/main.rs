//! Starts the provider: for Terraform, or by hand with a few words about what it is.

use std::io::Write;
use std::process::ExitCode;

use terraform_plugin::{Mode, ServeError, say_why_it_ended, serve};
use terraform_provider_druva::provider::DruvaProvider;
use terraform_provider_druva::{INFO, memory};
use tokio_util::sync::CancellationToken;

const HELP: &str = "\
A provider for Terraform and OpenTofu that sets up Druva's backup of Okta.

Terraform starts this program; there is nothing to do by hand. Write

  terraform {
    required_providers {
      druva = { source = \"druva-community/druva\" }
    }
  }

into a configuration and run `terraform init`.

Options:
  --debug    serve until Ctrl-C, and print what tells Terraform where
  --version  print the version
  --help     print this text
";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let mode = match args.iter().map(|arg| arg.to_str()).collect::<Vec<_>>().as_slice() {
        [] => Mode::Terraform,
        [Some("--debug" | "-debug")] => Mode::Debug,
        [Some("--help" | "-h")] => return say(std::io::stdout(), HELP, ExitCode::SUCCESS),
        [Some("--version" | "-V")] => {
            let version = concat!("terraform-provider-druva ", env!("CARGO_PKG_VERSION"), "\n");
            return say(std::io::stdout(), version, ExitCode::SUCCESS);
        }
        _ => return say(std::io::stderr(), HELP, ExitCode::from(2)),
    };
    memory::forbid_core_dumps();
    // A debugger has to get in.
    if mode == Mode::Terraform {
        memory::keep_others_out();
    }
    // One thread is enough: the provider waits for networks nearly all of the time.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&ServeError::Setup(error), mode),
    };
    // Terraform's word to stop ends whatever the clients wait for.
    let stop = CancellationToken::new();
    let served = runtime.block_on(serve(DruvaProvider::new(stop.clone()), &INFO, stop, mode));
    // A name lookup that still runs in a thread of its own must not hold up the exit.
    runtime.shutdown_background();
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(ServeError::NotStartedByTerraform) => say(std::io::stderr(), HELP, ExitCode::FAILURE),
        Err(error) => fail(&error, mode),
    }
}

fn fail(error: &ServeError, mode: Mode) -> ExitCode {
    say_why_it_ended(error, &INFO, mode);
    ExitCode::FAILURE
}

/// Writes `text`; a reader that has gone away misses it.
fn say(mut to: impl Write, text: &str, code: ExitCode) -> ExitCode {
    let _ = to.write_all(text.as_bytes());
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_lists_what_is_said_to_who_starts_the_program_by_hand() {
        assert!(HELP.contains(&ServeError::NotStartedByTerraform.to_string()));
    }
}
