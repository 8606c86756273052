//! What can go wrong on a secret's way to Druva.

use terraform_plugin::problems;

/// With a link, or an action on one.
pub(crate) mod of_links {
    use super::problems;

    problems! {
        Error invalid_client_id(): "Invalid client id" {
            cause: "client_id is empty, or holds blanks or characters outside ASCII.",
            cure: "Give the OAuth client id that Okta shows for the integration, as in \"0oa72lrepvp4WqEET1d9\".",
        }
        Error invalid_client_secret(): "Invalid client secret" {
            cause: "The secret is empty, has a space at an end, or has a line break, a control character or a character \
                outside ASCII. It was cut off, or copied with something else.",
            cure: "Copy it again, or refer to the client_secret of a druva_okta_integration.",
        }
        Error not_let_in(): "Druva cannot connect to the Okta org" {
            cause: "Druva has the client and its secret, and cannot connect. Its reason is in the message. A new link is \
                unlinked again, where it is certain that nobody else has used it.",
            cure: "Check the integration's granted scopes and secrets in the Okta Admin Console, and apply again. If the \
                message speaks of a tainted link, it ends with the command that keeps the link.",
        }
    }
}

/// With the secrets of an integration, whoever mints them.
pub(crate) mod of_secrets {
    use super::problems;

    problems! {
        Error not_found_yet(): "What was just created is not found" {
            cause: "An object that is less than five minutes old is not found. A new object may not be visible everywhere \
                yet, or somebody removed it.",
            cure: "Run the command again in some minutes. The object stays in the state until then.",
        }
        Warning other_hash(): "Okta shows another hash for this client secret" {
            cause: "Okta's hash of the secret is not the one that was computed. Okta does not document how it computes it.",
            cure: "If the link works, ignore this. If it does not, somebody may have edited the state.",
        }
        Error both_in_use(): "Both secrets of the integration may be in use" {
            cause: "Okta allows two secrets for an integration, both are active, and nothing tells which one Druva uses. A \
                    rotation may have been interrupted, or somebody minted a secret by hand.",
            cure: "Finish the rotation, or deactivate the secret that is not in use. The message names both, and has a way \
                for each case.",
        }
        Error none_retired(): "No secret could be retired" {
            cause: "Okta allows two secrets, so one must go before another one is created. Druva lost its connection \
                without either, so both are active again.",
            cure: "Look at the link in the Druva Cloud Platform Console, and apply again.",
        }
        Warning unknown_whether_minted(): "It is not known whether Okta minted the secret" {
            cause: "Okta's answer got lost, and Okta could not be asked afterwards.",
            cure: "Apply again: the provider finds the secret if there is one, and replaces it.",
        }
        Warning not_minted(): "The secret was not minted" {
            cause: "Okta's list of secrets does not show another one.",
            cure: "It is safe to apply again.",
        }
        Warning minted_unknown(): "Okta created a secret whose value was lost" {
            cause: "Okta's answer with the value got lost, so nobody knows it.",
            cure: "Apply again: the provider retires that secret, and mints another one.",
        }
    }
}
