//! What a provider leaves that is killed, and what becomes of it.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, SystemTime};

use testkit::client::connect_plain;
use testkit::environment;
use testkit::plugin::{first_line, launch, within};

const SOON: Duration = Duration::from_secs(5);

/// The provider, with its socket's folder inside of `folder`, and its line.
fn started(folder: &Path) -> (Child, String) {
    let mut child = launch(environment::own(&mut Command::new(crate::program())), folder);
    let line = first_line(&mut child);
    (child, line)
}

/// The folders of sockets, but those that are meant to stay.
fn left(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| !path.ends_with("plugin123456")).collect()
}

fn two_hours_old(folder: &Path) {
    let then = SystemTime::now() - Duration::from_secs(2 * 60 * 60);
    File::open(folder).and_then(|folder| folder.set_modified(then)).expect("ours");
}

/// Like kill -9, which the provider cannot notice.
fn killed(mut child: Child) {
    child.kill().expect("is alive");
    child.wait().expect("ended");
}

#[tokio::test]
async fn what_a_killed_provider_left_goes_an_hour_later_and_nothing_else_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    // As a plugin in Go leaves it.
    let go = root.join("plugin123456");
    fs::create_dir(&go).expect("a folder");
    fs::set_permissions(&go, Permissions::from_mode(0o700)).expect("ours");
    File::create(go.join("lock")).expect("a file");
    two_hours_old(&go);
    killed(started(root).0);
    let [old] = &left(root)[..] else { panic!("{:?}", left(root)) };

    let (young, _) = started(root);
    // Removed, if at all, before a request is answered.
    let (mut running, line) = started(root);
    connect_plain(line.split('|').nth(3).expect("an address")).await.expect("connects");
    assert_eq!(left(root).len(), 3, "young ones stay");

    // By their age all of them could go; two of them run.
    left(root).iter().for_each(|folder| two_hours_old(folder));
    let all: Vec<_> = (0..4).map(|_| started(root)).collect();
    within(SOON, || (!old.exists()).then_some(()));
    assert_eq!(left(root).len(), 6, "two that ran and four that began");
    assert!(go.join("lock").exists());
    for (_, line) in &all {
        connect_plain(line.split('|').nth(3).expect("an address")).await.expect("connects");
    }
    connect_plain(line.split('|').nth(3).expect("an address")).await.expect("the old one still answers");
    assert_eq!(running.try_wait().expect("a child"), None);
    all.into_iter().map(|(child, _)| child).chain([young, running]).for_each(killed);
}

#[test]
fn a_folder_that_cannot_be_removed_does_not_hold_up_a_start() {
    let folder = tempfile::tempdir().expect("a folder");
    killed(started(folder.path()).0);
    let [old] = &left(folder.path())[..] else { panic!("{:?}", left(folder.path())) };
    assert!(old.join("lock").exists());
    fs::create_dir_all(old.join("kept/deep")).expect("a folder");
    two_hours_old(old);
    let (child, line) = started(folder.path());
    assert!(line.starts_with("1|6|unix|"), "{line}");
    within(SOON, || (!old.join("lock").exists()).then_some(()));
    assert!(old.join("kept/deep").exists());
    killed(child);
}
