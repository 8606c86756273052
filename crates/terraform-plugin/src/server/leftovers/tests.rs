//! One condition after the other: what is not left behind stays.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

/// A folder for temporary files in which a provider was killed.
struct Scene {
    root: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { root: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// What a killed provider leaves, under this name.
    fn left(&self, name: &str) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir(&folder).expect("a folder");
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).expect("ours");
        drop(UnixListener::bind(folder.join(SOCKET)).expect("a socket"));
        File::create(folder.join(LOCK)).expect("a lock");
        folder
    }

    /// Looks for leftovers that much later.
    fn after(&self, time: Duration) -> usize {
        remove_those_before(SystemTime::now() + time, self.root.path()).expect("can be read")
    }

    /// Two hours later.
    fn later(&self) -> usize {
        self.after(120 * MINUTE)
    }

    fn is_empty(&self) -> bool {
        self.root.path().read_dir().expect("a folder").next().is_none()
    }
}

#[test]
fn what_a_killed_provider_left_is_removed() {
    let scene = Scene::new();
    for name in ["tf-plugin-aaaaaa", "tf-plugin-bbbbbb"] {
        scene.left(name);
    }
    // Killed between its lock and its socket.
    fs::remove_file(scene.path("tf-plugin-bbbbbb").join(SOCKET)).expect("there");
    assert_eq!(scene.later(), 2);
    assert!(scene.is_empty());
}

#[test]
fn a_young_one_stays_for_an_hour() {
    let scene = Scene::new();
    let folder = scene.left("tf-plugin-aaaaaa");
    assert_eq!(scene.after(59 * MINUTE), 0);
    // By a clock that was set back.
    assert_eq!(remove_those_before(SystemTime::now() - 120 * MINUTE, scene.root.path()), Ok(0));
    assert!(folder.join(SOCKET).exists() && folder.join(LOCK).exists());
    assert_eq!(scene.after(61 * MINUTE), 1);
}

#[test]
fn what_has_another_name_is_somebody_else_s() {
    let scene = Scene::new();
    for name in ["plugin123456", "plugin-dir1", "plugintf-plugin-a", "tf-plugi", "TF-PLUGIN-A", ".tf-plugin-a"] {
        scene.left(name);
    }
    assert_eq!(scene.later(), 0);
    assert_eq!(scene.root.path().read_dir().expect("a folder").count(), 6);
}

#[test]
fn one_whose_lock_is_held_stays_however_old_it_is() {
    let scene = Scene::new();
    let folder = scene.left("tf-plugin-aaaaaa");
    let lock = File::open(folder.join(LOCK)).expect("a lock");
    flock(&lock, FlockOperation::NonBlockingLockExclusive).expect("free");
    assert_eq!(scene.later(), 0);
    assert!(folder.join(SOCKET).exists() && folder.join(LOCK).exists());
    drop(lock);
    assert_eq!(scene.later(), 1);
}

#[test]
fn one_without_a_lock_or_with_something_else_in_its_place_stays() {
    let scene = Scene::new();
    let (without, link, folder) =
        (scene.left("tf-plugin-aaaaaa"), scene.left("tf-plugin-bbbbbb"), scene.left("tf-plugin-cccccc"));
    let outside = scene.path("outside");
    File::create(&outside).expect("a file");
    for folder in [&without, &link, &folder] {
        fs::remove_file(folder.join(LOCK)).expect("there");
    }
    symlink(&outside, link.join(LOCK)).expect("a link");
    fs::create_dir(folder.join(LOCK)).expect("a folder");
    assert_eq!(scene.later(), 0);
    assert!([without, link, folder].iter().all(|folder| folder.join(SOCKET).exists()));
}

#[test]
fn one_that_others_may_enter_stays() {
    let scene = Scene::new();
    let folder = scene.left("tf-plugin-aaaaaa");
    for mode in [0o755, 0o770, 0o701, 0o600] {
        fs::set_permissions(&folder, Permissions::from_mode(mode)).expect("ours");
        assert_eq!(scene.later(), 0, "{mode:o}");
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).expect("ours");
    assert_eq!(scene.later(), 1);
}

#[test]
fn one_of_another_user_stays() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can give a folder to another user");
        return;
    }
    let scene = Scene::new();
    let folder = scene.left("tf-plugin-aaaaaa");
    chown(&folder, Some(65_534), None).expect("given away");
    assert_eq!(scene.later(), 0);
    assert!(folder.join(LOCK).exists());
}

#[test]
fn a_link_is_not_followed_whatever_it_leads_to() {
    let scene = Scene::new();
    let elsewhere = Scene::new();
    let target = elsewhere.left("tf-plugin-aaaaaa");
    symlink(&target, scene.path("tf-plugin-bbbbbb")).expect("a link");
    File::create(scene.path("tf-plugin-cccccc")).expect("a file");
    assert_eq!(scene.later(), 0);
    assert!(target.join(SOCKET).exists() && target.join(LOCK).exists());
    assert!(scene.path("tf-plugin-bbbbbb").is_symlink());
}

#[test]
fn a_socket_that_is_a_link_is_removed_and_not_what_it_leads_to() {
    let scene = Scene::new();
    let folder = scene.left("tf-plugin-aaaaaa");
    let outside = scene.path("outside");
    File::create(&outside).expect("a file");
    fs::remove_file(folder.join(SOCKET)).expect("there");
    symlink(&outside, folder.join(SOCKET)).expect("a link");
    assert_eq!(scene.later(), 1);
    assert!(outside.exists() && !folder.exists());
}

#[test]
fn nothing_is_removed_but_the_socket_and_the_lock() {
    let scene = Scene::new();
    let folder = scene.left("tf-plugin-aaaaaa");
    let inside = folder.join("kept/deep");
    fs::create_dir_all(&inside).expect("a folder");
    assert_eq!(scene.later(), 0);
    assert!(inside.exists());
    // It does not keep the others from being removed.
    scene.left("tf-plugin-bbbbbb");
    assert_eq!(scene.later(), 1);
}

#[test]
fn a_folder_that_is_swapped_for_a_link_once_it_is_open_leads_nowhere() {
    let (scene, elsewhere) = (Scene::new(), Scene::new());
    let (folder, target) = (scene.left("tf-plugin-aaaaaa"), elsewhere.left("tf-plugin-bbbbbb"));
    let (parent, name) = (File::open(scene.root.path()).expect("a folder"), c"tf-plugin-aaaaaa");
    let opened = open_in(&parent, name, OFlags::RDONLY | OFlags::DIRECTORY).expect("a folder");
    fs::rename(&folder, scene.path("aside")).expect("moves");
    symlink(&target, &folder).expect("a link");
    assert_eq!(remove_opened(&parent, name, &opened), Err(Errno::NOTDIR));
    assert!(target.join(SOCKET).exists() && target.join(LOCK).exists());
    assert!(folder.is_symlink());
}

#[test]
fn many_that_look_at_once_remove_each_once() {
    let scene = Scene::new();
    for number in 0..100 {
        scene.left(&format!("tf-plugin-{number:06}"));
    }
    let root = scene.root.path();
    let then = SystemTime::now() + 120 * MINUTE;
    let removed: usize = std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..4).map(|_| scope.spawn(|| remove_those_before(then, root).expect("can be read"))).collect();
        all.into_iter().map(|one| one.join().expect("ends")).sum()
    });
    assert_eq!(removed, 100);
    assert!(scene.is_empty());
}

#[test]
fn one_start_looks_at_no_more_than_it_has_time_for() {
    let scene = Scene::new();
    for number in 0..MOST_FOLDERS + 1 {
        scene.left(&format!("tf-plugin-{number:06}"));
    }
    assert_eq!(scene.later(), MOST_FOLDERS);
    assert_eq!(scene.later(), 1);
}

#[test]
fn a_folder_that_cannot_be_read_is_no_failure() {
    remove(Path::new("/no/such"));
    assert_eq!(remove_those_before(SystemTime::now(), Path::new("/no/such")), Err(Errno::NOENT));
}
