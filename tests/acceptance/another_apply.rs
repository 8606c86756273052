//! What somebody else does at Druva: another apply, or a person in its console.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::sandbox::Sandbox;

/// Links the org with a client, as another apply would.
pub fn link_org(sandbox: &Sandbox, client: &Value) {
    give_druva(sandbox, "", client);
}

/// Gives a link another client, as somebody in Druva's console would.
pub fn authorize(sandbox: &Sandbox, id: &str, client: &Value) {
    give_druva(sandbox, &format!("/{id}/authorize"), client);
}

fn give_druva(sandbox: &Sandbox, path: &str, client: &Value) {
    let credentials = BASE64_STANDARD.encode(format!("{}:{}", sandbox.druva_client_id, sandbox.druva_client_secret));
    let mut answer = ureq::post(format!("{}/token", sandbox.druva_url))
        .header("authorization", format!("Basic {credentials}"))
        .send_form([("grant_type", "client_credentials"), ("scope", "read")])
        .unwrap();
    let token: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let mut body = json!({"clientId": client["id"], "clientSecret": client["client_secret"]});
    if path.is_empty() {
        body["oktaDomain"] = sandbox.okta_url.clone().into();
    }
    ureq::post(format!("{}/okta/v1/domains{path}", sandbox.druva_url))
        .header("authorization", format!("Bearer {}", token["access_token"].as_str().unwrap()))
        .send_json(body)
        .unwrap();
}
