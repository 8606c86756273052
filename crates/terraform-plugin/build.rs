//! Turns `proto/` into Rust. protoc is what `PROTOC` says.

const FILES: [&str; 3] = ["proto/tfplugin6.proto", "proto/plugin.proto", "proto/health.proto"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    tonic_build::configure().build_client(false).compile_protos(&FILES, &["proto"])?;
    Ok(())
}
