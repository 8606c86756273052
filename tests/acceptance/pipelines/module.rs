//! `terraform test` of the module, with its mocked provider.

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
    let wrong =
        text.replace("client_secret = druva_okta_integration.this.client_secret", "client_secret = \"another\"");
    assert_ne!(wrong, text);
    lab.write("main.tf", &wrong);
    lab.run(&["test"]).expect_failure().says(&["The link uses another secret than the integration's."]);
}
