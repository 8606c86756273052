//! That nothing is left out: every operation that the provider uses is played by the sandbox, and stands in the guide on what
//! is assumed.

use crate::{
    openapi::OpenApi,
    sandbox::{Sandbox, send},
};
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeSet, path::Path};

const GUIDE: &str = "../../templates/guides/what-is-assumed-about-druva.md.tmpl";

/// The files, with the operations that are in them and that the provider has no use for.
const FILES: [(&str, &[&str]); 3] = [
    ("management-api-services.openapi.yaml", &["post /oauth2/v1/clients/{clientId}/roles"]),
    ("oauth-token.openapi.yaml", &["options /oauth2/v1/token"]),
    ("okta-links.openapi.yaml", &[]),
];

/// What the preflight asks besides, which is in none of the files.
const IN_NO_FILE: [&str; 2] = ["get /api/v1/users/me", "get /api/v1/users/{id}/roles"];

fn used(file: &str, unused: &[&str]) -> BTreeSet<String> {
    let mut operations = OpenApi::load(file).operations();
    for operation in unused {
        assert!(operations.remove(*operation), "{operation} is not in {file}");
    }
    operations
}

/// The operations in the tables of the guide: `get /path`, from rows like "| `GET /path` | …" or with two in one row.
fn in_the_guide() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE);
    let text = std::fs::read_to_string(path).unwrap();
    let (_, section) = text.split_once("\n## Endpoints\n").expect("the section");
    let (section, _) = section.split_once("\n## ").expect("another section");
    let rows = section
        .lines()
        .filter(|line| ["| `GET", "| `POST", "| `PATCH", "| `DELETE"].iter().any(|start| line.starts_with(start)));
    let first_cells = rows.map(|row| row.split(" | ").next().unwrap());
    let quoted = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    quoted
        .map(|operation| {
            let (method, path) = operation.split_once(' ').unwrap();
            format!("{} {path}", method.to_lowercase())
        })
        .collect()
}

#[test]
fn the_guide_on_what_is_assumed_has_every_operation_and_no_other() {
    let mut expected: BTreeSet<String> = FILES.iter().flat_map(|(file, unused)| used(file, unused)).collect();
    assert_eq!(expected.len(), 20, "as many as the provider uses");
    expected.extend(IN_NO_FILE.map(str::to_owned));
    assert_eq!(in_the_guide(), expected);
}

/// Without credentials, each is refused for the lack of them or answered, and not as what does not exist.
#[test]
fn every_operation_is_played() {
    let sandbox = Sandbox::start();
    for (file, unused) in FILES {
        let base = if file.starts_with("okta-links") { &sandbox.druva } else { &sandbox.okta };
        for operation in used(file, unused) {
            let (method, path) = operation.split_once(' ').unwrap();
            let method: Method = method.to_uppercase().parse().unwrap();
            let request = sandbox.bare(method, &format!("{base}{path}")).header("Content-Length", "0");
            let answer = send(request);
            let is_known = matches!(answer.status, 200 | 400 | 401);
            assert!(is_known, "{operation}: {} {}", answer.status, answer.body);
        }
    }
}

/// What is sent in a body is sent wrongly too, by `forbidden_requests`: it has each of these.
#[test]
fn the_operations_with_a_body_are_known() {
    let with_a_body = |(file, unused): (&str, &[&str])| {
        let spec = OpenApi::load(file);
        let has_one = |operation: &String| {
            let (method, path) = operation.split_once(' ').unwrap();
            spec.request(method, path).is_some()
        };
        used(file, unused).into_iter().filter(has_one).collect::<Vec<_>>()
    };
    let all: Vec<String> = FILES.into_iter().flat_map(with_a_body).collect();
    assert_eq!(
        json!(all),
        json!([
            "post /integrations/api/v1/api-services",
            "post /oauth2/v1/token",
            "patch /okta/v1/domains/{id}",
            "post /okta/v1/domains",
            "post /okta/v1/domains/{id}/authorize",
            "post /token",
        ])
    );
}
