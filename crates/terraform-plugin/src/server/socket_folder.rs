//! The folder of the unix socket: where it may be made, and what is in it.
//!
//! Only its owner can enter it. A lock on a file in it is held as long as the process lives, however that ends: by it,
//! `leftovers` tells the folder of a process that runs from one that was left behind.

use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::process::geteuid;
use tempfile::TempDir;

/// What the name of each such folder begins with. It is as short as may be, because a socket's path has to fit into 108
/// bytes, and is not `plugin`, which Go's plugins take.
pub(super) const PREFIX: &str = "tf-plugin-";
/// The file whose lock is held.
pub(super) const LOCK: &str = "lock";
/// The socket.
pub(super) const SOCKET: &str = "s";

/// Anybody may put files into it, but not rename or remove those of others.
const STICKY: u32 = 0o1000;

/// A folder that the socket's own folder may be made in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parent {
    path: PathBuf,
    /// The variable that names it.
    named_by: Option<&'static str>,
    /// Whether nobody chose it for this process, so that it has to be safe.
    is_fallback: bool,
}

/// Where the environment wants the socket, else where it may be, in the order in which they are tried.
pub(super) fn parents(variable: impl Fn(&str) -> Option<OsString>) -> Vec<Parent> {
    let named = |named_by: &'static str, is_fallback| {
        let path = variable(named_by).filter(|path| !path.is_empty())?;
        Some(Parent { path: path.into(), named_by: Some(named_by), is_fallback })
    };
    if let Some(chosen) = named("PLUGIN_UNIX_SOCKET_DIR", false) {
        return vec![chosen];
    }
    let default = |is_fallback| Parent { path: "/tmp".into(), named_by: None, is_fallback };
    let runtime = named("XDG_RUNTIME_DIR", true).filter(|parent| parent.path.is_absolute());
    let order = match named("TMPDIR", false) {
        Some(temporary) if temporary.path != Path::new("/tmp") => [Some(temporary), runtime, Some(default(true))],
        // For every program. In a container it may be a volume that is not sticky.
        _ => [Some(default(false)), runtime, None],
    };
    order.into_iter().flatten().collect()
}

/// A fresh folder. It is removed when this is dropped.
pub(super) struct SocketFolder {
    // Dropped before the lock, so that nobody takes for left behind what is just being removed.
    folder: TempDir,
    /// None where the file system knows no locks.
    _lock: Option<File>,
}

impl SocketFolder {
    pub fn make_in(parent: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            // The folder keeps others out from the first moment.
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(parent)?;
        let lock = lock(&folder.path().join(LOCK))?;
        Ok(Self { folder, _lock: lock })
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(SOCKET)
    }

    /// The folder that it was made in.
    pub fn parent(&self) -> Option<&Path> {
        self.folder.path().parent()
    }
}

fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = File::create_new(path)?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
        return Ok(Some(file));
    }
    // A folder without this file is never taken for left behind.
    std::fs::remove_file(path)?;
    Ok(None)
}

/// Makes a socket by `bind`, in the first of `parents` where that works.
///
/// # Errors
/// What is wrong with each of them.
pub(super) fn first_that_works<T>(parents: &[Parent], bind: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    let mut problems = Vec::new();
    for parent in parents {
        let problem = match check(parent).and_then(|()| bind(&parent.path)) {
            Ok(bound) => return Ok(bound),
            Err(error) => format!("{}{}: {}", named(parent), parent.path.display(), reason(&error)),
        };
        tracing::warn!(problem, "no socket can be made in a folder");
        problems.push(problem);
    }
    Err(io::Error::other(problems.join("; ")))
}

fn named(Parent { named_by, .. }: &Parent) -> String {
    named_by.map(|variable| format!("{variable} names ")).unwrap_or_default()
}

fn check(Parent { path, is_fallback, .. }: &Parent) -> io::Result<()> {
    // Terraform gets the path as a field of a line.
    let absolute = std::path::absolute(path)?;
    let Some(text) = absolute.to_str() else { return Err(io::Error::other("its path is not UTF-8 text")) };
    if text.contains(|character: char| character == '|' || character.is_control()) {
        return Err(io::Error::other("its path holds a vertical bar or a control character"));
    }
    let found = std::fs::metadata(path)?;
    if !found.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    if *is_fallback && found.uid() != geteuid().as_raw() && found.mode() & STICKY == 0 {
        return Err(io::Error::other("others could replace what is in it (it is not sticky)"));
    }
    Ok(())
}

fn reason(error: &io::Error) -> String {
    // What the standard library says of a path that does not fit into a socket's address.
    if error.kind() == io::ErrorKind::InvalidInput {
        return "its path is too long for a socket in it".to_owned();
    }
    error.to_string()
}

#[cfg(test)]
mod tests;
