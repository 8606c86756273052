//! Ctrl-C in the middle of a rotation: what was begun is put right before the provider ends.

use rustix::process::{Signal, kill_process};
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::connections::{ends_well, lost_only_in_one_recovery};
use crate::held::{AUTHORIZED, At, Held, PROVED};
use crate::lab::Lab;
use crate::minted::{minting, with_minted};
use crate::rotation::only_secret;

/// Applies, and interrupts while an answer is on its way.
fn interrupted(lab: &Lab, at: At) {
    let held = Held::apply(lab, at);
    kill_process(held.terraform(), Signal::INT).unwrap();
    held.wait(lab).expect_failure().says(&["Interrupt received", "Terraform was interrupted."]);
}

#[test]
fn the_secret_that_druva_uses_is_activated_again() {
    let lab = with_minted();
    lab.configure(&minting("second"));
    drop(Held::apply(&lab, AUTHORIZED).kill_provider(&lab));
    let used = lab.sandbox.link()["secret_hash"].clone();

    // Druva uses a secret that the state does not know, and it is being tried whether it does.
    interrupted(&lab, At { side: "okta", method: "POST", path: || "/lifecycle/deactivate$".to_owned(), nth: 1 });
    assert_eq!(lab.sandbox.link()["secret_hash"], used);
    assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
    lost_only_in_one_recovery(&lab);
    lab.apply();
    only_secret(&lab);
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_secret_that_druva_was_not_given_is_deleted_again() {
    let lab = with_minted();
    let first = only_secret(&lab);
    lab.configure(&minting("second"));
    interrupted(&lab, PROVED);
    assert_eq!(only_secret(&lab), first);
    lab.apply();
    only_secret(&lab);
    ends_well(&lab);
}
