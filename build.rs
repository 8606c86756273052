//! Turns `proto/` into Rust: the servers for the provider and, in a folder of their own, the clients for its tests.
//!
//! protoc is what `PROTOC` says: see `tools/protoc/protoc`.

use std::path::PathBuf;

const FILES: [&str; 3] = ["proto/tfplugin6.proto", "proto/plugin.proto", "proto/health.proto"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    tonic_build::configure().build_client(false).compile_protos(&FILES, &["proto"])?;

    let clients = PathBuf::from(std::env::var("OUT_DIR")?).join("client");
    std::fs::create_dir_all(&clients)?;
    tonic_build::configure().build_server(false).out_dir(clients).compile_protos(&FILES, &["proto"])?;
    Ok(())
}
