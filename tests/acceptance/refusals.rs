//! Credentials and roles that do not suffice, and servers that do not answer.

use serde_json::json;
use testkit::sandbox::Sandbox;

use crate::druva_paths;
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, TYPE, druva_arguments, link, okta_block, provider_block};

/// A lab whose provider block has `wrong` where the sandbox's is `right`.
fn with_wrong(right: impl Fn(&Sandbox) -> String, wrong: &str) -> Lab {
    let sandbox = Sandbox::start();
    let provider = provider_block(&sandbox, "").replace(&right(&sandbox), wrong);
    let mut lab = Lab::with_sandbox(sandbox, &provider, BOTH);
    lab.plant(wrong);
    lab
}

#[test]
fn a_wrong_okta_token_is_named_with_the_place_where_to_get_one() {
    let lab = with_wrong(|sandbox| sandbox.okta_api_token.clone(), "00wrong-and-secret-token-0123456789");
    lab.apply_fails().says(&[
        "Cannot list the installed integrations",
        "Okta answered: Invalid token provided [401 E0000011, error id",
        "Security > API > Tokens and set okta.api_token (OKTA_API_TOKEN)",
    ]);
    assert!(!lab.is_in_state(INTEGRATION));
}

#[test]
fn a_token_of_a_read_only_admin_is_refused_with_the_role_that_is_missing() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"okta_role": "READ_ONLY_ADMIN"}));
    lab.apply_fails().says(&[
        &format!("Cannot install the integration {TYPE}"),
        "You do not have permission to perform the requested action [403 E0000006",
        "needs the Super Administrator role in Okta",
    ]);
    assert_eq!(lab.sandbox.state()["okta"]["integrations"], json!([]));
    lab.sandbox.settings(json!({"okta_role": "SUPER_ADMIN"}));
    lab.apply();
    // Reading is allowed, removing is not.
    lab.sandbox.settings(json!({"okta_role": "READ_ONLY_ADMIN"}));
    lab.plan_is_empty();
    lab.run(&["destroy", "-auto-approve", &format!("-target={INTEGRATION}")])
        .expect_failure()
        .says(&["Cannot remove the integration", "needs the Super Administrator role in Okta"]);
    assert!(lab.is_in_state(INTEGRATION));
}

/// A lab with an integration and the configuration of a link that has a wrong secret for it.
fn with_a_wrong_secret(more: &str) -> Lab {
    let integration =
        format!("resource \"druva_okta_integration\" \"this\" {{\n  type = \"{TYPE}\"\n}}\nvariable \"secret\" {{}}\n");
    let mut lab = Lab::new(&integration);
    lab.write("terraform.tfvars", "secret = \"\"");
    lab.apply();
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    lab.plant("wrong-and-secret");
    lab.configure(&format!("{}\n{integration}", link(&lab.sandbox.okta_url, &id, "var.secret", more)));
    lab.write("terraform.tfvars", "secret = \"wrong-and-secret\"");
    lab
}

#[test]
fn a_wrong_client_secret_is_refused_before_druva_is_touched() {
    let lab = with_a_wrong_secret("");
    lab.sandbox.clear_requests();
    lab.apply_fails()
        .says(&[
            "Okta does not accept the client secret",
            &format!("Okta's token endpoint at {} refused client", lab.sandbox.okta_host()),
            "invalid_client: The client secret supplied for a confidential client is invalid.",
            "Nothing was changed in Druva.",
        ])
        .diagnostics_are("Error: Okta does not accept", "okta_refuses_the_secret");
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    assert!(!lab.is_in_state(LINK));
}

#[test]
fn without_the_proof_druvas_own_refusal_is_shown() {
    let lab = with_a_wrong_secret("verify_client_secret = false");
    lab.apply_fails().says(&[
        &format!("Cannot link the Okta org {}", lab.sandbox.okta_url),
        "Druva answered: Okta refuses this client secret [400 OKTA_AUTHORIZATION_FAILED",
    ]);
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
    assert!(!lab.is_in_state(LINK));
}

#[test]
fn wrong_druva_credentials_are_refused_and_the_integration_stays_in_the_state() {
    let lab = with_wrong(|sandbox| sandbox.druva_client_secret.clone(), "wrong-and-secret-key");
    // Before anything is installed in Okta.
    lab.plan().diagnostics_are("Warning: Cannot link", "druva_refuses_the_credentials");
    lab.apply_fails().says(&[
        &format!("Cannot link the Okta org {}", lab.sandbox.okta_url),
        "Druva's token endpoint answered: Invalid client ID or client secret [401 INVALID_CREDENTIALS",
        "Check client_id and client_secret (DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET), and cloud",
    ]);
    assert!(lab.is_in_state(INTEGRATION) && !lab.is_in_state(LINK));
    lab.write("provider.tf", &provider_block(&lab.sandbox, ""));
    lab.apply().says(&["Plan: 1 to add, 0 to change, 0 to destroy."]);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_druva_product_admin_is_refused_with_the_role_that_is_missing() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"druva_role": "product_admin"}));
    lab.apply_fails().says(&[
        &format!("Cannot link the Okta org {}", lab.sandbox.okta_url),
        "Druva answered: This action requires the role Druva Cloud Admin [403 FORBIDDEN",
        "needs the Druva Cloud Administrator role",
    ]);
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
}

#[test]
fn a_default_type_that_okta_does_not_know_is_called_a_guess() {
    let lab = Lab::new("resource \"druva_okta_integration\" \"this\" {}");
    lab.apply_fails().diagnostics_are("Error: ", "the_default_type_is_refused");
    lab.sandbox.settings(json!({"unlisted_type_status": 404}));
    lab.apply_fails().diagnostics_are("Error: ", "the_default_type_is_not_found");
    assert_eq!(lab.sandbox.state()["okta"]["integrations"], json!([]));
    assert!(!lab.is_in_state(INTEGRATION));
}

#[test]
fn a_configured_type_that_okta_does_not_know_is_refused_with_the_way_to_the_right_one() {
    let lab = Lab::new("resource \"druva_okta_integration\" \"this\" {\n  type = \"druva_okta\"\n}");
    lab.apply_fails().diagnostics_are("Error: ", "the_configured_type_is_refused");
    lab.sandbox.settings(json!({"unlisted_type_status": 404}));
    lab.apply_fails().says(&["Okta does not list an integration with this key"]).does_not_say(&["guess", "It is gone"]);
}

const BY_HAND: &str = "Link by hand, and leave druva_okta_link out of the configuration";

#[test]
fn where_druva_has_no_api_for_okta_the_error_says_how_to_link_by_hand() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"druva_okta_api": false}));
    lab.apply_fails().diagnostics_are("Error: ", "druva_has_no_api_for_okta");
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0], "no secret is sent there");
    assert!(lab.is_in_state(INTEGRATION) && !lab.is_in_state(LINK));
}

/// Neither is one minted, nor sent, where it is not known whether there is a link.
#[test]
fn where_druva_cannot_be_asked_no_secret_is_minted_or_sent() {
    let minting =
        BOTH.replace("  client_secret = druva_okta_integration.this.client_secret", "  mint_client_secret = true");
    let lab = Lab::with_arguments("max_retries = 0", &minting);
    lab.run(&["apply", "-auto-approve", &format!("-target={INTEGRATION}")]).expect_success();
    lab.sandbox.clear_requests();
    for (status, body) in
        [(403, json!({"message": "Not yours"})), (422, json!({"message": "No"})), (503, json!("later"))]
    {
        lab.sandbox.fault(json!({"side": "druva", "path": druva_paths::links(), "times": 99, "do": {"respond": {
            "status": status, "body": body,
        }}}));
        let title = format!("Cannot link the Okta org {}", lab.sandbox.okta_url);
        lab.apply_fails().says(&[&title, &status.to_string(), "No client secret was sent."]);
        lab.sandbox.control("DELETE", "faults", None);
    }
    assert_eq!((lab.sandbox.changes_in_okta(), lab.sandbox.changes_at_druva()), (Vec::new(), Vec::new()));
}

#[test]
fn an_explicit_deny_is_told_with_both_its_causes() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"druva_other_cloud": true}));
    lab.apply_fails().diagnostics_are("Error: ", "druva_denies_explicitly");
}

#[test]
fn a_link_stays_in_the_state_when_druvas_api_goes_missing() {
    let lab = Lab::with_both();
    lab.sandbox.settings(json!({"druva_okta_api": false}));
    let id = lab.attributes(LINK)["id"].as_str().unwrap().to_owned();
    lab.plan_fails().says(&[&format!("Cannot read the link {id}"), BY_HAND]);
    lab.apply_fails();
    lab.run(&["destroy", "-auto-approve", "-refresh=false"])
        .expect_failure()
        .says(&["Cannot unlink 127.0.0.1", &format!("(link {id})")])
        .says_to_type("terraform state rm ADDRESS")
        .diagnostics_are("Error: Cannot unlink", "the_org_cannot_be_unlinked");
    assert!(lab.is_in_state(LINK));
    lab.sandbox.settings(json!({"druva_okta_api": true}));
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn servers_that_do_not_answer_are_named() {
    let mut lab = Lab::with_arguments("max_retries = 0", BOTH);
    lab.apply();
    let unlink = format!("(link {})", lab.attributes(LINK)["id"].as_str().unwrap());
    lab.sandbox.stop();
    let (okta, druva) = (lab.sandbox.okta_host(), lab.sandbox.druva_url.replace("http://", ""));
    lab.plan_fails().says(&[
        "Cannot read the integration",
        &format!("Cannot connect to {okta}: "),
        "Connection refused",
        "- okta.org_url. - The network from this machine to that host. - The proxy, if the message names one:",
    ]);
    lab.run(&["destroy", "-auto-approve", "-refresh=false"]).expect_failure().says(&[
        &unlink,
        &format!("Cannot connect to {druva}: "),
        "- api_url or cloud. - The network from this machine to that host.",
    ]);
    assert!(lab.is_in_state(INTEGRATION) && lab.is_in_state(LINK));
}

#[test]
fn an_org_that_is_linked_already_is_an_error_with_its_id_and_the_import_line() {
    let lab = Lab::new(BOTH);
    let other = lab.sandbox.drift(json!({"action": "install", "type": "another", "scopes": ["okta.users.read"]}));
    let linked = lab.sandbox.drift(json!({
        "action": "link", "client_id": other["id"], "client_secret": other["client_secret"],
    }));
    let id = linked["id"].as_str().unwrap();
    lab.apply_fails()
        .says(&[
            "The Okta org is linked in Druva already",
            &format!("Druva has the link {id} for {}.", lab.sandbox.okta_url),
            &format!("terraform import ADDRESS {id}"),
            "with druva_okta_link.this",
        ])
        .diagnostics_are("Error: The Okta org", "the_org_is_linked_already");
    assert_eq!(lab.sandbox.link()["clientId"], other["id"]);
    assert!(!lab.is_in_state(LINK));

    // What the error advises works: the imported link is given the new client.
    lab.run(&["import", LINK, id]).expect_success();
    lab.apply();
    assert_eq!(lab.sandbox.link()["clientId"], lab.attributes(INTEGRATION)["client_id"]);
    lab.plan_is_empty();
}

#[test]
fn an_integration_that_is_not_in_the_configured_org_is_not_taken_for_deleted() {
    let lab = Lab::with_both();
    let other = Sandbox::start();
    let okta = okta_block(&other.okta_url, &format!("api_token = \"{}\"", other.okta_api_token));
    lab.write("provider.tf", &format!("provider \"druva\" {{\n{}\n{okta}\n}}", druva_arguments(&lab.sandbox)));
    lab.plan_fails()
        .says(&[
            "The integration lives in another org",
            &format!("was installed in {}. The provider is configured for {}", lab.sandbox.okta_url, other.okta_url),
            "Set okta.org_url back",
        ])
        .diagnostics_are("Error: The integration lives", "the_integration_is_of_another_org");
    assert!(lab.is_in_state(INTEGRATION));
}
