//! What can go wrong with a link.

use terraform_plugin::problems;

problems! {
    Error conflicting_secret_sources(): "Conflicting sources of the client secret" {
        cause: "More than one of client_secret, client_secret_wo and mint_client_secret is given.",
        cure: "Leave exactly one.",
    }
    Error no_secret_version(): "The version of the write-only secret is missing" {
        cause: "client_secret_wo is given without client_secret_wo_version, and Terraform does not remember the secret.",
        cure: "Set client_secret_wo_version, as in client_secret_wo_version = 1, and another number whenever the secret changes.",
    }
    Error secret_needed(): "A client secret is needed" {
        cause: "Druva must be given a secret, to link or to re-authorize, and the configuration gives none.",
        cure: "Refer to the client_secret of a druva_okta_integration, or set client_secret_wo or mint_client_secret. After an \
               import of the integration, set rotate_when_changed there.",
    }
    Warning not_connected_and_dead_secret(): "Druva is not connected to the Okta org, and the secret no longer works" {
        cause: "Druva has lost the connection, and Okta says that the secret is inactive or gone.",
        cure: "Give another secret before you apply; with client_secret_wo, also another client_secret_wo_version.",
    }
    Warning not_connected(): "Druva is not connected to the Okta org" {
        cause: "Druva has lost the connection, for the reason that the message quotes.",
        cure: "Apply: the plan re-authorizes Druva.",
    }
    Warning dead_minted_secret(): "The minted client secret no longer works" {
        cause: "Somebody deactivated or deleted it in Okta.",
        cure: "This plan mints another one and re-authorizes Druva with it. Find out who did it.",
    }
    Warning still_connecting(): "Druva is not connected yet" {
        cause: "The org is linked, and the wait for Druva's connection ended before Druva was connected, or Druva could not be \
                asked.",
        cure: "Apply again: the plan shows the wait as a change of status. If it takes long, raise timeouts.create.",
    }
    Warning not_switched(switch): "The switch {switch} could not be set" {
        cause: "Druva refused to change it, or did not answer before the timeout. The rest of the link is as planned.",
        cure: "Do what the message says, and apply again. If the account has keys of its own, Druva cannot switch Cloud Key \
            Management on: set cloud_key_management_enabled = false.",
    }
    Warning cannot_be_undone(): "Cloud Key Management cannot be switched off again" {
        cause: "The plan switches it on, for the whole Druva account.",
        cure: "Apply if that is what the account's owner wants. Otherwise leave cloud_key_management_enabled out.",
    }
    Warning key_management_is_off(): "Cloud Key Management is off" {
        cause: "The Druva account has it off. Scheduled backups do not start without it, unless the account has keys of its \
            own.",
        cure: "To switch it on, set cloud_key_management_enabled = true. That is for the whole Druva account, and cannot be \
            undone. If the account has keys of its own, set cloud_key_management_enabled = false: then this warning goes.",
    }
    Error key_management_stays_on(): "Cloud Key Management cannot be switched off" {
        cause: "It is on for the whole Druva account, and Druva cannot switch it off again. Nothing was changed.",
        cure: "Set cloud_key_management_enabled = true, or leave it out.",
    }
    Error linked_already(): "The Okta org is linked in Druva already" {
        cause: "Another state or workspace manages the link, somebody linked the org by hand, or an interrupted run left \
            it.",
        cure: "If another state or workspace manages it, remove this resource. Otherwise import the link, or unlink the org \
            in the Druva Cloud Platform Console and apply again.",
    }
    Error linked_all_the_same(): "The Okta org was linked all the same" {
        cause: "Druva's answer got lost. Druva has a link for the org, and nothing tells who made it.",
        cure: "If another state or workspace manages it, remove this resource. Otherwise import the link, or unlink the org \
            in the Druva Cloud Platform Console and apply again.",
    }
    Warning probably_not_linked(): "The org was probably not linked" {
        cause: "Druva's list of links does not show it.",
        cure: "It is safe to apply again.",
    }
    Warning went_on(): "Druva's answer got lost, and the org is linked" {
        cause: "The link is there, and this apply made it. So the apply went on.",
        cure: "Nothing needs to be done.",
    }
    Warning superseded_stay(): "Superseded secrets stay in Okta" {
        cause: "The provider has no credentials for the Okta org, or has those of another one. So it cannot retire secrets \
            that Druva no longer uses.",
        cure: "Deactivate them in the Okta Admin Console, give the provider credentials for the org, or set \
               retire_superseded_secrets = false.",
    }
    Warning of_the_same_second(): "A secret of the same second stays in Okta" {
        cause: "The client has two secrets that Okta created within one second, so nothing tells which one is older.",
        cure: "Deactivate the one that the message names in the Okta Admin Console, if nobody uses it.",
    }
    Warning not_retired(): "A superseded secret could not be retired" {
        cause: "Okta refused, Druva could not be asked, or Druva lost its connection without the older secret.",
        cure: "Apply again, or deactivate the secret in the Okta Admin Console.",
    }
    Warning minted_stays(): "The minted secret is still in Okta" {
        cause: "The org is unlinked, and the secret that was minted for the link could not be deleted.",
        cure: "Delete it in the Okta Admin Console: nobody knows its value any more.",
    }
    Error not_a_link(): "Neither a link's id nor an Okta domain" {
        cause: "The import got a text that is neither the id of a link nor an address.",
        cure: "Import by Druva's id of the link, or by the org's address, as in \"example.okta.com\".",
    }
}
