//! What lies on the disk after an apply: with two of the three ways to a secret, no secret at all.

use std::io::Read as _;
use std::path::Path;
use testkit::sandbox::Sandbox;

use crate::lab::{Lab, provider_block};
use crate::minted::{minting, with_minted};
use crate::rotation::{only_secret, rotated, with_first};
use crate::write_only::{mint_into_the_vault, with_write_only, write_only};

/// Every file below a folder, with the contents of archives in the place of the archives.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let (entry, mut bytes) = (entry.unwrap(), Vec::new());
        let name = entry.path().display().to_string();
        if entry.file_type().unwrap().is_dir() {
            // The provider itself is linked below .terraform.
            if entry.file_name() != ".terraform" {
                found.extend(files(&entry.path()));
            }
            continue;
        }
        std::fs::File::open(entry.path()).unwrap().read_to_end(&mut bytes).unwrap();
        if bytes.starts_with(b"PK\x03\x04") {
            found.extend(unzipped(&name, &bytes));
        } else {
            found.push((name, bytes));
        }
    }
    found
}

fn unzipped(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let members = (0..archive.len()).map(|at| {
        let (mut member, mut bytes) = (archive.by_index(at).unwrap(), Vec::new());
        member.read_to_end(&mut bytes).unwrap();
        (format!("{name}!{}", member.name().unwrap()), bytes)
    });
    members.collect()
}

/// The credentials of the provider block are in the environment here: as arguments they would be in the plan file.
fn without_credentials_in_the_configuration(lab: &mut Lab) {
    let sandbox = &lab.sandbox;
    let variables = [
        ("DRUVA_CLIENT_ID", sandbox.druva_client_id.clone()),
        ("DRUVA_CLIENT_SECRET", sandbox.druva_client_secret.clone()),
        ("OKTA_API_TOKEN", sandbox.okta_api_token.clone()),
        ("OKTA_ORG_URL", sandbox.okta_url.clone()),
    ];
    let api_url = format!("provider \"druva\" {{\n  api_url = \"{}\"\n}}", sandbox.druva_url);
    lab.write("provider.tf", &api_url);
    for (name, value) in variables {
        lab.set_environment(name, &value);
    }
}

/// Plans into a file, applies that file, and gives every file that is there then, and what `show` makes of two of them.
fn all_that_is_written(lab: &Lab) -> Vec<(String, Vec<u8>)> {
    let run = |arguments: &[&str]| {
        let output = lab.terraform().args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        (arguments.join(" "), output.stdout)
    };
    let mut found = vec![
        run(&["plan", "-out=plan.bin"]),
        run(&["show", "-json", "plan.bin"]),
        run(&["apply", "plan.bin"]),
        run(&["show", "-json"]),
        run(&["state", "pull"]),
    ];
    found.extend(files(lab.path("plan.bin").parent().unwrap()));
    let names = ["terraform.tfstate", "terraform.tfstate.backup", "plan.bin!tfplan", "plan.bin!tfstate", "trace.log"];
    for name in names {
        let file = found.iter().find(|(path, _)| path.ends_with(name)).unwrap_or_else(|| panic!("there is no {name}"));
        assert!(!file.1.is_empty(), "{name}");
    }
    found
}

/// Where any secret that the sandbox ever issued is written.
fn places(lab: &Lab, written: &[(String, Vec<u8>)]) -> Vec<String> {
    let secrets = lab.sandbox.all_secret_texts();
    assert!(!secrets.is_empty());
    let shows = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        secrets.iter().any(|secret| text.contains(secret.as_str()))
    };
    written
        .iter()
        .filter(|(_, bytes)| shows(bytes))
        .map(|(name, _)| name.rsplit('/').next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_minted_secret_is_written_nowhere() {
    let mut lab = with_minted();
    without_credentials_in_the_configuration(&mut lab);
    lab.configure(&minting("second"));
    std::fs::remove_file(lab.path("trace.log")).unwrap();
    let written = all_that_is_written(&lab);
    assert_eq!(places(&lab, &written), [""; 0]);
    only_secret(&lab);
    lab.plan_is_empty();
}

#[test]
fn a_write_only_secret_is_written_nowhere() {
    let mut lab = with_write_only();
    without_credentials_in_the_configuration(&mut lab);
    mint_into_the_vault(&mut lab);
    lab.configure(&write_only(2));
    std::fs::remove_file(lab.path("trace.log")).unwrap();
    let written = all_that_is_written(&lab);
    assert_eq!(places(&lab, &written), [""; 0]);
    only_secret(&lab);
    lab.plan_is_empty();
}

/// The first apply, in which Okta gives out the secret of the installation unasked.
#[test]
fn the_secret_of_the_installation_is_written_nowhere_when_it_is_given_out() {
    let sandbox = Sandbox::start();
    let provider = provider_block(&sandbox, "");
    let mut lab = Lab::with_sandbox(sandbox, &provider, "");
    without_credentials_in_the_configuration(&mut lab);
    // So that there is a state to back up.
    lab.configure("resource \"terraform_data\" \"before\" {}");
    lab.apply();
    lab.configure(&(minting("first") + "\nresource \"terraform_data\" \"before\" {}"));
    let written = all_that_is_written(&lab);
    assert_eq!(places(&lab, &written), [""; 0]);
    only_secret(&lab);
    lab.plan_is_empty();
}

/// That the search can find something: with the first way the secret is where the documentation says.
#[test]
fn a_stored_secret_is_in_the_state_its_backup_and_the_plan() {
    let mut lab = with_first();
    without_credentials_in_the_configuration(&mut lab);
    lab.configure(&rotated("second"));
    std::fs::remove_file(lab.path("trace.log")).unwrap();
    let written = all_that_is_written(&lab);
    let places = places(&lab, &written);
    let expected = [
        "show -json plan.bin",
        "show -json",
        "state pull",
        "terraform.tfstate",
        "terraform.tfstate.backup",
        "plan.bin!tfplan",
        "plan.bin!tfstate",
    ];
    for place in expected {
        assert!(places.iter().any(|found| found == place), "{place} is not in {places:?}");
    }
    assert!(!places.iter().any(|found| found == "trace.log"), "{places:?}");
    only_secret(&lab);
    lab.plan_is_empty();
}
