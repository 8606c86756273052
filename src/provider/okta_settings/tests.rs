//! The block `okta` with an environment made for the test.

use secrecy::{ExposeSecret as _, SecretString};

use super::*;

/// What came of it: the org's address, the credential, and the errors as `title: detail`.
struct Parsed {
    org: Availability<OktaDomain>,
    auth: Availability<Auth>,
    max_api_capacity: Option<u32>,
    errors: Vec<String>,
}

fn parse_with(block: OktaBlock, variables: &[(&str, &str)]) -> Parsed {
    parse_value(&Value::Value(block), variables)
}

fn parse_value(block: &Value<OktaBlock>, variables: &[(&str, &str)]) -> Parsed {
    let environment = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).into())
    };
    let mut diags = Diagnostics::default();
    let OktaSettings { org, auth, max_api_capacity } = parse(block, &environment, &mut diags).unwrap_or(OktaSettings {
        org: Availability::Missing,
        auth: Availability::Missing,
        max_api_capacity: None,
    });
    let errors = diags.errors.iter().map(|error| format!("{}: {}", error.summary, error.detail));
    Parsed { org, auth, max_api_capacity, errors: errors.collect() }
}

impl Parsed {
    fn org_url(&self) -> String {
        assert_eq!(self.errors, [""; 0]);
        self.org.ready().expect("an org").origin()
    }

    /// The kind of credential, in a word, and the credential.
    fn credential(&self) -> String {
        assert_eq!(self.errors, [""; 0]);
        match &self.auth {
            Availability::Ready(Auth::ApiToken(token)) => format!("api_token {}", token.expose_secret()),
            Availability::Ready(Auth::AccessToken(token)) => format!("access_token {}", token.expose_secret()),
            Availability::Ready(Auth::ServiceApp(app)) => {
                format!("{} {:?} {}", app.client_id, app.key_id, app.scopes.join(" "))
            }
            Availability::Unknown => "unknown".to_owned(),
            Availability::Missing => "missing".to_owned(),
        }
    }

    fn fails(&self, beginnings: &[&str]) {
        assert_eq!(self.errors.len(), beginnings.len(), "{:?}", self.errors);
        for (error, beginning) in self.errors.iter().zip(beginnings) {
            assert!(error.starts_with(beginning), "{error}");
        }
    }
}

fn given_text(text: &str) -> Value<String> {
    Value::Value(text.to_owned())
}

fn given_secret(text: &str) -> Value<SecretString> {
    Value::Value(text.into())
}

const ORG: (&str, &str) = ("OKTA_ORG_URL", "https://env.okta.com");

fn key_pem() -> String {
    rcgen::KeyPair::generate().expect("a key").serialize_pem()
}

#[test]
fn the_org_comes_from_the_argument_then_the_url_then_the_name() {
    let named = [("OKTA_ORG_NAME", "acme"), ("OKTA_BASE_URL", "okta-emea.com")];
    let all = [ORG, named[0], named[1]];
    let configured = || OktaBlock { org_url: given_text("https://configured.okta.com"), ..OktaBlock::default() };
    assert_eq!(parse_with(configured(), &all).org_url(), "https://configured.okta.com");
    assert_eq!(parse_with(OktaBlock::default(), &all).org_url(), "https://env.okta.com");
    assert_eq!(parse_with(OktaBlock::default(), &named).org_url(), "https://acme.okta-emea.com");
    assert_eq!(parse_with(OktaBlock::default(), &named[..1]).org_url(), "https://acme.okta.com");
    assert_eq!(parse_value(&Value::Null, &named).org_url(), "https://acme.okta-emea.com");
    // Empty variables are not set.
    let empty = [("OKTA_ORG_URL", ""), named[0], ("OKTA_BASE_URL", "")];
    assert_eq!(parse_with(OktaBlock::default(), &empty).org_url(), "https://acme.okta.com");
}

#[test]
fn a_wrong_org_is_blamed_on_where_it_comes_from() {
    let invalid = "Invalid address of the Okta org: ";
    let fails = |variables: &[(&str, &str)], source: &str| {
        parse_with(OktaBlock::default(), variables).fails(&[&format!("{invalid}{source} ")]);
    };
    fails(
        &[("OKTA_ORG_URL", "http://acme.okta.com")],
        "OKTA_ORG_URL (\"http://acme.okta.com\") must start with https://",
    );
    fails(&[("OKTA_ORG_URL", ".acme.okta.com")], "OKTA_ORG_URL (\".acme.okta.com\") has a dot too");
    fails(
        &[("OKTA_ORG_NAME", "ac me")],
        "OKTA_ORG_NAME (\"ac me\") and OKTA_BASE_URL (not set) make https://ac me.okta.com, which is neither a URL",
    );
}

#[test]
fn each_credential_comes_from_the_environment() {
    let pem = key_pem();
    let found = |variables: &[(&str, &str)]| parse_with(OktaBlock::default(), variables).credential();
    assert_eq!(found(&[ORG, ("OKTA_API_TOKEN", "t")]), "api_token t");
    assert_eq!(found(&[ORG, ("OKTA_ACCESS_TOKEN", "a")]), "access_token a");
    let app = [("OKTA_API_CLIENT_ID", "0oa1"), ("OKTA_API_PRIVATE_KEY", &pem), ("OKTA_API_PRIVATE_KEY_ID", "k1")];
    assert_eq!(found(&app), "0oa1 Some(\"k1\") okta.oauthIntegrations.manage okta.oauthIntegrations.read");
    let scopes = ("OKTA_API_SCOPES", "okta.a.read, okta.b.read,");
    assert_eq!(found(&[app[0], app[1], scopes]), "0oa1 None okta.a.read okta.b.read");
    assert_eq!(found(&[]), "missing");
    assert_eq!(found(&[ORG, ("OKTA_API_TOKEN", " ")]), "missing");
}

#[test]
fn a_key_is_pem_or_a_jwk_or_the_path_of_either() {
    let key = jsonwebtoken::EncodingKey::from_ec_pem(key_pem().as_bytes()).expect("a key");
    let public = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, jsonwebtoken::Algorithm::ES256).expect("a JWK");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("key");
    let found = |text: &str, id: Option<&str>| {
        std::fs::write(&file, text).expect("a file");
        let [given, named] = [text, file.to_str().expect("text")].map(|value| {
            let mut variables = vec![ORG, ("OKTA_API_CLIENT_ID", "0oa1"), ("OKTA_API_PRIVATE_KEY", value)];
            variables.extend(id.map(|id| ("OKTA_API_PRIVATE_KEY_ID", id)));
            parse_with(OktaBlock::default(), &variables)
        });
        (given, named)
    };
    let (given, named) = found(&key_pem(), Some("k2"));
    assert!(given.credential().starts_with("0oa1 Some(\"k2\")") && named.credential() == given.credential());
    // A public JWK is told from a path, too.
    let (given, named) = found(&serde_json::to_string(&public).expect("JSON"), None);
    given.fails(&["Invalid private key of the Okta service app: OKTA_API_PRIVATE_KEY is a public JWK"]);
    named.fails(&[&format!(
        "Invalid private key of the Okta service app: The file {}, which OKTA_API_PRIVATE_KEY names, is a public JWK",
        file.display()
    )]);
}

/// As a shell has it that reads a `.env` file with the line ends of Windows.
#[test]
fn a_carriage_return_behind_a_variable_is_passed_over_or_the_variable_is_named() {
    let pem = key_pem();
    let app = [("OKTA_API_CLIENT_ID", "0oa1"), ("OKTA_API_PRIVATE_KEY", pem.as_str())];
    let found = |variables: &[(&str, &str)]| parse_with(OktaBlock::default(), variables);
    for variables in [
        [("OKTA_ORG_URL", "https://acme.okta.com\r"), ("", "")],
        [("OKTA_ORG_NAME", "acme\r"), ("OKTA_BASE_URL", "okta.com\r")],
    ] {
        assert_eq!(found(&variables).org_url(), "https://acme.okta.com");
    }
    let scopes = found(&[app[0], app[1], ("OKTA_API_SCOPES", "okta.a.read okta.b.read\r")]);
    assert_eq!(scopes.credential(), "0oa1 None okta.a.read okta.b.read");
    let windows_pem = pem.replace('\n', "\r\n");
    assert!(found(&[app[0], ("OKTA_API_PRIVATE_KEY", &windows_pem)]).credential().starts_with("0oa1 None "));
    assert_eq!(found(&[ORG, ("MAX_API_CAPACITY", "50\r")]).max_api_capacity, Some(50));
    for (variables, named) in [
        (vec![ORG, ("OKTA_API_TOKEN", "t\r")], "OKTA_API_TOKEN"),
        (vec![ORG, ("OKTA_ACCESS_TOKEN", "a\r")], "OKTA_ACCESS_TOKEN"),
        (vec![ORG, ("OKTA_API_CLIENT_ID", "0oa1\r"), app[1]], "OKTA_API_CLIENT_ID"),
        (vec![ORG, app[0], app[1], ("OKTA_API_PRIVATE_KEY_ID", "k1\r")], "OKTA_API_PRIVATE_KEY_ID"),
    ] {
        found(&variables)
            .fails(&[&format!("Invalid {named}: {named} holds blanks, line breaks or characters outside ASCII")]);
    }
}

#[test]
fn the_path_of_a_key_may_have_blanks_and_a_drive_and_end_with_a_carriage_return() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("of the service app.pem");
    std::fs::write(&file, key_pem()).expect("a file");
    let found = |path: &str| {
        parse_with(OktaBlock::default(), &[ORG, ("OKTA_API_CLIENT_ID", "0oa1"), ("OKTA_API_PRIVATE_KEY", path)])
    };
    let path = file.to_str().expect("text");
    assert!(found(path).credential().starts_with("0oa1 None "));
    assert!(found(&format!("{path}\r")).credential().starts_with("0oa1 None "));
    // Nothing of a key, so that it is named.
    for path in ["C:\\keys of Ada\\key.pem", "C:/keys of Ada/key.pem", "\\\\server\\keys of Ada\\okta.pem"] {
        found(path).fails(&[&format!(
            "Invalid private key of the Okta service app: OKTA_API_PRIVATE_KEY names the file '{path}', which cannot be read: "
        )]);
    }
}

#[test]
fn what_the_block_gives_counts_whatever_the_environment_has() {
    let pem = key_pem();
    let variables = [ORG, ("OKTA_API_TOKEN", "t"), ("OKTA_ACCESS_TOKEN", "a"), ("OKTA_API_PRIVATE_KEY", &pem)];
    let token = OktaBlock { api_token: given_secret("mine"), ..OktaBlock::default() };
    assert_eq!(parse_with(token, &variables).credential(), "api_token mine");
    let access = OktaBlock { access_token: given_secret("mine"), ..OktaBlock::default() };
    assert_eq!(parse_with(access, &variables).credential(), "access_token mine");
    // A client id alone says that its key is meant.
    let app = OktaBlock { client_id: given_text("0oa1"), ..OktaBlock::default() };
    assert!(parse_with(app, &variables).credential().starts_with("0oa1 None "));
}

#[test]
fn two_credentials_in_the_environment_are_an_error_that_names_them() {
    let variables = [ORG, ("OKTA_API_TOKEN", "t"), ("OKTA_ACCESS_TOKEN", "a")];
    parse_with(OktaBlock::default(), &variables).fails(&[
        "Conflicting Okta credentials: The environment has OKTA_API_TOKEN and OKTA_ACCESS_TOKEN: leave exactly one",
    ]);
}

#[test]
fn a_credential_that_is_known_later_is_neither_given_nor_missing() {
    let unknown = OktaBlock { api_token: Value::Unknown, ..OktaBlock::default() };
    // Not the environment's either: the block will give one.
    assert_eq!(parse_with(unknown, &[ORG, ("OKTA_ACCESS_TOKEN", "a")]).credential(), "unknown");
    assert_eq!(parse_value(&Value::Unknown, &[ORG]).credential(), "unknown");
    let later = OktaBlock {
        client_id: given_text("0oa1"),
        private_key: given_secret(&key_pem()),
        scopes: Value::Value(vec![Value::Unknown]),
        ..OktaBlock::default()
    };
    assert_eq!(parse_with(later, &[ORG]).credential(), "unknown");
}

#[test]
fn half_of_a_credential_is_an_error() {
    parse_with(OktaBlock::default(), &[ORG, ("OKTA_API_PRIVATE_KEY", &key_pem())]).fails(&[
        "The service app's client id is missing: OKTA_API_PRIVATE_KEY is set, and the client id of its app is missing: \
                 neither okta.client_id nor OKTA_API_CLIENT_ID is set.",
    ]);
    let client = OktaBlock { client_id: given_text("0oa1"), ..OktaBlock::default() };
    parse_with(client, &[ORG]).fails(&[
        "The service app's private key is missing: okta.client_id is set, and its private key is missing: neither",
    ]);
    let token = OktaBlock { api_token: given_secret("t"), ..OktaBlock::default() };
    parse_with(token, &[]).fails(&[
        "The address of the Okta org is missing: This needs access to Okta. A credential is set, and the address of \
                 the org is missing:\n  - Set: okta.api_token.\n  - Not set: OKTA_ORG_URL, OKTA_ORG_NAME, ",
    ]);
}

#[test]
fn a_bad_key_is_blamed_on_where_it_comes_from_and_not_shown() {
    let damaged = key_pem().replacen("M", "N", 1);
    let variables = [ORG, ("OKTA_API_CLIENT_ID", "0oa1"), ("OKTA_API_PRIVATE_KEY", &damaged)];
    let parsed = parse_with(OktaBlock::default(), &variables);
    parsed.fails(&["Invalid private key of the Okta service app: OKTA_API_PRIVATE_KEY is damaged"]);
    let secret = damaged.lines().nth(1).expect("a line of the key");
    assert!(!parsed.errors[0].contains(secret));
}

#[test]
fn a_capacity_is_a_percentage_from_the_block_or_from_the_variable_of_oktas_provider() {
    let block = |capacity| OktaBlock { max_api_capacity: capacity, ..OktaBlock::default() };
    let percent = |capacity, variables: &[(&str, &str)]| {
        let parsed = parse_with(block(capacity), variables);
        if parsed.errors.is_empty() { Ok(parsed.max_api_capacity) } else { Err(parsed.errors) }
    };
    assert_eq!(percent(Value::Null, &[]), Ok(None));
    assert_eq!(percent(Value::Value(1.0), &[("MAX_API_CAPACITY", "70")]), Ok(Some(1)));
    assert_eq!(percent(Value::Null, &[("MAX_API_CAPACITY", " 70 ")]), Ok(Some(70)));
    assert_eq!(percent(Value::Null, &[("MAX_API_CAPACITY", "")]), Ok(None));
    for wrong in [0.0, 100.5, 101.0] {
        let said = percent(Value::Value(wrong), &[]).unwrap_err();
        assert!(said[0].starts_with("Invalid okta.max_api_capacity: okta.max_api_capacity is"), "{said:?}");
    }
    let said = percent(Value::Null, &[("MAX_API_CAPACITY", "half")]).unwrap_err();
    assert!(said[0].starts_with("Invalid MAX_API_CAPACITY: MAX_API_CAPACITY is \"half\"; it must be"), "{said:?}");
}

#[test]
fn a_credential_without_its_org_is_warned_of_where_the_environment_names_one() {
    let warned = |block: OktaBlock, variables: &[(&str, &str)]| {
        let environment = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).into())
        };
        let mut diags = Diagnostics::default();
        let org = okta_org::parse(&block, &environment, &mut diags).unwrap_or(Availability::Missing);
        let block = Value::Value(block);
        warn_of_another_org(&block, &org, &environment, &mut diags);
        diags.warnings.first().map(|warning| warning.detail.to_string())
    };
    let name = [("OKTA_ORG_NAME", "acme"), ("OKTA_ORG_URL", "")];
    for (block, given) in [
        (OktaBlock { api_token: given_secret("t"), ..OktaBlock::default() }, "api_token"),
        (OktaBlock { access_token: Value::Unknown, ..OktaBlock::default() }, "access_token"),
        (OktaBlock { private_key: given_secret("k"), ..OktaBlock::default() }, "private_key"),
        (OktaBlock { client_id: given_text("0oa1"), ..OktaBlock::default() }, "client_id"),
    ] {
        let named = OktaBlock {
            org_url: given_text("https://configured.okta.com"),
            api_token: block.api_token.clone(),
            ..OktaBlock::default()
        };
        assert_eq!(warned(named, &[ORG]), None);
        let said = warned(block, &name).expect("a warning");
        assert!(said.contains(&format!("gives {given} and no org_url")), "{said}");
        assert!(said.contains("OKTA_ORG_NAME in the environment names: https://acme.okta.com."), "{said}");
    }
    let token = || OktaBlock { api_token: given_secret("t"), ..OktaBlock::default() };
    assert!(warned(token(), &[ORG]).expect("a warning").contains("org_url = \"https://env.okta.com\""));
    assert_eq!(warned(token(), &[]), None);
    assert_eq!(warned(OktaBlock::default(), &[ORG, ("OKTA_API_TOKEN", "t")]), None);
    let later = OktaBlock { org_url: Value::Unknown, ..token() };
    assert_eq!(warned(later, &[ORG]), None);
}

#[test]
fn nothing_is_asked_of_okta_before_the_capacity_is_known() {
    let block = OktaBlock {
        api_token: given_secret("00abc"),
        org_url: given_text("https://example.okta.com"),
        max_api_capacity: Value::Unknown,
        ..OktaBlock::default()
    };
    assert_eq!(parse_with(block, &[]).credential(), "unknown");
}
