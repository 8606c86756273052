//! The program itself as a plugin: what its own start adds to the framework's.

#[cfg(unix)]
mod strangers;

use std::process::Command;
use std::time::Duration;

use testkit::client::connect_plain;
use testkit::environment;
use testkit::plugin::Plugin;

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-druva");

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
    plugin.interrupt();
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
