//! Which operations of the two systems the provider uses: those in the tables of two guides, and no other. A security reviewer
//! decides by these tables.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::json;
use testkit::client::{Identity, connect, tfplugin6 as tf};
use testkit::environment;
use testkit::keys::Key;
use testkit::plugin::Plugin;
use testkit::sandbox::Sandbox;

use crate::documentation::files;
use crate::druva_paths;
use crate::lab::{Lab, both};
use crate::minted::{minting, with_minted};
use crate::service_apps::{self, JWK};

/// The guides that list every operation.
const GUIDES: [&str; 2] = ["least-privilege", "what-is-assumed-about-druva"];

/// `GET /path/{id}`, from the tables of a guide. Names of parts of a path are the guide's own.
fn listed(guide: &str) -> BTreeSet<String> {
    let is_operation =
        |quoted: &&str| ["GET /", "POST /", "PATCH /", "DELETE /"].iter().any(|start| quoted.starts_with(start));
    let page = &files()[&format!("docs/guides/{guide}.md")];
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').filter(is_operation)).map(without_names).collect()
}

/// `{anything}` as `{}`.
fn without_names(operation: &str) -> String {
    let parts = operation.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether a request is this operation.
fn is(request: &str, operation: &str) -> bool {
    let (request, operation) = (request.split('/'), operation.split('/'));
    request.clone().count() == operation.clone().count()
        && request.zip(operation).all(|(part, known)| part == known || known == "{}")
}

/// The operations that a sandbox saw, as the guides write them. One that no guide has stays as it is.
fn seen(sandbox: &Sandbox, listed: &BTreeSet<String>) -> BTreeSet<String> {
    let exact_first = |request: &String| {
        let fitting = listed.iter().filter(|operation| is(request, operation));
        fitting.min_by_key(|operation| operation.matches("{}").count()).cloned().unwrap_or_else(|| request.clone())
    };
    sandbox.requests().iter().map(exact_first).collect()
}

/// "Backup Now", as a Terraform that has actions asks for it.
async fn back_up(lab: &Lab) {
    let terraform = Identity::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-druva"));
    environment::own(&mut command)
        .env("SSL_CERT_FILE", crate::terraform::no_certificates())
        .env("DRUVA_API_URL", &lab.sandbox.druva_url)
        .env("DRUVA_CLIENT_ID", &lab.sandbox.druva_client_id)
        .env("DRUVA_CLIENT_SECRET", &lab.sandbox.druva_client_secret);
    let plugin = Plugin::of(command, Some(&terraform));
    let mut client = connect(&plugin, Some(&terraform)).await.unwrap();
    let value =
        |json: serde_json::Value| Some(tf::DynamicValue { json: json.to_string().into_bytes(), ..Default::default() });
    let configure = tf::configure_provider::Request { config: value(json!({})), ..Default::default() };
    let configured = client.provider.configure_provider(configure).await.unwrap().into_inner();
    assert!(configured.diagnostics.is_empty(), "{configured:?}");
    let action = tf::invoke_action::Request {
        action_type: "druva_okta_backup".to_owned(),
        config: value(json!({"link_id": lab.sandbox.link()["id"]})),
        ..Default::default()
    };
    let mut events = client.provider.invoke_action(action).await.unwrap().into_inner();
    while events.message().await.unwrap().is_some() {}
}

#[tokio::test]
async fn the_guides_list_every_request_that_is_sent_and_no_other() {
    let [listed, other] = GUIDES.map(listed);
    assert_eq!(listed, other, "the two guides list the same");
    let mut sent = BTreeSet::new();
    let preflight = "data \"druva_okta_preflight\" \"this\" {}\n";
    let rotated = |text: &str| both(&format!("rotate_when_changed = {{\n rotation = \"{text}\"\n }}"), "") + preflight;

    let lab = Lab::new(&rotated("first"));
    lab.apply();
    lab.configure(&rotated("second"));
    lab.apply();
    lab.sandbox.drift(json!({"action": "set_switch", "id": lab.sandbox.link()["id"], "backup_enabled": false}));
    lab.apply();
    back_up(&lab).await;
    lab.destroy();
    sent.extend(seen(&lab.sandbox, &listed));

    // A service app, which has a role of its own.
    let scopes = ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read", "okta.roles.read"];
    let arguments = format!("{JWK}\nscopes = {scopes:?}");
    let lab = service_apps::lab_with(&Key::ec(), &scopes, false, &arguments);
    lab.configure(preflight);
    lab.apply();
    sent.extend(seen(&lab.sandbox, &listed));

    // Whether Druva took a secret got lost. It did: the deactivation of that secret is undone.
    let lab = with_minted();
    lab.sandbox.fault(json!({
        "side": "druva", "method": "POST", "path": druva_paths::authorize(), "times": 1000, "do": {"close": "after"},
    }));
    lab.configure(&minting("second"));
    lab.apply_fails();
    sent.extend(seen(&lab.sandbox, &listed));

    assert_eq!(sent, listed, "left: what is sent; right: what the guides list");
}
