//! A start that fails: what it prints, and where.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testkit::environment;
use testkit::plugin::launch;

/// All that a program printed until it ended, on stdout and on stderr.
fn printed(mut child: Child) -> [String; 2] {
    let (mut out, mut err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
    let read = |from: &mut dyn std::io::Read| {
        let mut text = String::new();
        from.read_to_string(&mut text).expect("text");
        text
    };
    let both = [read(&mut out), read(&mut err)];
    assert_eq!(child.wait().expect("ended").code(), Some(1));
    both
}

fn provider() -> Command {
    let mut command = Command::new(crate::program());
    environment::own(&mut command).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn terraform_gets_one_line_on_stdout_that_is_no_handshake() {
    let folder = tempfile::tempdir().expect("a folder");
    // The cookie and the rest.
    let child = launch(provider().env("PLUGIN_CLIENT_CERT", "1|6|unix|/s\n"), folder.path());
    assert_eq!(
        printed(child),
        ["terraform-provider-toy: PLUGIN_CLIENT_CERT is not one certificate in PEM\n", ""].map(str::to_owned)
    );
}

/// Windows has no such folder.
#[cfg(unix)]
#[test]
fn a_folder_for_the_socket_that_is_not_there_is_named_on_the_same_line() {
    let child = launch(&mut provider(), std::path::Path::new("/no/such/a|b\nc"));
    let [out, err] = printed(child);
    assert_eq!(
        out,
        "terraform-provider-toy: the connection to Terraform cannot be set up: PLUGIN_UNIX_SOCKET_DIR names \
         /no/such/a¦b c: its path holds a vertical bar or a control character\n"
    );
    assert_eq!(err, "");
}

#[test]
fn it_waits_until_terraform_has_read_the_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = launch(provider().env("PLUGIN_CLIENT_CERT", "none"), folder.path());
    let start = Instant::now();
    let mut out = child.stdout.take().expect("a pipe");
    let mut first = [0];
    out.read_exact(&mut first).expect("a line");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().expect("a child"), None, "it ended {:?} after the line", start.elapsed());
    child.kill().expect("is alive");
    child.wait().expect("ended");
}

#[cfg(unix)]
#[test]
fn a_person_is_told_on_stderr() {
    let child = provider().arg("--debug").env("PLUGIN_UNIX_SOCKET_DIR", "/no/such").spawn().expect("starts");
    let [out, err] = printed(child);
    assert_eq!(out, "");
    assert!(err.contains("PLUGIN_UNIX_SOCKET_DIR names /no/such: No such file or directory"), "{err}");
}
