//! What can go wrong with an action.

use crate::framework::problem::problems;

problems! {
    Error unknown_whether_backing_up(): "It is not known whether the backup began" {
        cause: "Druva's answer got lost, and nothing that the provider can ask tells whether a backup is running.",
        cure: "Look in the Druva Cloud Platform Console whether it runs; if not, invoke the action again.",
    }
    Error backup_ended_badly(): "The backup did not end well" {
        cause: "Druva says that the backup ended with another status than success.",
        cure: "Look at the job in the Druva Cloud Platform Console.",
    }
    Error no_secret_to_authorize(): "No client secret to re-authorize with" {
        cause: "client_secret is null: the integration was imported, its secret is not stored, or a link minted it and forgot \
            it.",
        cure: "Give the secret, or let a resource mint another one: change rotate_when_changed on the druva_okta_integration, \
            or on the druva_okta_link that mints its own.",
    }
}
