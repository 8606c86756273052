//! What can go wrong with an action.

use terraform_plugin::problems;

problems! {
    Error unknown_whether_backing_up(): "It is not known whether the backup began" {
        cause: "Druva's answer got lost. The provider cannot find out whether a backup runs.",
        cure: "Look in the Druva Cloud Platform Console (All Services > Okta) whether one runs. If none does, invoke the \
            action again.",
    }
    Error backup_refused(): "Druva does not begin a backup" {
        cause: "Druva does not start a backup while another one of the org runs, or while backups are switched off.",
        cure: "Wait until the other one has ended, or set backup_enabled = true on the druva_okta_link.",
    }
    Error nobody_waits(): "Stopped waiting. The backup is still running" {
        cause: "The action timed out, Terraform was interrupted, or Druva refuses to show the link.",
        cure: "Look at last_backup of the data source druva_okta_link later. If you invoke the action again, another backup \
            starts.",
    }
    Error backup_ended_badly(): "The backup did not end well" {
        cause: "Druva says that the backup ended with another status than success.",
        cure: "Look at the job in the Druva Cloud Platform Console.",
    }
    Error other_client(): "The link has another client" {
        cause: "The client_id of an action is not the one of the link. Druva would use another app in the Okta org.",
        cure: "Refer to the client_id of the integration that the link uses. To give the link another client, change client_id \
               of the druva_okta_link.",
    }
    Warning authorized(): "Druva has been given the client secret" {
        cause: "Druva took the secret, and does not show that it is connected.",
        cure: "Look at the status of the link. Giving the secret again changes nothing.",
    }
    Error no_client_id(): "No client id to re-authorize with" {
        cause: "client_id of an action is null.",
        cure: "Refer to the client_id of the druva_okta_integration.",
    }
    Error no_secret_to_authorize(): "No client secret to re-authorize with" {
        cause: "client_secret is null: the integration was imported, its secret is not stored, or a link minted it and did \
            not store it.",
        cure: "Give the secret, or let a resource mint another one: change rotate_when_changed on the druva_okta_integration, \
               or on the druva_okta_link that mints its own.",
    }
}
