//! What is wrong where a resource needs a client that the provider block did not give.

use terraform_plugin::problems;

problems! {
    Error no_okta(): "Okta credentials are missing" {
        cause: "A resource needs access to Okta, and neither the provider block nor the environment gives it.",
        cure: "Set okta.org_url and one of okta.api_token, okta.access_token, or okta.client_id with okta.private_key. A \
            pipeline may lack the variables that a workstation has.",
    }
    Error no_druva(): "Druva credentials are missing" {
        cause: "A resource needs access to Druva, and neither the provider block nor the environment gives it.",
        cure: "Set client_id and client_secret to API credentials of the Druva Cloud Platform Console. A pipeline may lack \
            the variables that a workstation has.",
    }
    Error not_known_yet(system): "The credentials for {system} are not known yet" {
        cause: "An argument of the provider block depends on a resource that is not applied yet, and this step needs it now.",
        cure: "Apply that resource first (terraform apply -target=…), or give the value as a variable.",
    }
}
