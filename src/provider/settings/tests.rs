//! The provider block with an environment made for the test.

#[cfg(unix)]
use std::ffi::OsString;

use secrecy::{ExposeSecret as _, SecretString};
#[cfg(unix)]
use tf_provider::AttributePath;
use tf_provider::value::Value;

use super::*;
use crate::druva::Auth;
use crate::druva::okta_links::DEFAULT_PREFIX;
#[cfg(unix)]
use crate::provider::config::OktaBlock;

/// Parses, and gives the errors as `attribute: title`.
fn parse_with(config: &Config, variables: &[(&str, &str)]) -> (Option<Settings>, Vec<String>) {
    let environment = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).into())
    };
    let mut diags = Diagnostics::default();
    let settings = parse(config, &environment, &mut diags).ok();
    let errors = diags.errors.iter();
    let told = errors.map(|error| format!("{}: {}", error.attribute, error.summary));
    (settings, told.collect())
}

fn druva(config: &Config, variables: &[(&str, &str)]) -> DruvaSettings {
    let (settings, errors) = parse_with(config, variables);
    assert_eq!(errors, [""; 0]);
    match settings.expect("no error").druva {
        Availability::Ready(druva) => druva,
        other => panic!("{}", name_of(&other)),
    }
}

fn name_of<T>(availability: &Availability<T>) -> &'static str {
    match availability {
        Availability::Ready(_) => "ready",
        Availability::Unknown => "unknown",
        Availability::Missing => "missing",
    }
}

fn text_value(text: &str) -> Value<String> {
    Value::Value(text.to_owned())
}

fn secret_value(text: &str) -> Value<SecretString> {
    Value::Value(text.into())
}

/// The client id, or the access token.
fn credential_of(druva: &DruvaSettings) -> &str {
    match &druva.auth {
        Auth::Credentials(credentials) => &credentials.client_id,
        Auth::AccessToken(token) => token.expose_secret(),
    }
}

const BOTH: [(&str, &str); 2] = [("DRUVA_CLIENT_ID", "env-id"), ("DRUVA_CLIENT_SECRET", "env-secret")];

#[test]
fn nothing_at_all_is_no_error_because_nothing_may_be_needed() {
    let (settings, errors) = parse_with(&Config::default(), &[]);
    let settings = settings.expect("no error");
    assert_eq!(errors, [""; 0]);
    assert_eq!(
        (name_of(&settings.druva), name_of(&settings.okta), name_of(&settings.org), name_of(&settings.http)),
        ("missing", "missing", "missing", "ready")
    );
}

#[test]
fn the_configuration_wins_over_the_environment_argument_by_argument() {
    let config = Config { client_id: text_value("configured-id"), ..Config::default() };
    let found = druva(&config, &BOTH);
    assert_eq!(credential_of(&found), "configured-id");
    assert_eq!(found.api_url.as_str(), "https://apis.druva.com/");
    assert_eq!(found.okta_api_path, DEFAULT_PREFIX);
}

#[test]
fn an_api_url_wins_over_the_cloud_and_the_configured_one_over_the_environments() {
    let variables = [BOTH[0], BOTH[1], ("DRUVA_API_URL", "https://env.example.com")];
    let config =
        |api_url: Value<String>| Config { cloud: text_value("enterprise_govcloud"), api_url, ..Config::default() };
    let url = |config: Config, variables: &[(&str, &str)]| druva(&config, variables).api_url.to_string();
    assert_eq!(url(config(Value::Null), &BOTH), "https://govapis.druva.com/");
    assert_eq!(url(config(Value::Null), &variables), "https://env.example.com/");
    assert_eq!(url(config(text_value("https://c.example.com")), &variables), "https://c.example.com/");
}

#[test]
fn an_empty_variable_is_not_set_and_an_empty_argument_is_an_error() {
    let (settings, errors) = parse_with(&Config::default(), &[("DRUVA_CLIENT_ID", ""), ("DRUVA_CLIENT_SECRET", " ")]);
    assert_eq!((name_of(&settings.expect("no error").druva), errors), ("missing", vec![]));
    let config = Config { client_id: text_value(" "), ..Config::default() };
    let (_, errors) = parse_with(&config, &BOTH);
    assert_eq!(errors, ["client_id: Empty client_id"]);
}

#[test]
fn an_access_token_is_a_credential_by_itself() {
    let token = ("DRUVA_ACCESS_TOKEN", "env-token");
    assert_eq!(credential_of(&druva(&Config::default(), &[token])), "env-token");
    let config = || Config { access_token: secret_value("configured-token"), ..Config::default() };
    assert_eq!(credential_of(&druva(&config(), &[])), "configured-token");
    // What is configured goes before the environment, whichever it is.
    assert_eq!(credential_of(&druva(&config(), &[BOTH[0], BOTH[1], token])), "configured-token");
    let credentials = Config { client_id: text_value("configured-id"), ..Config::default() };
    assert_eq!(credential_of(&druva(&credentials, &[BOTH[1], token])), "configured-id");
}

#[test]
fn an_access_token_beside_credentials_is_an_error() {
    let config = Config { access_token: secret_value("token"), ..Config::default() };
    let with_id = Config { client_id: text_value("id"), ..config };
    let config = Config { access_token: secret_value("token"), ..Config::default() };
    let with_secret = Config { client_secret: secret_value("s"), ..config };
    for config in [with_id, with_secret] {
        let (settings, errors) = parse_with(&config, &[]);
        assert!(settings.is_none());
        assert_eq!(errors, ["access_token: Conflicting Druva credentials"]);
    }
    let (settings, errors) = parse_with(&Config::default(), &[BOTH[1], ("DRUVA_ACCESS_TOKEN", "env-token")]);
    assert!(settings.is_none());
    assert_eq!(errors, [": Conflicting Druva credentials"]);
}

#[test]
fn an_access_token_that_is_unknown_is_neither_given_nor_missing() {
    let config = Config { access_token: Value::Unknown, client_id: text_value("id"), ..Config::default() };
    let (settings, errors) = parse_with(&config, &[]);
    assert_eq!((name_of(&settings.expect("no error").druva), errors), ("unknown", vec![]));
}

#[test]
fn an_access_token_is_copied_without_blanks() {
    let config = Config { access_token: secret_value("one two"), ..Config::default() };
    assert_eq!(parse_with(&config, &[]).1, ["access_token: Invalid access_token"]);
    let config = Config { access_token: secret_value(" "), ..Config::default() };
    assert_eq!(parse_with(&config, &[]).1, ["access_token: Empty access_token"]);
}

#[test]
fn half_of_the_credentials_is_an_error_wherever_the_half_comes_from() {
    let half = "Half of the Druva credentials is missing";
    for (variables, missing) in [(&BOTH[..1], "client_secret"), (&BOTH[1..], "client_id")] {
        let (settings, errors) = parse_with(&Config::default(), variables);
        assert!(settings.is_none());
        assert_eq!(errors, [format!("{missing}: {half}")]);
    }
}

#[test]
fn a_wrong_variable_is_named() {
    let mut diags = Diagnostics::default();
    let environment = |name: &str| (name == "DRUVA_API_URL").then(|| "http://apis.druva.com".into());
    assert!(parse(&Config::default(), &environment, &mut diags).is_err());
    let detail = &diags.errors[0].detail;
    assert!(detail.starts_with("DRUVA_API_URL must be an https:// URL"), "{detail}");
}

#[test]
fn unknown_is_neither_given_nor_missing() {
    let unknown = || Value::Unknown;
    for config in [
        Config { client_id: unknown(), ..Config::default() },
        Config { client_secret: Value::Unknown, ..Config::default() },
        Config { client_id: text_value("id"), client_secret: Value::Unknown, ..Config::default() },
        Config { client_id: text_value("id"), client_secret: secret_value("s"), cloud: unknown(), ..Config::default() },
        Config {
            client_id: text_value("id"),
            client_secret: secret_value("s"),
            api_url: unknown(),
            ..Config::default()
        },
        Config {
            client_id: text_value("id"),
            client_secret: secret_value("s"),
            okta_api_path: unknown(),
            ..Config::default()
        },
    ] {
        let (settings, errors) = parse_with(&config, &[]);
        assert_eq!((name_of(&settings.expect("no error").druva), errors), ("unknown", vec![]));
    }
    let config = Config { max_retries: Value::Unknown, ..Config::default() };
    assert_eq!(name_of(&parse_with(&config, &[]).0.expect("no error").http), "unknown");
}

#[test]
fn numbers_are_whole_and_within_their_bounds() {
    let http = |max_retries: f64, request_timeout_seconds: f64| {
        let config = Config {
            max_retries: Value::Value(max_retries),
            request_timeout_seconds: Value::Value(request_timeout_seconds),
            ..Config::default()
        };
        let (settings, errors) = parse_with(&config, &[]);
        settings
            .map(|settings| match settings.http {
                Availability::Ready(http) => (http.max_retries, http.request_timeout.as_secs()),
                other => panic!("{}", name_of(&other)),
            })
            .ok_or(errors)
    };
    assert_eq!(http(0.0, 1.0), Ok((0, 1)));
    assert_eq!(http(100.0, 3600.0), Ok((100, 3600)));
    for (retries, timeout) in [(-1.0, 60.0), (0.5, 60.0), (101.0, 60.0), (f64::NAN, 60.0)] {
        assert_eq!(http(retries, timeout), Err(vec!["max_retries: Invalid max_retries".to_owned()]));
    }
    for timeout in [0.0, 0.5, 3601.0, f64::INFINITY] {
        let expected = "request_timeout_seconds: Invalid request_timeout_seconds".to_owned();
        assert_eq!(http(5.0, timeout), Err(vec![expected]));
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let config = Config {
        cloud: text_value("moon"),
        okta_api_path: text_value("../x"),
        max_retries: Value::Value(-1.0),
        http_proxy: secret_value("ftp://proxy"),
        ca_certificate_file: text_value("/nonexistent"),
        ..Config::default()
    };
    let (_, mut errors) = parse_with(&config, &[]);
    errors.sort_unstable();
    assert_eq!(
        errors,
        [
            "ca_certificate_file: Invalid ca_certificate_file",
            "cloud: Unknown Druva cloud",
            "http_proxy: Invalid proxy",
            "max_retries: Invalid max_retries",
            "okta_api_path: Invalid okta_api_path",
        ]
    );
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    let okta = OktaBlock {
        org_url: text_value("https://example.okta.com"),
        client_id: text_value("0oa1"),
        private_key: secret_value("/dev/zero"),
        ..OktaBlock::default()
    };
    let config = Config { ca_certificate_file: text_value("/dev/zero"), okta: Value::Value(okta), ..Config::default() };
    let mut diags = Diagnostics::default();
    assert!(parse(&config, &|_| None, &mut diags).is_err());
    let told: Vec<&str> = diags.errors.iter().map(|error| error.detail.as_ref()).collect();
    assert!(matches!(told[..], [_, _]) && told.iter().all(|detail| detail.contains("not a regular file")), "{told:?}");
}

/// The errors of an environment in which one variable is no text, and the names that were looked up.
#[cfg(unix)]
fn with_bytes(config: &Config, damaged: &str, others: &[(&str, &str)]) -> (Vec<(String, String)>, Vec<String>) {
    use std::os::unix::ffi::OsStringExt as _;
    let asked = std::cell::RefCell::new(Vec::new());
    let environment = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        if name == damaged {
            return Some(OsString::from_vec(b"begin-\xff-end".to_vec()));
        }
        others.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).into())
    };
    let mut diags = Diagnostics::default();
    let settings = parse(config, &environment, &mut diags);
    assert_eq!(settings.is_err(), !diags.errors.is_empty());
    let told = diags.errors.iter().map(|error| {
        assert_eq!(error.attribute, AttributePath::root());
        (error.summary.to_string(), error.detail.to_string())
    });
    (told.collect(), asked.take())
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_said_to_be_given_and_what_it_is() {
    let key = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let app: [(&str, &str); 2] = [("OKTA_API_CLIENT_ID", "0oa1"), ("OKTA_API_PRIVATE_KEY", &key)];
    let proxy: [(&str, &str); 1] = [("HTTPS_PROXY", "http://proxy.example.com")];
    let table: [(&str, &[(&str, &str)]); 21] = [
        ("OKTA_ORG_URL", &[]),
        ("OKTA_ORG_NAME", &[]),
        ("OKTA_BASE_URL", &[("OKTA_ORG_NAME", "acme")]),
        ("OKTA_API_TOKEN", &[]),
        ("OKTA_ACCESS_TOKEN", &[]),
        ("OKTA_API_CLIENT_ID", &[app[1]]),
        ("OKTA_API_PRIVATE_KEY", &[app[0]]),
        ("OKTA_API_PRIVATE_KEY_ID", &app),
        ("OKTA_API_SCOPES", &app),
        ("MAX_API_CAPACITY", &[]),
        ("TF_APPEND_USER_AGENT", &[]),
        ("DRUVA_CLIENT_ID", &[BOTH[1]]),
        ("DRUVA_CLIENT_SECRET", &[BOTH[0]]),
        ("DRUVA_ACCESS_TOKEN", &[]),
        ("DRUVA_API_URL", &[]),
        ("HTTPS_PROXY", &[]),
        ("https_proxy", &[]),
        ("ALL_PROXY", &[]),
        ("all_proxy", &[]),
        ("NO_PROXY", &proxy),
        ("no_proxy", &proxy),
    ];
    let mut all_asked = std::collections::BTreeSet::new();
    for (variable, others) in table {
        let (told, asked) = with_bytes(&Config::default(), variable, others);
        let [(title, detail)] = &told[..] else { panic!("{variable}: {told:?}") };
        assert_eq!(*title, format!("The value of {variable} is not UTF-8 text"));
        assert!(detail.contains(&format!("The environment variable {variable} is set to bytes")), "{detail}");
        assert!(["begin-", "-end", "\u{fffd}"].iter().all(|part| !detail.contains(part)), "{detail}");
        all_asked.extend(asked);
    }
    // Whatever is read has a row.
    assert_eq!(all_asked, table.iter().map(|(variable, _)| (*variable).to_owned()).collect());
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_counts_as_a_credential_and_does_no_harm_where_it_is_not_read() {
    let (told, _) = with_bytes(&Config::default(), "OKTA_API_TOKEN", &[("OKTA_ACCESS_TOKEN", "env-token")]);
    let [(title, detail)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(title, "Conflicting Okta credentials");
    assert!(detail.contains("OKTA_API_TOKEN and OKTA_ACCESS_TOKEN"), "{detail}");
    let config = Config { client_secret: secret_value("configured-secret"), ..Config::default() };
    assert_eq!(with_bytes(&config, "DRUVA_CLIENT_SECRET", &BOTH).0, []);
}
