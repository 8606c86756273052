//! What can fail at Okta or Druva, whatever the answer and whoever asked.

use terraform_plugin::problems;

problems! {
    Error cannot(doing): "Cannot {doing}" {
        cause: "Okta or Druva refused a request, or gave no answer. The message starts with what they answered.",
        cure: "Do what the end of the message says. The tables of answers say the same at greater length. If it does not \
            help, ask the support of Okta or Druva, and give them the error id and the request id of the message.",
    }
    Error secret_refused(): "Okta does not accept the client secret" {
        cause: "The provider tries the secret at Okta's token endpoint before it gives it to Druva, and Okta refused it. \
            The secret is wrong or inactive, somebody deleted the integration, it belongs to another org, or a granted scope \
            is not accepted.",
        cure: "Check client_id, the secret and okta_domain, and the integration's granted scopes in Okta. Nothing was changed \
            in Druva.",
    }
    Error secret_not_verified(): "The client secret could not be verified" {
        cause: "The provider tries the secret at Okta's token endpoint before it gives it to Druva. The endpoint did not \
            answer, or answered something else.",
        cure: "Check okta_domain, and that this machine can connect to it. If it cannot, set verify_client_secret = false. \
            Nothing was changed in Druva.",
    }
    Error no_such_integration(): "There is no such integration" {
        cause: "The org has no integration with the id or type that an import or a data source names.",
        cure: "Check the id, and that okta.org_url is the org where it is installed.",
    }
    Error no_such_link(): "There is no such link" {
        cause: "The Druva account has no link with the id or domain that an import, a data source or an action names.",
        cure: "Check the id or domain: the message lists the links that there are. Check that the credentials and cloud are \
            those of the account that has the link.",
    }
    Error invalid_domain(): "Invalid Okta domain" {
        cause: "The address of an org does not begin with https, is the bare name of the org, or has a path or more.",
        cure: "Give the address of the org alone, as in \"https://example.okta.com\".",
    }
    Error invalid_type(): "Invalid type of integration" {
        cause: "type is empty or has a blank in it. It must be the key of an integration in Okta's catalog.",
        cure: "Leave type out, or give the key that the data source druva_okta_integrations shows of an installed one.",
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
