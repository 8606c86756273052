//! Turns the protocol into Rust, for Terraform's side. What `PROTOC` says is in `tools/protoc/protoc`.

const FOLDER: &str = "../terraform-plugin/proto";
const FILES: [&str; 3] = ["tfplugin6.proto", "plugin.proto", "health.proto"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let files = FILES.map(|file| format!("{FOLDER}/{file}"));
    tonic_build::configure().build_server(false).compile_protos(&files, &[FOLDER])?;
    Ok(())
}
