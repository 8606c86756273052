//! Secrets in what Terraform prints and logs. Every other test looks for them too: here is the proof that it looks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use terraform_provider_druva::druva::okta_links;

use crate::lab::{BOTH, INTEGRATION, Lab};

/// Whether the lab's search stops the command because of a secret, and says where it was.
fn is_caught(lab: &Lab, arguments: &[&str], place: &str) -> bool {
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| lab.run(arguments))) else {
        return false;
    };
    panic.downcast_ref::<String>().is_some_and(|text| text.starts_with(&format!("{place} shows a secret in line")))
}

#[test]
fn the_search_finds_a_secret_that_terraform_prints() {
    let lab = Lab::with_both();
    lab.configure(&format!("{BOTH}\noutput \"shown\" {{\n  value = nonsensitive({INTEGRATION}.client_secret)\n}}"));
    assert!(is_caught(&lab, &["plan"], "plan"));
}

#[test]
fn the_search_finds_a_secret_in_the_log() {
    let mut lab = Lab::with_both();
    // Stands in the lines that the provider logs for its requests, and in nothing that a plan prints.
    lab.plant("/credentials/secrets");
    assert!(is_caught(&lab, &["plan"], "the TRACE log"));
}

#[test]
fn the_log_shows_what_was_asked_for_and_no_secret() {
    let lab = Lab::with_both();
    let log = std::fs::read_to_string(lab.path("trace.log")).unwrap();
    let links = okta_links::list().full_path();
    for request in ["/integrations/api/v1/api-services", "/oauth2/v1/token", &links, "/token"] {
        assert!(log.contains(request), "{request} is not in the log");
    }
    // The state has the secret, so that a search for it is no search for nothing.
    let secret = lab.attributes(INTEGRATION)["client_secret"].as_str().unwrap().to_owned();
    assert!(lab.sandbox.all_secret_texts().contains(&secret));
    assert!(!log.contains(&secret));
    lab.run(&["show"]).expect_success().says(&["client_secret = (sensitive value)"]);
}
