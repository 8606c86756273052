//! What is new in Okta is not known everywhere at once, and two things of one second have the same time.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::sandbox::Sandbox;

use crate::connections::{ends_well, never_lost};
use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both, provider_block};
use crate::minted::{minting, with_minted};
use crate::rotation::{ids, only_secret, rotated};

/// A lab whose sandbox takes real seconds.
fn slow(resources: &str) -> Lab {
    let lab = Lab::new(resources);
    lab.sandbox.settings(json!({"propagation_ms": 30_000}));
    lab
}

#[test]
fn a_secret_that_this_run_got_is_tried_until_it_is_known_to_both() {
    let lab = slow(BOTH);
    let start = Instant::now();
    lab.apply();
    assert!(start.elapsed() >= Duration::from_secs(3), "thirty seconds of the sandbox's clock");
    lab.plan_is_empty();
    lab.configure(&rotated("second"));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn a_minted_secret_is_tried_until_it_is_known_to_both() {
    let lab = slow(&minting("first"));
    lab.apply();
    lab.configure(&minting("second"));
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

/// As after an apply that was interrupted once the integration was there: the process that got the secret is gone.
#[test]
fn a_secret_that_another_run_got_a_moment_ago_is_tried_until_it_is_known() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"propagation_ms": 60_000}));
    lab.run(&["apply", "-auto-approve", &format!("-target={INTEGRATION}")]).expect_success();
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn a_new_secret_that_stays_unknown_is_refused_after_ten_seconds_and_nothing_is_linked() {
    let lab = Lab::new(BOTH);
    lab.sandbox.settings(json!({"propagation_ms": 600_000}));
    let start = Instant::now();
    lab.apply_fails().diagnostics_are("Error: ", "a_new_secret_stays_unknown");
    assert!(start.elapsed() >= Duration::from_secs(10));
    assert_eq!(lab.sandbox.state()["druva"]["domains"], json!([]));
    assert!(lab.is_in_state(INTEGRATION));
}

/// Sixteen of twenty ordinary creations have both secrets within one second.
#[test]
fn the_older_of_two_secrets_of_one_second_goes_because_it_was_there_before() {
    for _ in 0..6 {
        let lab = with_minted();
        only_secret(&lab);
        assert_eq!(lab.attributes(LINK)["superseded_secret_ids"], json!([]));
        lab.configure(&minting("second"));
        lab.apply();
        only_secret(&lab);
        ends_well(&lab);
    }
}

#[test]
fn what_was_there_before_is_remembered_where_it_could_not_be_retired() {
    let lab = Lab::new(&minting("first"));
    lab.sandbox.fault(json!({
        "side": "okta", "method": "POST", "path": "/deactivate$", "times": 1000,
        "do": {"respond": {"status": 403, "body": {"errorCode": "E0000006", "errorSummary": "No permission"}}},
    }));
    lab.apply().says(&["Warning: A superseded secret could not be retired"]);
    lab.sandbox.control("DELETE", "faults", None);
    let (ids, in_use) = (ids(&lab), lab.attributes(LINK)["client_secret_id"].clone());
    let left = ids.iter().find(|id| **id != in_use).unwrap();
    assert_eq!(lab.attributes(LINK)["superseded_secret_ids"], json!([left]));
    lab.plan().says(&["Plan: 0 to add, 1 to change, 0 to destroy."]);
    lab.apply();
    assert_eq!(only_secret(&lab)["id"], in_use);
    ends_well(&lab);
}

/// The provider knows the org by its custom domain, Druva by its okta.com address.
#[test]
fn an_org_with_two_addresses_is_one_org() {
    let sandbox = Sandbox::start();
    let provider = provider_block(&sandbox, "").replace("http://127.0.0.1", "http://localhost");
    let provider = provider.replace("api_url = \"http://localhost", "api_url = \"http://127.0.0.1");
    let address = format!("okta_domain = \"{}\"", sandbox.okta_url);
    let with =
        |rotation: &str| rotated(rotation).replace("okta_domain   = druva_okta_integration.this.org_url", &address);
    let lab = Lab::with_sandbox(sandbox, &provider, &with("first"));
    assert!(with("first").contains(&address));
    for rotation in ["first", "second", "third", "fourth"] {
        lab.configure(&with(rotation));
        lab.apply().does_not_say(&["no credentials"]);
        only_secret(&lab);
        lab.plan_is_empty();
    }
    assert!(lab.attributes(INTEGRATION)["org_url"].as_str().unwrap().contains("localhost"));
    never_lost(&lab);
    lab.destroy();
}

#[test]
fn where_it_is_another_org_both_are_named_and_nothing_is_planned_for_it() {
    let (sandbox, other) = (Sandbox::start(), Sandbox::start());
    let client = sandbox.install(crate::lab::TYPE, &crate::lab::SCOPES);
    let secret = |value: &serde_json::Value| format!("{:?}", value["client_secret"].as_str().unwrap());
    let text = |secret: &str| {
        crate::lab::link(
            &sandbox.okta_url,
            client["id"].as_str().unwrap(),
            secret,
            "cloud_key_management_enabled = true",
        )
    };
    let provider = format!(
        "provider \"druva\" {{\n{}\n{}\n}}",
        crate::lab::druva_arguments(&sandbox),
        crate::lab::okta_block(&other.okta_url, &format!("api_token = \"{}\"", other.okta_api_token)),
    );
    let (first, second) = (text(&secret(&client)), {
        let minted = sandbox.mint(client["id"].as_str().unwrap());
        text(&format!("{minted:?}"))
    });
    let (here, there) = (sandbox.okta_url.clone(), other.okta_url.clone());
    let mut lab = Lab::with_sandbox(sandbox, &provider, &first);
    lab.plant(&other.okta_api_token);
    lab.apply();
    lab.configure(&second);
    lab.apply().says(&["Warning: Superseded secrets stay in Okta", &here, &there]);
    lab.plan_is_empty();
}

#[test]
fn what_is_not_found_is_gone_only_if_it_is_not_new() {
    let lab = Lab::with_both();
    let id = lab.sandbox.integration()["id"].clone();
    lab.sandbox.drift(json!({"action": "delete_integration", "id": id}));
    lab.plan_fails().says(&["less than five minutes ago"]);
    assert!(lab.is_in_state(INTEGRATION));
    lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    lab.plan().says(&["druva_okta_integration.this will be created"]);
}

#[test]
fn a_link_that_is_not_found_is_gone_only_if_it_is_not_new() {
    let lab = Lab::new(&both("", ""));
    lab.apply();
    lab.sandbox.drift(json!({"action": "delete_domain", "id": lab.sandbox.link()["id"]}));
    lab.plan_fails().says(&["less than five minutes ago"]);
    lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
    lab.plan().says(&["druva_okta_link.this will be created"]);
}
