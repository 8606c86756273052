//! The demo and the tests in the shell of somebody else: with a real account in it, or without the programs that they need.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use druva_docs::recording;

use crate::documentation::root;
use crate::engine;

/// What the demo says in its order, if it tells its whole story.
const STORY: [&str; 6] = [
    "Plan: 2 to add, 0 to change, 0 to destroy.",
    "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
    "No changes.",
    "Apply complete! Resources: 0 added, 2 changed, 0 destroyed.",
    "Destroy complete! Resources: 2 destroyed.",
    "Done.",
];

/// Where Cargo builds.
fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// One of the tools that work in a folder of their own.
pub fn tool(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(root().join("tools").join(name));
    // Where the tests were built: what they have built is not built again.
    command.arg(folder).env("CARGO_TARGET_DIR", target());
    // No shell has what `cargo test` says of the package that it tests; with it, ring would be built again, and what uses it.
    for (name, _) in std::env::vars_os() {
        let of_the_package =
            ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.to_string_lossy().starts_with(start));
        if of_the_package || name == "CARGO" {
            command.env_remove(name);
        }
    }
    command
}

/// What the demo printed, if it told its story.
#[track_caller]
fn tells_the_story(demo: &Output) -> String {
    let (said, complained) = (String::from_utf8_lossy(&demo.stdout), String::from_utf8_lossy(&demo.stderr));
    assert!(demo.status.success(), "{said}\n{complained}");
    let mut rest = &*said;
    for part in STORY {
        let at = rest.find(part).unwrap_or_else(|| panic!("\"{part}\" is not where it belongs:\n{said}"));
        rest = &rest[at + part.len()..];
    }
    // What is about to happen, and what came of it.
    let lines: Vec<&str> = said.lines().collect();
    let titles: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].starts_with("── ")).collect();
    assert_eq!(titles.len(), 6, "{said}");
    for (number, title) in (1..).zip(titles) {
        assert!(lines[title].starts_with(&format!("── {number} of 6: ")), "{said}");
        assert!(lines[title + 1].starts_with("Next: "), "{said}");
        let blank =
            (title..lines.len()).find(|line| lines[*line].is_empty() && lines[line - 1].starts_with("Result: "));
        assert!(blank.is_some(), "{}: nothing came of it\n{said}", lines[title]);
    }
    said.into_owned()
}

/// Somebody who works with Okta, has another configuration in hand, and sits behind a proxy; here, nobody listens there.
fn with_an_account(command: &mut Command) -> &mut Command {
    let nowhere = "http://127.0.0.1:9";
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(proxy, nowhere);
    }
    command.envs([
        ("OKTA_ORG_URL", "https://somebody.okta.com"),
        ("OKTA_ORG_NAME", "somebody"),
        ("OKTA_BASE_URL", "okta.com"),
        ("OKTA_ACCESS_TOKEN", "somebody-s-access-token"),
        ("OKTA_API_TOKEN", "somebody-s-api-token"),
        ("OKTA_API_CLIENT_ID", "0oaSomebody"),
        ("OKTA_API_PRIVATE_KEY", "somebody-s-key"),
        ("OKTA_API_PRIVATE_KEY_ID", "somebody-s-key-id"),
        ("OKTA_API_SCOPES", "okta.users.read"),
        ("MAX_API_CAPACITY", "1"),
        ("DRUVA_API_URL", "https://apis.druva.com"),
        ("DRUVA_CLIENT_ID", "somebody"),
        ("DRUVA_CLIENT_SECRET", "somebody-s-secret"),
        ("TF_VAR_x", "y"),
        ("TF_CLI_ARGS", "-no-such-option"),
        ("TF_CLI_ARGS_plan", "-destroy"),
        ("TF_CLI_CONFIG_FILE", "/nonexistent/terraform.rc"),
        ("TF_DATA_DIR", "/nonexistent/data"),
        ("TF_LOG", "trace"),
        ("TF_LOG_PATH", "/nonexistent/log"),
        ("TF_WORKSPACE", "production"),
        ("TF_PLUGIN_MAGIC_COOKIE", "another"),
        ("TF_REATTACH_PROVIDERS", "{\"druva-community/druva\": {}}"),
        ("PLUGIN_PROTOCOL_VERSIONS", "4"),
        ("CHECKPOINT_DISABLE", ""),
    ])
}

#[test]
fn the_demo_needs_neither_terraform_nor_jq_on_path() {
    let folder = tempfile::tempdir().unwrap();
    let programs = folder.path().join("programs");
    std::fs::create_dir(&programs).unwrap();
    for (name, program) in on_path() {
        if !["terraform", "tofu", "jq"].contains(&name.as_str()) {
            // The first of a name is the one that a shell finds.
            let _ = std::os::unix::fs::symlink(program, programs.join(name));
        }
    }
    let lab = folder.path().join("lab");
    let mut demo = tool("demo", &lab);
    let told = tells_the_story(&demo.env("PATH", &programs).env_remove("TF_CLI_PATH").output().unwrap());

    let recording = recording::svg(&told);
    let kept = std::fs::read_to_string(root().join(recording::PATH)).unwrap();
    assert!(recording == kept, "{} is not what the demo prints now. Type: make recording", recording::PATH);

    // Each line of the story is in the log, and what was cut from it too.
    let log = std::fs::read_to_string(lab.join("demo.log")).unwrap();
    let is_marked = |line: &&str| line.trim_start().starts_with('…');
    for line in told.lines().filter(|line| !is_marked(line)) {
        assert!(log.lines().any(|logged| logged == line), "\"{line}\" is not in the log:\n{log}");
    }
    for cut in
        ["okta.users.manage", "client_secret_hash", "Refreshing state...", "Objects have changed outside of Terraform"]
    {
        assert!(log.contains(cut) && !told.contains(cut), "{cut}\n{told}\n{log}");
    }
}

/// All files in the folders of PATH, in its order.
fn on_path() -> Vec<(String, PathBuf)> {
    let path = std::env::var_os("PATH").unwrap();
    let entries = std::env::split_paths(&path).filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect()
}

/// With its own name for the folder where Cargo builds: a link to the one of the tests, so that nothing is built again.
#[test]
fn the_demo_works_in_a_shell_that_has_an_account() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    std::os::unix::fs::symlink(target(), &elsewhere).unwrap();
    let mut demo = tool("demo", &folder.path().join("lab"));
    let demo = demo.env("VERBOSE", "1");
    with_an_account(demo).env("CARGO_TARGET_DIR", &elsewhere).env_remove("NO_PROXY").env_remove("no_proxy");
    let told = tells_the_story(&demo.output().unwrap());
    assert!(told.contains("okta.users.manage") && told.contains("Refreshing state..."), "{told}");
}

/// With a plan that has a change where the story has none: the last words are why, and where all of it is.
#[test]
fn a_demo_that_fails_shows_the_end_of_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let lab = folder.path().join("lab");
    let terraform = folder.path().join("terraform");
    let real = engine::program();
    // What it does but for a plan's code, which is that of a plan with changes.
    let script = format!(
        "#!/bin/sh\n'{}' \"$@\"\ncode=$?\ncase \" $* \" in *' -detailed-exitcode '*) exit 2 ;; esac\nexit $code\n",
        real.display()
    );
    std::fs::write(&terraform, script).unwrap();
    std::fs::set_permissions(&terraform, std::fs::Permissions::from_mode(0o755)).unwrap();
    let failed = tool("demo", &lab).env("TF_CLI_PATH", &terraform).output().unwrap();
    assert!(!failed.status.success());
    let said = String::from_utf8_lossy(&failed.stderr);
    let log = lab.join("demo.log").canonicalize().unwrap();
    for part in ["The plan ended with 2 instead of 0.", "The demo has failed. The end of its log", "  No changes."] {
        assert!(said.contains(part), "\"{part}\" is not in:\n{said}");
    }
    assert!(said.contains(&log.display().to_string()), "{said}");
}

/// This program again, in such a shell. Cargo's configuration here sees to it that tests ask no proxy for loopback.
#[test]
fn tests_work_in_a_shell_that_has_an_account() {
    let tests = [
        "main_job::applying_installs_and_links_and_destroying_removes_the_link_first",
        "credentials::credentials_may_come_from_the_environment",
        "pipelines::reviewed_plan::what_was_reviewed",
        "proxies::no_proxy_in_the_environment",
    ];
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = with_an_account(&mut command).args(tests).arg("--test-threads=2").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains(" 0 passed"), "{said}");
}

/// Cargo's configuration may say where it builds, too.
#[test]
fn the_tools_ask_cargo_where_it_built() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"hello\"\nedition = \"2024\"\n[workspace]\n");
    write("src/main.rs", "fn main() {}\n");
    write(".cargo/config.toml", "[build]\ntarget-dir = \"a folder/elsewhere\"\n");
    let words = format!("set -euo pipefail; source {}/tools/lab.sh; built hello cargo build --quiet", root().display());
    let mut bash = Command::new("bash");
    let bash = bash.args(["-c", &words]).current_dir(folder.path());
    let output = bash.env_remove("CARGO_TARGET_DIR").env_remove("RUSTC_WORKSPACE_WRAPPER").output().unwrap();
    let built = String::from_utf8(output.stdout).unwrap();
    let expected = folder.path().canonicalize().unwrap().join("a folder/elsewhere/debug/hello");
    assert_eq!(
        Path::new(built.trim()).canonicalize().unwrap(),
        expected,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
