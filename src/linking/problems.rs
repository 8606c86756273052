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
            cause: "The secret is empty, begins or ends with a blank, or holds line breaks, control characters or characters \
                    outside ASCII; it may have been copied only in part, or with more than itself.",
            cure: "Copy it again, or refer to the client_secret of a druva_okta_integration.",
        }
        Error not_let_in(): "Druva cannot connect to the Okta org" {
            cause: "Druva has the client and its secret, and says that it is not connected. Its reason is in the message. A link that \
                    was made just now is unlinked again, where it is certain that nobody else has used it.",
            cure: "Check the integration's granted scopes and secrets in the Okta Admin Console, and apply again. Where the message \
                   speaks of a tainted link, it ends with the command that keeps it.",
        }
    }
}

/// With the secrets of an integration, whoever mints them.
pub(crate) mod of_secrets {
    use super::problems;

    problems! {
        Error not_found_yet(): "What was just created is not found" {
            cause: "An object that is less than five minutes old is not found. What is so new is not everywhere at once, or somebody \
                    removed it.",
            cure: "Run the command again in some minutes. The object stays in the state until then.",
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
            cause: "Okta's list of secrets does not show another one.",
            cure: "It is safe to apply again.",
        }
        Warning minted_unknown(): "Okta minted a secret that nobody knows" {
            cause: "Okta's answer got lost with the secret in it, so that nobody knows its value.",
            cure: "Apply again: the provider retires that secret, and mints another one.",
        }
    }
}
