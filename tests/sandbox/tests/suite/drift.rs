//! What happens behind Terraform's back.

use crate::sandbox::{API_SERVICES, Sandbox, TYPE, strings};
use reqwest::Method;
use serde_json::{Value, json};

#[test]
fn scopes_and_properties_change() {
    let sandbox = Sandbox::start();
    let id = sandbox.install().id;
    let path = format!("{API_SERVICES}/{id}");
    sandbox.drift(json!({"action": "drop_scope", "id": id, "scope": "okta.users.manage"}));
    sandbox.drift(json!({"action": "add_scope", "id": id, "scope": "okta.logs.read"}));
    sandbox.drift(json!({"action": "set_property", "id": id, "name": "region", "value": "eu"}));
    let read = sandbox.okta_get(&path).body;
    let mut scopes = strings(&read["grantedScopes"]);
    scopes.sort();
    assert_eq!(scopes, ["okta.clients.read", "okta.groups.manage", "okta.logs.read"]);
    assert_eq!(read["properties"], json!({"region": "eu"}));
}

#[test]
fn an_integration_installed_by_hand_is_as_good_as_any() {
    let sandbox = Sandbox::start();
    let installed = sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": ["okta.users.manage"]}));
    let (id, secret) = (installed["id"].as_str().unwrap(), installed["client_secret"].as_str().unwrap());
    assert_eq!(sandbox.okta_token(id, secret, "okta.users.manage").status, 200);

    let linked = sandbox.drift(json!({"action": "link", "client_id": id, "client_secret": secret,
                                      "backup_enabled": true}));
    let path = format!("/okta/v1/domains/{}", linked["id"].as_str().unwrap());
    let read = sandbox.druva_get(&path);
    assert_eq!(read.text("/appStatus"), "CONNECTED");
    assert_eq!(read.body["backupEnabled"], true);
}

#[test]
fn a_secret_goes_whatever_its_status() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let secrets = || sandbox.ask("state")["okta"]["integrations"][0]["secrets"].clone();
    let secret_id = secrets()[0]["id"].clone();
    sandbox.drift(json!({"action": "delete_secret", "id": installed.id, "secret_id": secret_id}));
    assert_eq!(secrets(), json!([]));
    assert_eq!(sandbox.okta_token(&installed.id, &installed.secret, "okta.users.manage").status, 401);
}

#[test]
fn a_disconnected_domain_stays_so_until_it_is_authorized_again() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let id = sandbox.link(&installed).text("/id");
    let path = format!("/okta/v1/domains/{id}");
    sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": "token revoked"}));
    assert_eq!(sandbox.druva_get(&path).text("/appStatusReason"), "token revoked");
    let body = json!({"clientId": installed.id, "clientSecret": installed.secret});
    assert_eq!(sandbox.druva_post(&format!("{path}/authorize"), &body).text("/appStatus"), "CONNECTED");

    sandbox.drift(json!({"action": "set_switch", "id": id, "cloud_key_management_enabled": true}));
    assert_eq!(sandbox.druva_get(&path).body["cloudKeyManagementEnabled"], true);
    sandbox.drift(json!({"action": "delete_domain", "id": id}));
    assert_eq!(sandbox.druva_get(&path).status, 404);
}

#[test]
fn what_is_unknown_is_said() {
    let sandbox = Sandbox::start();
    let drift = |body: Value| sandbox.control(Method::POST, "drift", &body).status;
    assert_eq!(drift(json!({"action": "delete_integration", "id": "x"})), 404);
    assert_eq!(drift(json!({"action": "delete_domain", "id": "x"})), 404);
    let id = sandbox.install().id;
    assert_eq!(drift(json!({"action": "delete_secret", "id": id, "secret_id": "x"})), 404);
    assert_eq!(drift(json!({"action": "explode"})), 400);
    assert_eq!(drift(json!({"action": "delete_domain", "id": "x", "force": true})), 400);
}
