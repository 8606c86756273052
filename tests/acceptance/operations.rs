//! Which operations of the two systems the provider uses: those in the tables of the guide on what is assumed, and no other.

use std::collections::BTreeSet;
use std::path::Path;
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::lab::{Lab, both};
use crate::service_apps::{self, JWK};

/// `GET /path/{id}`, from the tables.
fn listed() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/guides/what-is-assumed-about-druva.md.tmpl");
    let text = std::fs::read_to_string(path).unwrap();
    let is_operation =
        |quoted: &&str| ["GET /", "POST /", "PATCH /", "DELETE /"].iter().any(|start| quoted.starts_with(start));
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').filter(is_operation)).map(str::to_owned).collect()
}

/// Whether a request is this operation.
fn is(request: &str, operation: &str) -> bool {
    let (request, operation) = (request.split('/'), operation.split('/'));
    request.clone().count() == operation.clone().count()
        && request.zip(operation).all(|(part, known)| part == known || known.starts_with('{'))
}

/// Strikes those that were sent off the list. Each must have been on it.
fn strike(sandbox: &Sandbox, listed: &BTreeSet<String>, unused: &mut BTreeSet<String>) {
    for request in sandbox.requests() {
        let known: Vec<&String> = listed.iter().filter(|operation| is(&request, operation)).collect();
        assert!(!known.is_empty(), "{request} is not in the guide");
        unused.retain(|operation| !known.contains(&operation));
    }
}

#[test]
fn every_request_is_one_of_the_operations_in_the_guide() {
    let listed = listed();
    let mut unused = listed.clone();
    let preflight = "data \"druva_okta_preflight\" \"this\" {}\n";
    let rotated = |text: &str| both(&format!("rotate_when_changed = {{\n rotation = \"{text}\"\n }}"), "") + preflight;

    let lab = Lab::new(&rotated("first"));
    lab.apply();
    lab.configure(&rotated("second"));
    lab.apply();
    lab.destroy();
    strike(&lab.sandbox, &listed, &mut unused);

    let scopes = ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read", "okta.roles.read"];
    let arguments = format!("{JWK}\nscopes = {scopes:?}");
    let lab = service_apps::lab_with(&Key::ec(), &scopes, false, &arguments);
    lab.configure(preflight);
    lab.apply();
    strike(&lab.sandbox, &listed, &mut unused);

    // An action needs Terraform 1.14, and a secret is activated only where its deactivation cut Druva off.
    let unused: Vec<&str> = unused.iter().map(|operation| operation.rsplit('/').next().unwrap()).collect();
    assert_eq!(unused, ["activate", "backups"]);
}
