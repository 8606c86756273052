//! Turns `proto/` into Rust: the servers for the provider and, in a folder of their own, the clients for its tests.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = protox::compile(["tfplugin6.proto", "plugin.proto", "health.proto"], ["proto"])?;
    tonic_build::configure().build_client(false).compile_fds(files.clone())?;

    let clients = PathBuf::from(std::env::var("OUT_DIR")?).join("client");
    std::fs::create_dir_all(&clients)?;
    tonic_build::configure().build_server(false).out_dir(clients).compile_fds(files)?;
    Ok(())
}
