//! Starts a program and ends it as soon as it has printed a line: `until-handshake PROGRAM`.
//!
//! For a provider, that is the line that Terraform waits for. The environment has to say what Terraform says in it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next().expect("usage: until-handshake PROGRAM [ARGUMENT…]");
    let mut child = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn().expect("starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    // Nothing is asked of it afterwards, so that it need not leave in good order.
    let _ = child.kill();
    let _ = child.wait();
    if line.ends_with('\n') { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
