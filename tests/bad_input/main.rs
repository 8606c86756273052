//! Input that Terraform, Okta, Druva and users do not send on a good day: it ends in a diagnostic, not in a panic, a hang
//! or all of the memory, and no text quotes a secret.
//!
//! The checks are those of the fuzz targets in `fuzz/`. There a fuzzer looks for what nobody thought of; here inputs are
//! nearly valid, so that they get past the first parser, and the same in each run.

#[path = "../../fuzz/src/lib.rs"]
mod checks;

mod answers;
mod extremes;
mod headers;
mod msgpack;
mod requests;
mod texts;
mod tree;

use proptest::test_runner::{Config, RngSeed};

/// The same `cases` cases each time: looking further is the fuzzer's part.
fn cases(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(0x0ca7), failure_persistence: None, ..Config::default() }
}
