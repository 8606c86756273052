//! Rotations that end in the middle: the next apply finishes them. Where a server keeps the state, killing Terraform loses what
//! the provider returned.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::sandbox::text_of;

use crate::connections::{ends_well, lost_at_most_in_one_recovery, lost_only_in_one_recovery, never_lost};
use crate::druva_paths;
use crate::held::{AUTHORIZED, At, Held, LINKED, MINTED, PROVED};
use crate::lab::{INTEGRATION, LINK, Lab};
use crate::minted::{minting, with_minted};
use crate::rotation::{ids, only_secret, rotated, with_first};

/// What is killed, and what is left of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kill {
    /// Terraform writes the state, and ends.
    Provider,
    /// Terraform too, which has written each change to its file at once.
    All,
    /// Terraform too, before it wrote anything to the server that keeps the state.
    Unwritten,
}

impl Kill {
    const ANY: [Self; 3] = [Self::Provider, Self::All, Self::Unwritten];

    /// A lab that keeps its state where this kill wants it.
    fn lab(self, resources: &str) -> Lab {
        if self == Self::Unwritten { Lab::with_state_server(resources) } else { Lab::new(resources) }
    }

    /// One where `resources` were applied.
    fn applied(self, resources: &str) -> Lab {
        let lab = self.lab(resources);
        lab.apply();
        // A rotation comes later, so that Okta's whole seconds tell which secret is older.
        lab.sandbox.settings(json!({"clock_ahead_seconds": 600}));
        lab
    }
}

/// Applies, and kills while the answer is on its way.
fn killed(lab: &Lab, at: At, kill: Kill) {
    let before = lab.state_file();
    let held = Held::apply(lab, at);
    match kill {
        Kill::Provider => drop(held.kill_provider(lab)),
        Kill::All => held.kill_all(lab),
        Kill::Unwritten => {
            held.kill_all(lab);
            assert_eq!(lab.state_file(), before, "Terraform has written the state");
        }
    }
}

fn finishes_after_a_kill(at: At, kill: Kill) {
    let lab = kill.applied(&rotated("first"));
    let first = only_secret(&lab);
    lab.configure(&rotated("second"));
    killed(&lab, at, kill);
    let secrets = lab.sandbox.secrets();
    assert_eq!((secrets.len(), &secrets[0]["id"], &secrets[0]["status"]), (2, &first["id"], &json!("ACTIVE")));
    never_lost(&lab);
    // A third secret beside these two is one that Okta would refuse.
    lab.apply();
    assert_ne!(only_secret(&lab)["id"], first["id"]);
    ends_well(&lab);
}

#[test]
fn the_provider_is_killed_when_okta_has_minted() {
    finishes_after_a_kill(MINTED, Kill::Provider);
}

#[test]
fn terraform_is_killed_when_okta_has_minted() {
    finishes_after_a_kill(MINTED, Kill::All);
}

#[test]
fn terraform_is_killed_when_okta_has_minted_and_the_state_is_not_written() {
    finishes_after_a_kill(MINTED, Kill::Unwritten);
}

#[test]
fn the_provider_is_killed_between_minting_and_linking() {
    finishes_after_a_kill(PROVED, Kill::Provider);
}

#[test]
fn terraform_is_killed_between_minting_and_linking_and_the_state_is_not_written() {
    finishes_after_a_kill(PROVED, Kill::Unwritten);
}

#[test]
fn the_provider_is_killed_when_druva_has_accepted() {
    finishes_after_a_kill(AUTHORIZED, Kill::Provider);
}

#[test]
fn terraform_is_killed_when_druva_has_accepted() {
    finishes_after_a_kill(AUTHORIZED, Kill::All);
}

/// Druva uses a secret that nobody knows. It is given the one in the state before that one goes.
#[test]
fn terraform_is_killed_when_druva_has_accepted_and_the_state_is_not_written() {
    finishes_after_a_kill(AUTHORIZED, Kill::Unwritten);
}

#[test]
fn an_authorization_whose_answer_gets_lost_is_repeated() {
    for when in ["before", "after"] {
        let lab = with_first();
        lab.sandbox
            .fault(json!({"side": "druva", "method": "POST", "path": druva_paths::authorize(), "do": {"close": when}}));
        lab.configure(&rotated("second"));
        lab.apply();
        only_secret(&lab);
        ends_well(&lab);
    }
}

#[test]
fn the_answers_to_all_authorizations_get_lost() {
    for when in ["before", "after"] {
        let lab = with_first();
        let first = only_secret(&lab);
        let fault = json!({
            "side": "druva", "method": "POST", "path": druva_paths::authorize(), "times": 1000, "do": {"close": when},
        });
        lab.sandbox.fault(fault);
        lab.configure(&rotated("second"));
        lab.apply_fails().says(&["Cannot re-authorize the link", "broke before the answer was complete"]);
        lab.sandbox.control("DELETE", "faults", None);
        let secrets = ids(&lab);
        assert_eq!((secrets.len(), &secrets[0]), (2, &first["id"]), "{when}");
        lab.apply();
        assert_eq!(only_secret(&lab)["id"], secrets[1], "{when}");
        ends_well(&lab);
    }
}

/// With a minted secret, only Druva's link can tell whether it was taken.
#[test]
fn the_answers_to_all_authorizations_with_a_minted_secret_get_lost() {
    for when in ["before", "after"] {
        let lab = with_minted();
        let first = only_secret(&lab);
        let fault = json!({
            "side": "druva", "method": "POST", "path": druva_paths::authorize(), "times": 1000, "do": {"close": when},
        });
        lab.sandbox.fault(fault);
        lab.configure(&minting("second"));
        lab.sandbox.clear_requests();
        lab.apply_fails().says(&["Cannot re-authorize the link", "broke before the answer was complete"]);
        lab.sandbox.control("DELETE", "faults", None);
        if when == "before" {
            assert_eq!(only_secret(&lab), first, "it was not taken, so it is deleted again");
            never_lost(&lab);
        } else {
            lost_only_in_one_recovery(&lab);
        }
        assert_eq!(lab.sandbox.link()["appStatus"], AppStatus::CONNECTED);
        lab.apply();
        only_secret(&lab);
        lab.plan_is_empty();
        lab.destroy();
    }
}

#[test]
fn a_minted_secret_that_druva_was_not_given_is_replaced() {
    for kill in Kill::ANY {
        let lab = kill.applied(&minting("first"));
        let first = only_secret(&lab);
        lab.configure(&minting("second"));
        killed(&lab, PROVED, kill);
        let secrets = ids(&lab);
        assert_eq!((secrets.len(), &secrets[0]), (2, &first["id"]));
        lab.apply();
        assert!(!secrets.contains(&only_secret(&lab)["id"]), "nobody knows what they were");
        ends_well(&lab);
    }
}

/// Druva uses a secret of which the state knows nothing: the one case in which trying disconnects, for two requests.
fn recovers(kill: Kill) {
    let lab = kill.applied(&minting("first"));
    only_secret(&lab);
    lab.configure(&minting("second"));
    killed(&lab, AUTHORIZED, kill);
    let secrets = lab.sandbox.secrets();
    assert_eq!(secrets.len(), 2);
    assert_eq!(lab.sandbox.link()["secret_hash"], secrets[1]["secret_hash"], "Druva has accepted");
    never_lost(&lab);

    lab.sandbox.clear_requests();
    lab.apply();
    lost_only_in_one_recovery(&lab);
    let now = only_secret(&lab)["id"].clone();
    assert!(secrets.iter().all(|secret| secret["id"] != now));
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn the_provider_is_killed_when_druva_has_accepted_the_minted_secret() {
    recovers(Kill::Provider);
}

#[test]
fn terraform_is_killed_when_druva_has_accepted_the_minted_secret() {
    recovers(Kill::All);
}

#[test]
fn terraform_is_killed_when_druva_has_accepted_the_minted_secret_and_the_state_is_not_written() {
    recovers(Kill::Unwritten);
}

#[test]
fn a_secret_that_was_minted_for_a_link_that_never_came_goes_with_the_integration() {
    let lab = Lab::new(&minting("first"));
    killed(&lab, PROVED, Kill::Provider);
    assert_eq!(lab.sandbox.secrets().len(), 2);
    lab.apply_fails().says(&[
        "Error: Both secrets of the integration may be in use",
        "- Druva uses neither, as after an apply that was interrupted before it linked the org",
        "terraform apply -replace=ADDRESS",
    ]);
    lab.run(&["apply", "-auto-approve", &format!("-replace={INTEGRATION}")]).expect_success();
    only_secret(&lab);
    ends_well(&lab);
}

#[test]
fn a_new_link_with_a_minted_secret_that_was_killed_is_imported_and_converges() {
    let lab = Lab::new(&minting("first"));
    killed(&lab, LINKED, Kill::Provider);
    assert!(!lab.is_in_state(LINK));
    let linked = lab.sandbox.link();
    let id = text_of(&linked["id"]);
    let before = lab.sandbox.state();
    let import = format!("terraform import ADDRESS {id}");
    // The plan cannot know that it does not replace that link. The apply says so before a secret is minted for nothing.
    lab.plan().says(&["Warning: The Okta org is linked in Druva already", &import]);
    lab.apply_fails().says(&["Error: The Okta org is linked in Druva already", &import, "with druva_okta_link.this"]);
    assert_eq!(lab.sandbox.state(), before);
    lab.run(&["import", LINK, &id]).expect_success();
    lab.apply().says(&["Plan: 0 to add, 1 to change, 0 to destroy."]);
    only_secret(&lab);
    assert_eq!(lab.sandbox.link()["id"], linked["id"]);
    lab.plan_is_empty();
    // Both secrets are of the same second, and nobody knows which one Druva uses.
    lost_at_most_in_one_recovery(&lab);
    lab.destroy();
}
