//! What `terraform validate` says about the provider block.

use serde_json::{Value, json};
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::lab::{INTEGRATION, Lab};

const OKTA: &str = "okta {\norg_url = \"https://example.okta.com\"";

fn lab() -> Lab {
    Lab::with_sandbox(
        Sandbox::start(),
        "",
        &format!("resource \"druva_okta_integration\" \"this\" {{}}\n# {INTEGRATION}"),
    )
}

/// Fails unless this block is refused with these words, on the line where `argument` is.
fn refuses(lab: &Lab, arguments: &str, argument: &str, says: &[&str]) {
    lab.write("provider.tf", &format!("provider \"druva\" {{\n{arguments}\n}}"));
    let (number, line) = arguments
        .lines()
        .enumerate()
        .find(|(_, line)| line.trim_start().starts_with(argument))
        .unwrap_or_else(|| panic!("{argument} in {arguments}"));
    let place = format!("on provider.tf line {0}, in provider \"druva\": {0}: {line}", number + 2);
    lab.validate_fails().says(&[&place]).says(says);
}

/// Fails unless this block is refused with these words, where it begins: for what is missing, and for credentials, whose
/// lines Terraform would print.
fn refuses_block(lab: &Lab, arguments: &str, says: &[&str]) {
    lab.write("provider.tf", &format!("provider \"druva\" {{\n{arguments}\n}}"));
    lab.validate_fails().says(&["on provider.tf line 1, in provider \"druva\": 1: provider \"druva\" {"]).says(says);
}

#[test]
fn addresses_and_clouds_that_cannot_be_are_refused() {
    let lab = lab();
    refuses(
        &lab,
        "max_retries = 1\ncloud = \"moon\"",
        "cloud",
        &[
            "Unknown Druva cloud",
            "cloud is \"moon\"; known are \"public\" (https://apis.druva.com), \"endpoints_govcloud\"",
        ],
    );
    for url in ["http://apis.druva.com", "apis.druva.com", "https://apis.druva.com?x=1"] {
        refuses(
            &lab,
            &format!("api_url = \"{url}\""),
            "api_url",
            &["Invalid api_url", "api_url must be an https:// URL without user name, password, query and fragment"],
        );
    }
    for (arguments, why) in [
        ("api_url = \"https://somebody@apis.druva.com\"", "Invalid api_url"),
        ("api_url = \"https://:hunter2@apis.druva.com\"", "Invalid api_url"),
        ("okta {\n  org_url = \"https://somebody:hunter2@example.okta.com\"\n}", "Invalid address of the Okta org"),
    ] {
        refuses_block(&lab, arguments, &[why]);
        lab.run(&["validate"]).does_not_say(&["hunter2"]);
    }
    refuses(
        &lab,
        "okta_api_path = \"okta/v1\"",
        "okta_api_path",
        &["Invalid okta_api_path", "okta_api_path is the path below Druva's base URL, as in \"/okta/v1\"."],
    );
    for (url, why) in [
        (
            "http://example.okta.com",
            "okta.org_url must start with https:// (plain http is accepted for loopback addresses only).",
        ),
        ("https://example.okta.com/admin", "okta.org_url must be the org's address alone, without a path."),
        ("example", "okta.org_url has no domain: write the whole host, as in \"https://example.okta.com\"."),
        ("https://exa mple", "okta.org_url is neither a URL nor a host name"),
    ] {
        let arguments = format!("okta {{\n  org_url = \"{url}\"\n}}");
        refuses(&lab, &arguments, "org_url", &["Invalid address of the Okta org", why]);
    }
    refuses_block(
        &lab,
        "http_proxy = \"proxy.example.com\"",
        &["Invalid proxy", "http_proxy must be the URL of a proxy, as in \"http://proxy.example.com:3128\"."],
    );
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    let lab = lab();
    for number in ["-1", "1.5", "101"] {
        refuses(
            &lab,
            &format!("max_retries = {number}"),
            "max_retries",
            &["Invalid max_retries", &format!("max_retries is {number}; it must be a whole number from 0 to 100.")],
        );
    }
    for number in ["0", "0.5", "3601", "-60"] {
        refuses(
            &lab,
            &format!("request_timeout_seconds = {number}"),
            "request_timeout_seconds",
            &[
                "Invalid request_timeout_seconds",
                &format!("request_timeout_seconds is {number}; it must be a whole number from 1 to 3600."),
            ],
        );
    }
    for number in ["0", "100.5", "101"] {
        refuses(
            &lab,
            &format!("okta {{\n max_api_capacity = {number}\n}}"),
            "max_api_capacity",
            &[
                "Invalid okta.max_api_capacity",
                &format!("okta.max_api_capacity is {number}; it must be a whole number from 1 to 100."),
            ],
        );
    }
}

#[test]
fn empty_texts_are_refused() {
    let lab = lab();
    for (argument, variable) in
        [("client_id", "DRUVA_CLIENT_ID"), ("client_secret", "DRUVA_CLIENT_SECRET"), ("api_url", "DRUVA_API_URL")]
    {
        let says = [&*format!("Empty {argument}"), &*format!("Leave it out to use {variable}, or give a value.")];
        let block = format!("{argument} = \"\"");
        match argument {
            "client_secret" => refuses_block(&lab, &block, &says),
            _ => refuses(&lab, &block, argument, &says),
        }
    }
    for (argument, variable) in
        [("org_url", "OKTA_ORG_URL"), ("api_token", "OKTA_API_TOKEN"), ("access_token", "OKTA_ACCESS_TOKEN")]
    {
        let says = [&*format!("Empty okta.{argument}"), &*format!("Leave it out to use {variable}, or give a value.")];
        let block = format!("okta {{\n  {argument} = \" \"\n}}");
        match argument {
            "org_url" => refuses(&lab, &block, argument, &says),
            _ => refuses_block(&lab, &block, &says),
        }
    }
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let lab = lab();
    lab.write("no.pem", "this is no certificate");
    refuses(
        &lab,
        "ca_certificate_file = \"missing.pem\"",
        "ca_certificate_file",
        &["Invalid ca_certificate_file", "\"missing.pem\" cannot be read: No such file or directory"],
    );
    refuses(
        &lab,
        "ca_certificate_file = \"no.pem\"",
        "ca_certificate_file",
        &["\"no.pem\" holds no certificate in PEM (-----BEGIN CERTIFICATE-----)."],
    );
    let key = |text: &str| format!("{OKTA}\nclient_id = \"0oa1\"\nprivate_key = \"{text}\"\n}}");
    refuses_block(
        &lab,
        &key("missing.pem"),
        &[
            "Invalid private key of the Okta service app",
            "okta.private_key names the file missing.pem, which cannot be read: No such file or directory",
            "A relative path begins in the folder where Terraform runs, ",
        ],
    );
    refuses_block(
        &lab,
        &key("no.pem"),
        &[
            "The file no.pem, which okta.private_key names, holds neither a private key in PEM (-----BEGIN … PRIVATE KEY-----), \
             nor a JWK ({\"kty\": …}), nor one of them in base64.",
        ],
    );
}

#[test]
fn keys_that_cannot_sign_are_refused_and_not_shown() {
    let mut lab = lab();
    let broken = Key::ec();
    broken.secret_texts().for_each(|line| lab.plant(line));
    let key = format!("{OKTA}\nclient_id = \"0oa1\"\nprivate_key = file(\"key.pem\")\n}}");
    for (pem, why) in [
        (
            broken.private_pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
            "okta.private_key is encrypted with a passphrase, which this provider cannot ask for.",
        ),
        (broken.public_pem.clone(), "okta.private_key holds a public key, and no private key."),
        (
            broken.private_pem.replacen("M", "N", 1),
            "okta.private_key is damaged, or neither an RSA key of 2048 bits or more nor an EC key on P-256 or P-384.",
        ),
        (
            broken.private_pem.replace("-----", ""),
            "okta.private_key holds neither a private key in PEM (-----BEGIN … PRIVATE KEY-----), nor a JWK",
        ),
    ] {
        lab.write("key.pem", &pem);
        refuses_block(&lab, &key, &["Invalid private key of the Okta service app", why]);
    }
}

#[test]
fn jwks_that_cannot_sign_are_refused_and_not_shown() {
    let mut lab = lab();
    let (ec, rsa) = (Key::ec(), Key::rsa());
    ec.secret_texts().chain(rsa.secret_texts()).for_each(|text| lab.plant(text));
    let key = format!("{OKTA}\nclient_id = \"0oa1\"\nprivate_key = file(\"key.json\")\n}}");
    let with = |jwk: &Value, member: &str, value: Value| {
        let mut jwk = jwk.clone();
        jwk[member] = value;
        jwk.to_string()
    };
    for (jwk, why) in [
        (ec.jwk.to_string().replace("\"d\"", "\"_\""), "is a public JWK: it lacks the member \"d\""),
        (with(&ec.jwk, "kty", json!("oct")), "is a symmetric JWK (\"kty\" is \"oct\")"),
        (with(&ec.jwk, "crv", json!("P-521")), "is an EC key on another curve than P-256 and P-384."),
        (with(&ec.jwk, "x", json!("x")), "is a JWK whose member \"x\" is missing or damaged."),
        (with(&ec.jwk, "x", ec.jwk["y"].clone()), "is a damaged JWK: its members do not belong together"),
        (with(&rsa.jwk, "p", rsa.jwk["q"].clone()), "is a damaged JWK: its members do not belong together"),
        (json!({"keys": [ec.jwk]}).to_string(), "is a set of JWKs (\"keys\"), not one JWK."),
        (rsa.jwk.to_string().replace(':', ""), "begins with { and is not JSON"),
    ] {
        lab.write("key.json", &jwk);
        refuses_block(&lab, &key, &["Invalid private key of the Okta service app", &format!("okta.private_key {why}")]);
    }
    let key = key.replace("file(\"key.json\")", "\"key.json\"");
    refuses_block(&lab, &key, &["The file key.json, which okta.private_key names, begins with { and is not JSON"]);
}

#[test]
fn a_credential_in_the_configuration_itself_is_not_repeated() {
    let mut lab = lab();
    lab.plant("00written-in-the-configuration");
    let token = "api_token = \"00written-in-the-configuration\"";
    refuses_block(&lab, &format!("okta {{\n{token}\n}}"), &["The address of the Okta org is missing"]);
    refuses_block(&lab, &format!("{OKTA}\n{token}\naccess_token = \"b\"\n}}"), &["Conflicting Okta credentials"]);
    refuses(&lab, &format!("okta {{\norg_url = \"example\"\n{token}\n}}"), "org_url", &["Invalid address"]);
    let damaged = Key::ec().private_pem.replacen("M", "N", 1);
    damaged.lines().nth(1).into_iter().for_each(|line| lab.plant(line));
    let key = format!("client_id = \"0oa1\"\nprivate_key = <<-PEM\n{damaged}PEM");
    refuses_block(&lab, &format!("{OKTA}\n{key}\n}}"), &["okta.private_key is damaged"]);
}

#[test]
fn more_than_one_way_into_okta_is_refused_and_names_those_found() {
    let mut lab = lab();
    refuses_block(
        &lab,
        &format!("{OKTA}\napi_token = \"00a\"\naccess_token = \"b\"\n}}"),
        &["Conflicting Okta credentials", "Found okta.api_token and okta.access_token: leave exactly one."],
    );
    refuses_block(
        &lab,
        &format!("{OKTA}\napi_token = \"00a\"\nclient_id = \"0oa1\"\nprivate_key = \"k.pem\"\n}}"),
        &["Found okta.api_token and okta.private_key: leave exactly one."],
    );
    lab.set_environment("OKTA_API_TOKEN", "00a");
    lab.set_environment("OKTA_API_PRIVATE_KEY", "k.pem");
    refuses_block(
        &lab,
        &format!("{OKTA}\n}}"),
        &[
            "Conflicting Okta credentials",
            "The environment has OKTA_API_TOKEN and OKTA_API_PRIVATE_KEY: leave exactly one, or say in the okta block \
         which one is meant.",
        ],
    );
    // The block says which one is meant.
    lab.write("provider.tf", &format!("provider \"druva\" {{\n{OKTA}\naccess_token = \"b\"\n}}\n}}"));
    lab.run(&["validate"]).expect_success();
}

#[test]
fn half_of_a_credential_is_refused() {
    let lab = lab();
    refuses_block(
        &lab,
        "client_id = \"id\"",
        &[
            "Half of the Druva credentials is missing",
            "client_id is set, and its secret is missing: neither client_secret nor DRUVA_CLIENT_SECRET is set.",
        ],
    );
    refuses_block(
        &lab,
        "client_secret = \"key\"",
        &["client_secret is set, and its client id is missing: neither client_id nor DRUVA_CLIENT_ID is set."],
    );
    refuses_block(
        &lab,
        "okta { api_token = \"00a\" }",
        &[
            "The address of the Okta org is missing",
            "This needs access to Okta. A credential is set, and the address of the org is missing:",
            "- Set: okta.api_token.",
        ],
    );
    refuses_block(
        &lab,
        &format!("{OKTA}\nclient_id = \"0oa1\"\n}}"),
        &[
            "The service app's private key is missing",
            "okta.client_id is set, and its private key is missing: neither okta.private_key nor OKTA_API_PRIVATE_KEY is set. Set \
             one of them to the key, in PEM or as a JWK, or to the path of a file that holds it.",
        ],
    );
    lab.write("key.pem", &Key::ec().private_pem);
    refuses_block(
        &lab,
        &format!("{OKTA}\nprivate_key = \"key.pem\"\n}}"),
        &[
            "The service app's client id is missing",
            "okta.private_key is set, and the client id of its app is missing: neither okta.client_id nor",
        ],
    );
}

#[test]
fn arguments_that_are_unknown_are_neither_given_nor_missing() {
    let lab = lab();
    lab.write(
        "provider.tf",
        r#"
resource "terraform_data" "unknown" {}
resource "terraform_data" "list" { input = ["a"] }
provider "druva" {
  client_id               = terraform_data.unknown.id
  client_secret           = terraform_data.unknown.id
  cloud                   = terraform_data.unknown.id
  api_url                 = terraform_data.unknown.id
  okta_api_path           = terraform_data.unknown.id
  max_retries             = length(terraform_data.unknown.id)
  request_timeout_seconds = length(terraform_data.unknown.id)
  http_proxy              = terraform_data.unknown.id
  ca_certificate_file     = terraform_data.unknown.id
  okta {
    org_url        = terraform_data.unknown.id
    client_id      = terraform_data.unknown.id
    private_key    = terraform_data.unknown.id
    private_key_id = terraform_data.unknown.id
    scopes         = terraform_data.list.output

    max_api_capacity = length(terraform_data.unknown.id)
  }
}"#,
    );
    lab.run(&["validate"]).expect_success();
    lab.plan().says(&["Plan: 3 to add", "+ org_url = (known after apply)"]);
}
