//! Counts of what a process took: pages by the kernel, instructions by Valgrind.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::NamedTempFile;

use testkit::client::Identity;
use testkit::environment;
use testkit::plugin::Plugin;

/// Valgrind takes fifty times as long as the processor.
const PATIENCE: Duration = Duration::from_secs(120);

/// The most that was resident at once since the process began, in bytes.
pub fn most_resident(plugin: &Plugin) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", plugin.id())).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the kernel counts it");
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kibibytes * 1024
}

/// The instructions in user space, the dynamic linker's included, of a program that prints its handshake line, and ends
/// since it is told to as soon as the line is there. Its end adds a few thousandths.
pub fn instructions(program: &Path) -> u64 {
    let report = NamedTempFile::new().expect("a file");
    let mut command = Command::new("valgrind");
    environment::own(&mut command)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--log-file={}", report.path().display()))
        .arg(program);
    let mut plugin = Plugin::of(command, Some(&Identity::new()));
    plugin.signal(Signal::TERM);
    plugin.ends_within(PATIENCE);
    let report = std::fs::read_to_string(report.path()).expect("a report");
    let collected = report.lines().find_map(|line| line.split_once("Collected :")).expect("a sum in the report");
    collected.1.trim().parse().expect("a number")
}
