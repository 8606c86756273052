//! What the programs that a test starts get of the shell's environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All that passes through: no account (`OKTA_*`, `DRUVA_*`), no settings of Terraform's own (`TF_*`), no proxy.
#[cfg(unix)]
const PASSED_THROUGH: [&str; 2] = ["HOME", "TMPDIR"];
/// Without the first of these Windows opens no socket; by the others programs find folders for their files.
#[cfg(windows)]
const PASSED_THROUGH: [&str; 6] = ["SystemRoot", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA"];

/// Gives a command an environment of its own.
pub fn own(command: &mut Command) -> &mut Command {
    command.env_clear().env("PATH", path());
    command.envs(PASSED_THROUGH.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))))
}

/// Where programs are looked for: at last where `tools/get` puts those that are missing.
pub fn path() -> OsString {
    let shell = std::env::var_os("PATH").unwrap_or_default();
    let ours = repository().join("target/tools/bin");
    std::env::join_paths(std::env::split_paths(&shell).chain([ours])).expect("no path has a colon in it")
}

/// Where the workspace is.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/testkit")
}

/// A program of the workspace, from the build that the running test is of: tests lie in a folder beside the programs.
pub fn built_beside_the_provider(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    let folder = test.parent().and_then(Path::parent).expect("target/PROFILE/deps");
    folder.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}
