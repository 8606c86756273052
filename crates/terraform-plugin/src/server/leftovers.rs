//! Folders of sockets that killed processes left behind.
//!
//! What runs holds the lock in its folder; a process that is gone does not, however it ended. Process ids say nothing:
//! containers that share a folder for temporary files each count their own.

use std::ffi::CStr;
use std::fs::{File, Metadata};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, Dir, FlockOperation, Mode, OFlags, flock, open, openat, unlinkat};
use rustix::io::{Errno, Result};
use rustix::path::Arg;
use rustix::process::geteuid;

use super::socket_folder::{LOCK, PREFIX, SOCKET};

/// A process that is starting makes its folder before it holds the lock.
const OLD_ENOUGH: Duration = Duration::from_secs(60 * 60);
/// How many entries of a folder for temporary files are looked at: one or two milliseconds' work.
const MOST_ENTRIES: usize = 2048;
/// How many of them are opened.
const MOST_FOLDERS: usize = 128;

/// Removes from `parent` what killed processes of this user left. What cannot be removed stays.
pub(super) fn remove(parent: &Path) {
    match remove_those_before(SystemTime::now(), parent) {
        Ok(0) => {}
        Ok(count) => tracing::debug!(count, "removed the folders of killed providers"),
        Err(error) => tracing::debug!(%error, "cannot look for folders of killed providers"),
    }
}

/// The same at another time. Says how many were removed.
fn remove_those_before(now: SystemTime, parent: &Path) -> Result<usize> {
    let parent = open(parent, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let entries = Dir::read_from(&parent)?.take(MOST_ENTRIES).filter_map(Result::ok);
    let names = entries.map(|entry| entry.file_name().to_owned());
    // All names first: removing while reading may skip some.
    let ours: Vec<_> = names.filter(|name| name.to_bytes().starts_with(PREFIX.as_bytes())).take(MOST_FOLDERS).collect();
    Ok(ours.iter().filter(|name| is_removed(now, &parent, name).is_ok_and(|removed| removed)).count())
}

/// Removes the folder with this name, if it was left behind.
fn is_removed(now: SystemTime, parent: impl AsFd, name: &CStr) -> Result<bool> {
    let folder = open_in(&parent, name, OFlags::RDONLY | OFlags::DIRECTORY)?;
    if !is_old_and_private(now, &folder.metadata().map_err(|_| Errno::IO)?) {
        return Ok(false);
    }
    remove_opened(parent, name, &folder)?;
    Ok(true)
}

/// No link is followed: one that has this name is an error.
fn open_in(folder: impl AsFd, name: impl Arg, options: OFlags) -> Result<File> {
    openat(folder, name, options | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty()).map(File::from)
}

/// What is in the folder is named as seen from what was opened, so that it leads nowhere if somebody has put something else
/// into the folder's place.
fn remove_opened(parent: impl AsFd, name: &CStr, folder: &File) -> Result<()> {
    // To be written to, because a network's file system wants that for an exclusive lock. NONBLOCK: whatever it is.
    let lock = open_in(folder, LOCK, OFlags::RDWR | OFlags::NONBLOCK)?;
    flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
    // Of two that do this at once, the second finds no lock to remove, and leaves the rest to the first.
    match unlinkat(folder, SOCKET, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error),
    }
    unlinkat(folder, LOCK, AtFlags::empty())?;
    // Whatever has this name by now: this removes no more than an empty folder.
    unlinkat(parent, name, AtFlags::REMOVEDIR)
}

fn is_old_and_private(now: SystemTime, folder: &Metadata) -> bool {
    let age = folder.modified().ok().and_then(|modified| now.duration_since(modified).ok());
    folder.is_dir()
        && folder.uid() == geteuid().as_raw()
        && folder.mode() & 0o777 == 0o700
        && age.is_some_and(|age| age > OLD_ENOUGH)
}

#[cfg(test)]
mod tests;
