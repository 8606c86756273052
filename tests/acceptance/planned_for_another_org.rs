//! A plan that is applied with the provider configured for another org.

use testkit::sandbox::Sandbox;

use crate::lab::{BOTH, Lab, druva_arguments};
use crate::unknown_values::stops;

#[test]
fn nothing_is_installed_and_both_orgs_are_named() {
    let sandbox = Sandbox::start();
    let provider = format!("provider \"druva\" {{\n{}\n}}", druva_arguments(&sandbox));
    let mut lab = Lab::with_sandbox(sandbox, &provider, BOTH);
    let (planned, other) = (lab.sandbox.okta_url.clone(), format!("http://{}", lab.sandbox.other_okta_host()));
    let token = lab.sandbox.okta_api_token.clone();
    lab.set_environment("OKTA_API_TOKEN", &token);
    lab.set_environment("OKTA_ORG_URL", &planned);
    lab.run(&["plan", "-out=reviewed"]).expect_success();
    lab.set_environment("OKTA_ORG_URL", &other);
    lab.sandbox.clear_requests();
    let printed = stops(&lab, "The plan was made for another Okta org", &["apply", "reviewed"]);
    printed.says(&[&planned, &other]);
    assert!(lab.sandbox.changes_in_okta().is_empty() && lab.sandbox.changes_at_druva().is_empty());
}
