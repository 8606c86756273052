//! What somebody else does at Druva: another apply, or a person in its console.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::{self, Endpoint};
use testkit::sandbox::Sandbox;

/// Links the org with a client, as another apply would.
pub fn link_org(sandbox: &Sandbox, client: &Value) {
    let url = sandbox.okta_url.as_str();
    give_druva(sandbox, &okta_links::create(), json!({"oktaDomain": url}), client);
}

/// Gives a link another client, as somebody in Druva's console would.
pub fn authorize(sandbox: &Sandbox, id: &str, client: &Value) {
    give_druva(sandbox, &okta_links::authorize(id), json!({}), client);
}

fn give_druva(sandbox: &Sandbox, endpoint: &Endpoint, mut body: Value, client: &Value) {
    let credentials = BASE64_STANDARD.encode(format!("{}:{}", sandbox.druva_client_id, sandbox.druva_client_secret));
    let mut answer = ureq::post(format!("{}/token", sandbox.druva_url))
        .header("authorization", format!("Basic {credentials}"))
        .send_form([("grant_type", "client_credentials"), ("scope", "read")])
        .unwrap();
    let token: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    body["clientId"] = client["id"].clone();
    body["clientSecret"] = client["client_secret"].clone();
    ureq::post(format!("{}{}", sandbox.druva_url, endpoint.full_path()))
        .header("authorization", format!("Bearer {}", token["access_token"].as_str().unwrap()))
        .send_json(body)
        .unwrap();
}
