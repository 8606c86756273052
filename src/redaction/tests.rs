use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

use super::characters::is_control;
use super::readable::{BEGINNING, MASK};
use super::search::SEARCHED;
use super::*;

/// With what Druva's own published sample credentials have in them.
const HELD: &str = "aB3/dEf+gH1jKl_mNoP-qRs7tUvWx/yZ0123456789Ab";

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn escaped(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn parted(text: &str, by: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(by)
}

/// A secret in every encoding that is promised to be found.
fn encodings(secret: &str) -> Vec<(&'static str, String)> {
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::to_string(secret).unwrap();
    let mut all = vec![
        ("exact", secret.to_owned()),
        ("percent", percent(secret)),
        ("percent, small letters", percent(secret).to_lowercase()),
        ("percent, where needed", form.clone()),
        ("percent, twice", percent(&form)),
        ("JSON", json.clone()),
        ("JSON, slashes", json[1..json.len() - 1].replace('/', "\\/")),
        ("JSON, units", escaped(secret)),
        ("JSON in percent", percent(&escaped(secret))),
        ("hex", hex(secret)),
        ("hex, capitals", hex(secret).to_uppercase()),
        ("parted by what nobody sees", parted(secret, "\u{200b}")),
        ("parted by controls", parted(secret, "\u{1b}")),
    ];
    for before in ["", "x", "xy", "id:"] {
        for after in ["", "z", "zz"] {
            let text = format!("{before}{secret}{after}");
            all.push(("base64", STANDARD.encode(&text)));
            all.push(("base64url", URL_SAFE.encode(&text)));
            all.push(("base64url without padding", URL_SAFE_NO_PAD.encode(&text)));
            all.push(("base64 in percent", percent(&STANDARD.encode(&text))));
        }
    }
    all
}

#[test]
fn a_held_secret_is_found_in_every_encoding() {
    hold(HELD);
    for secret in [HELD, "s3cr3t-8"] {
        hold(secret);
        for (encoding, text) in encodings(secret) {
            let said = redact(&format!("The client says <{text}> here."));
            assert_eq!(
                said,
                if encoding == "JSON" { "The client says <\"***\"> here." } else { "The client says <***> here." },
                "{encoding}"
            );
            let ours = format!("before {text} after");
            assert!(matches!(hide_held(&ours), Cow::Owned(hidden) if !hidden.contains(&text)), "{encoding}");
            assert!(fit(&text).is_err(), "{encoding}");
        }
    }
}

#[test]
fn a_key_of_several_lines_is_found_in_one_line_and_escaped() {
    let key = "-----BEGIN X-----\nQUJDREVGR0hJSktM\r\nTU5PUFFSU1RVVldY\n-----END X-----\n";
    hold(key);
    let json = serde_json::to_string(key).unwrap();
    for text in
        [key, key.trim(), &key.replace(['\r', '\n'], ""), &percent(key), &escaped(key), &json[1..json.len() - 1]]
    {
        assert!(!redact(&format!("It is {text}")).contains("TU5PUFFSU1RVVldY"), "{text}");
        assert!(!hide_held(text).contains("QUJDREVG"), "{text}");
    }
    hold("parted-by-controls");
    assert_eq!(redact(&percent(&parted("parted-by-controls", "\u{0}"))), MASK);
}

#[test]
fn what_is_shorter_than_eight_characters_is_no_secret() {
    hold("shorter");
    assert_eq!(redact("It is shorter."), "It is shorter.");
}

#[test]
fn what_stands_around_a_secret_stays() {
    let held = "qJ8-zzTop_first7";
    hold(held);
    let text = format!("ünïcode {held}, and {held}{held} \u{1f600}.");
    assert_eq!(hide_held(&text), "ünïcode ***, and *** \u{1f600}.");
    assert_eq!(hide_held("Nothing of it."), "Nothing of it.");
}

#[test]
fn a_word_with_the_hash_of_a_secret_is_hidden_whoever_holds_it() {
    let secret = "of-another-run-0";
    assert_eq!(redact(&format!("Bad secret {secret}.")), format!("Bad secret {secret}."));
    hold_hash(&okta_hash_of(secret));
    for text in
        [secret.to_owned(), percent(secret), format!("\"{secret}\""), format!("secret={secret};"), format!("{secret}.")]
    {
        let said = redact(&format!("Bad {text}"));
        assert!(said.contains(MASK) && !said.contains(secret), "{said}");
    }
    assert_eq!(fit(secret), Err(Unfit::Secret));
}

fn okta_hash_of(secret: &str) -> String {
    crate::secret_hash::okta_hash(secret.as_bytes())
}

#[test]
fn what_looks_like_a_secret_is_hidden() {
    for secret in [
        "CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg",
        "0123456789abcdef0123456789abcdef",
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
        "wJalrXUtnFEMI/K7MDENGbPxRfiCYzEXAMPL3Key",
        // A part that is a word by chance.
        "wJ4lrXUtnF3MIz/word/K7MD3NGbPxRfiCYzEX4MPL3K+eyZ0x",
    ] {
        for text in
            [secret.to_owned(), percent(secret), escaped(secret), hex(secret), STANDARD.encode(format!("a{secret}"))]
        {
            assert_eq!(redact(&format!("It was '{text}'.")), "It was '***'.");
        }
    }
}

#[test]
fn of_a_page_half_a_secret_is_hidden_too() {
    let half = "CkF69kXtag0q0P4pXU8O";
    for text in [half.to_owned(), percent(half), percent(half).to_lowercase(), escaped(half), hex(half)] {
        assert_eq!(redact_page(&format!("<p>It was {text}")), "<p>It was ***");
        // A text of the server's own is whole.
        assert_eq!(redact(&text).contains(MASK), text == hex(half), "{text}");
    }
}

#[test]
fn what_only_is_long_stays() {
    for text in [
        "https://docs.example.com/cloud-identity/cloud-identity-engine-getting-started/set-up-Okta",
        "/okta/v1/domains/lnk0123456789abcdefABCDEF/backups/0oa72lrepvp4WqEET1d9",
        "/integrations/api/v1/api-services/0oa72lrepvp4WqEET1d9/credentials/secrets/ocs2f4zrZbs8nUa7p0g4",
        "3f2c9a52-6a4e-4b0e-9d1c-7d6c2c0c5a11",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "DruvaDataSecurityCloud_ApiServiceIntegration_2024",
        "okta.oauthIntegrations.manage",
        "E0000001",
        "Die Sicherung läuft nicht, weil die Schlüsselverwaltung ausgeschaltet ist. \u{2764}\u{fe0f}",
    ] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn no_text_moves_a_terminal_or_commands_a_runner() {
    for (text, shown) in [
        ("a\u{1b}[2Jb\u{7}", "a\u{fffd}[2Jb\u{fffd}"),
        ("a\nb\r\nc\td", "a b  c d"),
        ("a\u{202e}b\u{2066}c\u{200f}", "a\u{fffd}b\u{fffd}c\u{fffd}"),
        ("a\u{85}b\u{2028}c\u{9b}31m", "a b c\u{fffd}31m"),
        ("\n::add-mask::x", ": :add-mask::x"),
        ("x ::stop-commands::y", "x : :stop-commands::y"),
        ("x##[command]y ##vso[task.setvariable]", "x## [command]y ## vso[task.setvariable]"),
        ("std::string", "std::string"),
    ] {
        assert_eq!(redact(text), shown);
    }
}

#[test]
fn a_value_that_must_stay_is_whole_or_an_error() {
    for value in ["a\u{1b}[2J", "a\nb", "\u{202e}", "\u{0}"] {
        assert_eq!(fit(value), Err(Unfit::Control), "{value:?}");
    }
    for value in
        ["", "okta.users.read", "druvainc-IdpVault_api_2", "example.okta.com", "https://example.com/a?b=c", "Ä ö"]
    {
        assert_eq!(fit_word(value), Ok(()), "{value}");
    }
    let secret = "Xk3B0vnobodyHoldsThis9kQ2wLr7ZpT4sYc1mNdE";
    assert_eq!((fit(secret), fit_word(secret)), (Ok(()), Err(Unfit::Secret)));
    let with_slashes = STANDARD.encode("??>nobody+holds~this??>9kQ2wLr7ZpT4s>>?");
    for encoded in [percent(secret), escaped(secret), hex(secret), STANDARD.encode(secret), with_slashes] {
        assert_eq!((fit(&encoded), fit_word(&encoded)), (Ok(()), Err(Unfit::Secret)), "{encoded}");
    }
}

#[test]
fn an_id_can_stand_in_a_command_and_in_a_path() {
    for id in [
        "0oa72lrepvp4WqEET1d9",
        "34756",
        "3f2c9a52-6a4e-4b0e-9d1c-7d6c2c0c5a11",
        "lnk_0123456789abcdef0123456789abcdef",
    ] {
        assert_eq!(fit_id(id), Ok(()), "{id}");
    }
    let long = "1".repeat(65);
    for id in [
        "",
        "-rf",
        "0oa1; curl x|sh",
        "0oa1/..",
        "..",
        "0oa1\n",
        "$(id)",
        "a b",
        "é",
        &long,
        "CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg",
    ] {
        assert!(fit_id(id).is_err(), "{id}");
    }
}

#[test]
fn a_long_text_is_cut_and_hides_what_the_cut_goes_through() {
    let (first, second) = ("Fills-all-that-is-shown-0123456", "Straddles-the-cut-0123456789");
    hold(first);
    hold(second);
    for before in BEGINNING - second.len()..=BEGINNING {
        // A mask is shorter than what it hides, so that the end of what may be shown is shown.
        let filling = first.repeat(before / first.len()) + &" ".repeat(before % first.len());
        let said = redact(&format!("{filling}{second}{}", " y".repeat(100_000)));
        assert!(said.starts_with(MASK) && !said.contains("Str"), "{before}: {said}");
    }
    assert_eq!(fit(&"a".repeat(SEARCHED + 1)), Err(Unfit::TooLong));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// What is held is held by the whole process, and makes every search longer.
    fn few() -> ProptestConfig {
        ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() }
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn any_text_is_redacted_without_a_panic(text in any::<String>()) {
            let shown = redact(&text);
            prop_assert!(!shown.contains(is_control));
            let _ = (hide_held(&text), fit(&text), fit_word(&text));
        }

        #[test]
        fn any_secret_is_found_in_every_encoding(secret in "[!-~]{8,70}", around in "[ -~]{0,9}") {
            hold(&secret);
            for (encoding, text) in encodings(&secret) {
                let said = redact(&format!("{around} {text} {around}"));
                prop_assert!(said.contains(MASK) && !said.contains(&secret), "{}: {}", encoding, said);
                prop_assert!(around.contains(&text) || !said.contains(&text), "{}: {}", encoding, said);
            }
        }
    }
}
