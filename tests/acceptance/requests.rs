//! The table of requests in the guide on performance, row by row: what each command of Terraform sends to Okta and Druva.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both, provider_block};
use crate::minted::{FORGETFUL, minting, with_minted};
use crate::rotation::rotated;
use crate::service_apps::{self, PEM};

const ALONE: &str = "resource \"druva_okta_integration\" \"this\" { type = \"druvainc-IdpVault_api_2\" }";
/// So many tests here look at a row of the table.
const ROWS: usize = 25;

/// The rows of the guide, without their first cells: what the user does.
fn rows() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/performance.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("Requests\n")).expect("the section");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    let rows = rows.filter(|(what, _)| *what != "what");
    rows.map(|(what, cells)| (what.to_owned(), cells.to_owned())).collect()
}

#[test]
fn each_row_is_looked_at() {
    assert_eq!(rows().len(), ROWS, "{:#?}", rows());
}

/// What a request is called in the table.
fn name(entry: &Value) -> &'static str {
    let text = |name: &str| entry[name].as_str().unwrap();
    let segments: Vec<&str> = text("path").trim_start_matches('/').split('/').collect();
    match (text("side"), text("method"), segments.as_slice()) {
        (_, "POST", [.., "token"]) => "token",
        ("okta", "GET", [.., "api-services"]) => "list",
        ("okta", "POST", [.., "api-services"]) => "install",
        ("okta", "GET", [.., "api-services", _]) => "integration",
        ("okta", "DELETE", [.., "api-services", _]) => "remove",
        ("okta", "GET", [.., "secrets"]) => "secrets",
        ("okta", "POST", [.., "secrets"]) => "mint",
        ("okta", "POST", [.., "lifecycle", "deactivate"]) => "deactivate",
        ("okta", "DELETE", [.., "secrets", _]) => "delete secret",
        ("okta", "GET", [".well-known", ..]) => "org",
        ("okta", "GET", [.., "me"]) => "user",
        ("okta", "GET", [.., "roles"]) => "roles",
        ("druva", "GET", [.., "domains"]) if text("query").contains("oktaDomain") => "list of one",
        ("druva", "GET", [.., "domains"]) => "list",
        ("druva", "POST", [.., "domains"]) => "link",
        ("druva", "GET", [.., "domains", _]) => "status",
        ("druva", "PATCH", [.., "domains", _]) => "switch",
        ("druva", "POST", [.., "authorize"]) => "authorize",
        ("druva", "POST", [.., "backups"]) => "back up",
        ("druva", "DELETE", [.., "domains", _]) => "unlink",
        _ => panic!("no name for {entry}"),
    }
}

/// The requests of one side, by name and number, in the order in which they came first.
fn cell(log: &[Value], side: &str, is_wanted: impl Fn(&Value) -> bool) -> String {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for name in log.iter().filter(|entry| entry["side"] == side && is_wanted(entry)).map(name) {
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, number)) => *number += 1,
            None => names.push((name, 1)),
        }
    }
    // Those that are sent at the same time come in any order.
    names.sort_unstable();
    let shown = names.iter().map(|(name, number)| match number {
        1 => (*name).to_owned(),
        _ => format!("{number} × {name}"),
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    if shown.is_empty() { "–".to_owned() } else { shown }
}

/// The cells of a row. Tokens for the provider's own calls are counted apart; at Okta, a lab with an API token fetches
/// none, so that those are proofs.
fn cells(lab: &Lab) -> String {
    let log = lab.sandbox.control("GET", "requests", None);
    let log = log.as_array().unwrap();
    let okta = cell(log, "okta", |_| true).replace("token", "proof");
    let druva = cell(log, "druva", |entry| name(entry) != "token");
    let tokens = log.iter().filter(|entry| entry["side"] == "druva" && name(entry) == "token").count();
    format!("{okta} | {druva} | {tokens}")
}

/// Runs a command, and fails unless what it sends is what the guide says.
fn sends(lab: &Lab, what: &str, arguments: &[&str]) {
    // What is new is seen at once: how often it is looked for again is a matter of seconds.
    lab.sandbox.settings(json!({"propagation_ms": 0}));
    lab.sandbox.clear_requests();
    lab.run(arguments).expect_success();
    is_in_the_guide(what, &cells(lab));
}

fn is_in_the_guide(what: &str, cells: &str) {
    let guide = rows().get(what).cloned();
    assert_eq!(guide.as_deref(), Some(cells), "the row should be\n| {what} | {cells} |");
}

const APPLY: [&str; 2] = ["apply", "-auto-approve"];
const DESTROY: [&str; 2] = ["destroy", "-auto-approve"];

/// `number` integrations of different types.
fn integrations(number: usize) -> String {
    format!(
        "resource \"druva_okta_integration\" \"each\" {{\n  count = {number}\n  type = \"number_${{count.index}}\"\n}}"
    )
}

/// A lab with so many integrations and links, all of them applied.
fn pairs(number: usize) -> Lab {
    let sandbox = Sandbox::start_with(&["--loopback-addresses", &number.to_string()]).list_any_type();
    let port = sandbox.okta_url.rsplit(':').next().unwrap();
    let links = format!(
        r#"
resource "druva_okta_link" "each" {{
  count         = {number}
  okta_domain   = "http://127.0.0.${{count.index + 2}}:{port}"
  client_id     = druva_okta_integration.each[count.index].client_id
  client_secret = druva_okta_integration.each[count.index].client_secret
}}"#
    );
    let (provider, resources) = (provider_block(&sandbox, ""), integrations(number) + &links);
    let lab = Lab::with_sandbox(sandbox, &provider, &resources);
    lab.apply();
    lab
}

#[test]
fn install() {
    sends(&Lab::new(ALONE), "`apply`: install an integration", &APPLY);
}

#[test]
fn install_several() {
    let lab = Lab::new("");
    lab.sandbox.settings(json!({"lists_any_type": true}));
    lab.configure(&integrations(5));
    // Slow enough for all of them to wait when the first one looks.
    let slow = json!({"side": "okta", "method": "GET", "path": "/api-services$", "times": 99, "do": {"delay_ms": 500}});
    lab.sandbox.fault(slow);
    sends(&lab, "`apply`: install 5 of different types", &APPLY);
}

#[test]
fn install_and_link() {
    sends(&Lab::new(BOTH), "`apply`: install and link", &APPLY);
}

#[test]
fn link_what_is_installed() {
    let lab = Lab::new(ALONE);
    lab.apply();
    lab.configure(BOTH);
    sends(&lab, "`apply`: link what is installed", &APPLY);
}

#[test]
fn link_with_a_minted_secret() {
    let lab = Lab::new(FORGETFUL);
    lab.apply();
    lab.configure(&minting("first"));
    sends(&lab, "`apply`: link what is installed, `mint_client_secret`", &APPLY);
}

#[test]
fn refresh_one_integration() {
    let lab = Lab::new(ALONE);
    lab.apply();
    sends(&lab, "`plan`: 1 integration", &["plan"]);
}

#[test]
fn refresh_integrations() {
    let lab = Lab::new("");
    lab.sandbox.settings(json!({"lists_any_type": true}));
    lab.configure(&integrations(12));
    lab.apply();
    sends(&lab, "`plan`: 12 integrations, on one page", &["plan"]);
    lab.sandbox.settings(json!({"okta_page_size": 5}));
    sends(&lab, "`plan`: 12 integrations, on 3 pages", &["plan"]);
}

#[test]
fn refresh_one_pair() {
    sends(&Lab::with_both(), "`plan`: 1 integration and its link", &["plan"]);
}

#[test]
fn refresh_pairs() {
    let lab = pairs(12);
    sends(&lab, "`plan`: 12 integrations and links, on one page", &["plan"]);
    lab.sandbox.settings(json!({"druva_page_size": 5}));
    sends(&lab, "`plan`: 12 integrations and links, the links on 3 pages", &["plan"]);
}

/// A target depends on all instances of what it refers to.
#[test]
fn refresh_one_link_of_many() {
    let lab = pairs(4);
    lab.sandbox.settings(json!({"druva_page_size": 1}));
    // Whichever was linked first is on the first page.
    let first = lab.sandbox.state()["druva"]["domains"][0]["oktaDomain"].to_string();
    let index = if first.contains("127.0.0.5:") { 2 } else { 3 };
    let target = format!("druva_okta_link.each[{index}]");
    sends(&lab, "`plan -target`: 1 link of 4, on a later one of 4 pages", &["plan", "-target", &target]);
}

#[test]
fn rotate_the_secret() {
    let lab = Lab::new(&rotated("first"));
    lab.apply();
    lab.configure(&rotated("second"));
    sends(&lab, "`apply`: rotate the secret", &APPLY);
}

#[test]
fn rotate_a_minted_secret() {
    let lab = with_minted();
    lab.configure(&minting("second"));
    sends(&lab, "`apply`: rotate a minted secret", &APPLY);
}

#[test]
fn reauthorize() {
    let lab = Lab::with_both();
    let id = lab.sandbox.link()["id"].clone();
    lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "The access was revoked"}));
    sends(&lab, "`apply`: re-authorize a lost connection", &APPLY);
}

#[test]
fn switch() {
    let lab = Lab::with_both();
    lab.configure(&both("", "backup_enabled = false"));
    sends(&lab, "`apply`: switch backups off", &APPLY);
}

#[test]
fn destroy() {
    sends(&Lab::with_both(), "`destroy`: both", &DESTROY);
}

#[test]
fn import() {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let host = lab.sandbox.okta_host();
    lab.write(
        "import.tf",
        &format!(
            "import {{\n  to = {INTEGRATION}\n  id = \"{id}\"\n}}\nimport {{\n  to = {LINK}\n  id = \"{host}\"\n}}"
        ),
    );
    lab.configure(&format!(
        "{ALONE}\nresource \"druva_okta_link\" \"this\" {{\n  okta_domain = {INTEGRATION}.org_url\n  \
         client_id = {INTEGRATION}.client_id\n}}"
    ));
    sends(&lab, "`apply` with `import` blocks: both", &APPLY);
}

#[test]
fn adopt() {
    let lab = Lab::new("resource \"druva_okta_integration\" \"this\" {\n  adopt_existing = true\n}");
    lab.sandbox.install(crate::lab::TYPE, &crate::lab::SCOPES);
    sends(&lab, "`apply`: adopt an installed integration", &APPLY);
}

/// All of them at once, and the same twice: nothing is asked twice.
#[test]
fn data_sources() {
    let lab = Lab::with_both();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    let twice = |name: &str, arguments: &str| {
        format!("data \"{name}\" \"one\" {{\n{arguments}\n}}\ndata \"{name}\" \"two\" {{\n{arguments}\n}}\n")
    };
    lab.configure(&format!(
        "{BOTH}\n{}{}{}{}",
        twice("druva_okta_integration", &format!("id = \"{id}\"")),
        twice("druva_okta_integrations", ""),
        twice("druva_okta_link", ""),
        twice("druva_okta_links", ""),
    ));
    sends(&lab, "`plan`: both, and each data source on integrations and links twice", &["plan"]);
}

#[test]
fn preflight() {
    let lab = Lab::new("data \"druva_okta_preflight\" \"this\" {}");
    sends(&lab, "`plan`: `druva_okta_preflight`", &["plan"]);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn query() {
    let lab = Lab::with_both();
    let list = |name: &str| format!("list \"{name}\" \"all\" {{\n  provider = druva\n}}\n");
    lab.write("all.tfquery.hcl", &(list("druva_okta_integration") + &list("druva_okta_link")));
    sends(&lab, "`query`: integrations and links", &["query"]);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn invoke() {
    for (name, example) in [
        ("druva_okta_backup", include_str!("../../examples/actions/druva_okta_backup/action.tf")),
        ("druva_okta_reauthorize", include_str!("../../examples/actions/druva_okta_reauthorize/action.tf")),
    ] {
        let lab = Lab::new(BOTH);
        lab.apply();
        let action = &example[example.find("action \"").unwrap()..];
        lab.configure(&format!("{BOTH}{}", action.replace("wait    = true", "wait = false")));
        let invoked = format!("-invoke=action.{name}.now");
        sends(&lab, &format!("`apply -invoke`: `{name}`"), &["apply", "-auto-approve", &invoked]);
    }
}

#[test]
fn ephemeral_token() {
    let lab = Lab::new("ephemeral \"druva_access_token\" \"this\" {}");
    sends(&lab, "`plan`: the ephemeral `druva_access_token`", &["plan"]);
}

/// The statuses of the answers to a service app that asked for a token.
fn tokens_of_okta(lab: &Lab, arguments: &[&str]) -> usize {
    lab.sandbox.clear_requests();
    lab.run(arguments).expect_success();
    lab.sandbox.requests().iter().filter(|request| *request == "POST /oauth2/v1/token").count()
}

/// What the guide says about tokens of Okta, in its second table.
#[test]
fn tokens_of_service_apps() {
    for (what, demands_dpop) in [("service app", false), ("service app that demands DPoP", true)] {
        let lab = service_apps::lab(&Key::ec(), demands_dpop, PEM);
        lab.configure(ALONE);
        let (apply, plan) = (tokens_of_okta(&lab, &APPLY), tokens_of_okta(&lab, &["plan"]));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/performance.md");
        let line = format!("- {what}: {plan} in a process that asks Okta for anything.");
        assert_eq!(apply, 2 * plan, "both processes of the apply ask");
        assert!(std::fs::read_to_string(path).unwrap().contains(&line), "{line}");
    }
}
