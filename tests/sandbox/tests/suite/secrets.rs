//! The secrets of an integration.

use crate::sandbox::{API_SERVICES, Sandbox};
use serde_json::{Value, json};

#[test]
fn a_secret_is_disclosed_once() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let path = format!("{API_SERVICES}/{}/credentials/secrets", installed.id);

    let first = sandbox.okta_get(&path).body[0].clone();
    assert_eq!(first["client_secret"], format!("***{}", &installed.secret[60..]));
    assert!(first["id"].as_str().unwrap().starts_with("ocs"));

    let second = sandbox.okta_post(&path, &Value::Null);
    assert_eq!(second.status, 201);
    let secret = second.text("/client_secret");
    assert_eq!(secret.len(), 64);
    let listed = sandbox.okta_get(&path).body;
    let listed = listed.as_array().unwrap().iter().find(|each| each["id"] == second.body["id"]).unwrap().clone();
    assert_eq!(listed["client_secret"], format!("***{}", &secret[60..]));
    assert_eq!(listed["secret_hash"], second.body["secret_hash"]);
    assert_ne!(listed["secret_hash"], first["secret_hash"]);
}

#[test]
fn there_are_at_most_two() {
    let sandbox = Sandbox::start();
    let path = format!("{API_SERVICES}/{}/credentials/secrets", sandbox.install().id);
    assert_eq!(sandbox.okta_post(&path, &Value::Null).status, 201);
    let third = sandbox.okta_post(&path, &Value::Null);
    assert_eq!((third.status, third.text("/errorCode").as_str()), (400, "E0000001"));
    assert_eq!(sandbox.okta_get(&path).body.as_array().unwrap().len(), 2);
}

#[test]
fn only_an_inactive_one_can_be_deleted_and_the_links_say_so() {
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let path = format!("{API_SERVICES}/{}/credentials/secrets", installed.id);
    let one = sandbox.okta_get(&path).body[0].clone();
    let secret = format!("{path}/{}", one["id"].as_str().unwrap());
    let url = format!("{}{secret}", sandbox.okta);
    let deactivate = json!({"href": format!("{url}/lifecycle/deactivate"), "hints": {"allow": ["POST"]}});
    assert_eq!(one["_links"], json!({"deactivate": deactivate}));

    let refused = sandbox.okta_delete(&secret);
    assert_eq!((refused.status, refused.text("/errorCode").as_str()), (400, "E0000001"));

    let off = sandbox.okta_post(&format!("{secret}/lifecycle/deactivate"), &Value::Null);
    assert_eq!((off.status, off.text("/status").as_str()), (200, "INACTIVE"));
    let activate = json!({"href": format!("{url}/lifecycle/activate"), "hints": {"allow": ["POST"]}});
    let delete = json!({"href": url, "hints": {"allow": ["DELETE"]}});
    assert_eq!(off.body["_links"], json!({"activate": activate, "delete": delete}));
    assert_eq!(sandbox.okta_token(&installed.id, &installed.secret, "okta.users.manage").status, 401);

    let on = sandbox.okta_post(&format!("{secret}/lifecycle/activate"), &Value::Null);
    assert_eq!((on.status, on.text("/status").as_str()), (200, "ACTIVE"));
    assert_eq!(sandbox.okta_token(&installed.id, &installed.secret, "okta.users.manage").status, 200);

    sandbox.okta_post(&format!("{secret}/lifecycle/deactivate"), &Value::Null);
    assert_eq!(sandbox.okta_delete(&secret).status, 204);
    assert_eq!(sandbox.okta_delete(&secret).text("/errorCode"), "E0000007");
    assert_eq!(sandbox.okta_get(&path).body, json!([]));
}
