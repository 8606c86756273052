//! Functions in expressions. They need Terraform 1.8, and no credentials.

use serde_json::json;

use crate::lab::{Lab, SCOPES};

#[test]
fn functions_give_scopes_and_hosts() {
    let lab = Lab::new(
        r#"
output "all" { value = provider::druva::okta_scopes() }
output "some" { value = provider::druva::okta_scopes("authenticators", "organization settings") }
output "host" { value = provider::druva::okta_domain("https://Example-Admin.okta.com/") }
"#,
    );
    lab.apply();
    assert_eq!(lab.output("all").as_array().unwrap().len(), SCOPES.len());
    let some =
        ["okta.authenticators.manage", "okta.emailDomains.manage", "okta.orgs.manage", "okta.trustedOrigins.manage"];
    assert_eq!(lab.output("some"), json!(some));
    assert_eq!(lab.output("host"), "example.okta.com");
}

#[test]
fn a_function_says_what_is_wrong_with_which_argument() {
    let lab = Lab::new("");
    for (call, parts) in [
        ("okta_scopes(\"users\", \"apps\")", ["Invalid value for \"groups\" parameter", "There is no group \"apps\""]),
        ("okta_domain(\"example\")", ["Invalid value for \"url\" parameter", "has no domain"]),
        (
            "okta_domain(\"34756\")",
            ["Invalid value for \"url\" parameter", "is a number, or an IP address in a short form"],
        ),
        ("okta_domain(null)", ["Invalid value for \"url\" parameter", "must not be null"]),
        (
            "okta_domain(\"http://example.okta.com\")",
            ["Invalid value for \"url\" parameter", "must start with https://"],
        ),
    ] {
        lab.configure(&format!("output \"x\" {{\nvalue = provider::druva::{call}\n}}"));
        lab.plan_fails().says(&parts);
    }
}
