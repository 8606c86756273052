//! What is wrong where a resource needs a client that the provider block did not give.

use terraform_plugin::problems;

problems! {
    Error no_okta_org(): "The address of the Okta org is missing" {
        cause: "A credential for Okta is given, and the address of the org is not.",
        cure: "Set okta.org_url or OKTA_ORG_URL, as in \"https://example.okta.com\", or OKTA_ORG_NAME and OKTA_BASE_URL. The \
            message says which of them are set.",
    }
    Error no_okta(): "Okta credentials are missing" {
        cause: "Something needs access to Okta, and neither the provider block nor the environment gives a credential.",
        cure: "Set okta.client_id with okta.private_key, okta.api_token, or okta.access_token. The message says which variables \
            are set. A pipeline may lack those that a workstation has.",
    }
    Error no_druva(): "Druva credentials are missing" {
        cause: "Something needs access to Druva, and neither the provider block nor the environment gives a credential.",
        cure: "Set client_id and client_secret to API credentials of the Druva Cloud Platform Console. The message says which \
            variables are set. A pipeline may lack those that a workstation has.",
    }
    Error not_known_yet(system): "The credentials for {system} are not known yet" {
        cause: "An argument of the provider block depends on a resource that is not applied yet, and this step needs it now.",
        cure: "Apply that resource first (terraform apply -target=…), or give the value as a variable.",
    }
}
