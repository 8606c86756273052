//! A key in each form that people and CI systems hold it in.

use aws_lc_rs::encoding::{AsDer as _, EcPrivateKeyRfc5915Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED_SIGNING, Ed25519KeyPair};
use testkit::keys::Key;

use super::*;

fn pem(tag: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(tag, der))
}

fn problem(text: &str) -> Option<InvalidKey> {
    PrivateKey::parse(text).err()
}

#[test]
fn elliptic_keys_are_read_from_pkcs8_and_sec1() {
    for (_, curve, algorithm) in CURVES {
        let pair = EcdsaKeyPair::generate(curve).unwrap();
        let sec1: EcPrivateKeyRfc5915Der<'_> = pair.private_key().as_der().unwrap();
        let texts = [
            pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref()),
            pem("EC PRIVATE KEY", sec1.as_ref()),
            format!("\n  {}\n", pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref())),
        ];
        for text in texts {
            assert_eq!(PrivateKey::parse(&text).unwrap().header().alg, algorithm);
        }
    }
}

/// PEM and a JWK of one key, as Okta's console and OpenSSL write them.
fn both() -> [String; 2] {
    let key = Key::ec();
    [key.private_pem, serde_json::to_string_pretty(&key.jwk).unwrap()]
}

fn utf16(text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
}

#[test]
fn a_key_is_read_in_each_form_that_ci_systems_hold_it_in() {
    type Form = (&'static str, fn(&str) -> Vec<u8>);
    let forms: [Form; 17] = [
        ("as it is", |text| text.into()),
        ("CRLF", |text| text.replace('\n', "\r\n").into()),
        ("blanks around it", |text| format!(" \n{text}\n ").into()),
        ("in double quotes", |text| format!("\"{text}\"\n").into()),
        ("in single quotes", |text| format!("'{text}'").into()),
        ("blanks for line breaks", |text| text.trim().replace('\n', " ").into()),
        ("\\n", |text| text.trim().replace('"', "\\\"").replace('\n', "\\n").into()),
        ("\\r\\n, at the end too", |text| text.replace('"', "\\\"").replace('\n', "\\r\\n").into()),
        ("a string of JSON", |text| serde_json::to_vec(text).unwrap()),
        ("escaped slashes", |text| serde_json::to_string(text).unwrap().replace('/', "\\/").into()),
        ("base64", |text| BASE64.encode(text).into()),
        ("base64 in lines", |text| {
            let lines: Vec<_> = BASE64.encode(text).into_bytes().chunks(76).map(<[u8]>::to_vec).collect();
            lines.join(&b'\n')
        }),
        ("base64 without padding, in quotes", |text| {
            format!("\"{}\"", BASE64.encode(text).trim_end_matches('=')).into()
        }),
        ("UTF-8 with a mark", |text| [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat()),
        ("UTF-16 as Windows writes it", |text| utf16(text, &[0xFF, 0xFE], u16::to_le_bytes)),
        ("UTF-16 as others write it", |text| utf16(text, &[0xFE, 0xFF], u16::to_be_bytes)),
        ("base64 of UTF-16 without a mark", |text| BASE64.encode(utf16(text, &[], u16::to_le_bytes)).into()),
    ];
    for text in both() {
        for (name, form) in forms {
            assert_eq!(PrivateKey::parse(form(&text)).err(), None, "{name}");
            if let Ok(given) = str::from_utf8(&form(&text)) {
                assert!(PrivateKey::path(given).is_none(), "{name} is no path");
            }
        }
    }
}

#[test]
fn a_key_is_found_after_what_openssl_writes_before_it() {
    let (key, parameters) = (Key::ec(), pem("EC PARAMETERS", &[6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]));
    let certificate = pem("CERTIFICATE", b"x");
    for before in
        [&*parameters, &*certificate, "Bag Attributes\n    friendlyName: okta\nKey Attributes: <No Attributes>\n"]
    {
        assert_eq!(problem(&format!("{before}{}", key.private_pem)), None, "{before}");
    }
    assert_eq!(problem(&parameters), Some(InvalidKey::NotPrivate("the parameters of a curve")));
}

#[test]
fn a_key_in_der_is_read() {
    for key in [Key::ec(), Key::rsa()] {
        let der = pem::parse(&key.private_pem).unwrap().into_contents();
        assert_eq!(PrivateKey::parse(&der).err(), None);
        // What is between the lines of PEM, alone.
        assert_eq!(problem(&BASE64.encode(&der)), None);
        assert_eq!(PrivateKey::parse(&der[..der.len() - 1]).err(), Some(InvalidKey::Binary));
    }
}

#[test]
fn a_key_that_cannot_sign_says_which_kind_it_is() {
    let p521 = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap();
    let sec1: EcPrivateKeyRfc5915Der<'_> = p521.private_key().as_der().unwrap();
    let ed25519 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    for (tag, der, expected) in [
        ("PRIVATE KEY", p521.to_pkcs8v1().unwrap().as_ref(), InvalidKey::OtherCurve),
        ("EC PRIVATE KEY", sec1.as_ref(), InvalidKey::OtherCurve),
        ("PRIVATE KEY", ed25519.as_ref(), InvalidKey::OtherKind),
        ("DSA PRIVATE KEY", b"x", InvalidKey::OtherKind),
        ("OPENSSH PRIVATE KEY", b"openssh-key-v1\0 ecdsa-sha2-nistp256", InvalidKey::OpenSsh),
        ("OPENSSH PRIVATE KEY", b"openssh-key-v1\0 ssh-ed25519", InvalidKey::OtherKind),
    ] {
        assert_eq!(problem(&pem(tag, der)), Some(expected), "{tag}");
    }
}

#[test]
fn a_path_is_told_from_a_key() {
    for text in
        ["keys/{app}.pem", "~/key.pem", "'/run/secrets/okta key.pem'", "MAIN/KEY", "ssh-keys/okta", "a-key-begun"]
    {
        assert_eq!(PrivateKey::path(text), Some(text.trim_matches('\'')));
    }
    for text in ["-----BEGIN PRIVATE KEY-----", "\n {\"kty\"", "ssh-rsa AAAAB3Nz ada", "two\nlines", &"a".repeat(4097)]
    {
        assert_eq!(PrivateKey::path(text), None, "{text}");
    }
}

#[test]
fn a_command_names_the_file_or_says_what_stands_for_it() {
    let of_file = InvalidKey::Binary.cure(Some("'my key'")).unwrap();
    assert_eq!(of_file, "Convert it to PEM:\n\n  openssl pkey -in 'my key' -out key.pem");
    let of_text = InvalidKey::OpenSsh.cure(None).unwrap();
    assert!(of_text.contains("\n\n  cp key.pem new-key.pem && ssh-keygen "), "{of_text}");
    assert!(of_text.ends_with("\n\nHere key.pem is the file that has the key."), "{of_text}");
    let another = InvalidKey::OtherCurve.cure(None).unwrap();
    assert!(another.ends_with("-out new-key.pem"), "{another}");
}

#[test]
fn what_is_no_private_key_in_pem_is_named() {
    let key = Key::ec().private_pem;
    for (text, expected) in [
        ("key.pem".to_owned(), InvalidKey::NoKey),
        (pem("ENCRYPTED PRIVATE KEY", b"x"), InvalidKey::Encrypted),
        (format!("{BEGIN} EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAAAA"), InvalidKey::Encrypted),
        (pem("CERTIFICATE", b"x"), InvalidKey::NotPrivate("a certificate")),
        (pem("NEW CERTIFICATE REQUEST", b"x"), InvalidKey::NotPrivate("a request for a certificate")),
        (pem("RSA PUBLIC KEY", b"x"), InvalidKey::NotPrivate("a public key")),
        ("ssh-rsa AAAAB3Nz ada@example.com".to_owned(), InvalidKey::NotPrivate("a public key")),
        (pem("PGP PRIVATE KEY BLOCK", b"x"), InvalidKey::NotPrivate("a PEM block of another kind")),
        (pem("PRIVATE KEY", b"x"), InvalidKey::Unusable),
        (pem("RSA PRIVATE KEY", b"x"), InvalidKey::Unusable),
        (pem("EC PRIVATE KEY", b"x"), InvalidKey::Unusable),
        (key.lines().next().unwrap().to_owned(), InvalidKey::CutOff),
        (key.replace("-----END", ""), InvalidKey::CutOff),
        (key.replacen('M', "*", 1), InvalidKey::DamagedPem),
        (key.replace("END PRIVATE", "END EC PRIVATE"), InvalidKey::DamagedPem),
        (key.split_whitespace().collect(), InvalidKey::DamagedPem),
    ] {
        assert_eq!(problem(&text), Some(expected));
    }
}

#[test]
fn a_key_that_is_nested_without_end_is_refused_where_the_stack_is_small() {
    let mut deep = Vec::new();
    for _ in 0..100_000 {
        // From the inside out, and therefore backwards: a length of four bytes, and the tag of a sequence.
        let length = u32::try_from(deep.len()).unwrap().to_le_bytes();
        deep.extend([&length[..], &[0x84, 0x30]].concat());
    }
    deep.reverse();
    let texts = ["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"].map(|tag| pem(tag, &deep));
    let read = move || texts.map(|text| assert_eq!(problem(&text), Some(InvalidKey::Unusable)));
    std::thread::Builder::new().stack_size(1024 * 1024).spawn(read).unwrap().join().unwrap();
}
