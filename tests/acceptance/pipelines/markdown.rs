//! What Okta, Druva or somebody in a console wrote stays text in comments and issues.

use serde_json::json;

use super::example;
use crate::printed::Printed;

const FOREIGN: &str =
    "See https://evil.example, www.evil.example, #12, org/repo#4, !5, @admin, [x](y) <b> and ``code``.";

/// What report.jq makes of `input`.
fn report(program: &str, input: &serde_json::Value) -> String {
    let output = std::process::Command::new("jq")
        .env("PATH", testkit::environment::path())
        .args(["-nr", "-L"])
        .arg(example().join("pipeline"))
        .args(["--argjson", "input", &input.to_string(), &format!("include \"report\"; $input | {program}")])
        .output();
    Printed::from(&output.unwrap()).expect_success().text
}

/// What is left of Markdown when its spans of code are taken out: a span ends with as many backticks as it began with.
fn outside_of_code(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('`') {
        left.push_str(&rest[..at]);
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let inside = &rest[at + ticks..];
        let mut from = 0;
        loop {
            let next = from + inside[from..].find('`').expect("a span of code that does not end");
            let run = inside[next..].len() - inside[next..].trim_start_matches('`').len();
            from = next + run;
            if run == ticks {
                break;
            }
        }
        rest = &inside[from..];
    }
    left + rest
}

#[test]
fn foreign_text_becomes_no_link_and_no_mention() {
    let address = "module.okta_backup.druva_okta_link.this";
    let plan = json!({
        "exit_code": 2, "timestamp": "2026-11-23T00:00:00Z", "engine": "Terraform 1.11.4", "outputs": [],
        "drift": [{"address": address, "type": "druva_okta_link", "actions": ["update"],
            "attributes": [{"name": "status_reason", "before": FOREIGN, "after": [FOREIGN]}]}],
        "changes": [{"address": address, "type": "druva_okta_link", "actions": ["update"], "replaced_because_of": [],
            "attributes": [{"name": "status_reason", "before": [FOREIGN], "after": ["x"]}]}],
        "checks": [{"address": "check.a", "status": "fail", "problems": [FOREIGN]}],
        "backups": [{"okta_domain": FOREIGN, "status": FOREIGN, "finished_on": FOREIGN}],
        "warnings": [{"summary": FOREIGN, "detail": format!("{FOREIGN}\n# {FOREIGN}"), "address": address}],
        "errors": [{"summary": FOREIGN, "detail": FOREIGN, "address": null}],
    });
    for program in ["summary", "comment(\"\")", "failed_comment", ".exit_code = 1 | summary"] {
        let text = report(program, &plan);
        assert!(text.contains("https://evil.example"), "{text}");
        let outside = outside_of_code(&text);
        for part in ["evil", "#12", "#4", "!5", "@", "[x]", "<b>"] {
            assert!(!outside.contains(part), "{program}: {part} is outside of code in:\n{text}");
        }
    }
}

/// Where only an element that is sensitive differs, the rest is the same, and is not what differs.
#[test]
fn a_list_with_a_sensitive_element_says_so() {
    let change = |next: &str| {
        json!({
            "before": {"input": ["first", "b"]}, "after": {"input": [next, "b"]}, "after_unknown": {},
            "before_sensitive": {"input": [true, false]}, "after_sensitive": {"input": [true, false]},
        })
    };
    let text = report("{attributes: differences} | differing[]", &change("next"));
    assert_eq!(text.trim(), "- `input`: another value (sensitive)");
    assert_eq!(report("{attributes: differences} | differing[]", &change("first")).trim(), "");
}
