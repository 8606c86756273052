//! What can fail at Okta or Druva, whatever the answer.

use crate::framework::problem::problems;

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
}
