//! `terraform test` of the module, with its mocked provider. The guide "Testing" shows these files.

use super::{copy, example};
use crate::lab::Lab;

#[test]
fn the_tests_of_the_module_pass() {
    let lab = Lab::new("");
    std::fs::remove_file(lab.path("versions.tf")).unwrap();
    copy(&example().join("modules/okta-backup"), &lab.path(""));
    lab.run(&["init"]).expect_success();
    // The secret of the mock is no secret.
    lab.run(&["test"]).expect_success().says(&["Success! 9 passed, 0 failed."]);
    assert_eq!(lab.sandbox.requests(), [""; 0]);

    // They can fail.
    let text = std::fs::read_to_string(lab.path("main.tf")).unwrap();
    for (old, new, message) in [
        (
            "client_secret = druva_okta_integration.this.client_secret",
            "client_secret = \"another\"",
            "The link uses another secret than the integration's.",
        ),
        (
            "granted_scopes      = var.granted_scopes",
            "granted_scopes      = [\"okta.users.read\"]",
            "The integration is granted other scopes than those that were given.",
        ),
        (
            "backup_enabled               = var.backup_enabled",
            "backup_enabled = true",
            "The switches do not reach the link.",
        ),
    ] {
        let wrong = text.replace(old, new);
        assert_ne!(wrong, text);
        lab.write("main.tf", &wrong);
        lab.run(&["test"]).expect_failure().says(&[message]);
    }

    // A mock plans an update where the provider replaces, as the guide says.
    lab.write("main.tf", &text);
    let scopes = |run: &str, scopes: &str| {
        format!("run \"{run}\" {{\n  variables {{\n    granted_scopes = {scopes}\n  }}\n}}\n")
    };
    let inputs = std::fs::read_to_string(lab.path("tests/inputs.tftest.hcl")).unwrap();
    let mock = inputs.split_inclusive("\n}\n").next().unwrap();
    let changed = scopes("first", "[\"okta.users.read\"]")
        + &scopes("second", "[\"okta.groups.read\"]").replace("variables", "command = plan\n\n  variables");
    lab.write("tests/scopes.tftest.hcl", &(mock.to_owned() + &changed));
    lab.run(&["test", "-filter=tests/scopes.tftest.hcl", "-verbose"])
        .expect_success()
        .says(&["druva_okta_integration.this will be updated in-place"]);
}
