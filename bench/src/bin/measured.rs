//! Runs Terraform, and prints as JSON what it took: `measured STARTS PROGRAM [ARGUMENT…]`.
//!
//! `seconds` is the time on the clock, `terraform` and `starts` are the processor's: Terraform's own, and that of each start of
//! a provider with a `stand-in` in its place, which notes it in the file STARTS.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::UsageWho;
use terraform_provider_druva_bench::{STARTS, processor};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let usage = "usage: measured STARTS PROGRAM [ARGUMENT…]";
    let (file, program) = (PathBuf::from(arguments.next().expect(usage)), arguments.next().expect(usage));
    std::fs::write(&file, "").expect("a file for the starts");
    let begun = Instant::now();
    let output = Stdio::from(std::io::stderr());
    let status = Command::new(program).args(arguments).env(STARTS, &file).stdout(output).status().expect("starts");
    let seconds = begun.elapsed().as_secs_f64();
    let all = processor(UsageWho::RUSAGE_CHILDREN);

    let noted = std::fs::read_to_string(&file).expect("what the stand-ins noted");
    let ended: Vec<(f64, f64)> = noted.lines().filter_map(|line| line.split_once(' ')).map(both).collect();
    if ended.len() != noted.lines().filter(|line| *line == "begun").count() {
        eprintln!("A provider was killed before it was known what it took.");
        return ExitCode::FAILURE;
    }
    let starts: Vec<f64> = ended.iter().map(|(of_provider, _)| *of_provider).collect();
    let terraform = all - ended.iter().map(|(of_provider, of_stand_in)| of_provider + of_stand_in).sum::<f64>();
    print!("{{\"seconds\": {seconds}, \"terraform\": {terraform:.6}, \"starts\": {starts:?}}}");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn both((first, second): (&str, &str)) -> (f64, f64) {
    let number = |text: &str| text.parse().expect("a number");
    (number(first), number(second))
}
