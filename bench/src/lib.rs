//! What the programs of `tools/bench` share: the processor's time, and how one says it to another.

use std::io::Write as _;
use std::path::Path;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// Names the provider that [`stand-in`](../stand_in/index.html) starts, and the file in which it notes what that took.
pub const PROVIDER: &str = "BENCH_PROVIDER";
/// See [`PROVIDER`].
pub const STARTS: &str = "BENCH_STARTS";

/// Seconds of the processor's time, in user space and in the kernel.
pub fn processor(of: UsageWho) -> f64 {
    let usage = getrusage(of).expect("the kernel counts it");
    (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6
}

/// Adds a line to a file, in one write: Terraform may run several providers at once.
pub fn note(file: &Path, line: &str) {
    let mut file = std::fs::File::options().append(true).create(true).open(file).expect("a file to note it in");
    file.write_all(format!("{line}\n").as_bytes()).expect("is noted");
}
