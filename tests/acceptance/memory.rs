//! The memory of the provider while it runs: who can read it, and what is in it.

use std::os::unix::fs::FileExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, geteuid};
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::held::{AUTHORIZED, At, Held, LINKED};
use crate::lab::{BOTH, Lab};
use crate::minted::{minting, with_minted};
use crate::rotation::only_secret;

/// `nobody` on every Linux: a user without privileges, where the tests run as root.
const NOBODY: u32 = 65534;

/// The same command, run by a user without privileges.
fn without_privileges(mut command: Command) -> Command {
    if geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// Whether a user without privileges, the one that runs Terraform, can read a file of another process of its own.
fn can_read(process: Pid, file: &str) -> bool {
    let mut command = Command::new("head");
    command.args(["-c", "1"]).arg(format!("/proc/{}/{file}", process.as_raw_nonzero()));
    let output = without_privileges(command).output().unwrap();
    output.status.success() && !output.stdout.is_empty()
}

/// Whether `gcore` writes a core file of the process. None where there is no `gcore`.
fn can_dump(process: Pid, folder: &Path) -> Option<bool> {
    let mut command = Command::new("gcore");
    command.arg("-o").arg(folder.join("core")).arg(process.as_raw_nonzero().to_string()).current_dir(folder);
    without_privileges(command).output().ok()?;
    Some(folder.join(format!("core.{}", process.as_raw_nonzero())).exists())
}

#[test]
fn the_user_who_runs_the_provider_cannot_read_its_memory_and_it_dumps_no_core() {
    let lab = Lab::new(BOTH);
    let folder = lab.path("main.tf").parent().unwrap().to_owned();
    if geteuid().is_root() {
        assert!(Command::new("chown").args(["-R", &NOBODY.to_string()]).arg(&folder).status().unwrap().success());
    }
    let mut terraform = without_privileges(lab.terraform());
    terraform.env("HOME", &folder);
    let held = Held::run(&lab, terraform, LINKED);
    let providers = held.providers();
    let [provider] = providers[..] else { panic!("{providers:?}") };
    // Terraform is not protected: what fails below fails for a reason.
    assert!(can_read(held.terraform(), "environ"), "the test looks in a wrong way");
    assert!(!can_read(provider, "environ"));
    assert!(!can_read(provider, "mem") && !can_read(provider, "maps"));
    match (can_dump(held.terraform(), &folder), can_dump(provider, &folder)) {
        (Some(true), dumped) => assert_eq!(dumped, Some(false), "gcore wrote the provider's memory"),
        (None, _) => eprintln!("skipped: there is no gcore"),
        (Some(false), _) => eprintln!("skipped: gcore is not even allowed to dump Terraform"),
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", provider.as_raw_nonzero())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert!(core.split_whitespace().skip(4).take(2).all(|limit| matches!(limit, "0" | "1")), "{core}");
    held.kill_all(&lab);
}

/// Every place of `texts` in the memory of a process, as the kind of memory and what stands around it.
fn places(process: Pid, texts: &[String]) -> Vec<String> {
    let id = process.as_raw_nonzero();
    let memory = std::fs::File::open(format!("/proc/{id}/mem")).unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{id}/maps")).unwrap();
    let mut found = Vec::new();
    for line in maps.lines() {
        // "FROM-TO PERMISSIONS OFFSET DEVICE INODE NAME"
        let fields: Vec<&str> = line.split_whitespace().collect();
        if !fields[1].starts_with('r') || line.ends_with("[vvar]") || line.ends_with("[vsyscall]") {
            continue;
        }
        let (from, to) = fields[0].split_once('-').unwrap();
        let hexadecimal = |text: &str| u64::from_str_radix(text, 16).unwrap();
        let mut bytes = vec![0; usize::try_from(hexadecimal(to) - hexadecimal(from)).unwrap()];
        let read = memory.read_at(&mut bytes, hexadecimal(from)).unwrap_or(0);
        let text = String::from_utf8_lossy(&bytes[..read]);
        for secret in texts {
            for (at, _) in text.match_indices(secret.as_str()) {
                let visible = |part: String| part.replace(|character: char| !character.is_ascii_graphic(), ".");
                let before: Vec<char> = text[..at].chars().rev().take(120).collect();
                let before = visible(before.into_iter().rev().collect());
                let after = visible(text[at + secret.len()..].chars().take(120).collect());
                found.push(format!("{}: {before}<SECRET>{after}", fields.get(5).unwrap_or(&"anonymous")));
            }
        }
    }
    found
}

/// The client secrets that Okta ever gave out: those of 64 characters that are no credentials of the provider block.
pub fn client_secrets(lab: &Lab) -> Vec<String> {
    let secrets = lab.sandbox.control("GET", "secrets", None);
    let secrets = secrets.as_array().unwrap().iter().map(|secret| secret.as_str().unwrap().to_owned());
    let own = [&lab.sandbox.druva_client_secret, &lab.sandbox.okta_api_token];
    secrets.filter(|secret| secret.len() == 64 && !own.contains(&secret)).collect()
}

/// A resource of the same provider process that comes after the link. Okta's answer to it is held back, so that the
/// provider has nothing to do and has been given nothing more.
const LATER: &str = r#"
resource "druva_okta_integration" "later" {
  type                = "my_app_cie"
  granted_scopes      = ["okta.users.read"]
  store_client_secret = false
  depends_on          = [druva_okta_link.this]
}
"#;

/// That the search can find a minted secret: while Druva has not answered, the provider needs it.
#[test]
fn a_provider_that_hands_a_secret_over_holds_it() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can look");
        return;
    }
    let lab = with_minted();
    lab.configure(&minting("second"));
    let held = Held::apply(&lab, AUTHORIZED);
    let providers = held.providers();
    let [provider] = providers[..] else { panic!("{providers:?}") };
    let found = places(provider, &client_secrets(&lab));
    held.kill_all(&lab);
    assert!(!found.is_empty());
}

fn holds_no_secret(lab: &Lab, nth: u32) {
    let held = Held::apply(lab, At { side: "okta", method: "POST", path: || "/api-services$".to_owned(), nth });
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED, "the link is finished");
    std::thread::sleep(std::time::Duration::from_secs(1));
    let providers = held.providers();
    let [provider] = providers[..] else { panic!("{providers:?}") };
    let own = places(provider, std::slice::from_ref(&lab.sandbox.okta_api_token));
    let secrets = client_secrets(lab);
    let found = places(provider, &secrets);
    held.kill_all(lab);
    assert!(!own.is_empty(), "the provider's own credentials are there: the search can find something");
    assert!(secrets.len() >= 3, "of the installation, the minted one, and that of the later installation");
    assert_eq!(found, [""; 0], "{} places", found.len());
}

#[test]
fn an_idle_provider_holds_no_minted_secret_after_creating() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can look");
        return;
    }
    let lab = Lab::new(&(minting("first") + LATER));
    holds_no_secret(&lab, 2);
}

#[test]
fn an_idle_provider_holds_no_minted_secret_after_rotating() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can look");
        return;
    }
    let lab = with_minted();
    only_secret(&lab);
    lab.configure(&(minting("second") + LATER));
    holds_no_secret(&lab, 1);
}
