//! The examples of the guides, taken out of them and applied.

use std::path::Path;
use std::process::Command;

use crate::connections::ends_well;
use crate::lab::Lab;
use crate::printed::Printed;
use crate::rotation::only_secret;
use crate::terraform;

const GUIDES: [&str; 2] = ["rotating-secrets", "secrets-and-state"];

/// The blocks of a guide that are marked with `language`, each under the heading above it.
fn blocks(guide: &str, language: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/guides/{guide}.md"));
    let text = std::fs::read_to_string(path).unwrap();
    let (mut heading, mut found, mut open) = (String::new(), Vec::new(), None::<String>);
    for line in text.lines() {
        match &mut open {
            Some(block) if line.starts_with("```") => {
                found.push((heading.clone(), std::mem::take(block)));
                open = None;
            }
            Some(block) => *block += &format!("{line}\n"),
            None if line == format!("```{language}") => open = Some(String::new()),
            None if line.starts_with("## ") => line.trim_start_matches("## ").clone_into(&mut heading),
            None => {}
        }
    }
    found
}

/// The only block under a heading that starts like this.
fn block(guide: &str, heading: &str) -> String {
    let found: Vec<_> = blocks(guide, "hcl").into_iter().filter(|(above, _)| above.starts_with(heading)).collect();
    assert_eq!(found.len(), 1, "{heading}: {found:?}");
    found[0].1.clone()
}

#[test]
fn every_block_is_formatted_and_tested_here() {
    let folder = tempfile::tempdir().unwrap();
    let mut tested = 0;
    for guide in GUIDES {
        tested += blocks(guide, "hcl").len();
        for (heading, text) in blocks(guide, "hcl").into_iter().chain(blocks(guide, "terraform")) {
            std::fs::write(folder.path().join("block.tf"), &text).unwrap();
            let formatted = Command::new(terraform::program())
                .args(["fmt", "-check", "-diff"])
                .current_dir(folder.path())
                .output()
                .unwrap();
            let diff = Printed::from(&formatted).text;
            assert!(formatted.status.success(), "{guide}, {heading}:\n{diff}");
        }
        for (heading, _) in blocks(guide, "terraform") {
            eprintln!("not applied, because it needs other providers: {guide}, {heading}");
        }
    }
    assert_eq!(tested, 4, "the tests below apply four blocks");
}

#[test]
fn rotating_by_hand() {
    let text = block("rotating-secrets", "Rotate now");
    let lab = Lab::new(&text);
    lab.apply();
    let first = only_secret(&lab);
    lab.plan_is_empty();
    let other = text.replace("\"2026-11\"", "\"2026-12\"");
    assert_ne!(other, text);
    lab.configure(&other);
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}

#[test]
fn the_first_way() {
    let lab = Lab::new(&block("secrets-and-state", "Way 1"));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

/// The integration comes first: its secret is minted by hand before the link can use it.
#[test]
fn the_second_way() {
    let mut lab = Lab::new(&block("secrets-and-state", "Way 2"));
    lab.run(&["apply", "-auto-approve", "-target=druva_okta_integration.this", "-var=client_secret=none-yet"])
        .expect_success();
    let secret = lab.sandbox.mint(lab.sandbox.integration()["id"].as_str().unwrap());
    lab.set_environment("TF_VAR_client_secret", &secret);
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn the_third_way() {
    let text = block("secrets-and-state", "Way 3");
    let lab = Lab::new(&text);
    lab.apply();
    let first = only_secret(&lab);
    lab.plan_is_empty();
    lab.configure(&text.replace("\"2026-11\"", "\"2026-12\""));
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}
