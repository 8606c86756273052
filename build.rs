//! Turns `proto/` into Rust: the servers. The clients, for tests, are made by `crates/testkit`.
//!
//! protoc is what `PROTOC` says: see `tools/protoc/protoc`.

const FILES: [&str; 3] = ["proto/tfplugin6.proto", "proto/plugin.proto", "proto/health.proto"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    tonic_build::configure().build_client(false).compile_protos(&FILES, &["proto"])?;
    Ok(())
}
