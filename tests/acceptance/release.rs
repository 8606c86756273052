//! What stands before a release: the tag, the key that signs, the dependencies, and what its workflows may use.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::documentation::root;
use crate::printed::Printed;

/// A folder with programs that come first on PATH.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["bin", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn program(&self, name: &str, text: &str) {
        let file = self.path("bin").join(name);
        fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, program: impl AsRef<Path>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program.as_ref());
        let path = format!("{}:{}", self.path("bin").display(), testkit::environment::path().to_string_lossy());
        testkit::environment::own(&mut command)
            .current_dir(self.0.path())
            .env("PATH", path)
            .env("TMPDIR", self.path("tmp"))
            .env("HERE", self.0.path())
            .envs([
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
                ("GIT_AUTHOR_NAME", "test"),
                ("GIT_AUTHOR_EMAIL", "t@example.com"),
            ])
            .envs([("GIT_COMMITTER_NAME", "test"), ("GIT_COMMITTER_EMAIL", "t@example.com")])
            .args(arguments);
        command
    }

    fn git(&self, arguments: &[&str]) {
        let _ = Printed::from(&self.command("git", arguments).output().unwrap()).expect_success();
    }
}

/// Two commits on main, one on another branch, each with a tag, and an annotated one.
#[test]
fn a_tag_that_is_not_on_main_is_no_release() {
    let folder = Folder::new();
    folder.git(&["init", "--quiet", "--initial-branch=main", "origin"]);
    for (branch, tags) in [("main", &["v1.0.0"][..]), ("main", &["v1.1.0"]), ("side", &["v1.2.0", "main"])] {
        folder.git(&["-C", "origin", "checkout", "--quiet", "-B", branch]);
        folder.git(&["-C", "origin", "commit", "--quiet", "--allow-empty", "--message=change"]);
        for tag in tags {
            folder.git(&["-C", "origin", "tag", "--annotate", "--message=tag", tag]);
        }
    }
    // A release checks out the tag, in a clone with all branches.
    folder.git(&["clone", "--quiet", "origin", "clone"]);
    let asked = |checked_out: &str, tag: &str| {
        folder.git(&["-C", "clone", "checkout", "--quiet", "--detach", checked_out]);
        let mut command = folder.command(root().join("tools/tag-on-main"), &[tag]);
        Printed::from(&command.current_dir(folder.path("clone")).output().unwrap())
    };
    for tag in ["v1.0.0", "v1.1.0"] {
        asked(tag, tag).expect_success().says(&["which is on main"]);
    }
    for tag in ["v1.2.0", "main"] {
        asked(&format!("refs/tags/{tag}"), tag).expect_failure().says(&["No release of", "is not on main"]);
    }
    asked("v1.0.0", "v1.1.0").expect_failure().says(&["is checked out"]);
    asked("v1.0.0", "v1.3.0").expect_failure().says(&["there is no such tag"]);
    asked("v1.0.0", "origin/main").expect_failure().says(&["there is no such tag"]);
    folder.git(&["-C", "clone", "update-ref", "-d", "refs/remotes/origin/main"]);
    asked("v1.0.0", "v1.0.0").expect_failure().says(&["main is not here"]);

    let from = format!("file://{}", folder.path("origin").display());
    folder.git(&["clone", "--quiet", "--depth=1", "--branch=v1.0.0", &from, "shallow"]);
    let mut command = folder.command(root().join("tools/tag-on-main"), &["v1.0.0"]);
    Printed::from(&command.current_dir(folder.path("shallow")).output().unwrap())
        .expect_failure()
        .says(&["a part of the history only"]);
}

#[test]
fn the_signing_key_is_removed_even_if_its_agent_does_not_stop() {
    let folder = Folder::new();
    folder.program("gpg", "echo \"$GNUPGHOME\" >>\"$HERE/homes\"; touch \"$GNUPGHOME/key\"; exit 1");
    folder.program("gpgconf", "exit 1");
    let mut sign = folder.command(root().join("tools/sign"), &["."]);
    let _ = Printed::from(&sign.env("GPG_PRIVATE_KEY", "a key").output().unwrap()).expect_failure();
    assert!(fs::read_to_string(folder.path("homes")).unwrap().contains("/tmp/"), "it came as far as a key");
    assert_eq!(fs::read_dir(folder.path("tmp")).unwrap().count(), 0);
}

/// With a stand-in for cargo-deny that writes down what it is to check, and whether it finds a database where it fetches one.
#[test]
fn what_cannot_be_checked_of_the_dependencies_is_said_and_fails() {
    let folder = Folder::new();
    let version = fs::read_to_string(root().join("tools/get")).unwrap();
    let (_, version) = version.split_once("cargo-deny) echo ").unwrap();
    let version = version.split(' ').next().unwrap();
    let database = "https://github.com/RustSec/advisory-db";
    folder.program(
        "cargo-deny",
        &format!(
            "case \"$*\" in *--version) echo cargo-deny {version}; exit ;; esac\necho \"$*\" >>\"$HERE/calls\"\n\
             case \"$*\" in *advisories*) git clone --quiet --branch main {database} \"$HERE/fetched-$$\" ;; esac",
        ),
    );
    // Nobody is asked in the network.
    let deny = |arguments: &[&str], copy: Option<&Path>| {
        let _ = fs::remove_file(folder.path("calls"));
        let mut command = folder.command(root().join("tools/deny"), arguments);
        command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_VALUE_0", "https://github.com/");
        command.env("GIT_CONFIG_KEY_0", format!("url.file://{}/nowhere/.insteadOf", folder.0.path().display()));
        command.envs(copy.map(|copy| ("ADVISORY_DB", copy)));
        let printed = Printed::from(&command.output().unwrap());
        (printed, fs::read_to_string(folder.path("calls")).unwrap_or_default())
    };
    let (printed, calls) = deny(&[], None);
    printed.expect_failure().says(&[
        "NOT checked: advisories",
        "Checked: bans licenses sources.",
        "ADVISORY_DB=/path/to/advisory-db tools/deny",
    ]);
    assert!(
        calls.lines().count() == 4 && calls.lines().all(|call| call.ends_with(" bans licenses sources")),
        "{calls}"
    );
    let (printed, _) = deny(&["bans", "sources"], None);
    printed.expect_success().does_not_say(&["advisories", "Advisories"]);

    folder.git(&["init", "--quiet", "--initial-branch=another", "copy"]);
    let mut commit = folder.command("git", &["-C", "copy", "commit", "--quiet", "--allow-empty", "--message=old"]);
    assert!(commit.env("GIT_COMMITTER_DATE", "2020-01-02T03:04:05Z").status().unwrap().success());
    folder.git(&["-C", "copy", "bundle", "create", "--quiet", "../bundle", "HEAD"]);
    for copy in ["copy", "bundle"] {
        let (printed, calls) = deny(&[], Some(&folder.path(copy)));
        printed.expect_success().says(&["Advisories: as of 2020-01-02", "so newer ones were NOT looked for."]);
        assert!(calls.lines().all(|call| call.ends_with(" advisories bans licenses sources")), "{calls}");
    }
    let (printed, _) = deny(&[], Some(&folder.path("bin")));
    printed.expect_failure().says(&["which is neither a clone nor a bundle of the database"]);
    deny(&["--help"], None).0.expect_failure().says(&["in ADVISORY_DB"]);
}

/// One change for each rule about workflows and credentials, all at once, in a copy of the repository.
#[test]
fn the_rules_see_what_would_loosen_a_release() {
    let folder = Folder::new();
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    let copy = folder.path("copy");
    for name in String::from_utf8(listed.stdout).unwrap().split_terminator('\0') {
        if root().join(name).is_file() {
            fs::create_dir_all(copy.join(name).parent().unwrap()).unwrap();
            fs::copy(root().join(name), copy.join(name)).unwrap();
        }
    }
    folder.git(&["init", "--quiet", "copy"]);
    folder.git(&["-C", "copy", "add", "--all"]);
    let rules = || Printed::from(&folder.command(copy.join("tools/rules"), &[]).output().unwrap());
    rules().expect_success();

    let sha = "0".repeat(40);
    let cache = format!("      - uses: actions/cache@{sha} # v5\n      - name: Build\n");
    let changes: &[(&str, &str, &str)] = &[
        (".github/workflows/dist.yml", "      - name: Build\n", &cache),
        (".github/workflows/dist.yml", "musl-tools=1.2.4-2 ", "musl-tools "),
        (".github/workflows/dist.yml", "RUSTUP_TOOLCHAIN: 1.", "RUSTUP_TOOLCHAIN: 9."),
        (".github/workflows/dist.yml", "runner: macos-15\n", "runner: macos-latest\n"),
        (".github/workflows/ci.yml", "      - if: github.ref_type != 'tag'\n        uses: ", "      - uses: "),
        (
            ".github/workflows/ci.yml",
            "    timeout-minutes: 20\n",
            "    timeout-minutes: 20\n    container: alpine:3.22\n",
        ),
        (".github/workflows/release.yml", "      - run: tools/tag-on-main \"$GITHUB_REF_NAME\"\n", ""),
        (".github/workflows/release.yml", "  dist:\n    needs: check\n", "  dist:\n"),
        ("examples/ci/gitlab/.gitlab-ci.yml", "@sha256:", "-"),
        ("examples/ci/github/plan.yml", "actions/checkout@", "actions/checkout@v"),
        ("examples/ci/pipeline/gitlab.sh", "--no-location", "--location"),
        ("templates/guides/linking-by-hand.md.tmpl", "--fail-with-body --no-location", "--fail-with-body"),
    ];
    for (file, old, new) in changes {
        let text = fs::read_to_string(copy.join(file)).unwrap();
        assert!(text.contains(old), "{old} is not in {file}");
        fs::write(copy.join(file), text.replacen(old, new, 1)).unwrap();
    }
    rules().expect_failure().says(&[
        "Broken: release.yml and dist.yml keep nothing",
        "Broken: each package that a workflow installs has its exact version .github/workflows/dist.yml:",
        "Broken: a release is tested with the compiler that builds it",
        "Broken: each machine of a workflow has a version .github/workflows/dist.yml:",
        "Broken: a workflow that a release calls takes no cache: if: github.ref_type != 'tag' .github/workflows/ci.yml:",
        "Broken: each container image is pinned by its digest .github/workflows/ci.yml:",
        "examples/ci/gitlab/.gitlab-ci.yml:",
        "release.yml: dist: does not wait for the check",
        "release.yml: check and publish ask tools/tag-on-main",
        "Broken: each action is pinned by its commit examples/ci/github/plan.yml:",
        "Broken: a curl that has a credential follows no redirect: --no-location examples/ci/pipeline/gitlab.sh:",
        "templates/guides/linking-by-hand.md.tmpl:",
    ]);
}
