//! "Check a release" of SECURITY.md, word by word, on a release that is made here and signed with a key that is thrown away.

use std::fs;
use std::path::PathBuf;

use druva_docs::markdown::code_blocks;

use crate::documentation::{block, files, root};
use crate::installation::Machine;
use crate::printed::Printed;
use crate::terraform::{VERSION, platform};

const KEEP: &str = "Keep the key";
const CHECK: &str = "Signature and sums";
const ATTESTATION: &str = "Attestation";

/// A block of SECURITY.md, for the version that is tested.
fn of_the_page(heading: &str, place: usize) -> String {
    let blocks = code_blocks(&files()["SECURITY.md"]);
    let mut found = blocks.into_iter().filter(|block| block.language == "shell" && block.heading == heading);
    let found = found.nth(place).unwrap_or_else(|| panic!("SECURITY.md has no block {place} below {heading}"));
    found.text.replace("0.1.0", VERSION)
}

/// Somebody's machine with the files of a release in the folder where the commands are typed.
fn with_a_release() -> Machine {
    let machine = Machine::new();
    machine.release();
    for file in fs::read_dir(machine.path("release")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), machine.path("work").join(file.file_name())).unwrap();
    }
    machine
}

fn file(machine: &Machine, part: &str) -> PathBuf {
    machine.path("work").join(format!("terraform-provider-druva_{VERSION}_{part}"))
}

fn types(machine: &Machine, heading: &str, place: usize) -> Printed {
    machine.types(&of_the_page(heading, place), "work", "home")
}

#[test]
fn a_release_passes_and_whatever_was_changed_in_it_fails() {
    let machine = with_a_release();
    types(&machine, KEEP, 0).expect_success().says(&["Maintainers <m@example.com>"]);
    let (zip, sbom) = (format!("{}.zip", platform()), format!("{}.cdx.json", platform()));
    let cases = [(0, &zip, "SHA256SUMS"), (1, &sbom, "sbom_checksums.txt")];
    for (place, checked, sums) in cases {
        let passes = || {
            let ok = format!("terraform-provider-druva_{VERSION}_{checked}: OK");
            types(&machine, CHECK, place).expect_success().says(&["Good signature from \"Maintainers", &ok]);
        };
        passes();
        // One byte more or less; and each file that the check needs, away.
        for (part, says) in [(checked.as_str(), "FAILED"), (sums, "BAD signature"), (&format!("{sums}.sig"), "gpgv: ")]
        {
            let whole = fs::read(file(&machine, part)).unwrap();
            for changed in [[&whole[..], b"x"].concat(), whole[..whole.len() - 1].to_vec()] {
                fs::write(file(&machine, part), changed).unwrap();
                types(&machine, CHECK, place).expect_failure().says(&[says]);
            }
            fs::remove_file(file(&machine, part)).unwrap();
            types(&machine, CHECK, place).expect_failure().says(&[part]);
            fs::write(file(&machine, part), whole).unwrap();
            passes();
        }
        // Sums that fit a zip of somebody's: the signature is of the others.
        let whole = fs::read_to_string(file(&machine, sums)).unwrap();
        fs::write(file(&machine, sums), whole.replacen(['0', '1', '2', '3'], "4", 1)).unwrap();
        types(&machine, CHECK, place).expect_failure().says(&["BAD signature"]);
        fs::write(file(&machine, sums), whole.lines().filter(|line| !line.ends_with(checked)).collect::<String>())
            .unwrap();
        types(&machine, CHECK, place).expect_failure();
        fs::write(file(&machine, sums), whole).unwrap();
        // Without the kept key nothing passes, whatever key comes with the release.
        fs::rename(machine.path("work/druva-signing-key.gpg"), machine.path("away")).unwrap();
        types(&machine, CHECK, place).expect_failure();
        fs::rename(machine.path("away"), machine.path("work/druva-signing-key.gpg")).unwrap();
        passes();
    }
}

/// Whoever signs with another key brings that key along.
#[test]
fn a_release_that_another_key_signed_fails_and_the_kept_key_stays() {
    let (machine, other) = (with_a_release(), with_a_release());
    types(&machine, KEEP, 0).expect_success();
    let kept = fs::read(machine.path("work/druva-signing-key.gpg")).unwrap();
    for part in ["SHA256SUMS.sig", "sbom_checksums.txt.sig", "signing_key.asc"] {
        assert_ne!(fs::read(file(&other, part)).unwrap(), fs::read(file(&machine, part)).unwrap(), "{part}");
        fs::copy(file(&other, part), file(&machine, part)).unwrap();
    }
    types(&machine, KEEP, 0).expect_failure().says(&["File exists"]);
    assert!(fs::read(machine.path("work/druva-signing-key.gpg")).unwrap() == kept);
    for place in [0, 1] {
        types(&machine, CHECK, place).expect_failure().says(&["No public key"]).does_not_say(&["Good signature"]);
    }
    // In a home whose keyring has that key, too.
    let import = format!("gpg --import terraform-provider-druva_{VERSION}_signing_key.asc");
    machine.types(&import, "work", "home").expect_success();
    types(&machine, CHECK, 0).expect_failure().says(&["No public key"]);
}

/// GitHub is not asked. A stand-in for its CLI holds what is typed against what the workflow attests, and for whom.
#[test]
fn the_attestation_is_asked_for_with_what_the_release_workflow_makes() {
    let machine = with_a_release();
    machine.program("gh", "#!/bin/sh\necho \"$*\" >>\"$HERE/asked\"\ntest -s \"$3\"\n");
    types(&machine, ATTESTATION, 0).expect_success();
    let repository = env!("CARGO_PKG_REPOSITORY").strip_prefix("https://github.com/").unwrap();
    let workflow = ".github/workflows/release.yml";
    let expected = |part: &str| {
        format!(
            "attestation verify terraform-provider-druva_{VERSION}_{part} --repo {repository} \
             --signer-workflow {repository}/{workflow} --source-ref refs/tags/v{VERSION} --deny-self-hosted-runners\n"
        )
    };
    let (zip, sbom) = (format!("{}.zip", platform()), format!("{}.cdx.json", platform()));
    let asked = fs::read_to_string(machine.path("asked")).unwrap();
    assert_eq!(asked, [&zip, &sbom, "signing_key.asc"].map(expected).concat());
    for part in [&zip, &sbom, "signing_key.asc"] {
        let whole = fs::read(file(&machine, part)).unwrap();
        fs::remove_file(file(&machine, part)).unwrap();
        types(&machine, ATTESTATION, 0).expect_failure();
        fs::write(file(&machine, part), whole).unwrap();
    }

    // The job that publishes attests all that it publishes, before it does, and no other job may sign as this repository.
    let text = fs::read_to_string(root().join(workflow)).unwrap();
    let (before, publish) = text.split_once("\n  publish:\n").unwrap();
    let attests = publish.find("        uses: actions/attest@").unwrap();
    assert!(publish.contains("          subject-path: target/dist/*\n"));
    assert!(publish.find("tools/sign target/dist").unwrap() < attests);
    assert!(attests < publish.find("gh release create").unwrap() && publish.contains(" target/dist/*\n"));
    for permission in ["id-token: write", "attestations: write"] {
        assert!(publish.contains(&format!("      {permission}\n")) && !before.contains(permission), "{permission}");
        for other in ["ci.yml", "dist.yml"] {
            let other = fs::read_to_string(root().join(".github/workflows").join(other)).unwrap();
            assert!(!other.contains(permission), "{permission}");
        }
    }
}

/// Who reads the guide types the same as who reads SECURITY.md.
#[test]
fn the_guide_on_installation_has_the_same_commands() {
    let guide = |place| block("installation", "shell", "Check the signature", place).replace("0.1.0", VERSION);
    assert_eq!([guide(0), guide(1)], [of_the_page(KEEP, 0), of_the_page(CHECK, 0)]);
    let (attestation, page) = (guide(2), of_the_page(ATTESTATION, 0));
    assert!(attestation.lines().count() > 0 && attestation.lines().all(|line| page.lines().any(|other| other == line)));
}
