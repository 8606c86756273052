//! The program itself as a plugin: what its own start adds to the framework's.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use testkit::client::{Identity, connect_plain};
use testkit::environment;
use testkit::plugin::Plugin;

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-druva");

#[tokio::test]
async fn another_user_can_neither_open_the_socket_nor_read_the_certificate() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can try this as another user");
        return;
    }
    let mut program = Command::new(PROGRAM);
    environment::own(&mut program);
    let plugin = Plugin::of(program, Some(&Identity::new()));
    // This program again, as `nobody` and from where `nobody` can read it.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("opens");
    let stranger = folder.path().join("stranger");
    std::fs::copy(std::env::current_exe().expect("this program"), &stranger).expect("a copy");
    let output = std::os::unix::process::CommandExt::uid(
        std::os::unix::process::CommandExt::gid(&mut Command::new(&stranger), 65_534),
        65_534,
    )
    .args(["--exact", "a_stranger", "--ignored", "--nocapture"])
    .env("PLUGIN_SOCKET", plugin.address())
    .env("PLUGIN_PROCESS", plugin.id().to_string())
    .current_dir("/")
    .output()
    .expect("starts as another user");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
#[ignore = "runs inside of another test, as another user"]
fn a_stranger() {
    let socket = std::env::var("PLUGIN_SOCKET").expect("a socket");
    let process = std::env::var("PLUGIN_PROCESS").expect("a process");
    let denied =
        |result: std::io::Result<()>| result.is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied);
    assert!(denied(std::os::unix::net::UnixStream::connect(&socket).map(drop)));
    assert!(denied(std::fs::read(&socket).map(drop)));
    if cfg!(target_os = "linux") {
        assert!(denied(std::fs::read(format!("/proc/{process}/environ")).map(drop)));
    }
}

#[tokio::test]
async fn a_debug_session_says_where_it_is_and_ends_with_ctrl_c() {
    let mut plugin = Plugin::debug(PROGRAM.as_ref());
    let json = plugin.line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
    let json: serde_json::Value = serde_json::from_str(json.expect("a variable")).expect("JSON");
    let provider = &json["registry.terraform.io/druva-community/druva"];
    assert_eq!(provider["Pid"], plugin.id());
    let address = provider["Addr"]["String"].as_str().expect("an address");
    connect_plain(address).await.expect("connects").metadata().await.expect("answers");
    assert!(!cfg!(target_os = "linux") || dumps_no_core(plugin.id()));
    plugin.signal(Signal::INT);
    plugin.ends_within(Duration::from_secs(2));
    plugin.left_nothing();
}

/// No core file fits into one byte, and of that limit Linux hands none to a program either.
fn dumps_no_core(process: u32) -> bool {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).expect("a process");
    let line = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    // "Max core file size SOFT HARD bytes"
    line.split_whitespace().skip(4).take(2).all(|limit| matches!(limit, "0" | "1"))
}

#[test]
fn without_terraform_it_says_what_it_is() {
    let output = environment::own(&mut Command::new(PROGRAM)).output().expect("starts");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Terraform starts this program"));
}
