//! Stands in a provider's place: starts it, waits for its end, and notes what it took. Terraform is told nothing of it.
//!
//! It hands its input and outputs on as they are. A provider ends when Terraform asks it to, and Terraform waits two seconds
//! for that. So nothing has to be passed on to it.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use nix::sys::resource::UsageWho;
use terraform_provider_druva_bench::{PROVIDER, STARTS, note, processor};

fn main() -> ExitCode {
    let path = |name: &str| PathBuf::from(std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set")));
    let (provider, starts) = (path(PROVIDER), path(STARTS));
    note(&starts, "begun");
    let status = Command::new(provider).args(std::env::args_os().skip(1)).status().expect("starts");
    // What was started before the program was replaced is counted for the provider too, as Terraform's kernel would.
    let (of_provider, of_stand_in) = (processor(UsageWho::RUSAGE_CHILDREN), processor(UsageWho::RUSAGE_SELF));
    note(&starts, &format!("{of_provider} {of_stand_in}"));
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
