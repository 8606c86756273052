//! From nothing to a linked org and back.

use crate::lab::{BOTH, Lab};

#[test]
fn installs_links_and_removes_both() {
    let lab = Lab::new(BOTH);
    lab.plan().says(&["Plan: 2 to add", "\"okta.users.manage\"", "(sensitive value)"]);
    lab.apply();
    assert_eq!(lab.sandbox.link()["appStatus"], "CONNECTED");
    assert_eq!(lab.sandbox.link()["backupEnabled"], true);
    lab.plan_is_empty();
    lab.sandbox.clear_requests();
    lab.destroy();
    let deleted: Vec<String> =
        lab.sandbox.requests().into_iter().filter(|request| request.starts_with("DELETE")).collect();
    assert!(deleted[0].contains("/okta/v1/domains/"), "the link goes first: {deleted:?}");
}
