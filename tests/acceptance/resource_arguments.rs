//! What `terraform validate` says about the resources, and what a plan says about values that come later.

use crate::lab::Lab;

/// Fails unless a resource of `kind` with these arguments is refused with these words, on the line of `argument`.
fn refuses(lab: &Lab, kind: &str, arguments: &str, argument: &str, says: &[&str]) {
    lab.configure(&format!("resource \"{kind}\" \"this\" {{\n{arguments}\n}}"));
    let (number, line) = arguments
        .lines()
        .enumerate()
        .find(|(_, line)| line.trim_start().starts_with(argument))
        .unwrap_or_else(|| panic!("{argument} in {arguments}"));
    let place = format!("on main.tf line {0}, in resource \"{kind}\" \"this\": {0}: {line}", number + 2);
    lab.validate_fails().says(&[&place]).says(says);
}

const TIMEOUT: &str = "write a duration above zero in hours, minutes or seconds, as in \"36h\", \"10m\" or \"1h30m\".";

#[test]
fn an_integration_with_arguments_that_cannot_be_is_refused() {
    let lab = Lab::new("");
    let refuses = |arguments: &str, argument: &str, says: &[&str]| {
        refuses(&lab, "druva_okta_integration", arguments, argument, says);
    };
    for kind in ["", "Druva Data Security Cloud"] {
        refuses(
            &format!("adopt_existing = true\ntype = \"{kind}\""),
            "type",
            &[
                "Invalid type of integration",
                &format!(
                    "type is \"{kind}\". It must be the key of the integration in Okta's catalog: a text without blanks"
                ),
            ],
        );
    }
    refuses(
        "granted_scopes = []",
        "granted_scopes",
        &["No scopes", "Leave the argument out to grant the scopes that Druva documents."],
    );
    for scope in ["", "openid", "okta.users", "okta.users.write", "okta..manage", "okta.us ers.read"] {
        refuses(
            &format!("granted_scopes = [\"okta.users.read\", \"{scope}\"]"),
            "granted_scopes",
            &[
                "Not an Okta scope",
                &format!("granted_scopes holds \"{scope}\". Write a scope as in \"okta.users.manage\""),
            ],
        );
    }
    refuses("granted_scopes = [null]", "granted_scopes", &["granted_scopes"]);
    refuses(
        "properties = { region = null }",
        "properties",
        &["Property without a value", "The property \"region\" is null"],
    );
    for operation in ["create", "read", "update", "delete"] {
        refuses(&format!("timeouts {{\n  {operation} = \"soon\"\n}}"), operation, &["soon", TIMEOUT]);
    }
    for duration in ["0s", "-5m", "5", "1e9h"] {
        refuses(
            &format!("timeouts {{\n  create = \"{duration}\"\n}}"),
            "create",
            &[&format!("\"{duration}\""), TIMEOUT],
        );
    }
    refuses(
        "client_id = \"0oa1\"",
        "client_id",
        &["Read-only attribute", "the provider gives its value. Leave it out"],
    );
}

#[test]
fn a_link_with_arguments_that_cannot_be_is_refused() {
    let lab = Lab::new("");
    let with = |name: &str, value: &str| {
        let arguments =
            [("okta_domain", "\"example.okta.com\""), ("client_id", "\"0oa1\""), ("client_secret", "\"s3cret\"")];
        let lines =
            arguments.iter().filter(|(other, _)| *other != name).map(|(name, value)| format!("{name} = {value}"));
        lines.chain([format!("{name} = {value}")]).collect::<Vec<_>>().join("\n")
    };
    let with_timeout = with("verify_client_secret", "true\ntimeouts {\n  update = \"1 hour\"\n}");
    refuses(&lab, "druva_okta_link", &with_timeout, "update", &["1 hour", TIMEOUT]);
    let refuses = |name: &str, value: &str, says: &[&str]| {
        refuses(&lab, "druva_okta_link", &with(name, value), name, says);
    };
    for (domain, why) in [
        ("", "okta_domain is empty."),
        ("http://example.okta.com", "okta_domain must start with https://"),
        ("https://example.okta.com/admin", "okta_domain must be the org's address alone, without a path."),
        ("example", "okta_domain has no domain: write the whole host, as in \"https://example.okta.com\"."),
        ("34756", "okta_domain is a number, or an IP address in a short form, and no host name."),
        ("https://u:p@example.okta.com", "without a user name or password"),
    ] {
        refuses("okta_domain", &format!("\"{domain}\""), &["Invalid Okta domain", why]);
    }
    for id in ["", "0oa 1"] {
        refuses("client_id", &format!("\"{id}\""), &["Invalid client id", "client_id is empty, or holds blanks"]);
    }
    for secret in ["", " within blanks ", "line\\nbreak", "tab\\tinside"] {
        // The line of a secret is not shown.
        lab.configure(&format!(
            "resource \"druva_okta_link\" \"this\" {{\n{}\n}}",
            with("client_secret", &format!("\"{secret}\""))
        ));
        lab.validate_fails().says(&[
            "on main.tf line 1, in resource \"druva_okta_link\" \"this\": 1: resource \"druva_okta_link\" \"this\" {",
            "Invalid client secret",
            "client_secret is empty, has a space at an end, or has a line break",
        ]);
    }
    refuses("backup_enabled", "\"sometimes\"", &["a bool is required"]);
    refuses("status", "\"CONNECTED\"", &["Read-only attribute", "the provider gives its value. Leave it out"]);
}

#[test]
fn values_that_are_unknown_at_validation_are_checked_when_they_are_known() {
    let lab = Lab::new(
        r#"
variable "scope" {}
variable "domain" {}
variable "secret" { default = null }
resource "terraform_data" "later" { input = "okta.logs.read" }
resource "terraform_data" "nothing" { input = null }
resource "druva_okta_integration" "this" {
  type           = var.scope
  granted_scopes = [terraform_data.later.output, var.scope]
  properties     = { later = terraform_data.later.output }
}
resource "druva_okta_link" "this" {
  okta_domain          = var.domain
  client_id            = terraform_data.later.output
  client_secret        = var.secret
  backup_enabled       = terraform_data.nothing.output
  verify_client_secret = var.secret
}"#,
    );
    lab.run(&["validate"]).expect_success();
    let plan = |scope: &str, domain: &str| {
        lab.run(&["plan", &format!("-var=scope={scope}"), &format!("-var=domain={domain}")]).expect_failure()
    };
    plan("Not a scope", "nowhere").says(&[
        "Invalid type of integration",
        "Not an Okta scope",
        "granted_scopes holds \"Not a scope\"",
        "Invalid Okta domain",
        "okta_domain has no domain",
    ]);
    // What is null counts as left out.
    plan("okta", "example.okta.com").says(&["granted_scopes holds \"okta\""]);
}

#[test]
fn a_set_whose_elements_are_unknown_until_apply_is_installed_as_it_turns_out() {
    let lab = Lab::new(
        r#"
resource "terraform_data" "later" { input = "okta.logs.read" }
resource "terraform_data" "region" { input = "eu" }
resource "druva_okta_integration" "this" {
  type = "druvainc-IdpVault_api_2"
  granted_scopes = ["okta.users.read", terraform_data.later.output]
  properties     = { region = terraform_data.region.output }
  adopt_existing = null
}"#,
    );
    lab.apply();
    let installed = lab.sandbox.integration();
    assert_eq!(installed["properties"]["region"], "eu");
    assert_eq!(installed["grantedScopes"].as_array().unwrap().len(), 2);
    lab.plan_is_empty();
    lab.destroy();
}
