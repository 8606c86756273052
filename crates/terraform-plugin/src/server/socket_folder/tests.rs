//! Which folders are tried, which are refused, and what is in the one that is made.

use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::chown;

use super::*;

fn paths(variables: &[(&str, &str)]) -> Vec<(String, bool)> {
    let found = parents(|name| {
        let variable = variables.iter().find(|(variable, _)| *variable == name);
        variable.map(|(_, value)| value.into())
    });
    found.into_iter().map(|parent| (parent.path.display().to_string(), parent.is_fallback)).collect()
}

#[test]
fn the_environment_decides_which_folders_are_tried() {
    let tried = |variables: &[(&str, &str)], expected: &[(&str, bool)]| {
        let expected: Vec<_> = expected.iter().map(|(path, is_fallback)| ((*path).to_owned(), *is_fallback)).collect();
        assert_eq!(paths(variables), expected, "{variables:?}");
    };
    let (chosen, temporary, runtime) =
        (("PLUGIN_UNIX_SOCKET_DIR", "/chosen"), ("TMPDIR", "/temporary"), ("XDG_RUNTIME_DIR", "/run/user/1"));
    tried(&[chosen, temporary, runtime], &[("/chosen", false)]);
    tried(&[temporary, runtime], &[("/temporary", false), ("/run/user/1", true), ("/tmp", true)]);
    tried(&[temporary], &[("/temporary", false), ("/tmp", true)]);
    tried(&[runtime], &[("/tmp", false), ("/run/user/1", true)]);
    tried(&[], &[("/tmp", false)]);
    tried(&[("TMPDIR", "/tmp")], &[("/tmp", false)]);
    // What is empty is not set; the folder of the session has an absolute path.
    tried(&[("PLUGIN_UNIX_SOCKET_DIR", ""), ("TMPDIR", ""), ("XDG_RUNTIME_DIR", "here")], &[("/tmp", false)]);
}

fn chosen(path: impl Into<PathBuf>) -> Parent {
    Parent { path: path.into(), named_by: Some("TMPDIR"), is_fallback: false }
}

/// A folder by way of [`first_that_works`], and what was wrong if there is none.
fn made_in(parents: &[Parent]) -> Result<PathBuf, String> {
    first_that_works(parents, |parent| {
        let folder = SocketFolder::make_in(parent)?;
        std::os::unix::net::UnixListener::bind(folder.socket())?;
        Ok(parent.to_owned())
    })
    .map_err(|error| error.to_string())
}

#[test]
fn a_folder_that_cannot_hold_a_socket_is_passed_over() {
    let root = tempfile::tempdir().expect("a folder");
    let (good, long, barred) = (root.path().join("good"), root.path().join("l".repeat(200)), root.path().join("a|b"));
    let broken = root.path().join("a\nb");
    let other = root.path().join(OsString::from_vec(b"\xff".to_vec()));
    for folder in [&good, &long, &barred, &broken, &other] {
        std::fs::create_dir(folder).expect("a folder");
    }
    let (missing, file) = (root.path().join("missing"), root.path().join("file"));
    File::create(&file).expect("a file");
    for (bad, why) in [
        (missing, "No such file or directory"),
        (file, "not a directory"),
        (long.clone(), "its path is too long for a socket in it"),
        (barred, "its path holds a vertical bar or a control character"),
        (broken, "its path holds a vertical bar or a control character"),
        (other, "its path is not UTF-8 text"),
    ] {
        let problem = made_in(&[chosen(&bad)]).expect_err("there is no other");
        assert!(problem.starts_with(&format!("TMPDIR names {}: {why}", bad.display())), "{problem}");
        assert!(!problem.contains(PREFIX), "a name that nobody knows: {problem}");
        assert_eq!(made_in(&[chosen(&bad), chosen(&good)]), Ok(good.clone()));
        // Of each that was tried.
        let problem = made_in(&[chosen(&bad), chosen("/no/such")]).expect_err("neither");
        assert!(problem.contains(why) && problem.contains("; TMPDIR names /no/such: No such file"), "{problem}");
    }
    assert_eq!(std::fs::read_dir(&long).expect("a folder").count(), 0, "a failure leaves nothing");
}

#[test]
fn a_folder_that_nobody_chose_is_sticky_or_ours() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("shared");
    std::fs::create_dir(&folder).expect("a folder");
    let as_fallback = |mode: u32| {
        std::fs::set_permissions(&folder, Permissions::from_mode(mode)).expect("ours");
        made_in(&[Parent { path: folder.clone(), named_by: None, is_fallback: true }])
    };
    assert_eq!(as_fallback(0o700), Ok(folder.clone()));
    if !geteuid().is_root() {
        eprintln!("skipped: only root can give a folder to another user");
        return;
    }
    chown(&folder, Some(65_534), None).expect("given away");
    assert_eq!(as_fallback(0o1777), Ok(folder.clone()));
    assert!(as_fallback(0o777).expect_err("not ours").contains("others could replace what is in it"));
    // Who names it in TMPDIR wants it.
    assert_eq!(made_in(&[chosen(&folder)]), Ok(folder.clone()));
}

#[test]
fn the_lock_is_held_as_long_as_the_folder_is_there() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = SocketFolder::make_in(root.path()).expect("made");
    let name = folder.folder.path().file_name().expect("a name").to_str().expect("text");
    // Go's plugins have folders with names that begin with "plugin".
    assert!(name.starts_with("tf-plugin-"), "{name}");
    assert_eq!(std::fs::metadata(folder.folder.path()).expect("there").mode() & 0o7777, 0o700);
    let lock = File::open(folder.folder.path().join(LOCK)).expect("there");
    assert!(flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err(), "it is held");
    drop(folder);
    assert!(flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok(), "it is free");
    assert_eq!(std::fs::read_dir(root.path()).expect("a folder").count(), 0);
}
