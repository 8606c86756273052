//! What can be wrong with the provider block and the environment beside it.

use terraform_plugin::problems;

problems! {
    Error empty(argument): "Empty {argument}" {
        cause: "An argument is an empty text, which is neither a value nor left out.",
        cure: "Leave the argument out, so that the environment counts, or give a value.",
    }
    Error invalid(argument): "Invalid {argument}" {
        cause: "A number is out of its bounds, or has a fraction; or a credential or id holds blanks, line breaks or characters \
                outside ASCII, because it was copied with more than itself. It may come from an environment variable.",
        cure: "Give a whole number within the bounds that the message names; copy a credential again, without what stands \
               around it.",
    }
    Error not_utf8(variable): "The value of {variable} is not UTF-8 text" {
        cause: "An environment variable that the provider reads holds bytes that are not UTF-8 text. It may have been set from a \
                file in another encoding, or from one that is not text.",
        cure: "Set the variable again, as UTF-8 text, or unset it.",
    }
    Error invalid_okta_api_path(): "Invalid okta_api_path" {
        cause: "The path does not start with a slash, or holds what a path below Druva's base URL cannot.",
        cure: "Give a path as in \"/okta/v1\", or leave the argument out.",
    }
    Error half_of_the_credentials(): "Half of the Druva credentials is missing" {
        cause: "Of client_id and client_secret, one is given and the other is not.",
        cure: "Set both: client_id or DRUVA_CLIENT_ID, and client_secret or DRUVA_CLIENT_SECRET.",
    }
    Error conflicting_credentials_of_druva(): "Conflicting Druva credentials" {
        cause: "The provider block or the environment gives an access token, and also API credentials.",
        cure: "Leave one of the two out, or write into the provider block which one is meant.",
    }
    Error unknown_cloud(): "Unknown Druva cloud" {
        cause: "cloud is none of the names that this version of the provider knows.",
        cure: "Use one of the names in the message, or leave cloud out and give the base URL in api_url.",
    }
    Error invalid_api_url(): "Invalid api_url" {
        cause: "api_url or DRUVA_API_URL is not an https:// URL, or holds a user name, a password, a query or a fragment.",
        cure: "Give the base URL alone, as in \"https://apis.druva.com\", or leave it out and set cloud.",
    }
    Error invalid_proxy(): "Invalid proxy" {
        cause: "http_proxy, or HTTPS_PROXY or ALL_PROXY in the environment, is not the URL of a proxy.",
        cure: "Write the scheme too, as in \"http://proxy.example.com:3128\".",
    }
    Error invalid_ca_certificate_file(): "Invalid ca_certificate_file" {
        cause: "The file cannot be read, is too large, or holds no certificate in PEM.",
        cure: "Give the path of a regular file with certificates that begin with \"-----BEGIN CERTIFICATE-----\".",
    }
    Warning org_of_the_environment(): "The Okta org comes from the environment" {
        cause: "The okta block gives a credential and no org_url, and OKTA_ORG_URL or OKTA_ORG_NAME names the org.",
        cure: "Write org_url in the okta block. Where the environment names another org, its variable is not for this provider.",
    }
    Error invalid_okta_org(): "Invalid address of the Okta org" {
        cause: "The address is not https, is the bare name of the org, or has a path or more. It may have been made of \
                OKTA_ORG_NAME and OKTA_BASE_URL: the message shows the address and both.",
        cure: "Give the address of the org alone, as in \"https://example.okta.com\".",
    }
    Error conflicting_credentials_of_okta(): "Conflicting Okta credentials" {
        cause: "The provider block or the environment gives more than one of an API token, an access token and a private \
            key.",
        cure: "Leave exactly one, or write into the okta block which one is meant.",
    }
    Error no_private_key(): "The service app's private key is missing" {
        cause: "A client id names a service app, and its private key is not given.",
        cure: "Set okta.private_key or OKTA_API_PRIVATE_KEY to the key, in PEM or as a JWK, or to the path of its file.",
    }
    Error no_client_id(): "The service app's client id is missing" {
        cause: "A private key is given, and the service app that it belongs to is not.",
        cure: "Set okta.client_id or OKTA_API_CLIENT_ID.",
    }
    Error invalid_private_key(): "Invalid private key of the Okta service app" {
        cause: "The text is neither a key in PEM nor a JWK nor one of them in base64, and there is no file of that name; or the \
                key is of a kind that cannot be used. The message says which kind it is.",
        cure: "Run the command in the message, if there is one, or take the private key as Okta's console gives it out: RSA, or \
               EC on P-256 or P-384.",
    }
}
