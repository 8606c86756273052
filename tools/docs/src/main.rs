//! Makes `docs/`, or checks that it is as this would make it. `make docs` runs it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use druva_docs::{Error, broken_rules, disk, made, schema};

/// Makes docs/ from the schema, templates/ and examples/, and checks it.
#[derive(Parser)]
struct Arguments {
    /// What `terraform providers schema -json` printed.
    #[arg(long, value_name = "FILE")]
    schema: PathBuf,
    /// The top of the repository.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    root: PathBuf,
    /// Write nothing: fail when docs/ is not what would be written.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(complaints) if complaints.is_empty() => ExitCode::SUCCESS,
        Ok(complaints) => {
            eprintln!("{}", complaints.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<Vec<String>, Error> {
    let (path, text) = read(&arguments.schema)?;
    let schema = schema::parse(&path, &text)?.completed();
    let files = disk::repository(&arguments.root)?;
    let pages = made(&files, &schema)?;
    let mut complaints = Vec::new();
    if arguments.check {
        complaints.extend(Some(disk::stale(&files, &pages)).filter(|stale| !stale.is_empty()));
    } else {
        for line in disk::write(&arguments.root, &files, &pages)? {
            eprintln!("{line}");
        }
    }
    complaints.extend(broken_rules(&arguments.root, &schema)?);
    Ok(complaints)
}

fn read(path: &Path) -> Result<(String, String), Error> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((name, text)),
        Err(source) => Err(Error::File { path: name, source }),
    }
}
