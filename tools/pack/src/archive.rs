//! The zip that Terraform installs the provider from.
//!
//! The same files give the same bytes on every machine. A `zip` on PATH would not do: it takes over the times, owners and
//! permissions of the files, deflates as its version of zlib does, and is missing on Windows.

use std::error::Error;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use zip::write::SimpleFileOptions;
use zip::{DateTime, System, ZipWriter};

use crate::linked::PROVIDER;

#[derive(clap::Args)]
pub struct Arguments {
    /// The built provider
    #[arg(long)]
    binary: PathBuf,
    /// Its version, without a v
    #[arg(long)]
    version: String,
    /// Go's name of its platform, for example linux_amd64
    #[arg(long)]
    platform: String,
    /// The time of all files, in seconds since 1970
    #[arg(long)]
    modified: i64,
    /// The folder for the zip
    #[arg(long)]
    output: PathBuf,
    /// What goes into the zip besides
    files: Vec<PathBuf>,
}

impl Arguments {
    fn zip(&self) -> PathBuf {
        self.output.join(format!("{PROVIDER}_{}_{}.zip", self.version, self.platform))
    }

    /// What Terraform starts.
    fn program(&self) -> String {
        let suffix = if self.platform.starts_with("windows_") { ".exe" } else { "" };
        format!("{PROVIDER}_v{}{suffix}", self.version)
    }
}

pub fn pack(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let options = SimpleFileOptions::default().system(System::Unix).last_modified_time(moment(arguments.modified)?);
    let mut zip = ZipWriter::new(File::create(arguments.zip())?);
    let mut add = |name: &str, path: &Path, mode: u32| -> Result<(), Box<dyn Error>> {
        zip.start_file(name, options.unix_permissions(mode))?;
        let copied = File::open(path).and_then(|mut file| io::copy(&mut file, &mut zip));
        copied.map(drop).map_err(|error| format!("{}: {error}", path.display()).into())
    };
    let mut files = Vec::new();
    for path in &arguments.files {
        let name = path.file_name().and_then(|name| name.to_str());
        files.push((name.ok_or_else(|| format!("{} is no file", path.display()))?, path));
    }
    files.sort();
    for (name, path) in files {
        add(name, path, 0o644)?;
    }
    add(&arguments.program(), &arguments.binary, 0o755)?;
    zip.finish()?;
    Ok(())
}

/// A zip knows no time zones: this is UTC, in steps of two seconds.
fn moment(seconds: i64) -> Result<DateTime, Box<dyn Error>> {
    let time = OffsetDateTime::from_unix_timestamp(seconds)?;
    let year = u16::try_from(time.year())?;
    Ok(DateTime::from_date_and_time(year, time.month().into(), time.day(), time.hour(), time.minute(), time.second())?)
}

#[cfg(test)]
mod tests {
    use std::fs::{read, write};

    use super::*;

    fn packed(folder: &Path, platform: &str, files: &[&str]) -> Vec<u8> {
        let arguments = Arguments {
            binary: folder.join("built"),
            version: "1.2.3".into(),
            platform: platform.into(),
            modified: 1_700_000_000,
            output: folder.into(),
            files: files.iter().map(|name| folder.join(name)).collect(),
        };
        pack(&arguments).expect("packs");
        read(arguments.zip()).expect("a zip")
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["built", "LICENSE", "README.md"] {
            write(folder.path().join(name), name.repeat(1000)).expect("written");
        }
        folder
    }

    #[test]
    fn neither_the_order_nor_the_age_of_the_files_shows() {
        let (old, new) = (folder(), folder());
        let license = File::options().write(true).open(old.path().join("LICENSE")).expect("opens");
        license.set_modified(std::time::UNIX_EPOCH).expect("changes");
        let one = packed(old.path(), "linux_amd64", &["LICENSE", "README.md"]);
        assert!(one == packed(new.path(), "linux_amd64", &["README.md", "LICENSE"]));
    }

    #[test]
    fn the_program_is_named_as_terraform_wants_it_and_may_be_started() {
        let folder = folder();
        for (platform, program) in [
            ("linux_arm64", "terraform-provider-druva_v1.2.3"),
            ("windows_amd64", "terraform-provider-druva_v1.2.3.exe"),
        ] {
            let zip = packed(folder.path(), platform, &["LICENSE"]);
            let mut zip = zip::ZipArchive::new(io::Cursor::new(zip)).expect("a zip");
            let file = zip.by_name(program).expect("is there");
            assert_eq!(file.unix_mode().map(|mode| mode & 0o7777), Some(0o755));
            assert_eq!(file.last_modified().map(|time| time.to_string()).as_deref(), Some("2023-11-14 22:13:20"));
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let folder = folder();
        let arguments = Arguments {
            binary: folder.path().join("never-built"),
            version: "1.2.3".into(),
            platform: "linux_amd64".into(),
            modified: 1_700_000_000,
            output: folder.path().into(),
            files: Vec::new(),
        };
        let error = pack(&arguments).expect_err("nothing to pack").to_string();
        assert!(error.contains("never-built"), "{error}");
    }
}
