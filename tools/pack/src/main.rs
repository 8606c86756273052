//! Makes the parts of a release that are no program: `tools/dist` calls it, in the repository.
//!
//! The same commit gives the same bytes on every machine.

mod archive;
mod licenses;
mod linked;
mod sbom;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Makes the parts of a release that are no program.
#[derive(Parser)]
enum Part {
    /// Makes the zip that Terraform installs the provider from
    Zip(archive::Arguments),
    /// Writes the licence texts of all that is linked in, on any platform that is released
    Licenses {
        /// The file to write
        #[arg(long)]
        output: PathBuf,
    },
    /// Writes what is linked in on one platform, as CycloneDX has it
    Sbom(sbom::Arguments),
}

fn main() -> ExitCode {
    let made = match Part::parse() {
        Part::Zip(arguments) => archive::pack(&arguments),
        Part::Licenses { output } => licenses::text().and_then(|text| write(&output, &text)),
        Part::Sbom(arguments) => sbom::text(&arguments).and_then(|text| write(&arguments.output, &text)),
    };
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("druva-provider-pack: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(file: &std::path::Path, text: &str) -> Result<(), Box<dyn Error>> {
    std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()).into())
}
