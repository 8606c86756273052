//! The program as a child process, in a folder of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::client::Identity;
use crate::{environment, interrupt};

/// The program while it runs; it is killed when this is dropped.
pub struct Plugin {
    child: Child,
    folder: TempDir,
    /// What it printed for Terraform.
    pub line: String,
}

impl Plugin {
    /// Starts a command that is the plugin.
    pub fn of(mut command: Command, terraform: Option<&Identity>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        open_to_all(folder.path());
        if let Some(terraform) = terraform {
            command.env("PLUGIN_CLIENT_CERT", &terraform.pem);
        }
        let mut child = launch(&mut command, folder.path());
        let line = first_line(&mut child);
        Self { child, folder, line }
    }

    /// Starts it as a developer does.
    pub fn debug(program: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = interrupt::alone(environment::own(&mut Command::new(program)))
            .arg("--debug")
            .env("PLUGIN_UNIX_SOCKET_DIR", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let line = first_line(&mut child);
        Self { child, folder, line }
    }

    pub fn address(&self) -> &str {
        self.line.split('|').nth(3).expect("an address")
    }

    pub fn certificate(&self) -> &str {
        self.line.split('|').nth(5).expect("a certificate")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal).expect("is alive");
    }

    /// Ctrl-C, or what Windows has of that kind.
    pub fn interrupt(&self) {
        interrupt::send(&self.child);
    }

    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child")
    }

    /// Waits for a successful end, and says how long that took.
    pub fn ends_within(&mut self, limit: Duration) -> Duration {
        let start = Instant::now();
        let status = within(limit, || self.ended());
        assert!(status.success(), "{status}");
        start.elapsed()
    }

    pub fn left_nothing(&self) {
        let left: Vec<_> = self.folder().read_dir().expect("a folder").collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whatever keeps strangers out must be the plugin's doing, not ours.
#[cfg(unix)]
fn open_to_all(folder: &Path) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder, mode).expect("opens");
}

/// The plugin listens on a port, and puts nothing into the folder.
#[cfg(windows)]
fn open_to_all(_: &Path) {}

/// Starts a program with what Terraform puts into the environment.
pub fn launch(command: &mut Command, sockets: &Path) -> Child {
    interrupt::alone(command)
        .env("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .env("PLUGIN_UNIX_SOCKET_DIR", sockets)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts")
}

/// The line that Terraform waits for, without its end. A test program has words of its own around it.
pub fn first_line(child: &mut Child) -> String {
    // The pipe stays open afterwards, as it does with Terraform.
    let stdout = child.stdout.as_mut().expect("a pipe");
    for line in BufReader::new(stdout).lines() {
        let line = line.expect("text");
        if let Some(start) = line.find("1|6|").or_else(|| line.find("TF_REATTACH_PROVIDERS=")) {
            return line[start..].to_owned();
        }
    }
    panic!("it ended without a handshake");
}

/// Asks again and again until there is an answer.
pub fn within<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < limit, "took longer than {limit:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
