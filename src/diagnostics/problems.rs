//! What can fail at Okta or Druva, whatever the answer and whoever asked.

use terraform_plugin::problems;

problems! {
    Error cannot(doing): "Cannot {doing}" {
        cause: "Okta or Druva refused a request, or gave no answer. The message starts with what they answered.",
        cure: "Do what the message ends with; the tables of answers say the same at greater length. If it does not help, give \
            the error id and the request id in the message to the support of Okta or Druva.",
    }
    Error secret_refused(): "Okta does not accept the client secret" {
        cause: "Before Druva was given the secret, it was tried at Okta's token endpoint, and refused. It is wrong or inactive, \
            the integration was deleted, it belongs to another org, or a granted scope is not accepted.",
        cure: "Check client_id, the secret and okta_domain, and the integration's granted scopes in Okta. Nothing was changed \
            in Druva.",
    }
    Error secret_not_proved(): "The client secret could not be proved" {
        cause: "Before Druva was given the secret, it was to be tried at Okta's token endpoint, which did not answer or \
            answered something else.",
        cure: "Check okta_domain and the way to it from this machine. Where there is none, set verify_client_secret = false. \
            Nothing was changed in Druva.",
    }
    Error no_such_integration(): "There is no such integration" {
        cause: "The org has no integration with the id that was given to an import or a data source, or none of the type.",
        cure: "Check the id, and that okta.org_url is the org where it is installed.",
    }
    Error no_such_link(): "There is no such link" {
        cause: "The Druva account has no link with the id or domain that was given to an import, a data source or an \
            action.",
        cure: "Check the id or domain, and that the credentials and cloud are those of the account that has the link.",
    }
    Error invalid_domain(): "Invalid Okta domain" {
        cause: "The address of an org is not https, is the bare name of the org, or has a path or more.",
        cure: "Give the address of the org alone, as in \"https://example.okta.com\".",
    }
    Error invalid_type(): "Invalid type of integration" {
        cause: "type is empty or has a blank in it. A type is the key of an integration in Okta's catalog.",
        cure: "Write the integration's name in Okta's catalog in lower case, joined by underscores.",
    }
    Error not_an_id(): "Not the id of an integration" {
        cause: "An import or a data source was given a text that cannot be Okta's id of an integration.",
        cure: "Give Okta's id, as in \"0oa72lrepvp4WqEET1d9\". It is the last part of the address when the integration \
            is open in the Okta Admin Console, and equals its client id.",
    }
    Error not_a_link_id(): "Not the id of a link" {
        cause: "A data source or an action was given a text that cannot be Druva's id of a link.",
        cure: "Refer to the id of a druva_okta_link, or give the id that druva_okta_links lists.",
    }
}
