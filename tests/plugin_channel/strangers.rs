//! Other users of the machine, who must not get at the channel.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use testkit::client::Identity;
use testkit::environment;
use testkit::plugin::Plugin;

use crate::PROGRAM;

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
    .args(["--exact", "strangers::a_stranger", "--ignored", "--nocapture"])
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
