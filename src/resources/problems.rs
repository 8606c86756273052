//! What can go wrong with either resource: client secrets, and values that are not known yet.

use crate::framework::catalog::problems;

problems! {
    Warning unknown_for_now(argument): "Value of {argument} is not known yet" {
        cause: "The value of an argument that would replace the object is only known at apply: often because of depends_on on a \
            module. The plan takes it for unchanged.",
        cure: "Nothing needs to be done if the value stays the same. If Terraform stops because it is another one, type terraform \
            apply -replace=ADDRESS.",
    }
    Error turned_out_otherwise(): "An argument turned out to be another one" {
        cause: "It was not known at plan, was taken for unchanged, and is another one, which means to replace the object. Terraform \
            before 1.16 and OpenTofu say \"Provider produced inconsistent final plan\" instead.",
        cure: "Type terraform apply -replace=ADDRESS.",
    }
    Error not_found_yet(): "What was just created is not found" {
        cause: "An object that is less than five minutes old is not found. What is so new is not everywhere at once, or somebody \
            removed it.",
        cure: "Run the command again in some minutes. The object stays in the state until then.",
    }
    Error nothing_to_rotate(): "Nothing to rotate" {
        cause: "rotate_when_changed is set on a resource that holds no secret of its own.",
        cure: "Set it where the secret is made: on the druva_okta_integration that stores it, or on the druva_okta_link with \
            mint_client_secret = true.",
    }
    Warning other_hash(): "Okta shows another hash for this client secret" {
        cause: "Okta's hash of the secret is not the one that was computed. Okta does not document how it computes it.",
        cure: "If the link works, ignore this; if not, somebody may have edited the state.",
    }
    Error both_in_use(): "Both secrets of the integration may be in use" {
        cause: "Okta allows two secrets for an integration, both are active, and nothing tells which one Druva uses. A \
            rotation may have been interrupted, or somebody minted a secret by hand.",
        cure: "Finish the rotation, or deactivate the secret that is not in use in the Okta Admin Console; the message names \
            both and lists the ways.",
    }
    Error none_retired(): "No secret could be retired" {
        cause: "Whichever secret was deactivated to make room for a new one, Druva lost its connection; each is active again.",
        cure: "Look at the link in the Druva Cloud Platform Console, and apply again.",
    }
    Warning unknown_whether_minted(): "It is not known whether Okta minted the secret" {
        cause: "Okta's answer got lost, and Okta could not be asked afterwards.",
        cure: "Apply again: the provider makes room for a secret that nobody knows.",
    }
    Warning not_minted(): "The secret was not minted" {
        cause: "Okta's answer got lost, and Okta's list shows no secret that came of the request.",
        cure: "Apply again, which is safe.",
    }
    Warning minted_unknown(): "Okta minted a secret that nobody knows" {
        cause: "Okta's answer got lost with the secret in it, so that nobody knows its value.",
        cure: "Apply again: the provider retires that secret, and mints another one.",
    }
}
