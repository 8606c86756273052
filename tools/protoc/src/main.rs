//! The part of `protoc` that `prost-build` needs: `.proto` files in, a file descriptor set out, compiled by `protox`.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("protoc stand-in: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut files, mut includes, mut out) = (Vec::<PathBuf>::new(), Vec::<PathBuf>::new(), None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-o" => out = args.next().map(PathBuf::from),
            "-I" => includes.extend(args.next().map(PathBuf::from)),
            // Always on in protox.
            "--include_imports" | "--include_source_info" | "--experimental_allow_proto3_optional" => {}
            flag if flag.starts_with('-') => return Err(format!("does not know the option {flag}")),
            file => files.push(file.into()),
        }
    }
    let out = out.ok_or("-o is missing")?;
    let set = protox::compile(files, includes).map_err(|error| error.to_string())?;
    std::fs::write(&out, prost::Message::encode_to_vec(&set)).map_err(|error| format!("{}: {error}", out.display()))
}
