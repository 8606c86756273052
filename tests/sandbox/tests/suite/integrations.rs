//! Installing, reading, listing and removing integrations.

use crate::sandbox::{API_SERVICES, OTHER_TYPE, SCOPES, Sandbox, TYPE, send, strings};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn an_installed_integration_reads_back_without_its_secret() {
    let sandbox = Sandbox::start();
    let created = sandbox.okta_post(API_SERVICES, &json!({"type": TYPE, "grantedScopes": SCOPES}));
    assert_eq!(created.status, 201);
    let (id, secret) = (created.text("/id"), created.text("/clientSecret"));
    assert!(id.starts_with("0oa") && id.len() == 20, "{id}");
    assert!(secret.len() == 64 && secret.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{secret}");
    assert_eq!(created.text("/name"), "Druva Data Security Cloud");
    assert!(created.text("/createdBy").starts_with("00u"));
    let created_at = created.text("/createdAt");
    assert!(created_at.len() == 24 && created_at.ends_with('Z') && &created_at[19..20] == ".", "{created_at}");

    let read = sandbox.okta_get(&format!("{API_SERVICES}/{id}"));
    assert_eq!(read.status, 200);
    assert_eq!(read.body.get("clientSecret"), None);
    assert_eq!(read.body["properties"], json!({}));
    let url = format!("{}{API_SERVICES}/{id}", sandbox.okta);
    assert_eq!(read.body["_links"]["self"], json!({"href": url, "hints": {"allow": ["GET", "DELETE"]}}));
    assert!(read.text("/_links/client/href").ends_with(&format!("/oauth2/v1/clients/{id}")));
}

#[test]
fn scopes_come_in_another_order_each_time() {
    let sandbox = Sandbox::start();
    let id = sandbox.install().id;
    let read = || strings(&sandbox.okta_get(&format!("{API_SERVICES}/{id}")).body["grantedScopes"]);
    let (first, second) = (read(), read());
    assert_ne!(first, second);
    let set = |scopes: Vec<String>| scopes.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(set(first), set(SCOPES.map(str::to_owned).to_vec()));
}

#[test]
fn the_list_is_paged_by_link_headers() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"okta_page_size": 2}));
    let installed: Vec<String> = (0..5).map(|_| sandbox.install().id).collect();

    let mut seen = Vec::new();
    let mut sizes = Vec::new();
    let mut url = format!("{}{API_SERVICES}", sandbox.okta);
    loop {
        let authorization = format!("SSWS {}", sandbox.api_token);
        let page = send(sandbox.bare(Method::GET, &url).header("Authorization", authorization));
        let links: Vec<&str> = page.headers.get_all("link").iter().map(|link| link.to_str().unwrap()).collect();
        assert_eq!(links[0], format!("<{url}>; rel=\"self\""));
        let items = page.body.as_array().unwrap();
        sizes.push(items.len());
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = links.get(1) else { break };
        assert_eq!(links.len(), 2);
        url = next.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned();
        // What goes away meanwhile must not shift the pages.
        if sizes.len() == 1 {
            sandbox.drift(json!({"action": "delete_integration", "id": installed[1]}));
        }
    }
    assert_eq!(sizes, [2, 2, 1]);
    assert_eq!(seen, installed);
}

#[test]
fn what_is_wrong_with_an_install_is_said_with_a_cause() {
    let sandbox = Sandbox::start();
    let refused = |body| {
        let answer = sandbox.okta_post(API_SERVICES, &body);
        assert_eq!((answer.status, answer.text("/errorCode").as_str()), (400, "E0000001"), "{body}");
        answer.text("/errorCauses/0/errorSummary")
    };
    assert!(refused(json!({"grantedScopes": SCOPES})).starts_with("type:"));
    assert!(refused(json!({"type": "", "grantedScopes": SCOPES})).starts_with("type:"));
    assert!(refused(json!({"type": "Druva Cloud", "grantedScopes": SCOPES})).starts_with("type:"));
    assert!(refused(json!({"type": TYPE})).starts_with("grantedScopes:"));
    assert!(refused(json!({"type": TYPE, "grantedScopes": []})).starts_with("grantedScopes:"));
    assert!(refused(json!({"type": TYPE, "grantedScopes": ["okta.everything"]})).contains("okta.everything"));

    let malformed = sandbox.okta(Method::POST, API_SERVICES).header("Content-Type", "application/json").body("{");
    assert_eq!(send(malformed).text("/errorCode"), "E0000003");
    assert_eq!(sandbox.okta_post(API_SERVICES, &json!({"type": 1})).text("/errorCode"), "E0000003");
    let untyped = sandbox.okta(Method::POST, API_SERVICES).body("{}");
    assert_eq!(send(untyped).text("/errorCode"), "E0000021");
    assert_eq!(sandbox.ask("state")["okta"]["integrations"], json!([]));
}

#[test]
fn every_scope_that_druva_documents_can_be_granted() {
    let sandbox = Sandbox::start();
    let manage = "users factors groups apps appGrants schemas profileMappings userTypes policies networkZones \
                  authenticators orgs emailDomains trustedOrigins";
    let mut scopes: Vec<String> = manage.split_whitespace().map(|name| format!("okta.{name}.manage")).collect();
    scopes.push("okta.clients.read".to_owned());
    let answer = sandbox.okta_post(API_SERVICES, &json!({"type": TYPE, "grantedScopes": scopes}));
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[test]
fn scopes_may_be_withheld_in_silence() {
    let sandbox = Sandbox::start();
    sandbox.set(json!({"withheld_scopes": [SCOPES[0]]}));
    let answer = sandbox.okta_post(API_SERVICES, &json!({"type": TYPE, "grantedScopes": SCOPES}));
    assert_eq!(answer.status, 201);
    assert!(!strings(&answer.body["grantedScopes"]).contains(&SCOPES[0].to_owned()));
}

#[test]
fn a_second_install_depends_on_the_setting() {
    let sandbox = Sandbox::start();
    sandbox.install();
    sandbox.install();
    sandbox.set(json!({"duplicate_installs": "refuse"}));
    let answer = sandbox.okta_post(API_SERVICES, &json!({"type": TYPE, "grantedScopes": SCOPES}));
    assert_eq!((answer.status, answer.text("/errorCode").as_str()), (400, "E0000001"));
}

#[test]
fn a_deleted_integration_is_gone_with_its_tokens() {
    let sandbox = Sandbox::start();
    let answer = json!({"type": OTHER_TYPE, "grantedScopes": ["okta.oauthIntegrations.read"]});
    let answer = sandbox.okta_post(API_SERVICES, &answer);
    let (id, secret) = (answer.text("/id"), answer.text("/clientSecret"));
    let token = sandbox.okta_token(&id, &secret, "okta.oauthIntegrations.read").text("/access_token");
    let list = || send(sandbox.bare(Method::GET, &format!("{}{API_SERVICES}", sandbox.okta)).bearer_auth(&token));
    assert_eq!(list().status, 200);

    let path = format!("{API_SERVICES}/{id}");
    assert_eq!(sandbox.okta_delete(&path).status, 204);
    assert_eq!(sandbox.okta_get(&path).text("/errorCode"), "E0000007");
    assert_eq!(sandbox.okta_delete(&path).status, 404);
    assert_eq!(list().status, 401);
}
