//! Starts a program often, ends it each time as soon as it has printed a line, and prints as JSON how long that took and what it
//! took of the processor: `until-handshake RUNS WHAT PROGRAM [ARGUMENT…]`.
//!
//! For a provider, that is the line that Terraform waits for. The environment has to say what Terraform says in it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::UsageWho;
use terraform_provider_druva_bench::processor;

/// Runs that are not counted: files come into memory with them.
const BEFORE: usize = 5;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("usage: until-handshake RUNS WHAT PROGRAM [ARGUMENT…]");
    let (runs, what, program) = (next().parse::<usize>().expect("a number of runs"), next(), next());
    let arguments: Vec<_> = arguments.collect();
    let (mut seconds, mut used) = (Vec::new(), Vec::new());
    for _ in 0..runs + BEFORE {
        let (begun, before) = (Instant::now(), processor(UsageWho::RUSAGE_CHILDREN));
        let mut child = Command::new(&program).args(&arguments).stdout(Stdio::piped()).spawn().expect("starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        seconds.push(begun.elapsed().as_secs_f64());
        // Nothing is asked of it afterwards, so that it need not leave in good order.
        let _ = child.kill();
        let _ = child.wait();
        used.push(processor(UsageWho::RUSAGE_CHILDREN) - before);
        if !line.ends_with('\n') {
            return ExitCode::FAILURE;
        }
    }
    println!("{{\"start\": {what:?}, \"seconds\": {:?}, \"processor\": {:?}}}", &seconds[BEFORE..], &used[BEFORE..]);
    ExitCode::SUCCESS
}
