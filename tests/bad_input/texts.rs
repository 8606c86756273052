//! Texts that users and their machines give: addresses, keys and certificates, and the environment.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::cases;
use super::checks::{address, certificates, handshake, private_key};

/// The keys and certificates that the fuzzer starts from too.
const KEYS: [&str; 8] = [
    include_str!("../../fuzz/seeds/private_key/rsa.jwk"),
    include_str!("../../fuzz/seeds/private_key/p256.jwk"),
    include_str!("../../fuzz/seeds/private_key/rsa-pkcs1.pem"),
    include_str!("../../fuzz/seeds/private_key/rsa-pkcs8.pem"),
    include_str!("../../fuzz/seeds/private_key/p256-pkcs8.pem"),
    include_str!("../../fuzz/seeds/private_key/p256-sec1.pem"),
    include_str!("../../fuzz/seeds/private_key/p384-pkcs8.pem"),
    include_str!("../../fuzz/seeds/private_key/encrypted.pem"),
];
const CERTIFICATE: &str = include_str!("../../fuzz/seeds/certificates/p256.pem");

/// An address put together from parts that are right, and parts that are not.
fn an_address() -> impl Strategy<Value = String> {
    let scheme = select(vec!["", "https://", "http://", "HTTPS://", "ftp://", "//", "https:", "file:///"]);
    let user = select(vec!["", "", "", "user@", "user:secret@", ":secret@", "@"]);
    let host = prop_oneof![
        select(vec![
            "example.okta.com",
            "example-admin.okta.com",
            "example-admin-admin.okta.com",
            "-admin.okta.com",
            "okta.com",
            "Example.Okta.Com.",
            "localhost",
            "127.0.0.1",
            "127.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0x7f.1",
            "a..b",
            "example",
            ".",
            "..",
            "xn--a",
            "bücher.example",
            "ex%61mple.okta.com",
            "example.okta-gov.com",
        ])
        .prop_map(str::to_owned),
        r"[a-z0-9.-]{1,20}(-admin)?\.(okta|oktapreview)\.com",
        r"\PC{0,12}",
    ];
    let port = select(vec!["", "", ":443", ":80", ":0", ":65535", ":65536", ":x", ":"]);
    let path = select(vec!["", "", "/", "//", "/admin", "/?", "/#", "?x=1", "#f", "/..", "\\", "/%2e%2e"]);
    (scheme, user, host, port, path)
        .prop_map(|(scheme, user, host, port, path)| [scheme, user, &host, port, path].concat())
}

/// One of `texts` with its DER or its text damaged.
fn damaged(texts: Vec<&'static str>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), any::<u8>());
    (select(texts), any::<bool>(), vec(change, 0..4), proptest::option::weighted(0.2, any::<Index>())).prop_map(
        |(text, in_der, changes, cut)| {
            let block = pem::parse(text).ok().filter(|_| in_der);
            let mut bytes = block.as_ref().map_or(text.as_bytes(), |block| block.contents()).to_vec();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
            match block {
                Some(block) => pem::encode(&pem::Pem::new(block.tag(), bytes)).into_bytes(),
                None => bytes,
            }
        },
    )
}

fn variable() -> impl Strategy<Value = Vec<u8>> {
    let name = select(vec![
        "PLUGIN_CLIENT_CERT",
        "PLUGIN_MIN_PORT",
        "PLUGIN_MAX_PORT",
        "PLUGIN_PROTOCOL_VERSIONS",
        "PLUGIN_MULTIPLEX_GRPC",
        "PLUGIN_UNIX_SOCKET_DIR",
        "TF_PLUGIN_MAGIC_COOKIE",
    ]);
    let value = prop_oneof![
        select(vec!["", "0", "1", "65535", "65536", "-1", "5,6", "6", "7", "true", ",,", "/nowhere", "10000\n"])
            .prop_map(|text| text.as_bytes().to_vec()),
        damaged(vec![CERTIFICATE]),
        vec(1..=u8::MAX, 0..24),
    ];
    (name, value).prop_map(|(name, value)| [name.as_bytes(), b"=", &value].concat())
}

proptest! {
    #![proptest_config(cases(700))]

    #[test]
    fn an_address_is_refused_or_has_one_spelling_and_no_password(text in an_address()) {
        address(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_damaged_key_is_refused_or_signs(text in damaged(KEYS.to_vec())) {
        private_key(&text);
    }

    #[test]
    fn damaged_certificates_are_refused_or_trusted(text in damaged(vec![CERTIFICATE])) {
        certificates(&text);
    }

    #[test]
    fn an_environment_is_refused_or_gets_a_line(variables in vec(variable(), 0..5)) {
        handshake(&variables.join(&0));
    }
}

#[test]
fn the_seeds_are_what_they_seem() {
    use terraform_provider_druva::okta::auth::{InvalidKey, PrivateKey};

    for key in &KEYS[..7] {
        assert!(PrivateKey::parse(key).is_ok(), "{key}");
    }
    assert_eq!(PrivateKey::parse(KEYS[7]).err(), Some(InvalidKey::Encrypted));
    assert!(reqwest::Certificate::from_pem_bundle(CERTIFICATE.as_bytes()).is_ok_and(|found| found.len() == 1));
}
