//! Where the provider has its socket, and what Terraform says where there is no place for it.

use crate::lab::{BOTH, Lab};

#[test]
fn a_folder_for_temporary_files_that_cannot_hold_a_socket_does_no_harm() {
    let mut lab = Lab::new(BOTH);
    let long = lab.path(&"l".repeat(200));
    std::fs::create_dir(&long).unwrap();
    for folder in ["/no/such/folder", long.to_str().unwrap()] {
        lab.set_environment("TMPDIR", folder);
        lab.plan().says(&["Plan: 2 to add"]);
    }
    assert_eq!(std::fs::read_dir(&long).unwrap().count(), 0, "left behind");
}

#[test]
fn terraform_says_why_the_provider_has_no_socket() {
    let mut lab = Lab::new(BOTH);
    lab.set_environment("PLUGIN_UNIX_SOCKET_DIR", "/no/such/folder");
    let printed = lab.plan_fails();
    printed.says(&[
        "Unrecognized remote plugin message: terraform-provider-druva: the connection to Terraform cannot be set up: \
         PLUGIN_UNIX_SOCKET_DIR names /no/such/folder: No such file or directory (os error 2)",
    ]);
    printed.does_not_say(&["Failed to read any lines"]);
}
