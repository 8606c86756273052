//! The guide "Getting started", pasted from top to bottom: a folder that is made of nothing but its snippets, in their order.

use std::fs;

use druva_docs::markdown::code_blocks;
use serde_json::json;
use testkit::keys::Key;

use crate::documentation::files;
use crate::engine;
use crate::lab::Lab;

/// What a reader does: put a text into a file, or type it.
enum Step {
    Put(String, String),
    Type(String),
}

/// The steps of a page. The paragraph above a file's text names the file.
fn steps(page: &str) -> Vec<Step> {
    let lines: Vec<&str> = page.lines().collect();
    let above = |line: usize| lines[..line - 1].iter().rev().skip_while(|text| text.is_empty());
    let steps = code_blocks(page).into_iter().map(|block| match &*block.language {
        "shell" => Step::Type(block.text),
        "terraform" => {
            let paragraph: Vec<&str> = above(block.line).take_while(|text| !text.is_empty()).copied().collect();
            let names: Vec<&str> =
                paragraph.iter().flat_map(|text| text.split('`')).filter(|name| name.ends_with(".tf")).collect();
            assert_eq!(names.len(), 1, "line {}: which file? {paragraph:?}", block.line);
            Step::Put(names[0].to_owned(), block.text)
        }
        // What cannot be pasted would be passed over.
        other => panic!("line {}: a block of {other:?}", block.line),
    });
    steps.collect()
}

#[test]
fn the_guide_can_be_pasted_from_top_to_bottom() {
    let mut lab = Lab::for_documents("");
    let (key, pasted) = (Key::ec(), lab.path("pasted"));
    key.secret_texts().for_each(|text| lab.plant(text));
    fs::create_dir(&pasted).unwrap();
    lab.write("key.pem", &key.private_pem);
    let app = json!({
        "client_id": "0oaServiceApp", "public_key_pem": key.public_pem, "kid": "the-key-id", "role": "SUPER_ADMIN",
        "scopes": ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"], "dpop_bound_access_tokens": true,
    });
    lab.sandbox.control("POST", "service_apps", Some(app));
    for (name, value) in [
        ("TERRAFORM", engine::program().to_string_lossy().into_owned()),
        ("DRUVA_API_URL", lab.sandbox.druva_url.clone()),
        ("TF_CLI_ARGS", "-no-color".to_owned()),
        // Its reader is asked.
        ("TF_INPUT", "1".to_owned()),
    ] {
        lab.set_environment(name, &value);
    }

    let mut script = "terraform() { command \"$TERRAFORM\" \"$@\"; }\n".to_owned();
    let (mut files_put, mut commands) = (0, 0);
    for step in steps(&files()["docs/guides/getting-started.md"]) {
        match step {
            Step::Put(name, text) => {
                files_put += 1;
                script += &format!("cat >{name} <<'END OF FILE'\n{text}END OF FILE\n");
            }
            Step::Type(text) => {
                commands += 1;
                script += &text;
            }
        }
    }
    assert_eq!((files_put, commands), (3, 9), "{script}");
    // What the reader has instead of the page's values. They stand for something: each occurs.
    for (example, own) in [
        ("https://example.okta.com", lab.sandbox.okta_url.clone()),
        ("/path/to/key.pem", lab.path("key.pem").to_string_lossy().into_owned()),
        ("the-client-id", lab.sandbox.druva_client_id.clone()),
        ("the-secret-key", lab.sandbox.druva_client_secret.clone()),
    ] {
        assert!(script.contains(example), "{example}");
        script = script.replace(example, &own);
    }
    fs::write(lab.path("script.sh"), script).unwrap();
    fs::write(lab.path("answers"), "yes\n").unwrap();

    let mut bash = lab.command("bash");
    bash.args(["-euo", "pipefail", "../script.sh"]).current_dir(&pasted);
    let output = bash.stdin(fs::File::open(lab.path("answers")).unwrap()).output().unwrap();
    let printed = lab.examine(&output, "the guide").expect_success();
    let mut rest = printed.text.as_str();
    for part in [
        " has been successfully initialized!",
        "problems = []",
        "ready    = true",
        "Plan: 2 to add, 0 to change, 0 to destroy.",
        "\"okta.users.manage\"",
        "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
        "No changes.",
        "Destroy complete! Resources: 2 destroyed.",
    ] {
        // The scopes stand above the sum.
        if part.starts_with('"') {
            assert!(printed.text.contains(part), "{part}");
            continue;
        }
        let at = rest.find(part).unwrap_or_else(|| panic!("\"{part}\" is not where it belongs:\n{}", printed.text));
        rest = &rest[at + part.len()..];
    }
    let state = lab.sandbox.state();
    assert_eq!((&state["okta"]["integrations"], &state["druva"]["domains"]), (&json!([]), &json!([])));
}
